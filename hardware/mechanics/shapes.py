# pyright: reportMissingImports=false
"""Solids by where they begin and end, in mm; long ones lie along the gun's axis z. All that the
mechanics use of build123d."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from build123d import (
    Align,
    Box,
    CenterOf,
    Compound,
    Cone,
    Cylinder,
    Ellipse,
    Plane,
    Pos,
    Rot,
    export_step,
    export_stl,
    extrude,
    mirror,
)

# build123d's algebra gives unions of many classes; a solid here is whatever it gives.
Solid = Any
_FROM = (Align.CENTER, Align.CENTER, Align.MIN)


def box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Solid:
    """A block between limits."""
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    return Pos(x[0], y[0], z[0]) * Box(*size, align=(Align.MIN, Align.MIN, Align.MIN))


def wide(half: float, y: tuple[float, float], z: tuple[float, float]) -> Solid:
    """A block as wide to the left as to the right."""
    return box((-half, half), y, z)


def rod(x: float, y: float, r: float, z: tuple[float, float]) -> Solid:
    """A cylinder along the axis."""
    return Pos(x, y, z[0]) * Cylinder(r, z[1] - z[0], align=_FROM)


def tube(x: float, y: float, r: tuple[float, float], z: tuple[float, float]) -> Solid:
    """A tube along the axis; `r` inner and outer."""
    return rod(x, y, r[1], z) - rod(x, y, r[0], (z[0] - 1, z[1] + 1))


def cone(r: tuple[float, float], z: tuple[float, float]) -> Solid:
    """A cone around the needle's axis; `r` at both ends."""
    return Pos(0, 0, z[0]) * Cone(r[0], r[1], z[1] - z[0], align=_FROM)


def pin(x: tuple[float, float], y: float, z: float, r: float) -> Solid:
    """A cylinder across, along x."""
    turned = Rot(0, 90, 0) * Cylinder(r, x[1] - x[0], align=_FROM)
    return Pos(x[0], y, z) * turned


def upright(x: float, y: tuple[float, float], z: float, r: float) -> Solid:
    """A cylinder along y."""
    turned = Rot(-90, 0, 0) * Cylinder(r, y[1] - y[0], align=_FROM)
    return Pos(x, y[0], z) * turned


def both(solid: Solid) -> Solid:
    """The solid and its mirror image across the plane x = 0."""
    return solid + mirror(solid, about=Plane.YZ)


def along(solid: Solid, by_mm: float) -> Solid:
    """The solid moved along the axis."""
    return Pos(0, 0, by_mm) * solid


def moved(solid: Solid, x: float, y: float, z: float) -> Solid:
    """The solid elsewhere."""
    return Pos(x, y, z) * solid


def on_the_bed(solid: Solid, turn: tuple[float, float, float]) -> Solid:
    """The solid turned about x, y, z in degrees, its lowest corner at nought."""
    turned = Rot(*turn) * solid
    low = turned.bounding_box().min
    return Pos(-low.X, -low.Y, -low.Z) * turned


def oval(half: tuple[float, float], y: tuple[float, float], z: float) -> Solid:
    """An elliptic bar along y around a place on the axis; its half widths along x and z."""
    plane = Plane((0, y[0], z), x_dir=(1, 0, 0), z_dir=(0, 1, 0))
    return extrude(plane * Ellipse(*half), y[1] - y[0])


def write_stl(solid: Solid, path: Path) -> None:
    """Its mesh, within 0.02 mm."""
    export_stl(solid, str(path), tolerance=0.02, angular_tolerance=0.15)


def write_step(solids: Iterable[Solid], path: Path) -> None:
    """One or several solids in their places."""
    export_step(Compound(children=list(solids)), str(path))


def size_mm(solid: Solid) -> tuple[float, float, float]:
    """Its extent along x, y, z."""
    found = solid.bounding_box().size
    return (found.X, found.Y, found.Z)


def centre_mm(solid: Solid) -> tuple[float, float, float]:
    """Its centre of mass if it is of one stuff."""
    found = solid.center(CenterOf.MASS)
    return (found.X, found.Y, found.Z)
