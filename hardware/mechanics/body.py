"""What stands still: the body with its nose, the cover, the front cap and the grip."""

from hardware.mechanics.carriage import SPRING_XY_MM
from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, both, box, oval, pin, rod, tube, upright, wide

WALL_MM = 1.2
FLOOR_MM = -33.0
TOP_MM = 4.0
COVER_TOP_MM = 14.0
NOSE_R_MM = (11.6, 12.9)
NOSE_MM = (22.0, 47.0)
BULKHEAD_MM = (46.0, 48.5)
BOX_HALF_MM = 10.5
BOX_LOW_MM = -54.9
BOX_MM = (15.0, 123.0)
POST_MM = (126.0, 129.0)
GRIP_Z_MM = 108.5
GRIP_FRONT_MM = GRIP_Z_MM - 18.0
TRIGGER_Y_MM = (BOX_LOW_MM - 22.0, BOX_LOW_MM - 9.0)
LIGHT_Y_MM = BOX_LOW_MM - 29.0
SWITCH_Z_MM = GRIP_FRONT_MM + 6.0
FOOT_SPRING_XY_MM = (7.7, 7.7)
_FAR = (-200.0, 400.0)


def body(layout: Layout) -> Solid:
    """Nose, channel for what rides, box for the carriage's motor and screw; open at the top."""
    solid = _channel(layout) + _drive_box(layout)
    solid += tube(0, 0, NOSE_R_MM, NOSE_MM)
    # A web carries the nose on the drive's box.
    solid += wide(1.0, (FLOOR_MM, -NOSE_R_MM[1] + 0.3), (NOSE_MM[0] + 4, BULKHEAD_MM[0]))
    solid -= rod(0, 0, NOSE_R_MM[0], (NOSE_MM[0] - 1, BULKHEAD_MM[1] - 3.5))
    solid -= rod(0, 0, 10.6, (NOSE_MM[0], BULKHEAD_MM[1] + 1))
    # The contact's blade comes through under the nose; its light barrier sits on the box.
    solid -= wide(1.2, (-19.0, -9.5), (34.0, BULKHEAD_MM[1] + 1))
    solid -= wide(7.3, (-22.3, -8.5), (43.8, 50.3))
    return solid - pin((-20, 20), 0, 29.0, 0.85)


def _channel(layout: Layout) -> Solid:
    half, back = layout.inside_x_mm, layout.body_back_mm
    outer = half + WALL_MM
    front = BULKHEAD_MM[0]
    solid = wide(outer, (FLOOR_MM, TOP_MM), (front, back + WALL_MM))
    solid -= wide(half, (FLOOR_MM + WALL_MM, TOP_MM + 1), (BULKHEAD_MM[1], back))
    # The bulkhead stands up to the cover round the nose.
    solid += wide(outer, (TOP_MM - 0.1, COVER_TOP_MM - 1.3), BULKHEAD_MM) & rod(
        0, -4, 18.4, BULKHEAD_MM
    )
    # Posts hold the rods' ends.
    x, y = layout.rod_x_mm, layout.rod_y_mm
    solid += both(box((x - 2.8, half + 0.5), (y - 3.0, y + 3.0), POST_MM))
    solid -= both(rod(x, y, 1.5, (BULKHEAD_MM[0] + 0.8, POST_MM[1] + 1)))
    solid -= rod(*SPRING_XY_MM, 1.0, (BULKHEAD_MM[0] + 0.8, BULKHEAD_MM[1] + 1))
    # The cable leaves the back wall; the rest of the walls is opened where nothing needs them.
    solid -= wide(6.0, (-28.0, -20.0), (back - 1, back + WALL_MM + 1))
    for z in ((136.0, 166.0), (172.0, 202.0)):
        solid -= box((-30, 30), (-26.0, -4.0), z)
    return solid


def _drive_box(layout: Layout) -> Solid:
    outer = BOX_HALF_MM + WALL_MM
    face = layout.carriage_motor_face_mm
    solid = wide(outer, (BOX_LOW_MM, FLOOR_MM + WALL_MM), BOX_MM)
    solid -= wide(BOX_HALF_MM, (BOX_LOW_MM + WALL_MM, FLOOR_MM), (BOX_MM[0] - 1, face))
    solid -= wide(
        BOX_HALF_MM, (BOX_LOW_MM + WALL_MM, FLOOR_MM + 2), (face + 2.5, BOX_MM[1] - WALL_MM)
    )
    y = layout.carriage_y_mm
    solid -= rod(0, y, 7.6, (face - 1, face + 3))
    for high in (y - 7.7, y + 7.7):
        solid -= both(rod(7.7, high, 1.1, (face - 1, face + 3)))
    # The home switch's blade goes through the floor; cables go down into the grip.
    solid -= wide(1.2, (BOX_LOW_MM - 1, BOX_LOW_MM + 3), (96.0, 120.0))
    solid -= wide(8.0, (BOX_LOW_MM - 1, BOX_LOW_MM + 3), (105.0, 119.5))
    return solid


def opening(layout: Layout) -> Solid:
    """What the drive box takes out of the channel's floor."""
    face = layout.carriage_motor_face_mm
    return wide(BOX_HALF_MM, (FLOOR_MM - 1, FLOOR_MM + WALL_MM + 1), (face + 2.5, BOX_MM[1] - 1.2))


def front_cap(layout: Layout) -> Solid:
    """Closes the drive's box in front; behind it sits the carriage's encoder."""
    half, wall, z = BOX_HALF_MM - 0.15, layout.wall_mm, BOX_MM[0]
    y = (BOX_LOW_MM + WALL_MM + 0.15, FLOOR_MM - 0.15)
    rim = wide(half, y, (z, z + 3.0)) - wide(
        half - wall, (y[0] + wall, y[1] - wall), (z - 1, z + 4)
    )
    return rim + wide(half + WALL_MM, (BOX_LOW_MM, FLOOR_MM + WALL_MM), (z - wall, z))


def cover(layout: Layout) -> Solid:
    """Snaps onto the body's walls; the window shows the syringe's scale and its fluid."""
    outer, wall = layout.inside_x_mm + WALL_MM, layout.wall_mm
    z = (BULKHEAD_MM[1] + 0.2, layout.body_back_mm + WALL_MM)
    solid = wide(outer, (TOP_MM + 0.1, COVER_TOP_MM), z)
    solid -= wide(outer - wall, (TOP_MM - 1, COVER_TOP_MM - wall), (z[0] - 1, z[1] - wall))
    # Skirt inside of the body's walls.
    half = layout.inside_x_mm - 0.15
    for z_from in (64.0, 150.0):
        solid += both(box((half - 0.9, half), (0.5, TOP_MM + 1.5), (z_from, z_from + 20.0)))
        solid += both(box((half - 0.9, outer), (TOP_MM + 0.1, TOP_MM + 1.2), (z_from, z_from + 20)))
    return solid - wide(9.0, (TOP_MM, COVER_TOP_MM + 1), (54.0, 122.0))


def grip(layout: Layout) -> Solid:
    """A hollow handle under the drive's box with trigger and light; its top plate is screwed to the
    body."""
    del layout
    low, high = -142.0, BOX_LOW_MM - 0.1
    wall = 1.4
    tall = (low, high)
    solid = oval((15.0, 18.0), tall, GRIP_Z_MM)
    solid -= oval((15.0 - wall, 18.0 - wall), tall, GRIP_Z_MM)
    # Top plate with two ears' holes, and the shelf of the carriage's home switch.
    plate = wide(11.7, (high - 2.0, high), (GRIP_Z_MM - 17.5, GRIP_Z_MM + 17.5))
    solid += plate - wide(8.5, (high - 3, high + 1), (98.0, 120.5))
    for z in (GRIP_Z_MM - 13.0, GRIP_Z_MM + 18.0 - 3.2):
        solid -= upright(0, (high - 3, high + 1), z, 1.1)
    shelf = box((-15, 15), (high - 11.9, high - 10.5), (113.0, 121.0))
    inside = oval((14.4, 17.4), tall, GRIP_Z_MM)
    solid += shelf & inside
    # The trigger's button comes through the front, the light below it.
    solid -= wide(4.1, (TRIGGER_Y_MM[0] - 0.2, TRIGGER_Y_MM[1] + 0.2), (GRIP_FRONT_MM - 1, 94.0))
    solid -= rod(0, LIGHT_Y_MM, 2.6, (GRIP_FRONT_MM - 1, GRIP_FRONT_MM + 7))
    low_mm = TRIGGER_Y_MM[0] - 0.6
    ledge = wide(9.0, (low_mm - 1.4, low_mm), (GRIP_FRONT_MM, SWITCH_Z_MM + 6.5))
    return solid + (ledge & inside)


def trigger_button(layout: Layout) -> Solid:
    """What the finger presses: slides in the grip's front onto the switch, held by its rim."""
    del layout
    button = wide(3.9, TRIGGER_Y_MM, (GRIP_FRONT_MM - 3.0, SWITCH_Z_MM - 1.2))
    rim = wide(5.3, TRIGGER_Y_MM, (SWITCH_Z_MM - 2.4, SWITCH_Z_MM - 1.2))
    hollow = wide(2.7, (TRIGGER_Y_MM[0] + 1.2, TRIGGER_Y_MM[1] - 1.2), (GRIP_FRONT_MM - 1.6, 94.9))
    return button + rim - (hollow - wide(4, (-100, 0), (SWITCH_Z_MM - 2.4, 120)))
