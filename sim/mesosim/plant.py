"""The virtual gun: axes, home switches, encoders, spring, syringe, fluid, skin, heat, supply.

`advance` moves it to a time in closed form, `next_us` says when by itself it will next change what
the firmware can see, `sample` fills in what the firmware sees. Hands and faults set the plain
attributes, of this class or of its parts, and call `changed`.
"""

from collections.abc import Sequence

from mesofw.core.door import CARRIAGE, PLUNGER, Inputs
from mesosim import senses
from mesosim.axis import Axis
from mesosim.carriage import Carriage, Return
from mesosim.cartridge import Cartridge
from mesosim.course import Course
from mesosim.ledger import Given, Ledger
from mesosim.motor import Leg, Run
from mesosim.skin import Skin
from mesosim.stall import Stalls
from mesosim.stream import Stream
from mesosim.trigger import Trigger
from mesosim.truth import AXIS_NAMES, Truth
from mesosim.warmth import Motors

# Below this the drivers have no supply.
_LEAST_MV = 6_000


class Plant:
    """One gun. Times in µs since power-on (never wrapped), steps and counts as the board's.

    `temperature_dc` is that around; `extra_load_n` jams each axis; `faulty` are bits PART_…;
    `stopped_us` is when the firmware stopped both axes last.
    """

    def __init__(self, truth: Truth):
        self.truth = truth
        self.now_us = 0
        self.trigger = self.pedal = self.press = self.contact = self.stop = self.turns = 0
        self.supply_mv = truth.supply_mv
        self.temperature_dc = truth.temperature_dc
        self.arming = Trigger()
        self.stuck: dict[str, int] = {}
        self.slipping = [False, False]
        self.extra_load_n = [0.0, 0.0]
        self.skin = Skin(truth)
        self.carriage = Carriage(truth, self.skin, self.extra_load_n)
        self.cartridge = Cartridge(truth)
        self.ledger = Ledger()
        self.screen: list[str] = []
        self.light = self.sound = self.fed_us = self.faulty = self.stopped_us = 0
        self._steps = [0, 0]
        self._lost = [0.0, 0.0]
        homes_um = (0.0, truth.plunger_start_um)
        carriage, plunger = (
            Axis(name, number, truth, self._steps, self._lost, homes_um[number])
            for number, name in enumerate(AXIS_NAMES)
        )
        self.axes = (carriage, plunger)
        self._course = Course(
            truth, self.axes, self.carriage, self.skin, self.cartridge, self.extra_load_n,
        )  # fmt: skip
        self._stream = Stream(self.cartridge, self.ledger, self.skin, truth.foot_um)
        self.drivers = Motors(truth)
        self.stalls = Stalls(truth, self.carriage, self.cartridge)
        self._legs: list[Leg] = []
        self._pushes = False
        self._run: Run | None = None
        self._slipped = (False, False)
        self._laid: tuple[object, ...] = ()
        self._loads: tuple[object, ...] = ()
        self._coming: list[int] | None = None
        self._force_us = -1
        self.phases_done = self._watch_mn = 0
        self.returning: Return | None = None
        self._deepest_um = 0.0

    # Where things are.

    def carriage_um(self) -> float:
        """True carriage travel from its rest, where the spring holds it."""
        back = self.returning
        return back.um(self.now_us) if back else self.axes[CARRIAGE].um()

    def plunger_um(self) -> float:
        """True plunger travel from its home switch."""
        return self.axes[PLUNGER].um()

    def plunger_free(self) -> bool:
        """Whether the plunger is back, so that a syringe can be taken out."""
        return self._run is None and self.plunger_um() <= 2 * self.truth.switch_um

    def depth_um(self) -> float:
        """True depth of the needle's tip below the foot's plane; negative while it is inside."""
        return self.carriage_um() - self.truth.foot_um

    def step_counts(self) -> tuple[int, int]:
        """All pulses ever put out, net, by (carriage, plunger)."""
        return self._steps[CARRIAGE], self._steps[PLUNGER]

    def lost_steps(self) -> tuple[float, float]:
        """Of these, what the motors did not turn by."""
        return self._lost[CARRIAGE], self._lost[PLUNGER]

    @property
    def moving(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None

    @property
    def given(self) -> list[Given]:
        """What each run that dispensed gave, in order."""
        self._stream.settle()
        return self.ledger.given

    def drawn_nl(self) -> tuple[float, float]:
        """What the needle has drawn in: all of it, and of it what came from tissue."""
        self._stream.settle()
        return self.ledger.drawn_nl, self.ledger.drawn_tissue_nl

    def set_leak(self, share: float) -> None:
        """From now on a share 0 … 1 of what flows leaves at the hub."""
        self._stream.settle()
        self.ledger.leak = share

    def fluid_nl(self) -> float:
        """All that has left the needle, less what it has drawn in."""
        return self.cartridge.given_nl()

    # The motion that the firmware starts.

    def motion_load(self, legs: Sequence[Leg]) -> None:
        """Take the legs of the next run."""
        self.arming.forget()
        self._legs = list(legs)
        self._pushes = any(leg.axis == PLUNGER and leg.direction > 0 for leg in legs)

    def motion_patch(self, leg: int, place: int, pulses: int) -> None:
        """Change the pulses of segment `place` of a leg."""
        target = self._legs[leg]
        target.segments[place] = (pulses, target.segments[place][1])
        target.compile()

    def motion_start(self) -> None:
        """Start the loaded legs."""
        self._end_run()
        self.arming.forget()
        self.phases_done = 0
        cartridge = self.cartridge
        cartridge.refill()
        cartridge.peak_mn = max(0.0, cartridge.force_mn())
        run = self._run = Run(self._legs, self.now_us, self._steps, self._lost)
        self.stalls.note(run, self.supply_mv)
        self._deepest_um = self.depth_um()
        self._stream.settle()
        if self._pushes:
            self.ledger.open(self.now_us, self._deepest_um)
        self.drivers.power(self.now_us, self._powered(), run.moving())
        self._lay_out(self._key())

    def motion_stop(self) -> None:
        """Freeze both axes; the trigger starts nothing."""
        self.arming.armed = False
        self.stopped_us = self.now_us
        self._end_run()

    def _end_run(self) -> None:
        run, self._run, self._coming = self._run, None, None
        if run:
            self.cartridge.stand_at(self.plunger_um())
            self.drivers.power(self.now_us, self._powered(), (0.0, 0.0))
            self._stream.settle()
            self.ledger.close(self.now_us, self._deepest_um, self.skin.sunk_um())

    def _key(self) -> tuple[object, ...]:
        """All that a run's course depends on and that hands can change."""
        fluid = self.cartridge.fluid
        flow = (fluid.linear, fluid.square, fluid.compliance) if fluid else ()
        return (self.contact, self.supply_mv, self.stop, self._slips(), self.extra_load_n[PLUNGER],
                self.cartridge.force_offset_mn, flow, self.carriage.loads())  # fmt: skip

    def _lay_out(self, key: tuple[object, ...]) -> None:
        self._laid = key
        self._slipped = self._slips()
        if self._run:
            self._stream.take(self._course.lay_out(
                self._run, self.now_us, bool(self.contact), self._slipped, self.supply_mv
            ))  # fmt: skip

    def _slips(self) -> tuple[bool, bool]:
        if not self._powered():
            return True, True
        return self.slipping[CARRIAGE], self.slipping[PLUNGER]

    # Supply, drivers and the emergency stop.

    def _powered(self) -> bool:
        return not self.stop and self.supply_mv >= _LEAST_MV

    def motors(self, carriage: bool, plunger: bool = True) -> None:
        """Drivers on or off. A carriage that is off goes home by its spring; the plunger locks
        itself."""
        self.drivers.on = [carriage, plunger]
        self._settle()

    def _settle(self) -> None:
        """Drivers or supply may have changed: the carriage is held or free."""
        held = self.drivers.on[CARRIAGE] and self._powered()
        back = self.returning
        if back and held:
            # The driver holds again: where the spring brought the carriage is where it is.
            self.axes[CARRIAGE].take_from(back.um(self.now_us))
            self.returning = None
            self._coming = None
        elif not back and not held:
            place_um = max(0.0, self.axes[CARRIAGE].um())
            self.returning = self.carriage.spring_back(self.now_us, place_um)
            self._loads = self.carriage.loads()
            self._coming = None
        if not self._run:
            self.drivers.power(self.now_us, self._powered(), (0.0, 0.0))

    def set_stop(self, pressed: int) -> None:
        """The emergency stop: cuts the motor supply in hardware."""
        self.stop = pressed
        if pressed:
            self._end_run()
        self._settle()

    def set_supply(self, supply_mv: int) -> None:
        """The supply; below 6 V the motors are without it."""
        self.supply_mv = supply_mv
        if not self._powered():
            self._end_run()
        self._settle()

    def zero(self, axis: int) -> None:
        """The board's counters of this axis become 0."""
        self.axes[axis].zero(self.carriage_um() if axis == CARRIAGE else self.plunger_um())

    def force_watch(self, limit_mn: int) -> None:
        """`next_us` tells when the force passes this limit; 0 for never."""
        self._coming = None
        self._watch_mn = limit_mn

    # Syringe and needle.

    def seat(
        self, name: str, fill_nl: int, gauge: str, length_um: int, pins: int = 1,
        viscosity_mpa_s: float = 1.0, air_nl: float = 0.0,
    ) -> None:  # fmt: skip
        """A filled syringe in the cradle with a new needle of `pins` on it, and air in it.

        Raises StopIteration for a syringe or needle that gun.toml does not know.
        """
        self._stream.settle()
        cartridge = self.cartridge
        cartridge.seat(
            name, fill_nl, gauge, length_um, pins, viscosity_mpa_s, air_nl, self.plunger_um()
        )
        if cartridge.seated:
            self.skin.take_needle(cartridge.seated.needle, pins)
            self.carriage.take_syringe(cartridge.seated.syringe)
        self.changed()

    def unseat(self) -> None:
        """The syringe comes out."""
        self._stream.settle()
        self.cartridge.unseat()
        self.skin.take_needle(None)
        self.carriage.take_syringe(None)
        self.changed()

    # Time.

    def advance(self, now_us: int) -> None:
        """Go to `now_us` (not before the present)."""
        if now_us <= self.now_us:
            return
        run = self._run
        if run:
            self._stream.flow(self.now_us, now_us)
            place = run.at
            run.go(now_us, self._slipped)
            self.phases_done = run.at
            self.now_us = now_us
            if run.at > place or run.legs[place].axis == CARRIAGE:
                self._deepest_um = max(self._deepest_um, self.depth_um())
            if run.at == len(run.legs):
                self._end_run()
        else:
            self._stream.rest(self.now_us, now_us, self.returning)
            self.now_us = now_us

    def sample(self, inputs: Inputs) -> None:
        """Fill in what the board's pins, counters and converters say now."""
        senses.sample(self, inputs)

    def changed(self) -> None:
        """Something was set from outside: what comes next must be worked out anew."""
        self._coming = None
        if self.arming.starts(self):
            self.motion_start()
            self.arming.fired = 1
        skin, depth_um = self.skin, self.depth_um()
        skin.inside = bool(self.contact) and depth_um > 0 and (
            skin.inside or depth_um >= skin.dent_um)  # fmt: skip
        if self._run and self._key() != self._laid:
            self._lay_out(self._key())
        back = self.returning
        if back and back.end_us <= self.now_us and self._loads != self.carriage.loads():
            self.returning = self.carriage.spring_back(self.now_us, back.end_um)
            self._loads = self.carriage.loads()

    def next_us(self) -> int | None:
        """When something that the firmware sees changes by itself; None for never."""
        if self._coming is None:
            self._coming = self._work_out()
        coming = self._coming
        while coming and coming[0] <= self.now_us:
            if coming.pop(0) == self._force_us:
                # What comes after a peak is not known yet: look again from here.
                self._coming = None
                return self.next_us()
        return coming[0] if coming else None

    def _work_out(self) -> list[int]:
        times: list[int] = []
        self._force_us = -1
        run = self._run
        if run:
            times.extend(run.ends_us)
            slips = self._slips()
            for axis in self.axes:
                if not slips[axis.number]:
                    times.extend(axis.edge_times(run, self.truth.switch_um, self.now_us))
            self._force_time(run, times)
        if back := self.returning:
            home_us = back.reach_us(self.truth.switch_um)
            if home_us is not None and home_us > self.now_us:
                times.append(int(home_us) + 1)
        return sorted(times)

    def _force_time(self, run: Run, times: list[int]) -> None:
        """When the watched force is passed."""
        if self._watch_mn and not self._slipped[PLUNGER]:
            limit_mn = self._watch_mn + 0.5
            self._force_us = self._course.over_us(run, self._stream.ahead, self.now_us, limit_mn)
            if self._force_us:
                times.append(self._force_us)
