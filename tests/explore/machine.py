"""Long random sessions on the real virtual gun, as a Hypothesis state machine under the rules."""

import binascii
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mesofw.core import keyed, states
from mesofw.core.program import parse_line
from mesosim.hands import Hands
from tests.core.support.host import Host
from tests.explore.engineer import KEY
from tests.explore.roots import text_for
from tests.explore.troubles import HOT_DC, POOR_MV
from tests.explore.virtual import Session

LABELS = ("plain", "staying", "sliding", "training")
DURATIONS_US = st.sampled_from((1_000, 5_000, 20_000, 60_000, 250_000, 1_500_000, 8_000_000))
SWITCHES = st.sampled_from(("trigger", "pedal", "press", "contact"))
STICKING = st.sampled_from(("contact", "trigger", "carriage_home", ""))
# What an engineer asks for on the bench.
BENCH = st.sampled_from((
    ("home", 0, 0), ("seek", 0, 0), ("move", 0, 1_500), ("move", 0, -1_500), ("move", 1, 20_000),
    ("move", 1, -20_000), ("hold", 0, 0), ("release", 0, 0), ("leave", 0, 0),
))  # fmt: skip
PLUNGER_HOME_US = 60_000_000
PRIMED_US = 4_000_000


class Done:
    """What all sessions together came to."""

    def __init__(self) -> None:
        self.sessions = self.steps = self.shots = 0
        self.events: Counter[tuple[int, int, bool]] = Counter()
        self.visited: Counter[int] = Counter()

    def take(self, session: Session) -> None:
        self.sessions += 1
        self.steps += session.steps
        self.shots += session.shots
        self.events.update(session.events)
        self.visited.update(session.visited)


DONE = Done()


class Sessions(RuleBasedStateMachine):
    """Hands that know what the gun asks for, and hands, hazards and failures that do not care."""

    session: Any = None

    @initialize(
        seed=st.integers(1, 40),
        label=st.sampled_from(LABELS),
        acts=st.integers(0, 8),
        bench=st.sampled_from((0, 0, 0, 1, 2)).flatmap(lambda most: st.lists(BENCH, max_size=most)),
    )
    def switch_on(
        self, seed: int, label: str, acts: int, bench: list[tuple[str, int, int]]
    ) -> None:
        text = text_for(label)
        self.session = Session(seed, text)
        self.world = self.session.world
        self.hands = Hands(self.world)
        self.head: Any = parse_line(text.splitlines()[0])[1]
        self.world.run_while(lambda: self.world.state != states.IDLE, PLUNGER_HOME_US)
        if bench:
            self.engineer_calibrates(bench, 1_500_000)
        for _ in range(acts):
            self._next(250_000)

    def _note(self, what: str) -> None:
        self.session.trail.append(what)

    @property
    def plant(self) -> Any:
        return self.world.plant

    # What the gun asks for.

    @rule(hold_us=DURATIONS_US)
    def do_what_it_asks(self, hold_us: int) -> None:
        self._next(hold_us)

    @rule(acts=st.integers(2, 8), hold_us=DURATIONS_US)
    def carry_on(self, acts: int, hold_us: int) -> None:
        self._clear()
        for _ in range(acts):
            self._next(hold_us)

    @rule(hold_us=DURATIONS_US)
    def shoot(self, hold_us: int) -> None:
        """As far as it can be brought to it, shots until the session ends or something stops it."""
        self._clear()
        for _ in range(12):
            self._next(hold_us)

    def _next(self, hold_us: int) -> None:
        """The operator's next act, as the screen says it."""
        self._note("go on %d" % hold_us)
        acts = {
            states.IDLE: self._confirm,
            states.LOADING: self._fit,
            states.PRIMING: self._prime,
            states.PAUSED: self.hands.click,
            states.FAULT: self._clear,
            states.CALIBRATING: self.hands.click,
        }
        if self.world.state == states.READY:
            self.hands.place()
            self.hands.hold("trigger", hold_us)
            self.hands.wait(500_000)
        else:
            acts.get(self.world.state, lambda: self.hands.wait(hold_us))()

    def _confirm(self) -> None:
        self.hands.click()
        self.hands.click()

    def _fit(self) -> None:
        self.hands.lift()
        if self.world.run_while(lambda: not self.plant.plunger_free(), PLUNGER_HOME_US):
            self.hands.unseat()
            syringe = self.head["syringe"]
            self.hands.seat(syringe, 2_000_000, self.head["needle"], self.head["length_um"])
        self.hands.click()
        self.hands.wait(PLUNGER_HOME_US // 4)

    def _prime(self) -> None:
        self.hands.lift()
        self.hands.hold("trigger", 400_000)
        self.hands.wait(PRIMED_US)
        self.hands.click()
        self.hands.wait(1_000_000)

    def _clear(self) -> None:
        for switch in ("trigger", "pedal", "press", "contact"):
            self.hands.set(switch, 0)
        self.plant.set_stop(0)
        self.plant.set_supply(self.plant.truth.supply_mv)
        self.plant.temperature_dc = self.plant.truth.temperature_dc
        self.world.touch()
        self.hands.wait(500_000)
        self.hands.click()
        self.hands.wait(PLUNGER_HOME_US // 2)

    # What hands do besides.

    @rule(switch=SWITCHES, value=st.integers(0, 1))
    def switch(self, switch: str, value: int) -> None:
        self._note("%s %d" % (switch, value))
        self.hands.set(switch, value)

    @rule(detents=st.sampled_from((-1, 1, 2, 3)))
    def turn(self, detents: int) -> None:
        self._note("turn %d" % detents)
        self.hands.turn(detents)

    @rule(duration_us=DURATIONS_US)
    def wait(self, duration_us: int) -> None:
        self._note("wait %d" % duration_us)
        self.hands.wait(duration_us)

    @rule(switch=SWITCHES, times=st.integers(2, 6), apart_us=st.sampled_from((50, 700, 4_000)))
    def bounce(self, switch: str, times: int, apart_us: int) -> None:
        self._note("bounce %s %d %d" % (switch, times, apart_us))
        for _ in range(times):
            self.hands.set(switch, 1 - getattr(self.plant, switch))
            self.hands.wait(apart_us)

    @precondition(lambda self: self.plant.cartridge.seated)
    @rule()
    def syringe_out(self) -> None:
        self._note("syringe out")
        self.session.clean = False
        self.hands.unseat()

    # Hazards, failing parts, host, power.

    @rule(wait_us=DURATIONS_US)
    def emergency_stop(self, wait_us: int) -> None:
        self._note("stop %d" % wait_us)
        self.session.clean = False
        self.plant.set_stop(1)
        self.world.touch()
        self.hands.wait(wait_us)
        self.plant.set_stop(0)
        self.world.touch()

    @rule(wait_us=DURATIONS_US, supply_mv=st.sampled_from((POOR_MV, 3_000)))
    def supply_dips(self, wait_us: int, supply_mv: int) -> None:
        self._note("supply %d %d" % (supply_mv, wait_us))
        self.session.clean = False
        self.plant.set_supply(supply_mv)
        self.world.touch()
        self.hands.wait(wait_us)
        self.plant.set_supply(self.plant.truth.supply_mv)
        self.world.touch()

    @rule()
    def overheats(self) -> None:
        self._note("hot")
        self.plant.temperature_dc = HOT_DC
        self.world.touch()
        self.hands.wait(20_000)
        self.plant.temperature_dc = self.plant.truth.temperature_dc
        self.world.touch()

    @rule(axis=st.integers(0, 1), slips=st.booleans())
    def slips(self, axis: int, slips: bool) -> None:
        self._note("slips %d %d" % (axis, slips))
        self.session.clean = False
        self.plant.slipping[axis] = slips
        self.world.touch()

    @rule(blocked=st.booleans())
    def needle(self, blocked: bool) -> None:
        self._note("blocked %d" % blocked)
        self.session.clean = False
        self.plant.cartridge.block(blocked)
        self.world.touch()

    @rule(name=STICKING, value=st.integers(0, 1))
    def sticks(self, name: str, value: int) -> None:
        self._note("stuck %s %d" % (name, value))
        self.plant.stuck = {name: value} if name else {}
        self.world.touch()

    @rule(acts=st.lists(BENCH, max_size=6), wait_us=DURATIONS_US)
    def engineer_calibrates(self, acts: list[tuple[str, int, int]], wait_us: int) -> None:
        """As far as the gun is idle: under the key, allowed at the gun; each act is waited for, or
        left to itself."""
        self._note("calibrate %s %d" % (acts, wait_us))
        host: Any = Host(_Wire(self.world), "c%d" % len(self.session.trail))
        host.hello()
        host.send("challenge")
        given = (host.answer() or {}).get("ok", {}).get("challenge")
        if not given:
            return
        self.session.clean = False
        self.session.eye.ghost.genuine = True
        signed = keyed.hmac(KEY, keyed.signed(given, "calibrate", ""))
        host.send("calibrate", mac=binascii.hexlify(signed).decode())
        if host.answer(250_000) is None:
            self.hands.click()
        for do, axis, steps in acts:
            host.send("bench", do=do, axis=axis, steps=steps)
            host.answer(wait_us)

    @rule()
    def host_pauses(self) -> None:
        self._note("host pauses")
        host: Any = Host(_Wire(self.world), "h%d" % len(self.session.trail))
        host.hello()
        host.send("pause")
        host.answer()

    @rule(off_us=DURATIONS_US)
    def power(self, off_us: int) -> None:
        self._note("power %d" % off_us)
        self.session.clean = False
        self.world.switch_off()
        self.world.run_for(off_us)
        self.world.switch_on()

    def teardown(self) -> None:
        if self.session is None:
            return
        self.world.run_for(10_000_000)
        self.session.totals()
        DONE.take(self.session)


class _Wire:
    """A world as the tests' host wants its bench."""

    def __init__(self, world: Any):
        self._world = world

    @property
    def to_host(self) -> bytearray:
        return self._world.board.to_host

    @to_host.setter
    def to_host(self, rest: bytearray) -> None:
        self._world.board.to_host[:] = rest

    @property
    def now_us(self) -> int:
        return self._world.now_us

    def receive(self, data: bytes) -> None:
        self._world.board.to_gun.append(data)
        self._world.touch()

    def step(self, until_us: int) -> bool:
        return self._world.step(until_us)


def run(sessions: int, acts: int) -> Done:
    """So many sessions of up to so many acts, the same ones every time; what they came to."""
    global DONE
    DONE = Done()
    machine = Sessions.TestCase
    machine.settings = settings(
        derandomize=True,
        deadline=None,
        database=None,
        # A rule that breaks tells the whole way there: shrinking it takes longer than reading it.
        phases=(Phase.generate,),
        max_examples=sessions,
        stateful_step_count=acts,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
    )
    machine().runTest()
    return DONE


def told(done: Done) -> str:
    """What sessions came to, in a line for each state."""
    lines = ["%d sessions, %d steps, %d shots" % (done.sessions, done.steps, done.shots)]
    for state, name in enumerate(states.STATES):
        events = sum(count for (at, _, has), count in done.events.items() if at == state and has)
        lines.append("%-10s %8d steps %6d events" % (name, done.visited[state], events))
    return "\n".join(lines)
