"""Bought parts as plain envelopes, for clashes, masses and pictures. Sizes that gun.toml does not
state are estimates, named in `bought.csv`."""

from hardware.mechanics.body import (
    BOX_LOW_MM,
    BULKHEAD_MM,
    FOOT_SPRING_XY_MM,
    GRIP_FRONT_MM,
    LIGHT_Y_MM,
    POST_MM,
    SWITCH_Z_MM,
    TRIGGER_Y_MM,
)
from hardware.mechanics.carriage import BUSH_R_MM, FRONT_MM, SPRING_XY_MM
from hardware.mechanics.foot import BEAM_Z_MM
from hardware.mechanics.layout import FLANGE_THICK_MM, THUMB_THICK_MM, Layout
from hardware.mechanics.pusher import CELL_MM, CELL_R_MM, ROLLER_R_MM, ROLLERS_MM
from hardware.mechanics.shapes import Solid, along, both, box, cone, pin, rod, tube, wide


def _motor(y: float, face: float, long: float) -> Solid:
    solid = wide(10.0, (y - 10.0, y + 10.0), (face - long, face))
    solid += rod(0, y, 7.5, (face, face + 1.5)) + rod(0, y, 2.0, (face, face + 5.4))
    return solid + rod(0, y, 2.0, (face - long - 1.4, face - long))


def plunger_motor(layout: Layout) -> Solid:
    """NEMA 8, face backwards."""
    return _motor(layout.plunger_y_mm, layout.motor_face_mm, layout.motor_mm)


def carriage_motor(layout: Layout) -> Solid:
    """NEMA 8, face backwards, in the drive's box."""
    return _motor(layout.carriage_y_mm, layout.carriage_motor_face_mm, layout.carriage_motor_mm)


def _encoder(y: float, motor_back: float) -> Solid:
    magnet = rod(0, y, 3.0, (motor_back - 3.9, motor_back - 1.4))
    board = wide(9.5, (y - 9.5, y + 9.5), (motor_back - 7.4, motor_back - 6.2))
    return magnet + board + wide(2.5, (y - 3.2, y + 3.2), (motor_back - 6.2, motor_back - 5.2))


def plunger_encoder(layout: Layout) -> Solid:
    """AS5047P on its board, behind a gap the magnet on the motor's rear shaft."""
    return _encoder(layout.plunger_y_mm, layout.motor_face_mm - layout.motor_mm)


def carriage_encoder(layout: Layout) -> Solid:
    """The same at the carriage's motor."""
    back = layout.carriage_motor_face_mm - layout.carriage_motor_mm
    return _encoder(layout.carriage_y_mm, back)


def plunger_screw(layout: Layout) -> Solid:
    """M5 in its coupling, with the thrust bearing on it."""
    y, face = layout.plunger_y_mm, layout.motor_face_mm
    coupling = tube(0, y, (2.0, 4.5), (face + 1.7, face + 5.5)) + tube(
        0, y, (2.5, 3.5), (face + 5.5, face + 10.5)
    )
    bearing = tube(0, y, (3.5, 5.45), (face + 6.0, face + 9.0))
    return rod(0, y, 2.5, (layout.screw_front_mm, layout.screw_back_mm)) + coupling + bearing


def carriage_screw(layout: Layout) -> Solid:
    """6 mm screw in its coupling."""
    y, face = layout.carriage_y_mm, layout.carriage_motor_face_mm
    coupling = tube(0, y, (2.0, 4.5), (face + 2.6, face + 5.5)) + tube(
        0, y, (3.0, 5.0), (face + 5.5, face + 10.5)
    )
    return rod(0, y, 3.0, (face + 5.5, layout.carriage_screw_back_mm)) + coupling


def carriage_nut(layout: Layout) -> Solid:
    """Anti-backlash nut in front of the carriage's arm."""
    back = layout.carriage_nut_back_mm
    return tube(0, layout.carriage_y_mm, (3.0, 6.0), (back - layout.carriage_nut_mm, back))


def plunger_nut(layout: Layout) -> Solid:
    """POM nut, flanged behind, in the pusher's block."""
    y, front = layout.plunger_y_mm, layout.pusher_home_mm + layout.nut_behind_mm
    back = front + layout.nut_mm
    return tube(0, y, (2.5, 4.45), (front, back)) + tube(0, y, (2.5, 5.7), (back - 1.2, back))


def force_cell(layout: Layout) -> Solid:
    """FX29 in the pusher's cup, its button at the pusher's face."""
    face = layout.pusher_home_mm
    return rod(0, 0, CELL_R_MM, (face + 2.05, face + CELL_MM)) + rod(0, 0, 3.0, (face, face + 2.05))


def rollers(layout: Layout) -> Solid:
    """Four ball bearings with tyres on the guide tubes."""
    solid: Solid = None
    x = layout.guide_x_mm
    for z, side in ROLLERS_MM:
        high = layout.guide_y_mm + side * (2.0 + ROLLER_R_MM)
        one = pin((x - 1.25, x + 1.25), high, layout.pusher_home_mm + z, ROLLER_R_MM)
        solid = one if solid is None else solid + one
    return both(solid)


def guide_tubes(layout: Layout) -> Solid:
    """Carbon tubes 4 × 3 between the motor's plate and the rear plate."""
    z = (layout.motor_face_mm + 0.8, layout.rear_mm - 0.8)
    return both(tube(layout.guide_x_mm, layout.guide_y_mm, (1.5, 2.0), z))


def rods(layout: Layout) -> Solid:
    """Ground steel rods of 3 mm on which the carriage slides."""
    z = (BULKHEAD_MM[0] + 0.8, POST_MM[1])
    return both(rod(layout.rod_x_mm, layout.rod_y_mm, 1.5, z))


def bushes(layout: Layout) -> Solid:
    """Four polymer bushes, 3 × 4.5 × 5."""
    x, y = layout.rod_x_mm, layout.rod_y_mm
    front, back = FRONT_MM[0], layout.motor_face_mm
    solid = tube(x, y, (1.5, BUSH_R_MM), (front, front + 5.0))
    return both(solid + tube(x, y, (1.5, BUSH_R_MM), (back, back + 5.0)))


def spring(layout: Layout) -> Solid:
    """The carriage's compression spring (at home) as a tube."""
    return tube(*SPRING_XY_MM, (1.75, 2.2), (BULKHEAD_MM[1], layout.motor_face_mm))


def spring_rod(layout: Layout) -> Solid:
    """Keeps the spring straight."""
    return rod(*SPRING_XY_MM, 1.0, (BULKHEAD_MM[0] + 0.8, layout.motor_face_mm + 4.0))


def foot_springs(layout: Layout) -> Solid:
    """Two small springs push the sleeve forward."""
    del layout
    return both(rod(*FOOT_SPRING_XY_MM, 1.2, (40.0, BULKHEAD_MM[0])))


def _barrier(z: float, y: float) -> Solid:
    """EE-SX1041, slot upwards; `y` its foot, `z` the beam."""
    solid = wide(7.0, (y, y + 10.0), (z - 3.0, z + 3.0))
    return solid - wide(2.5, (y + 3.0, y + 11.0), (z - 4, z + 4))


def contact_switch(layout: Layout) -> Solid:
    """The foot's light barrier."""
    del layout
    return _barrier(BEAM_Z_MM, -22.2)


def carriage_home(layout: Layout) -> Solid:
    """The carriage's, in the grip's top."""
    return _barrier(layout.motor_face_mm + 1.5, BOX_LOW_MM - 10.6)


def plunger_home(layout: Layout) -> Solid:
    """The plunger's, on the rear plate, slot downwards."""
    z = layout.rear_mm - 2.0
    solid = wide(7.0, (-28.6, -18.6), (z - 6.0, z))
    return solid - wide(2.5, (-29.0, -21.6), (z - 7, z + 1))


def seated_switch(layout: Layout) -> Solid:
    """D2F-01 beside the cradle, pressed backwards to forwards by the seat shuttle."""
    del layout
    return box((-15.4, -9.9), (-10.0, 2.8), (78.0, 84.5)) + box(
        (-12.2, -11.0), (-4.0, -2.9), (84.5, 85.6)
    )


def trigger(layout: Layout) -> Solid:
    """D2F-01 in the grip's front."""
    del layout
    return box(
        (-2.9, 2.9),
        (TRIGGER_Y_MM[0] + 0.1, TRIGGER_Y_MM[0] + 12.9),
        (SWITCH_Z_MM, SWITCH_Z_MM + 6.5),
    )


def light(layout: Layout) -> Solid:
    """RGB light of 5 mm."""
    del layout
    return rod(0, LIGHT_Y_MM, 2.5, (GRIP_FRONT_MM - 1.0, GRIP_FRONT_MM + 7.0))


def barrel(layout: Layout, syringe: str) -> Solid:
    """Barrel, flange and Luer collar of a syringe."""
    body = layout.bodies[syringe]
    outer = layout.barrels_mm[syringe] / 2
    inner = body.rod_mm / 2 + 0.2
    front, back = layout.shoulder_mm, layout.flange_mm(syringe)
    width, height = body.flange_mm
    solid = tube(0, 0, (inner, outer), (front, back))
    flange = box((-width / 2, width / 2), (-height / 2, height / 2), (back, back + FLANGE_THICK_MM))
    solid += flange - rod(0, 0, inner, (back - 1, back + 9))
    solid += rod(0, 0, outer, (front, front + 1.0))
    collar = layout.collar_front_mm
    return solid + tube(0, 0, (3.9, layout.collar_wide_mm / 2), (collar, front))


def plunger_rod(layout: Layout, syringe: str) -> Solid:
    """Rod with stopper and thumb rest, drawn with the plunger at home."""
    body = layout.bodies[syringe]
    back = layout.thumb_mm(syringe)
    solid = rod(0, 0, body.rod_mm / 2, (layout.shoulder_mm + 1.2, back))
    solid += rod(0, 0, body.thumb_mm / 2, (back - THUMB_THICK_MM, back))
    return along(solid, layout.empty_mm)


def needle(layout: Layout, needle_mm: float) -> Solid:
    """Needle with its hub, at home."""
    collar = layout.collar_front_mm
    face = collar - layout.hub_out_mm
    solid = rod(0, 0, 0.21, (face - needle_mm, face + 1)) + rod(0, 0, 2.1, (face, face + 5.0))
    return solid + cone((2.1, 3.6), (face + 5.0, collar)) + rod(0, 0, 3.6, (collar, collar + 6.0))
