"""What goes wrong in a session at a gun, and who lets the gun move: it costs the step under way."""

import datetime
from pathlib import Path

import pytest

from mesofw.core import errors
from mesohost import keys
from mesohost.calibration import guide, running
from mesohost.calibration.stand import PATIENCE_S
from mesohost.program import load_program
from mesohost.troubles import GunRefused, PortTrouble, ProtocolMismatch, Trouble
from mesosim.hands import Hands
from mesosim.port import WorldPort
from tests.host.calibration.at_bench import Bench, Worker, refuse

EXAMPLE = Path(__file__).parents[3] / "examples" / "papules.toml"


class Crash(BaseException):
    """The computer's power goes."""


class Crashing(Worker):
    """The computer crashes as a step begins."""

    crash_at = ""

    def working(self, step, done, known):
        if step.id == self.crash_at:
            self.crash_at = ""
            raise Crash
        super().working(step, done, known)


class Acting(Worker):
    """Somebody who does something at the gun as a step begins, once."""

    def __init__(self, bench, at, do, **who):
        super().__init__(bench, **who)
        self.at = at
        self.do = do

    def working(self, step, done, known):
        super().working(step, done, known)
        if step.id == self.at:
            self.at = ""
            self.do(Hands(self.bench.world))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path, seed=3)


@pytest.mark.parametrize(
    ("kind", "crash_at"),
    [("volume", "prepare"), ("volume", "stroke-30"), ("volume", "press"), ("depth", "touch-05-go"),
     ("depth", "return-2"), ("empty", "seek-3"), ("motor", "run-plunger-100")],
)  # fmt: skip
def test_after_a_crash_the_same_command_goes_on(bench, kind, crash_at):
    hands = Crashing(bench)
    hands.crash_at = crash_at
    with pytest.raises(Crash):
        bench.run(kind, hands)
    assert bench.comes_to_idle()
    done = set(hands.steps)
    hands.steps.clear()
    _, one = bench.run(kind, hands)
    assert not done & set(hands.steps)
    assert one.accepted
    assert [mishap.step for mishap in one.mishaps] == [crash_at]


def test_a_computer_that_is_gone_leaves_a_gun_that_is_found_again(bench):
    hands = Crashing(bench)
    hands.crash_at = "stroke-10"
    left = bench.stand()
    left.leave = lambda: None
    journal = running.journal_of(bench.folder, "volume", bench.board)
    with pytest.raises(Crash):
        running.at_gun("volume", journal, left, bench.scale(), hands)
    assert bench.gun.status().state == "calibrating"
    bench.told.clear()
    _, one = bench.run("volume", hands)
    assert one.accepted
    # It calibrates still: nobody has to press again.
    assert not any("press" in line for line in bench.told)


def test_a_syringe_taken_out_in_mid_session_costs_the_stroke_under_way(bench):
    hands = Acting(bench, "stroke-20", lambda at: at.unseat(), syringe="3 mL")
    _, one = bench.run("volume", hands)
    assert hands.failures == [("stroke-20", hands.failures[0][1])]
    assert "no syringe is seated" in hands.failures[0][1]
    first = hands.steps.index("stroke-20")
    mended = ["again-1-home", "again-1-seated", "again-1-prepare", "stroke-20"]
    assert hands.steps[first + 1 : first + 5] == mended
    assert one.accepted
    # Another piece of its lot.
    assert one.result["step_fl"] == pytest.approx(bench.true_step_fl, rel=0.005)


def test_a_press_at_the_gun_stops_it_and_it_is_asked_again(bench):
    _, one = bench.run("depth", Acting(bench, "touch-04-go", lambda at: at.click()))
    assert one.accepted
    assert [mishap.step for mishap in one.mishaps] == ["touch-04-go"]
    assert sum("press the knob" in line for line in bench.told) == 2


def test_silence_ends_it_and_it_is_asked_again(bench):
    _, one = bench.run("depth", Acting(bench, "homed-2-go", lambda at: at.wait(700_000_000)))
    assert one.accepted
    assert [mishap.step for mishap in one.mishaps] == ["homed-2-go"]


def test_a_fault_is_waited_for_until_it_is_cleared_at_the_gun(bench):
    def touch(hands):
        hands.set("contact", 1)

    def clear(line):
        bench.told.append(line)
        if line.startswith("the gun stopped"):
            hands = Hands(bench.world)
            hands.lift()
            hands.wait(1_000_000)
            hands.click()

    stand = bench.stand()
    stand._tell = clear
    journal = running.journal_of(bench.folder, "depth", bench.board)
    touched = Touched(bench, touch)
    _, one = running.at_gun("depth", journal, stand, bench.scale(), touched)
    assert one.accepted
    assert len(one.mishaps) == 1
    (stopped,) = (line for line in bench.told if line.startswith("the gun stopped"))
    assert errors.cause(errors.BENCH_TOUCHED) in stopped


class Touched(Worker):
    """Something comes against the foot while the carriage is under way to a place."""

    def __init__(self, bench, touch):
        super().__init__(bench)
        self._touch = touch

    def working(self, step, done, known):
        super().working(step, done, known)
        if self._touch and step.id == "deep-1":
            world, touch, self._touch = self.bench.world, self._touch, None
            port = self.bench.port
            read = port.read

            def reading(timeout_s):
                if world.plant.moving:
                    touch(Hands(world))
                    del port.read
                return read(timeout_s)

            port.read = reading


def test_a_fault_that_nobody_clears_ends_the_run(bench):
    bench.world.plant.set_stop(1)
    bench.world.touch()
    before_s = bench.world.now_us / 1e6
    with pytest.raises(Trouble, match="does not come to idle"):
        bench.stand().home()
    assert bench.world.now_us / 1e6 - before_s == pytest.approx(PATIENCE_S, rel=0.1)


def test_a_bench_that_keeps_failing_ends_the_run_and_the_gun_is_left(bench):
    hands = Worker(bench)
    hands._do = lambda _: None
    with pytest.raises(GunRefused, match="no syringe"):
        bench.run("empty", hands)
    assert len(hands.failures) == guide.TRIES
    assert bench.comes_to_idle()


def test_a_break_from_the_keyboard_in_mid_motion_stops_it(bench):
    plant, port, read = bench.world.plant, bench.port, bench.port.read
    places_um = []

    def reading(timeout_s):
        if places_um:
            places_um.append(plant.plunger_um())
        elif plant.moving and plant.plunger_um() > 5_000:
            # Under way to the stopper, which stands further on.
            places_um.append(plant.plunger_um())
            raise KeyboardInterrupt
        return read(timeout_s)

    port.read = reading
    with pytest.raises(KeyboardInterrupt):
        bench.run("volume")
    assert max(places_um) - places_um[0] < 500
    assert bench.comes_to_idle()


def test_a_session_with_a_patient_comes_first(bench):
    loaded = load_program(str(EXAMPLE), datetime.date(2026, 1, 31))
    assert loaded.program
    bench.gun.load(loaded.program.text)
    hands = Hands(bench.world)
    hands.confirm()
    with pytest.raises(Trouble, match="the gun is loading"):
        bench.stand().home()
    bench.world.switch_off()
    bench.world.switch_on()
    bench.settle()
    with pytest.raises(Trouble, match="mesogun load"):
        bench.stand().home()
    assert bench.gun.status().state == "idle"


def test_nothing_moves_without_the_key(bench):
    bench.key.unlink()
    keys.create(bench.key)
    hands = Worker(bench)
    with pytest.raises(GunRefused) as told:
        bench.run("depth", hands)
    assert told.value.code == errors.WRONG_KEY
    assert hands.failures == []
    assert bench.gun.status().state == "idle"


def test_nothing_moves_that_is_refused_at_the_gun(tmp_path):
    bench = Bench(tmp_path, answer=refuse)
    hands = Worker(bench)
    with pytest.raises(GunRefused) as told:
        bench.run("depth", hands)
    assert told.value.code == errors.NOT_ALLOWED
    # It is not asked again and again.
    assert hands.failures == []
    assert bench.gun.status().state == "idle"


def test_a_gun_that_goes_away_is_told_and_the_session_resumed(bench):
    hands = Acting(bench, "touch-03-go", lambda _: None)

    class Gone(WorldPort):
        def read(self, timeout_s):  # noqa: ARG002
            raise PortTrouble("the connection is lost")

    hands.do = lambda _: setattr(bench.gun._exchange, "port", Gone(bench.world))
    with pytest.raises(PortTrouble):
        bench.run("depth", hands)
    bench.gun._exchange.port = bench.port
    _, one = bench.run("depth", hands)
    assert one.accepted
    assert one.mishaps[0].step == "touch-03-go"


def test_over_a_link_that_spoils_lines_each_act_is_done_once(tmp_path):
    bench = Bench(tmp_path, 3, spoils=7)
    _, one = bench.run("depth")
    assert one.accepted
    assert not one.mishaps


def test_a_gun_of_another_release_is_not_calibrated(bench, monkeypatch):
    monkeypatch.setattr(running, "VERSION", "9.9.9")
    with pytest.raises(ProtocolMismatch, match="mesogun flash"):
        running.identified(bench.gun)
