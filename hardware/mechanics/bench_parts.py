"""What calibration needs: a block between foot and dial indicator, and two arms that hold the gun
on a laboratory stand over the vessel on a balance."""

from hardware.mechanics.body import COVER_TOP_MM, NOSE_R_MM
from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, box, pin, rod, tube, wide

STEM_R_MM = 4.05
STAND_ROD_R_MM = 6.1
STAND_Y_MM = 95.0


def depth_block(layout: Layout) -> Solid:
    """The foot stands in its recess on a flat face; a dial indicator's 8 mm stem is clamped below,
    its tip under the needle. Takes the foot's plane as zero."""
    face = layout.foot_face_mm / 2
    solid = rod(0, 0, 13.0, (-26.0, 3.0))
    solid -= rod(0, 0, face + 0.25, (0, 4.0))
    solid -= rod(0, 0, layout.bore_mm / 2, (-27.0, 1.0)) + rod(0, 0, STEM_R_MM, (-27.0, -4.0))
    # Clamp: a slot and a screw across it; a window shows needle and tip.
    solid += box((-6.0, 6.0), (8.0, 19.0), (-24.0, -14.0)) - rod(0, 0, 8.0, (-30, 5))
    solid -= box((-0.8, 0.8), (0, 20.0), (-27.0, -10.0))
    solid -= pin((-20, 20), 15.5, -19.0, 1.6)
    return solid - box((-20, 20), (-3.0, 3.0), (-9.0, -1.5))


def stand_ring(layout: Layout) -> Solid:
    """Carries the gun by its bulkhead, nose through the ring; hangs on a stand's 12 mm rod."""
    z = (33.0, 45.0)
    r = NOSE_R_MM[1] + 0.4
    solid = tube(0, 0, (r, r + 3.6), z)
    solid += wide(6.0, (r + 1.5, STAND_Y_MM), (z[0], z[0] + 4.0))
    solid += wide(1.5, (r + 1.5, STAND_Y_MM), z)
    # Web, blade and light barrier under the nose pass.
    solid -= wide(7.6, (-30, 0), (z[0] - 1, z[1] + 1))
    return _clamped(solid, z, layout)


def stand_fork(layout: Layout) -> Solid:
    """Keeps the gun upright higher up: two prongs along the body's walls."""
    z = (150.0, 162.0)
    inner = layout.inside_x_mm + 1.2 + 0.3
    solid = wide(inner + 2.4, (-20.0, COVER_TOP_MM + 5.0), z)
    solid -= wide(inner, (-30.0, COVER_TOP_MM + 0.5), (z[0] - 1, z[1] + 1))
    solid += wide(6.0, (COVER_TOP_MM + 4, STAND_Y_MM), (z[0], z[0] + 4.0))
    solid += wide(1.5, (COVER_TOP_MM + 4, STAND_Y_MM), z)
    return _clamped(solid, z, layout)


def _clamped(arm: Solid, z: tuple[float, float], layout: Layout) -> Solid:
    """The arm with a clamp for the stand's rod at its end."""
    del layout
    end = rod(0, STAND_Y_MM, STAND_ROD_R_MM + 3.5, z)
    end += wide(5.0, (STAND_Y_MM, STAND_Y_MM + 18.0), z)
    solid = arm + end
    solid -= rod(0, STAND_Y_MM, STAND_ROD_R_MM, (z[0] - 1, z[1] + 1))
    solid -= wide(1.0, (STAND_Y_MM, STAND_Y_MM + 30), (z[0] - 1, z[1] + 1))
    return solid - pin((-20, 20), STAND_Y_MM + 13.0, (z[0] + z[1]) / 2, 1.6)
