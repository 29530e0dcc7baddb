"""What meets the skin: tips, one for each needle length, the sprung sleeve with its contact flag,
and the guard that keeps what runs back along the needle off the carriage."""

from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, both, box, cone, pin, rod, tube, wide

_PLATE_MM = 1.5
_SLEEVE_R_MM = (10.3, 11.3)
_SKIRT_MM = 4.0
PIN_Z_MM = 29.0
BEAM_Z_MM = 47.0


def tip(layout: Layout, needle_mm: float) -> Solid:
    """The foot's tip for a needle length: a ring of the foot's size on the skin, a hole just wide
    enough for the needle's nose, a skirt that is pressed onto the sleeve."""
    plane, joint = layout.plane_mm(needle_mm), layout.joint_mm
    wall, face = 1.2, layout.foot_face_mm / 2
    skirt = _SLEEVE_R_MM[1] + 0.1
    outer = skirt + layout.wall_mm
    shell = cone((face, outer), (plane, joint)) + tube(
        0, 0, (skirt, outer), (joint, joint + _SKIRT_MM)
    )
    hollow = cone((face - wall, outer - wall), (plane + _PLATE_MM, joint + 0.001))
    return shell - hollow - rod(0, 0, layout.bore_mm / 2, (plane - 1, joint))


def sleeve(layout: Layout) -> Solid:
    """The sliding sleeve behind the tip: two slots bound its way, a blade reaches into the
    contact's light barrier."""
    inner, outer = _SLEEVE_R_MM
    play = 0.05
    whole = tube(0, 0, (inner, outer), (layout.joint_mm, 40.0))
    slot = box(
        (inner - 1, outer + 1),
        (-1.1, 1.1),
        (PIN_Z_MM - 1 - play, PIN_Z_MM + 1 + layout.foot_way_mm + play),
    )
    blade = wide(0.5, (-17.0, -inner - 0.2), (36.0, BEAM_Z_MM + 0.5))
    return whole - both(slot) + (blade - rod(0, 0, outer - 0.3, (30, 40)))


def guard(layout: Layout) -> Solid:
    """The back-flow barrier, single use: a cup that is pushed onto the syringe's Luer collar before
    the needle. Its skirt and the lip inside hold what runs back along the hub."""
    collar = layout.collar_wide_mm / 2 + 0.05
    back = layout.shoulder_mm - 1.3
    front = layout.collar_front_mm + 0.5
    outer = 7.6
    thin = layout.thin_mm
    cup = tube(0, 0, (collar, outer), (back - 1.2, back))
    skirt = tube(0, 0, (outer - thin, outer), (front, back - 1.2))
    lip = tube(0, 0, (outer - thin - 0.9, outer + 0.3), (front, front + thin))
    return cup + skirt + lip


def pins(layout: Layout) -> Solid:
    """The two grub screws that hold the sleeve in the nose (envelope)."""
    del layout
    return both(pin((_SLEEVE_R_MM[0] + 0.15, 13.2), 0, PIN_Z_MM, 0.84))
