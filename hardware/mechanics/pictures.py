# pyright: reportMissingImports=false
"""Shaded pictures of the parts and of the assembly: `python -m hardware.mechanics.pictures` draws
those in `hardware/pictures` anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvista as pv
from PIL import Image
from vtkmodules.vtkCommonCore import vtkLogger

from hardware.mechanics import assembly, printed
from hardware.mechanics.assembly import Item
from hardware.mechanics.bench_parts import STAND_ROD_R_MM, STAND_Y_MM
from hardware.mechanics.layout import Layout, nominal
from hardware.mechanics.printed import CARRIAGE, FIXED, FOOT, PLUNGER
from hardware.mechanics.shapes import Solid, along, box, moved, rod, tube

# Without a screen it draws in memory; that it looked for one is no news.
vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
PICTURES = Path(__file__).parents[1] / "pictures"
SIZE = (1400, 900)
_COLOURS = {FIXED: "#c9d3dc", CARRIAGE: "#e8a33d", PLUNGER: "#5b9bd5", FOOT: "#7bb661"}
_BOUGHT = "#8a8f98"
_GLASS = frozenset({"syringe", "rod", "needle"})
Label = tuple[str, tuple[float, float, float]]


@dataclass(frozen=True)
class View:
    """From where (a direction), what is up, how much closer than all in view."""

    looks: tuple[float, float, float]
    up: tuple[float, float, float] = (0.0, 1.0, 0.0)
    zoom: float = 1.25


SIDE = View((-1.0, 0.0, 0.0), zoom=1.45)
CORNER = View((-1.0, 0.55, -0.75), zoom=1.2)


def mesh(solid: Solid) -> Any:
    """Triangles of a solid."""
    corners, faces = solid.tessellate(0.03, 0.12)
    points = np.array([(corner.X, corner.Y, corner.Z) for corner in corners])
    cells = np.hstack([np.full((len(faces), 1), 3), np.array(faces)]).ravel()
    return pv.PolyData(points, cells).clean()


def colour(item: Item) -> str:
    """By what it moves with; bought parts are grey, what is sterile is pale."""
    if item.key.split()[0] in _GLASS:
        return "#d8eef7"
    return _COLOURS[item.moves] if item.is_printed else _BOUGHT


def draw(
    path: Path,
    shown: Iterable[tuple[Solid, str, float]],
    view: View,
    labels: Sequence[Label] = (),
    size: tuple[int, int] = SIZE,
) -> None:
    """Solids with colour and opacity, from a view, names at places, as a PNG."""
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(size), lighting="light kit")
    plotter.set_background("white")
    for solid, paint, opacity in shown:
        body = mesh(solid)
        plotter.add_mesh(
            body, color=paint, opacity=opacity, smooth_shading=True, split_sharp_edges=True
        )
        edges = body.extract_feature_edges(30, boundary_edges=True, manifold_edges=False)
        if edges.n_points and opacity > 0.5:
            plotter.add_mesh(edges, color="#303030", line_width=1)
    if labels:
        places = np.array([place for _, place in labels])
        plotter.add_point_labels(
            places,
            [name for name, _ in labels],
            font_size=17,
            text_color="black",
            shape_color="white",
            shape_opacity=0.85,
            point_color="black",
            point_size=6,
            always_visible=True,
        )
    plotter.enable_parallel_projection()
    plotter.camera_position = [view.looks, (0, 0, 0), view.up]
    plotter.reset_camera()
    plotter.camera.zoom(view.zoom)
    image = plotter.screenshot(None, return_img=True)
    plotter.close()
    _save(path, image)


def _save(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    few = Image.fromarray(image).quantize(96, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def draw_all(layout: Layout, items: list[Item], out: Path = PICTURES) -> None:
    """Every picture of the build guide."""
    for syringe in ("1 mL", "10 mL"):
        here = assembly.fitted(items, syringe, max(layout.needles_mm))
        draw(
            out / f"handpiece-{printed.slug(syringe)}.png",
            [(assembly.at(item, 0, 0), colour(item), 1.0) for item in here],
            CORNER,
        )
    draw(out / "open.png", _without(layout, items, "3 mL", {"cover"}), CORNER)
    draw(out / "riding.png", _riding(layout, items), View((-1.0, 0.55, -0.75), zoom=1.6))
    draw(out / "section.png", _section(layout, items), SIDE, _names(layout))
    draw(out / "exploded.png", _exploded(layout, items), View((-1.0, 0.35, -0.5), zoom=1.3))
    draw(out / "foot.png", _foot(layout, items), View((-1.0, 0.25, -0.45), zoom=1.25))
    for syringe in layout.bodies:
        draw(
            out / f"cradle-{printed.slug(syringe)}.png",
            _cradle(layout, items, syringe),
            View((-0.7, 0.75, -0.6), zoom=1.5),
            size=(1200, 600),
        )
    for part in printed.printed(layout):
        if part.key in ("depth-block", "gauge-cap"):
            draw(
                out / f"{part.key}.png",
                [(part.make(layout), "#b48ead", 1.0)],
                View((-0.8, 0.6, 0.7), zoom=1.1),
                size=(700, 500),
            )
    draw(out / "balance-stand.png", _stand(layout, items), View((-1.0, 0.6, -0.6), (0, 0, 1), 1.3))


Shown = list[tuple[Solid, str, float]]


def _without(layout: Layout, items: list[Item], syringe: str, hidden: set[str]) -> Shown:
    here = assembly.fitted(items, syringe, max(layout.needles_mm))
    return [
        (assembly.at(item, 0, 20.0), colour(item), 1.0) for item in here if item.key not in hidden
    ]


def _riding(layout: Layout, items: list[Item]) -> Shown:
    here = assembly.fitted(items, "3 mL", max(layout.needles_mm))
    kept = [
        item
        for item in here
        if item.moves in (CARRIAGE, PLUNGER)
        or item.key in ("rods", "spring", "spring rod", "carriage screw", "carriage motor")
    ]
    return [(assembly.at(item, 0, 20.0), colour(item), 1.0) for item in kept]


def _section(layout: Layout, items: list[Item]) -> Shown:
    half = box((-0.01, 100.0), (-300.0, 100.0), (-100.0, 400.0))
    here = assembly.fitted(items, "3 mL", max(layout.needles_mm))
    cut = [(assembly.at(item, 0, 20.0) & half, colour(item)) for item in here]
    return [(solid, paint, 1.0) for solid, paint in cut if solid and solid.volume > 0]


def _names(layout: Layout) -> list[Label]:
    y, low = layout.plunger_y_mm, layout.carriage_y_mm
    face, motor = layout.pusher_home_mm - 20.0, layout.motor_face_mm
    drive = layout.carriage_motor_face_mm
    return [
        ("foot tip", (0, 6.5, 3.0)),
        ("guard", (0, 7.2, 25.0)),
        ("sprung sleeve", (0, 10.8, 33.0)),
        ("contact switch", (0, -18.0, 47.0)),
        ("syringe in its cradle", (0, 4.0, 62.0)),
        ("plunger motor", (0, y, motor - 15.0)),
        ("thrust bearing", (0, y + 5.0, motor + 7.5)),
        ("plunger screw", (0, y, motor + 40.0)),
        ("rod cap", (0, 1.0, face - 10.0)),
        ("force cell", (0, 6.0, face + 3.0)),
        ("pusher with nut", (0, y - 5.5, face + 4.5)),
        ("plunger home switch", (0, y - 2.0, layout.rear_mm - 5.0)),
        ("encoder", (0, y - 6.0, motor - layout.motor_mm - 6.5)),
        ("carriage motor", (0, low, drive - 21.0)),
        ("carriage screw", (0, low, drive + 22.0)),
        ("carriage nut", (0, low - 5.0, layout.carriage_nut_back_mm - 5.0)),
        ("carriage home switch", (0, low - 20.0, motor + 1.5)),
        ("trigger", (0, low - 27.0, 92.0)),
    ]


# How far groups of parts are pulled apart: key, along y and z.
_APART: dict[str, tuple[float, float]] = {
    "cover": (75.0, 0.0),
    "syringe 3 mL": (45.0, 0.0),
    "rod 3 mL": (45.0, 0.0),
    "rod-cap-3ml": (45.0, 25.0),
    "cradle-3ml": (22.0, 0.0),
    "seat-shuttle-3ml": (22.0, 0.0),
    "needle 13 mm": (45.0, -35.0),
    "guard": (45.0, -22.0),
    "foot-tip-13mm": (0.0, -40.0),
    "foot-sleeve": (0.0, -28.0),
    "foot springs": (0.0, -12.0),
    "body": (-75.0, 0.0),
    "rods": (-42.0, 0.0),
    "spring": (-42.0, 0.0),
    "spring rod": (-42.0, 0.0),
    "carriage motor": (-75.0, -75.0),
    "carriage encoder": (-75.0, -85.0),
    "front-cap": (-75.0, -95.0),
    "carriage screw": (-75.0, -65.0),
    "contact switch": (-42.0, 0.0),
    "foot pins": (-75.0, 0.0),
    "grip": (-105.0, 0.0),
    "carriage home switch": (-92.0, 25.0),
    "trigger": (-105.0, -25.0),
    "trigger-button": (-105.0, -35.0),
    "light": (-105.0, -25.0),
    "rear-plate": (0.0, 40.0),
    "plunger home switch": (0.0, 40.0),
    "pusher": (0.0, 28.0),
    "force cell": (0.0, 14.0),
    "plunger nut": (0.0, 34.0),
    "rollers": (0.0, 28.0),
}


def _exploded(layout: Layout, items: list[Item]) -> Shown:
    here = assembly.fitted(items, "3 mL", max(layout.needles_mm))
    return [
        (
            moved(assembly.at(item, 0, 20.0), 0, *_APART.get(item.key, (0.0, 0.0))),
            colour(item),
            1.0,
        )
        for item in here
    ]


def _foot(layout: Layout, items: list[Item]) -> Shown:
    near = box((-40, 40), (-26, 40), (-20, 52))
    half = box((0, 40), (-26, 40), (-20, 52))
    here = assembly.fitted(items, "3 mL", max(layout.needles_mm))
    shown: Shown = []
    for item in here:
        if item.moves == PLUNGER or item.key in ("cover", "rods", "spring", "spring rod"):
            continue
        cut = half if item.key in ("body", "foot-sleeve") or "tip" in item.key else near
        solid = assembly.at(item, 0, 0) & cut
        if item.key == "guard":
            solid = solid & half
        if solid and solid.volume > 0:
            shown.append((solid, colour(item), 1.0))
    return shown


def _cradle(layout: Layout, items: list[Item], syringe: str) -> Shown:
    here = {item.key: item for item in items}
    name = printed.slug(syringe)
    by = -layout.empty_mm + layout.strokes_mm[syringe] * 0.3
    lifted = [(along(here[f"rod-cap-{name}"].solid, by), _COLOURS[PLUNGER], 1.0)]
    lifted += [
        (here[f"cradle-{name}"].solid, _COLOURS[CARRIAGE], 1.0),
        (here[f"seat-shuttle-{name}"].solid, _COLOURS[FOOT], 1.0),
        (here[f"syringe {syringe}"].solid, "#d8eef7", 0.45),
        (along(here[f"rod {syringe}"].solid, by), "#d8eef7", 0.6),
    ]
    return lifted


def _stand(layout: Layout, items: list[Item]) -> Shown:
    shown = _without(layout, items, "3 mL", set())
    made = {part.key: part for part in printed.printed(layout)}
    shown += [(made[key].make(layout), "#b48ead", 1.0) for key in ("stand-ring", "stand-fork")]
    shown.append((rod(0, STAND_Y_MM, STAND_ROD_R_MM - 0.1, (-80, 240)), _BOUGHT, 1.0))
    shown.append((tube(0, 0, (12.5, 14.0), (-50, -12)), "#d8eef7", 0.4))
    shown.append((rod(0, 0, 0.4, (-26.0, 14.0)), _BOUGHT, 1.0))
    return shown


if __name__ == "__main__":
    draw_all(nominal(), assembly.items(nominal()))
