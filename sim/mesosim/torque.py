"""What load a motor moves at a speed and an acceleration, and where a leg asks for too much.

`physics.screw.torque_mnm` says what torque a load asks for; here it is turned round: between which
loads the torque asked for stays within the pull-out torque at that speed. The pull-out torque is
gun.toml's curve × the gun's own scale × what the present supply leaves of it by the winding
(`physics.stepper.winding_mnm`). A motor that is asked for more stalls: all further pulses of that
leg are lost. A few critical places of a leg are looked at: its start, where it has reached its
speed, where it leaves it, its end, and what lies on its way.
"""

import math
from collections.abc import Callable, Iterable

from mesosim import hardware
from mesosim.motor import Leg
from mesosim.physics import screw, stepper
from mesosim.truth import AXIS_NAMES, Truth

# The load in N against the motion where the axis stands after so many pulses of a leg.
Load = Callable[[int], float]


class Motor:
    """Motor and screw of one axis."""

    def __init__(self, number: int, truth: Truth):
        gun = hardware.gun()
        self._name = AXIS_NAMES[number]
        self._axis = gun.axis(self._name, 0.0)
        self._winding = gun.winding(self._name)
        self._share = gun.number(self._name, "motor", "running_share")
        self._volts = gun.number("supply", "volts")
        self._scale = truth.torque_scale[number]
        self._step_mm = (truth.carriage_step_um, truth.plunger_step_um)[number] / 1000
        self._through = screw.arm_mm(self._axis.screw.lead_mm) / screw.efficiency(self._axis.screw)
        self._back = screw.arm_mm(self._axis.screw.lead_mm) * max(
            0.0, screw.back_efficiency(self._axis.screw)
        )
        self._ranges: dict[tuple[float, float, float, int], tuple[float, float]] = {}

    def pull_out_mnm(self, speed_mm_s: float, supply_mv: int) -> float:
        """The torque at which the motor stalls."""
        rpm = stepper.rpm(speed_mm_s, self._axis.screw.lead_mm)
        nominal = stepper.winding_mnm(self._winding, self._volts, rpm, self._share)
        there = stepper.winding_mnm(self._winding, supply_mv / 1000, rpm, self._share)
        supply = there / nominal if nominal > 0 else 0.0
        return stepper.torque_mnm(self._axis.curve, rpm) * self._scale * supply

    def range_n(
        self, speed_mm_s: float, accel_m_s2: float, mass_g: float, supply_mv: int
    ) -> tuple[float, float]:
        """The least and the most load against the motion that the motor can move, in N."""
        key = (speed_mm_s, accel_m_s2, mass_g, supply_mv)
        found = self._ranges.get(key)
        if found is None:
            if len(self._ranges) > 1000:
                self._ranges.clear()
            found = self._ranges[key] = self._range_n(*key)
        return found

    def _range_n(
        self, speed_mm_s: float, accel_m_s2: float, mass_g: float, supply_mv: int
    ) -> tuple[float, float]:
        have = self.pull_out_mnm(speed_mm_s, supply_mv)
        turning = screw.torque_mnm(self._axis.screw, 0.0, 0.0, self._axis.inertia_gcm2, accel_m_s2)
        inertia_n = mass_g * 1e-3 * accel_m_s2
        return self._at_nut(-have - turning) - inertia_n, self._at_nut(have - turning) - inertia_n

    def _at_nut(self, torque_mnm: float) -> float:
        """The force at the nut that a torque on the screw holds: pushed by it, or driving it."""
        if torque_mnm >= 0:
            return torque_mnm / self._through
        return torque_mnm / self._back if self._back else -math.inf

    def spare_n(self, leg: Leg, mass_g: float, supply_mv: int) -> tuple[float, float, float]:
        """The most load at top speed of a leg: speeding up, even, slowing down."""
        key = (mass_g, supply_mv)
        found = leg.spare_n.get(key)
        if found is None:
            top, up, down = self._speeds(leg)
            most = [self.range_n(top, accel, mass_g, supply_mv)[1] for accel in (up, 0.0, -down)]
            found = leg.spare_n[key] = most[0], most[1], most[2]
        return found

    def top_um_s(self, leg: Leg) -> float:
        """The leg's top speed."""
        return leg.profile.top_hz * self._step_mm * 1000

    def _speeds(self, leg: Leg) -> tuple[float, float, float]:
        profile = leg.profile
        step_m = self._step_mm / 1000
        return profile.top_hz * self._step_mm, profile.up_hz_s * step_m, profile.down_hz_s * step_m

    def stall(
        self, leg: Leg, load: Load, on_the_way: Iterable[int], mass_g: float, supply_mv: int
    ) -> int | None:
        """After how many pulses of a leg the load is beyond the motor; None where it never is."""
        top, up, down = self._speeds(leg)
        profile = leg.profile
        places = [
            (0, 0.0, up),
            (profile.up_pulses, top, up),
            (profile.up_pulses, top, 0.0),
            (profile.down_from, top, 0.0),
            (profile.down_from, top, -down),
            (leg.pulses, 0.0, -down),
        ]
        places += [(pulse, *self._spot(leg, pulse)) for pulse in on_the_way]
        for pulse, speed_mm_s, accel in sorted(places, key=_first):
            least, most = self.range_n(speed_mm_s, accel, mass_g, supply_mv)
            if not least <= load(pulse) <= most:
                return pulse
        return None

    def _spot(self, leg: Leg, pulse: int) -> tuple[float, float]:
        """(speed in mm/s, acceleration in m/s²) after so many pulses of a leg."""
        top, up, down = self._speeds(leg)
        profile = leg.profile
        if pulse < profile.up_pulses:
            return top * math.sqrt(pulse / profile.up_pulses), up
        if pulse > profile.down_from:
            left = (leg.pulses - pulse) / (leg.pulses - profile.down_from)
            return top * math.sqrt(left), -down
        return top, 0.0


def _first(place: tuple[int, float, float]) -> int:
    return place[0]
