"""The pusher: carries the force cell between the plunger's nut and the syringe's rod."""

from hardware.mechanics.cradle import DISC_MM, DISC_R_MM, POST_R_MM
from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, both, box, pin, rod, tube, wide

CELL_R_MM = 9.85
CELL_MM = 5.45
ROLLER_R_MM = 3.5
# Rollers' centres behind the face, and over or under the tubes' middle.
ROLLERS_MM = ((-1.0, -1), (12.0, 1))


def pusher(layout: Layout) -> Solid:
    """A cup for the cell, in front of it a jaw for the rod cap's disc, open at the top; below it
    the nut's block, at the sides the arms of four rollers on the guide tubes, which take the
    moment of a push beside the screw."""
    face, y = layout.pusher_home_mm, layout.plunger_y_mm
    behind = layout.nut_behind_mm
    cell = (face, face + CELL_MM)
    solid = rod(0, 0, CELL_R_MM + 0.95, (cell[1], cell[1] + 1.6))
    cup = tube(0, 0, (CELL_R_MM + 0.1, CELL_R_MM + 0.95), (face + 2.0, cell[1]))
    solid += cup - wide(5.0, (-20, 0), (face, cell[1]))
    solid -= rod(0, 0, 5.0, (cell[1] - 1, cell[1] + 3))
    solid += wide(1.0, (-10.6, 10.0), (cell[1] + 0.6, cell[1] + 1.6)) + box(
        (-10, 10), (-1.0, 1.0), (cell[1] + 0.6, cell[1] + 1.6)
    )
    solid += _jaw(layout)
    # The nut, flanged behind, in its block, and the web up to the cup.
    block = (face + behind, face + behind + layout.nut_mm - 1.2)
    solid += rod(0, y, 5.7, block) + box((-4.0, 4.0), (y + 5.9, -9.6), (cell[1], cell[1] + 1.6))
    solid += both(box((3.0, 4.4), (y + 3.4, -9.8), block))
    solid -= rod(0, y, 4.5, (face, face + 20))
    # The home switch's blade.
    solid += wide(0.5, (y - 7.4, y - 5.0), (block[0], face + 15.0))
    solid -= rod(0, y, 5.8, (block[1], face + behind + layout.nut_mm + 0.2))
    return solid + _arms(layout)


def _jaw(layout: Layout) -> Solid:
    face = layout.pusher_home_mm
    front = face - DISC_MM - 0.1
    plate = box((-8.0, 8.0), (-7.0, 4.0), (front - 1.3, front))
    plate -= rod(0, 0, POST_R_MM + 0.3, (front - 2, front + 1))
    plate -= wide(POST_R_MM + 0.3, (0, 10), (front - 2, front + 1))
    sides = both(box((DISC_R_MM + 0.6, DISC_R_MM + 1.7), (-7.0, 4.0), (front, face + 2.0)))
    links = both(box((DISC_R_MM + 0.6, CELL_R_MM + 0.5), (-7.0, 4.0), (face + 2.0, face + 3.0)))
    return (
        plate + sides + (links - rod(0, 0, CELL_R_MM + 0.1, (face + 2, face + 3)) + _bridge(face))
    )


def _bridge(face: float) -> Solid:
    ring = tube(0, 0, (DISC_R_MM + 0.7, CELL_R_MM + 0.95), (face + 1.0, face + 2.0))
    return (ring & wide(20, (-7.0, 4.0), (face, face + 3))) - wide(5.5, (-20, 20), (face, face + 3))


def _arms(layout: Layout) -> Solid:
    face, y = layout.pusher_home_mm, layout.guide_y_mm
    x = (8.4, 9.5)
    arm = box(x, (y - 1.5, y + 1.5), (face - 3.0, face + 14.0))
    arm += box(x, (y, 0.0), (face + 2.0, face + CELL_MM + 1.6))
    for z, side in ROLLERS_MM:
        high = y + side * (2.0 + ROLLER_R_MM)
        arm += box(x, sorted_pair(y, high), (face + z - 2.0, face + z + 2.0))
        arm += pin((x[0], 10.2), high, face + z, 1.8)
        arm -= pin((8, 12), high, face + z, 0.85)
    # The cell sits between the arms.
    arm -= rod(0, 0, CELL_R_MM + 0.1, (face, face + CELL_MM))
    return both(arm)


def sorted_pair(one: float, other: float) -> tuple[float, float]:
    """Both, the lesser first."""
    return (min(one, other), max(one, other))
