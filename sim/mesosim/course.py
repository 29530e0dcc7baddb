"""A run laid out ahead: slices in which the plunger's speed is constant and the tip is in one
place, and where a motor stalls on the way."""

import math
from collections.abc import Callable

from mesofw.core.motion import TICKS_PER_US
from mesosim.axis import Axis
from mesosim.carriage import Carriage
from mesosim.cartridge import Cartridge
from mesosim.ledger import INSIDE, OUTSIDE, WITHDRAWN
from mesosim.motor import CARRIAGE, PLUNGER, Run
from mesosim.skin import Skin
from mesosim.torque import Motor
from mesosim.truth import Truth

# A part of a run: until when (µs), the plunger's speed in µm/µs, where the tip is (as in `ledger`),
# the leg, and the force in mN at which the plunger's motor stalls.
Slice = tuple[float, float, int, int, float]


class Course:
    """Lays out runs. `slipping` and `extra_load_n` are by axis and may be changed from outside."""

    def __init__(
        self, truth: Truth, axes: tuple[Axis, Axis], carriage: Carriage, skin: Skin,
        cartridge: Cartridge, extra_load_n: list[float],
    ):  # fmt: skip
        self._truth = truth
        self._carriage_axis, self._plunger_axis = axes
        self._carriage = carriage
        self._skin = skin
        self._cartridge = cartridge
        self._extra_load_n = extra_load_n
        self._motor = Motor(PLUNGER, truth)
        self._marks: dict[float, float] = {}
        self._slices: list[Slice] = []
        # When it was last worked out for a run, what `most_mn` is of its way forward.
        self._most: tuple[int, float] | None = None

    def lay_out(
        self, run: Run, now_us: int, contact: bool, slips: tuple[bool, bool], supply_mv: int
    ) -> list[Slice]:
        """The slices of a run from now on; sets the run's stalls."""
        self._most = None
        while True:
            self._lay(run, now_us, contact, slips, supply_mv)
            if slips[PLUNGER] or not self._stalls(run, now_us, supply_mv):
                return self._slices

    def _lay(
        self, run: Run, now_us: int, contact: bool, slips: tuple[bool, bool], supply_mv: int
    ) -> None:
        slices: list[Slice] = []
        self._slices = slices
        inside = self._skin.inside and contact
        where = INSIDE if inside else OUTSIDE
        stopper = self._cartridge.stopper
        rotors = [self._carriage_axis.rotor(), self._plunger_axis.rotor()]
        at_us = float(now_us)
        place_um = stopper.at_um if stopper else 0.0
        for place in range(run.at, len(run.legs)):
            leg = run.legs[place]
            end_us = run.leg_us(place) + leg.ticks / TICKS_PER_US
            axis = leg.axis
            if axis == CARRIAGE and not slips[CARRIAGE]:
                where = self._lay_carriage(run, place, rotors[CARRIAGE], where, contact, supply_mv)
                turned = max(run.turned(place) - run.done(place), 0)
                rotors[CARRIAGE] += leg.direction * turned
            elif axis == CARRIAGE and leg.direction < 0 and where == OUTSIDE:
                where = WITHDRAWN
            elif axis == PLUNGER and not slips[PLUNGER]:
                if stopper:
                    place_um = self._lay_plunger(
                        run, place, rotors[PLUNGER], at_us, place_um, where, supply_mv
                    )
                turned = max(run.turned(place) - run.done(place), 0)
                rotors[PLUNGER] += leg.direction * turned
            if not slices or slices[-1][0] < end_us:
                slices.append((end_us, 0.0, where, place, math.inf))
            at_us = end_us

    def _mark(self, place_um: float) -> float:
        """The carriage's rotor at a place."""
        found = self._marks.get(place_um)
        if found is None:
            if len(self._marks) > 100:
                self._marks.clear()
            found = self._marks[place_um] = self._carriage_axis.rotor_at(place_um)
        return found

    def _lay_carriage(
        self, run: Run, place: int, rotor: float, where: int, contact: bool, supply_mv: int
    ) -> int:
        """The slices of a leg of the carriage; gives where the tip is at its end."""
        leg, done, skin = run.legs[place], run.done(place), self._skin
        way = leg.direction
        stalled = run.stalls[place]
        rotor -= way * (done if stalled is None else min(done, stalled))
        foot_um = self._truth.foot_um
        inside = where == INSIDE
        if stalled is None or stalled > done:
            marks: dict[str, float] = {}
            if contact and way > 0:
                if skin.dent_um < math.inf:
                    marks["puncture"] = self._mark(foot_um + skin.dent_um)
                if skin.bone_um is not None:
                    marks["bone"] = self._mark(foot_um + skin.bone_um)
            found = self._carriage.stall(leg, rotor, contact, inside, supply_mv, marks)
            run.stalls[place] = found if found is None else max(found, done)
        if way < 0 and where == OUTSIDE:
            return WITHDRAWN
        if not contact or inside == (way > 0) or skin.dent_um == math.inf:
            return where
        edge = self._mark(foot_um + (skin.dent_um if way > 0 else 0.0))
        pulse = max(0, math.ceil((edge - rotor) * way))
        turned, stalls = run.turned(place), run.stalls[place] is not None
        if pulse > turned or (stalls and pulse == turned):
            return where
        if pulse > done:
            self._slices.append((run.pulse_us(place, pulse), 0.0, where, place, math.inf))
        return INSIDE if way > 0 else WITHDRAWN

    def _lay_plunger(
        self, run: Run, place: int, rotor: float, at_us: float, place_um: float, where: int,
        supply_mv: int,
    ) -> float:  # fmt: skip
        """The slices of a leg of the plunger from `at_us`, its pusher at `place_um`; gives where
        the pusher then is."""
        leg, turned = run.legs[place], run.turned(place)
        way = leg.direction
        rotor -= way * min(run.done(place), turned)
        begin_us = run.leg_us(place)
        limits = (math.inf, math.inf, math.inf)
        if way > 0:
            limits = self._motor.spare_n(leg, 0.0, supply_mv)
        extra_n = self._extra_load_n[PLUNGER]
        for ticks, pulses, kind in leg.knots:
            knot_us = begin_us + ticks / TICKS_PER_US
            if pulses > turned:
                pulses = turned
                knot_us = run.pulse_us(place, pulses) if pulses else begin_us
            if knot_us <= at_us:
                continue
            end_um = self._plunger_axis.place_um(rotor + way * pulses)
            speed = (end_um - place_um) / (knot_us - at_us)
            limit_mn = (limits[kind] - extra_n) * 1000
            self._slices.append((knot_us, speed, where, place, limit_mn))
            place_um, at_us = end_um, knot_us
        return place_um

    def _stalls(self, run: Run, now_us: int, supply_mv: int) -> bool:
        """Whether the plunger's motor is found to stall where it was not known to before."""
        for place in range(run.at, len(run.legs)):
            leg = run.legs[place]
            if leg.axis != PLUNGER or run.stalls[place] is not None:
                continue
            spare_n = min(self._motor.spare_n(leg, 0.0, supply_mv)) - self._extra_load_n[PLUNGER]
            if spare_n <= 0.0:
                run.stalls[place] = run.done(place)
                return True
            if leg.direction < 0 and spare_n > self._clip_n():
                continue
            if self.most_mn(run, leg.direction, now_us) <= spare_n * 1000:
                continue
            if leg.direction < 0:
                # The friction alone holds it, at the start.
                run.stalls[place] = run.done(place)
                return True
            over = first_over(self._cartridge, self._slices, now_us)
            if over is None:
                return False
            at_us, stalled = over
            run.stalls[stalled] = max(run.done(stalled), run.pulse_at(stalled, at_us))
            return True
        return False

    def _clip_n(self) -> float:
        """The most that the stopper can hold the plunger back by."""
        stopper = self._cartridge.stopper
        return stopper.rod.clip_n if stopper else 0.0

    def most_mn(self, run: Run, way: int, now_us: int) -> float:
        """What the force against the plunger cannot pass while the rest of a run, laid out before,
        moves it one way (1 or -1); -infinite where it does not."""
        if way > 0 and self._most and self._most[0] == now_us:
            return self._most[1]
        found = self._most_mn(run, way)
        if way > 0:
            self._most = (now_us, found)
        return found

    def _most_mn(self, run: Run, way: int) -> float:
        speed = travel = 0.0
        for place in range(run.at, len(run.legs)):
            leg = run.legs[place]
            if leg.axis == PLUNGER and leg.direction == way:
                speed = max(speed, self._motor.top_um_s(leg))
                travel += leg.pulses * self._truth.plunger_step_um
        if not travel:
            return -math.inf
        return self._cartridge.most_mn(way, speed, travel, run.ends_us[-1])

    def over_us(
        self, run: Run, ahead: Callable[[], list[Slice]], now_us: int, limit_mn: float
    ) -> int:
        """When the plunger's force, which is below a limit, passes it; 0 for never. `ahead` gives
        the run's slices."""
        cartridge = self._cartridge
        if cartridge.force_mn() >= limit_mn or self.most_mn(run, 1, now_us) < limit_mn:
            return 0
        over = first_over(cartridge, ahead(), now_us, limit_mn)
        return max(now_us + 1, math.ceil(over[0])) if over else 0


def first_over(
    cartridge: Cartridge, slices: list[Slice], now_us: float, limit_mn: float | None = None
) -> tuple[float, int] | None:
    """When the plunger's force on its way forward first passes a limit, that of each slice where no
    other is given, to half a µs, and in which leg; None where it never does."""
    twin = cartridge.ahead()
    at_us = float(now_us)
    for end_us, speed, _, leg, stall_mn in slices:
        lasts_us = end_us - at_us
        if lasts_us <= 0.0:
            continue
        before = twin.ahead()
        twin.peak_mn = -math.inf
        twin.move(at_us, lasts_us, speed * lasts_us)
        most_mn = stall_mn if limit_mn is None else limit_mn
        if twin.peak_mn >= most_mn:
            low_us, high_us = 0.0, lasts_us
            while high_us - low_us > 0.5:
                middle_us = (low_us + high_us) / 2
                trial = before.ahead()
                trial.peak_mn = -math.inf
                trial.move(at_us, middle_us, speed * middle_us)
                if trial.peak_mn >= most_mn:
                    high_us = middle_us
                else:
                    low_us = middle_us
            return at_us + high_us, leg
        at_us = end_us
    return None
