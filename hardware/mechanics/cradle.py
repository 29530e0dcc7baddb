"""What holds a syringe, one set for each size: cradle, seat shuttle and rod cap. None of them
touches the fluid's path."""

from hardware.mechanics.carriage import EARS_MM, FRONT_MM, RAIL_X_MM, SADDLE_R_MM
from hardware.mechanics.layout import FLANGE_THICK_MM, Layout
from hardware.mechanics.shapes import Solid, along, box, moved, rod, tube, wide

_FROM_MM = 34.0
SHUTTLE_X_MM = (-13.2, -10.0)
SHUTTLE_Y_MM = (-4.2, -2.7)
SHUTTLE_FRONT_MM = 85.6
_GUIDE_MM = (90.0, 94.0)


def cradle(layout: Layout, syringe: str) -> Solid:
    """A trough around the barrel, a slot that holds the flange both ways, a disc in the carriage's
    yoke and two ears in its pockets. The syringe drops in from above."""
    thin = layout.thin_mm + 0.1
    r = layout.barrels_mm[syringe] / 2 + layout.gap_mm
    outer = r + thin
    flange = layout.flange_mm(syringe)
    trough = tube(0, 0, (r, outer), (_FROM_MM, flange)) - wide(30, (0, 30), (0, 200))
    # Between its supports the trough is a narrow channel.
    for z in ((46.0, FRONT_MM[0] - 2), (FRONT_MM[1] + 2, 88.0)):
        trough -= wide(30, (-0.55 * outer, 1), z)
    solid = trough + _holder(layout, syringe) + _supports(outer, flange)
    lug = box((SHUTTLE_X_MM[0] - 1.0, 0), (SHUTTLE_Y_MM[0] - 1.0, SHUTTLE_Y_MM[1] + 1.0), _GUIDE_MM)
    solid += lug
    gap = layout.gap_mm
    solid -= box(
        (SHUTTLE_X_MM[0] - gap, SHUTTLE_X_MM[1] + gap),
        (SHUTTLE_Y_MM[0] - gap, SHUTTLE_Y_MM[1] + gap),
        (80, flange),
    )
    solid -= rod(0, 0, r, (0, flange + 20)) + wide(r, (0, 30), (0, 200))
    return moved(solid, layout.cradle_shift_mm, 0, 0)


def _holder(layout: Layout, syringe: str) -> Solid:
    wide_mm, high_mm = layout.bodies[syringe].flange_mm
    flange = layout.flange_mm(syringe)
    half, low = min(wide_mm / 2 * 0.8, 9.9), -min(high_mm / 2 + 1.2, 10.6)
    front, lip = (flange - 1.6, flange), (flange + 2.15, flange + 3.35)
    wall = box((-half, half), (low, -1.0), (front[0], lip[1]))
    slot = wide(30, (-high_mm / 2 - 0.15, 30), (flange, flange + FLANGE_THICK_MM + 0.15))
    return wall - slot


def _supports(outer: float, flange: float) -> Solid:
    r = SADDLE_R_MM - 0.1
    z = (FRONT_MM[0] + 0.1, FRONT_MM[1] - 0.1)
    below = wide(30, (-30, 0), (0, 200))
    disc = tube(0, 0, (r - 1.0, r), z) & wide(6.5, (-30, 0), (0, 200))
    stem = box((-1.0, 1.0), (-r + 0.3, -outer + 0.3), z)
    ears = wide(RAIL_X_MM[1], (-9.9, -8.4), EARS_MM) & below
    # A keel carries the push from the flange to the ears.
    keel = box((-1.0, 1.0), (-9.9, -outer + 0.3), (86.0, min(flange, EARS_MM[1])))
    strip = wide(2.0, (-9.9, -8.4), (86.0, EARS_MM[1]))
    return disc + stem + ears + keel + strip


def shuttle(layout: Layout, syringe: str) -> Solid:
    """The strip between flange and seated switch: it slides in the cradle."""
    end = layout.flange_mm(syringe)
    return box(SHUTTLE_X_MM, SHUTTLE_Y_MM, (SHUTTLE_FRONT_MM, end)) + box(
        (SHUTTLE_X_MM[0] - 0.9, SHUTTLE_X_MM[1]), SHUTTLE_Y_MM, (95.0, 96.2)
    )


DISC_R_MM, DISC_MM, POST_R_MM = 6.0, 2.0, 3.0


def cap(layout: Layout, syringe: str, longer_mm: float = 0.0) -> Solid:
    """Clips onto the thumb rest and hangs in the pusher's jaw; its length makes every size of
    syringe empty at the same place. Drawn with the plunger at home."""
    thumb_r = layout.bodies[syringe].thumb_mm / 2
    thumb = layout.thumb_mm(syringe)
    face = layout.pusher_empty_mm + longer_mm
    outer = thumb_r + 1.0
    solid = rod(0, 0, outer, (thumb, thumb + 1.0))
    ring = tube(0, 0, (thumb_r + 0.15, outer), (thumb - 2.9, thumb))
    ring += tube(0, 0, (thumb_r - 1.0, outer), (thumb - 2.95, thumb - 2.15))
    solid += ring - wide(30, (-30, -0.15 * thumb_r), (thumb - 5, thumb))
    solid += rod(0, 0, POST_R_MM, (thumb, face)) + rod(0, 0, DISC_R_MM, (face - DISC_MM, face))
    if thumb_r > 8:
        spokes = wide(1.0, (-9, 9), (thumb, thumb + 1)) + box((-9, 9), (-1, 1), (thumb, thumb + 1))
        solid -= tube(0, 0, (POST_R_MM + 0.8, thumb_r - 1.2), (thumb, thumb + 1)) - spokes
    if face - thumb > 8:
        solid -= rod(0, 0, POST_R_MM - 1.0, (thumb - 1, face - 1.0))
    return along(solid, layout.empty_mm)


def gauge_cap(layout: Layout) -> Solid:
    """The block for the session *empty*: the 1 mL syringe's rod cap, 5 mm longer."""
    return cap(layout, "1 mL", 5.0)
