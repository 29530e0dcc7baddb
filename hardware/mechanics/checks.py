# pyright: reportMissingImports=false
"""What a part must be before it is printed: one closed solid, a watertight mesh, walls that hold,
room on the bed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
import trimesh
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from hardware.mechanics.layout import Layout
from hardware.mechanics.printed import BED_MM, LEAST_WALL_MM, Printed, laid, mass_g
from hardware.mechanics.shapes import Solid, size_mm, write_stl

SAMPLES = 4000
# What a ray may fall short by where the mesh's facets cut a curve's corner.
FACET_MM = 0.03
_OPPOSITE = -0.8


@dataclass(frozen=True)
class Wall:
    """A wall in mm, and where it was found."""

    mm: float
    at_mm: tuple[float, float, float]


@dataclass(frozen=True)
class Found:
    """A part as made: mass in g, size on the bed in mm, thinnest wall in mm, what is wrong."""

    key: str
    mass_g: float
    size_mm: tuple[float, float, float]
    wall_mm: float
    faults: tuple[str, ...]


def part(layout: Layout, item: Printed, stl: Path) -> Found:
    """Make the part, write its STL, laid for printing, and check both."""
    solid = laid(item, item.make(layout))
    write_stl(solid, stl)
    size, thinnest = size_mm(solid), wall(stl)
    said = [
        *(f"{item.key}: {fault}" for fault in closed(solid)),
        *(f"{item.key}: {fault}" for fault in watertight(stl)),
        *(f"{item.key}: {fault}" for fault in too_thin(thinnest)),
        *(f"{item.key}: {fault}" for fault in too_big(size)),
    ]
    return Found(item.key, mass_g(solid), size, thinnest.mm, tuple(said))


def closed(solid: Solid) -> list[str]:
    """Whether it is one valid, closed solid."""
    count = len(solid.solids())
    found: list[str] = []
    if count != 1:
        found.append(f"falls into {count} solids, allowed is 1; join what hangs loose")
    if not solid.is_valid or solid.volume <= 0:
        found.append("is no valid closed solid; look for faces that only touch")
    return found


def watertight(stl: Path) -> list[str]:
    """Whether the mesh is closed, wound one way and turned outwards."""
    mesh: Any = trimesh.load_mesh(stl)
    if mesh.is_watertight and mesh.is_winding_consistent and mesh.volume > 0:
        return []
    return ["its mesh is not watertight; look for edges where solids only touch"]


def too_big(size: tuple[float, float, float]) -> list[str]:
    """Whether it fits the bed as it is laid."""
    return [
        f"is {found:.1f} mm long along {axis}, allowed are {most:g} mm on a bed of "
        f"{BED_MM[0]:g} × {BED_MM[1]:g} × {BED_MM[2]:g} mm; turn or split it"
        for axis, found, most in zip("xyz", size, BED_MM, strict=True)
        if found > most
    ]


def too_thin(found: Wall) -> list[str]:
    """Whether its thinnest wall holds."""
    if found.mm >= LEAST_WALL_MM - FACET_MM:
        return []
    where = ", ".join(f"{value:.1f}" for value in found.at_mm)
    return [
        f"has a wall of {found.mm:.2f} mm at ({where}) as it lies on the bed, allowed are "
        f"{LEAST_WALL_MM:g} mm or more; thicken it there"
    ]


def wall(stl: Path) -> Wall:
    """The thinnest wall in mm: rays from points all over the mesh, inwards along the normal, to
    where they come out; only exits through a face that looks the other way count, so that the tip
    of a wedge is no wall. Points by area, from a fixed seed."""
    mesh: Any = trimesh.load_mesh(stl)
    sampled: Any = trimesh.sample.sample_surface(mesh, SAMPLES, seed=1)
    points, faces = sampled
    normals = mesh.face_normals
    locator = vtkStaticCellLocator()
    locator.SetDataSet(pv.wrap(mesh))
    locator.BuildLocator()
    return _least(locator, np.asarray(points), normals[faces], normals)


def _least(
    locator: vtkStaticCellLocator, points: np.ndarray, looks: np.ndarray, normals: np.ndarray
) -> Wall:
    least = Wall(float("inf"), (0.0, 0.0, 0.0))
    share: Any = mutable(0.0)
    sub: Any = mutable(0)
    cell: Any = mutable(0)
    spot, inside = [0.0] * 3, [0.0] * 3
    reach = 30.0
    for point, look in zip(points, looks, strict=True):
        start, end = point - 1e-3 * look, point - reach * look
        hit = locator.IntersectWithLine(start, end, 1e-7, share, spot, inside, sub, cell)
        if hit and float(normals[int(cell)] @ look) < _OPPOSITE:
            found = Wall(1e-3 + float(share) * (reach - 1e-3), tuple(point.tolist()))
            least = min(least, found, key=lambda one: one.mm)
    return least
