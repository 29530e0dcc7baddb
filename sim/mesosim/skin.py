"""The skin under the foot: dented by the needle, punctured, then holding it by friction.

The needle's tip dents the skin below the foot's plane; each pin punctures when its dent's force
(depth × stiffness, pins far enough apart to dent each for itself) has reached
`physics.skin.puncture_n`. Then the skin relaxes to the foot's plane and drags at the needle. A tip
that comes less deep punctures nothing: what flows stays outside as a film. The operator's push
sinks the whole foot (`physics.skin.foot_um`), so the tip is deeper in tissue than below the foot's
plane. A bone, where one is set, stops the needle at its depth.
"""

import math

from mesosim import hardware
from mesosim.physics import skin
from mesosim.physics.gun import Needle
from mesosim.truth import Truth

_NO_NEEDLE_UM = math.inf


class Skin:
    """Depths in µm below the foot's plane, forces in N. `inside` is whether the tip is in tissue;
    `push_n` the operator's push, `bone_um` how deep a bone lies below the plane, or None."""

    def __init__(self, truth: Truth):
        gun = hardware.gun()
        self._truth = truth
        self._foot_mm = gun.number("skin", "foot_diameter_mm")
        self.drag_n = gun.number("carriage", "skin_drag_n") * truth.drag_scale
        self.push_n = truth.push_n
        self.bone_um: float | None = None
        self.inside = False
        self.dent_um = _NO_NEEDLE_UM
        self.puncture_n = 0.0

    def take_needle(self, needle: Needle | None, pins: int = 1) -> None:
        """Another needle, or none."""
        if not needle:
            self.dent_um, self.puncture_n = _NO_NEEDLE_UM, 0.0
            return
        scale = self._truth.puncture_scale
        one_n = skin.puncture_n(needle.outer_um) * scale
        self.dent_um = skin.dimple_um(one_n, self._truth.skin_n_mm)
        self.puncture_n = skin.puncture_n(needle.outer_um, pins) * scale

    def sunk_um(self) -> float:
        """How far the push sinks the foot."""
        return skin.foot_um(self.push_n, self._foot_mm, self._truth.modulus_kpa)

    def load_n(self, depth_um: float, inside: bool) -> float:
        """Force against the needle's way in at a depth."""
        if self.bone_um is not None and depth_um >= self.bone_um:
            return math.inf
        if depth_um <= 0.0 or self.dent_um == _NO_NEEDLE_UM:
            return 0.0
        if inside:
            return self.drag_n
        return self.puncture_n * min(1.0, depth_um / self.dent_um)
