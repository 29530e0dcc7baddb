"""What rides: the sprung carriage with the plunger's motor, and the plate behind the pusher."""

from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, both, box, rod, tube, wide

SADDLE_R_MM = 9.8
FRONT_MM = (75.0, 77.4)
EARS_MM = (101.0, 105.0)
RAIL_X_MM = (10.2, 11.8)
RAIL_Y_MM = (-13.0, -10.0)
BUSH_R_MM = 2.25
PLATE_MM = 2.8


def carriage(layout: Layout) -> Solid:
    """One piece: the motor's plate with the thrust bearing's seat, two rails forward along the
    motor, the front yoke, four bushes on the body's rods, the arm of the carriage's nut."""
    solid = _motor_plate(layout) + _front(layout)
    face = layout.motor_face_mm
    solid += both(box(RAIL_X_MM, RAIL_Y_MM, (FRONT_MM[1], face)))
    # Pockets on the rails that a cradle's ears drop into.
    for z in ((EARS_MM[0] - 1.5, EARS_MM[0] - 0.05), (EARS_MM[1] + 0.05, EARS_MM[1] + 1.5)):
        solid += both(box(RAIL_X_MM, (-10.0, -7.2), z))
    # Shelf of the seated switch, beside the cradle.
    solid += box((-13.6, -RAIL_X_MM[1] + 0.2), (-11.2, -10.0), (78.0, 84.5))
    return solid + _nut_arm(layout)


def _motor_plate(layout: Layout) -> Solid:
    face, y = layout.motor_face_mm, layout.plunger_y_mm
    back = face + PLATE_MM
    solid = wide(10.2, (y - 10.0, y + 12.6), (face, back))
    solid -= wide(5.5, (y + 8.6, y + 11.4), (face - 1, back + 1))
    solid += rod(0, y, 6.5, (face, face + 10.2))
    solid += both(box((9.0, layout.rod_x_mm), (-26.5, -21.5), (face, back)))
    for x, height, r, long in (
        (layout.rod_x_mm, layout.rod_y_mm, BUSH_R_MM + 0.8, 5.5),
        (layout.guide_x_mm, layout.guide_y_mm, 3.0, 4.2),
    ):
        solid += both(rod(x, height, r, (face, face + long)))
    # The motor's collar, coupling, bearing and its shoulder.
    solid -= rod(0, y, 7.6, (face - 1, face + 1.6))
    solid -= rod(0, y, 5.5, (face, face + 9.0)) + rod(0, y, 4.2, (face, face + 11))
    solid -= both(rod(layout.rod_x_mm, layout.rod_y_mm, BUSH_R_MM, (face - 1, face + 20)))
    solid -= both(rod(layout.guide_x_mm, layout.guide_y_mm, 2.0, (face + 0.8, face + 20)))
    for high in (y - 7.7, y + 7.7):
        solid -= both(rod(7.7, high, 1.1, (face - 1, back + 1)))
    # The spring's seat lies left, its rod goes through.
    seat = box((-17.0, -12.0), (-19.5, -14.0), (face, face + 1.6))
    return solid + (seat - rod(*SPRING_XY_MM, 1.3, (face - 1, face + 3)))


SPRING_XY_MM = (-14.6, -17.0)


def _front(layout: Layout) -> Solid:
    z = FRONT_MM
    solid = tube(0, 0, (SADDLE_R_MM, SADDLE_R_MM + 1.2), z) - wide(20, (-4.0, 20.0), (70, 80))
    solid += both(box((8.2, RAIL_X_MM[1]), (-14.0, -6.5), z)) - rod(0, 0, SADDLE_R_MM, (70, 80))
    solid += wide(9.0, (-14.0, -10.9), z)
    solid += both(box((11.0, 14.0), (-24.0, -12.0), z))
    bush = (z[0], z[0] + 5.5)
    solid += both(rod(layout.rod_x_mm, layout.rod_y_mm, BUSH_R_MM + 0.8, bush))
    solid -= both(rod(layout.rod_x_mm, layout.rod_y_mm, BUSH_R_MM, (70, 90)))
    return solid - rod(*SPRING_XY_MM, 2.5, (70, 90))


def _nut_arm(layout: Layout) -> Solid:
    y, back = layout.carriage_y_mm, layout.motor_face_mm + PLATE_MM
    seat = layout.carriage_nut_back_mm
    arm = wide(7.0, (y - 7.0, layout.plunger_y_mm - 9.0), (seat, back))
    arm += both(box((6.2, 7.0), (y - 5.0, -31.3), (seat - 7.0, back)))
    # The blade of the home switch.
    arm += wide(0.5, (y - 16.5, y - 6.0), (seat - 0.5, back + 0.5))
    return arm - rod(0, y, 3.4, (seat - 1, back + 2))


def rear_plate(layout: Layout) -> Solid:
    """Ties the guide tubes' ends and carries the plunger's home switch."""
    back = layout.rear_mm
    z = (back - 2.0, back)
    x, y = layout.guide_x_mm, layout.guide_y_mm
    bar = wide(x, (y - 2.0, y + 2.0), z) + both(rod(x, y, 3.0, (back - 3.0, back)))
    bar += both(box((5.4, 7.0), (-28.0, y), z)) + wide(7.0, (-20.2, -18.6), z)
    return bar - both(rod(x, y, 2.0, (back - 6.0, back - 0.8)))
