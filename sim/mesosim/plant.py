"""The virtual gun: axes, home switches, encoders, spring, syringe, fluid, skin, supply.

`advance` moves it to a time in closed form, `next_us` says when by itself it will next change what
the firmware can see, `sample` fills in what the firmware sees. Hands and faults set the plain
attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mesofw.core import machine
from mesofw.core.door import CARRIAGE, PLUNGER, Inputs
from mesosim.cartridge import Cartridge
from mesosim.fluid import Fluid
from mesosim.motor import Leg, Run
from mesosim.truth import Truth


@dataclass
class Given:
    """What one run that dispensed really did: deepest tip below skin, fluid in tissue and
    outside."""

    at_us: int
    depth_um: float
    tissue_nl: float
    outside_nl: float


class Plant:
    """One gun. Times in µs since power-on (never wrapped), steps and counts as the board's."""

    def __init__(self, truth: Truth):
        self.truth = truth
        self.now_us = 0
        self.trigger = self.pedal = self.press = self.contact = self.stop = 0
        self.turns = 0
        self.supply_mv = truth.supply_mv
        self.temperature_dc = truth.temperature_dc
        self.stuck: dict[str, int] = {}
        self.slipping = [False, False]
        self.cartridge = Cartridge(truth)
        self.given: list[Given] = []
        self.screen: list[str] = []
        self.light = self.sound = 0
        self.fed_us = 0
        self._coming: list[int] | None = None
        self._force_us = -1
        self._legs: list[Leg] = []
        self._run: Run | None = None
        self._steps = [0, 0]
        self._zero = [0, 0]
        self._lost = [0.0, 0.0]
        self._counts_zero = [0.0, 0.0]
        self._home_um = [0.0, truth.plunger_start_um]
        self._phases_done = 0
        self._watch_mn = 0
        self._peak_mn = 0
        self._carriage_on = False
        self._spring: tuple[int, float] | None = None
        self._mark_nl = 0.0
        self._deepest_um = 0.0

    # Where things are.

    def carriage_um(self) -> float:
        """True carriage travel from its rest, where the spring holds it."""
        if self._spring:
            since_us, from_um = self._spring
            part = min(1.0, (self.now_us - since_us) / 1e6 / self.truth.spring_return_s)
            return from_um * (1.0 - part * part)
        return self._axis_um(CARRIAGE, self.truth.carriage_step_um)

    def plunger_um(self) -> float:
        """True plunger travel from its home switch."""
        return self._axis_um(PLUNGER, self.truth.plunger_step_um)

    def _axis_um(self, axis: int, step_um: float) -> float:
        return self._home_um[axis] + (self._steps[axis] - self._lost[axis]) * step_um

    def plunger_free(self) -> bool:
        """Whether the plunger is back, so that a syringe can be taken out."""
        return self._run is None and self.plunger_um() <= 2 * self.truth.switch_um

    def depth_um(self) -> float:
        """True depth of the needle's tip below the foot's plane; negative while it is inside."""
        return self.carriage_um() - self.truth.foot_um

    def step_counts(self) -> tuple[int, int]:
        """All pulses ever put out, net, by (carriage, plunger)."""
        return self._steps[CARRIAGE], self._steps[PLUNGER]

    @property
    def moving(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None

    # The motion that the firmware starts.

    def motion_load(self, legs: Sequence[Leg]) -> None:
        """Take the legs of the next run."""
        self._legs = list(legs)

    def motion_patch(self, leg: int, place: int, pulses: int) -> None:
        """Change the pulses of segment `place` of a leg."""
        target = self._legs[leg]
        target.segments[place] = (pulses, target.segments[place][1])
        target.compile()

    def motion_start(self) -> None:
        """Start the loaded legs."""
        self._coming = None
        self._run = Run(self._legs, self.now_us, self._steps)
        self._phases_done = 0
        self._peak_mn = 0
        fluid = self.cartridge.fluid
        if fluid:
            fluid.peak_nl = max(0.0, fluid.stored_nl)
            self._mark_nl = fluid.given_nl
        self._deepest_um = self.depth_um()

    def motion_stop(self) -> None:
        """Freeze both axes."""
        self._end_run()

    def _end_run(self) -> None:
        self._coming = None
        run, self._run = self._run, None
        if run and self.cartridge.fluid:
            given_nl = self.cartridge.fluid.given_nl - self._mark_nl
            if any(leg.axis == PLUNGER and leg.direction > 0 for leg in run.legs):
                inside = self._deepest_um > 0 and self.contact
                tissue, outside = (given_nl, 0.0) if inside else (0.0, given_nl)
                self.given.append(Given(self.now_us, self._deepest_um, tissue, outside))

    def motors(self, carriage: bool) -> None:
        """Carriage driver on or off; off lets the spring take the needle back."""
        if self._carriage_on and not carriage:
            self._release()
        elif carriage and self._spring:
            self._settle_spring()
        self._carriage_on = carriage

    def _release(self) -> None:
        self._coming = None
        self._spring = (self.now_us, self._axis_um(CARRIAGE, self.truth.carriage_step_um))

    def _settle_spring(self) -> None:
        """The driver holds again: where the spring brought the carriage is where it is."""
        self._coming = None
        moved_um = self.carriage_um() - self._axis_um(CARRIAGE, self.truth.carriage_step_um)
        self._spring = None
        self._lost[CARRIAGE] -= moved_um / self.truth.carriage_step_um

    def zero(self, axis: int) -> None:
        """The board's counters of this axis become 0."""
        self._zero[axis] = self._steps[axis]
        self._counts_zero[axis] = self._turned_nm(axis)

    def force_watch(self, limit_mn: int) -> None:
        """`next_us` tells when the force passes this limit; 0 for never."""
        self._coming = None
        self._watch_mn = limit_mn

    # The supply and the emergency stop.

    def set_stop(self, pressed: int) -> None:
        """The emergency stop: cuts the motor supply in hardware."""
        self.stop = pressed
        if pressed:
            self._end_run()
            self._release()

    def set_supply(self, supply_mv: int) -> None:
        """The supply; below 6 V the motors are without it."""
        self.supply_mv = supply_mv
        if supply_mv < 6_000:
            self._end_run()
            self._release()

    # Syringe and needle.

    def seat(self, name: str, fill_nl: int, gauge: str, length_um: int) -> None:
        """A filled syringe in the cradle with a new needle on it."""
        self.cartridge.seat(name, fill_nl, gauge, length_um, self.plunger_um())
        self._coming = None

    def unseat(self) -> None:
        """The syringe comes out."""
        self.cartridge.unseat()
        self._coming = None

    def fluid_nl(self) -> float:
        """All that has left the needle."""
        return self.cartridge.given_nl()

    # Time.

    def advance(self, now_us: int) -> None:
        """Go to `now_us` (not before the present)."""
        if now_us <= self.now_us:
            return
        run = self._run
        if run:
            self._flow(run, now_us)
            carriage, plunger = run.steps(now_us)
            self._slip(CARRIAGE, carriage)
            self._slip(PLUNGER, plunger)
            spot = run.spot(now_us)
            self._phases_done = spot.done
            self.now_us = now_us
            self._deepest_um = max(self._deepest_um, self.depth_um())
            if spot.done == len(run.legs):
                self._end_run()
        elif (fluid := self.cartridge.fluid) and fluid.stored_nl > 0:
            fluid.pass_time((now_us - self.now_us) / 1e6, 0.0)
        self.now_us = now_us

    def _slip(self, axis: int, steps: int) -> None:
        if self.slipping[axis]:
            self._lost[axis] += steps - self._steps[axis]
        self._steps[axis] = steps

    def _flow(self, run: Run, to_us: int) -> None:
        fluid = self.cartridge.fluid
        if not fluid:
            return
        step_nl = self._step_nl()
        for duration_us, steps in run.pieces(PLUNGER, self.now_us, to_us):
            fluid.pass_time(duration_us / 1e6, steps * step_nl)

    def _step_nl(self) -> float:
        return 0.0 if self.slipping[PLUNGER] else self.cartridge.step_nl(self.truth.plunger_step_um)

    def changed(self) -> None:
        """Something was set from outside: what comes next must be worked out anew."""
        self._coming = None

    def next_us(self) -> int | None:
        """When something that the firmware sees changes by itself; None for never."""
        if self._coming is None:
            self._coming = self._work_out()
        coming = self._coming
        while coming and coming[0] <= self.now_us:
            if coming.pop(0) == self._force_us:
                # Rounding may leave the force a hair below its limit: look again from here.
                self._coming = None
                return self.next_us()
        return coming[0] if coming else None

    def _work_out(self) -> list[int]:
        times: list[int] = []
        self._force_us = -1
        run = self._run
        if run:
            times.extend(run.ends_us)
            self._home_times(run, times)
            self._force_time(run, times)
        if self._spring:
            since_us, from_um = self._spring
            if from_um > self.truth.switch_um:
                part = (1.0 - self.truth.switch_um / from_um) ** 0.5
                times.append(since_us + int(part * self.truth.spring_return_s * 1e6) + 1)
        return sorted(times)

    def _home_times(self, run: Run, times: list[int]) -> None:
        for axis, step_um in (
            (CARRIAGE, self.truth.carriage_step_um),
            (PLUNGER, self.truth.plunger_step_um),
        ):
            if self.slipping[axis]:
                continue
            edge = (self.truth.switch_um - self._home_um[axis]) / step_um + self._lost[axis]
            for steps in (int(edge // 1), int(edge // 1) + 1):
                at_us = run.reach_us(axis, steps, self.now_us)
                if at_us is not None:
                    times.append(at_us)

    def _force_time(self, run: Run, times: list[int]) -> None:
        """When the watched force is passed: by the level of stored volume that it means."""
        fluid = self.cartridge.fluid
        level = self.cartridge.stored_at_nl(self._watch_mn) if self._watch_mn else None
        if level is None or not fluid or fluid.stored_nl >= level:
            return
        step_nl = self._step_nl()
        if fluid.stored_nl + self._to_push(run) * step_nl < level:
            return
        trial = Fluid(fluid.tau_s, fluid.compliance_nl_bar, fluid.stored_nl)
        at_us = self.now_us
        for duration_us, steps in run.pieces(PLUNGER, self.now_us, run.ends_us[-1]):
            duration_s = duration_us / 1e6
            wait_s = trial.time_to(level, steps * step_nl / duration_s) if duration_us else None
            if wait_s is not None and wait_s <= duration_s:
                self._force_us = at_us + int(wait_s * 1e6) + 1
                times.append(self._force_us)
                return
            trial.pass_time(duration_s, steps * step_nl)
            at_us += duration_us

    def _to_push(self, run: Run) -> int:
        return sum(leg.pulses for leg in run.legs if leg.axis == PLUNGER and leg.direction > 0)

    # What the firmware sees.

    def _turned_nm(self, axis: int) -> float:
        """What the encoder, on the motor's shaft, has turned by."""
        step_nm = machine.AXES[axis].step_nm
        if axis == CARRIAGE and self._spring:
            return self.carriage_um() / self.truth.carriage_step_um * step_nm
        base_um = self._home_um[axis]
        step_um = self.truth.carriage_step_um if axis == CARRIAGE else self.truth.plunger_step_um
        return (self._steps[axis] - self._lost[axis] + base_um / step_um) * step_nm

    def _counts(self, axis: int) -> int:
        turned_nm = self._turned_nm(axis) - self._counts_zero[axis]
        return int((turned_nm / machine.AXES[axis].count_nm + self.truth.counts_phase[axis]) // 1)

    def _switch(self, name: str, value: int) -> int:
        return self.stuck.get(name, value)

    def sample(self, inputs: Inputs) -> None:
        """Fill in what the board's pins, counters and converters say now."""
        stuck = self._switch if self.stuck else _as_is
        edge_um = self.truth.switch_um
        inputs.trigger = stuck("trigger", self.trigger)
        inputs.pedal = stuck("pedal", self.pedal)
        inputs.press = stuck("press", self.press)
        inputs.turns = self.turns
        inputs.contact = stuck("contact", self.contact)
        inputs.seated = stuck("seated", 1 if self.cartridge.syringe else 0)
        inputs.stop = stuck("stop", self.stop)
        inputs.carriage_home = stuck("carriage_home", 1 if self.carriage_um() <= edge_um else 0)
        inputs.plunger_home = stuck("plunger_home", 1 if self.plunger_um() <= edge_um else 0)
        inputs.carriage_steps = self._steps[CARRIAGE] - self._zero[CARRIAGE]
        inputs.plunger_steps = self._steps[PLUNGER] - self._zero[PLUNGER]
        inputs.carriage_counts = self._counts(CARRIAGE)
        inputs.plunger_counts = self._counts(PLUNGER)
        inputs.phases_done = self._phases_done
        inputs.force_mn = self.cartridge.force_mn()
        if fluid := self.cartridge.fluid:
            self._peak_mn = max(self._peak_mn, self.cartridge.force_at(fluid.peak_nl))
        inputs.force_peak_mn = max(self._peak_mn, inputs.force_mn)
        inputs.supply_mv = self.supply_mv
        inputs.temperature_dc = self.temperature_dc


def _as_is(_name: str, value: int) -> int:
    return value
