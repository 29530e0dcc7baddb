"""What the plunger pushes: a syringe in its cradle with a needle on it, its force and its flow."""

from dataclasses import dataclass

from mesofw.core import parts
from mesosim.fluid import Fluid, needle_resistance_bar_s_nl
from mesosim.truth import Truth

_BLOCKED = 1e6
# 1 bar on 1 mm² is 100 mN.
_MN_PER_BAR_MM2 = 100.0


@dataclass
class Syringe:
    """A filled syringe: its type, true bore area in mm² (= nl/µm) and where its stopper stands."""

    name: str
    area_mm2: float
    stopper_um: float


class Cartridge:
    """The cradle and what is in it. Volumes in nl, forces in mN."""

    def __init__(self, truth: Truth):
        self._truth = truth
        self._given_before_nl = 0.0
        self._needle = ("30G", 4000)
        self._blocked = False
        self.syringe: Syringe | None = None
        self.fluid: Fluid | None = None
        self.viscosity_mpa_s = 1.0
        self.force_offset_mn = 0

    def seat(self, name: str, fill_nl: int, gauge: str, length_um: int, plunger_um: float) -> None:
        """A filled syringe in the cradle with a new needle on it; the plunger stands at a place."""
        truth = self._truth
        area_mm2 = parts.bore_um2(name) * 1e-6 * truth.bore_scale[name]
        self.syringe = Syringe(name, area_mm2, truth.empty_um - fill_nl / area_mm2)
        self._needle = (gauge, length_um)
        gap_um = self.syringe.stopper_um - plunger_um
        self.fluid = Fluid(1.0, truth.compliance_nl_bar, -gap_um * area_mm2)
        self._set_flow_path()

    def unseat(self) -> None:
        """The syringe comes out."""
        self._given_before_nl = self.given_nl()
        self.syringe = None
        self.fluid = None

    def block(self, blocked: bool) -> None:
        """The needle is blocked, or free again."""
        self._blocked = blocked
        self._set_flow_path()

    def _set_flow_path(self) -> None:
        """Work out the time constant anew from needle, viscosity and blockage."""
        if self.fluid:
            gauge, length_um = self._needle
            inner_um = parts.NEEDLES[gauge] * self._truth.needle_scale
            resistance = needle_resistance_bar_s_nl(inner_um, length_um, self.viscosity_mpa_s)
            blocked = _BLOCKED if self._blocked else 1.0
            self.fluid.tau_s = resistance * blocked * self.fluid.compliance_nl_bar

    def given_nl(self) -> float:
        """All that has left the needle of this syringe and those before."""
        return self._given_before_nl + (self.fluid.given_nl if self.fluid else 0.0)

    def step_nl(self, step_um: float) -> float:
        """What the plunger sweeps in one step."""
        return step_um * self.syringe.area_mm2 if self.syringe else 0.0

    def force_mn(self) -> int:
        """Plunger force: stopper friction and pressure on its area; 0 where it touches nothing."""
        return self.force_at(self.fluid.stored_nl) if self.fluid else self.force_offset_mn

    def force_at(self, stored_nl: float) -> int:
        """The force with so much volume pressed together; a negative one is a gap."""
        if stored_nl < -1e-6 or not self.syringe or not self.fluid:
            return self.force_offset_mn
        bar = stored_nl / self.fluid.compliance_nl_bar
        pressed = self._truth.friction_mn + bar * _MN_PER_BAR_MM2 * self.syringe.area_mm2
        return round(pressed) + self.force_offset_mn

    def stored_at_nl(self, force_mn: int) -> float | None:
        """The stored volume at which the force is `force_mn`; None where nothing can press."""
        if not self.syringe or not self.fluid:
            return None
        over_mn = force_mn - self._truth.friction_mn - self.force_offset_mn
        bar = over_mn / (_MN_PER_BAR_MM2 * self.syringe.area_mm2)
        return max(0.0, bar * self.fluid.compliance_nl_bar)
