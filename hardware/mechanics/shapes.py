"""Solids by where they begin and end, in mm; long ones lie along the gun's axis z."""

from typing import Any

from build123d import Align, Box, CenterOf, Cone, Cylinder, Plane, Pos, Rot, mirror

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


def beside(solid: Solid, by_mm: float) -> Solid:
    """The solid moved to the right."""
    return Pos(by_mm, 0, 0) * solid


def size_mm(solid: Solid) -> tuple[float, float, float]:
    """Its extent along x, y, z."""
    found = solid.bounding_box().size
    return (found.X, found.Y, found.Z)


def centre_mm(solid: Solid) -> tuple[float, float, float]:
    """Its centre of mass if it is of one stuff."""
    found = solid.center(CenterOf.MASS)
    return (found.X, found.Y, found.Z)
