"""The guided volume calibration at a virtual bench: through, over mishaps, over crashes."""

import pytest

from mesohost.calibration import guide, kinds, record, session, volume_session
from mesohost.calibration.journal import Journal
from mesohost.troubles import ArchiveTrouble, Trouble
from tests.host.calibration.guns import Hands, Wired, balance_of, gun

KIND = volume_session.DEFINITION


class Crash(BaseException):
    """The computer's power goes."""


class CrashingHands(Hands):
    """The computer crashes as a step begins."""

    crash_at = ""

    def _look(self, step):
        if step.id == self.crash_at:
            self.crash_at = ""
            raise Crash

    def answer(self, step, done, known):
        self._look(step)
        return super().answer(step, done, known)

    def working(self, step, done, known):
        self._look(step)
        super().working(step, done, known)


def through(bench, journal, hands):
    """Run to the end, or to the crash."""
    actions = volume_session.actions(Wired(bench), balance_of(bench))
    return guide.run(KIND, journal, hands, actions, lambda: "2026-01-31T10:00:00+00:00")


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "session.json")


def test_a_session_ends_with_a_calibration_file_that_holds_everything(journal, tmp_path):
    bench = gun(8, "3 mL")
    hands = Hands(bench)
    state = through(bench, journal, hands)
    outcome = kinds.KINDS["volume"].outcome(state.answers)
    path = record.keep(tmp_path, record.finished(KIND, state, outcome, "2026-01-31T10:15:00+00:00"))
    held = record.read(path)
    assert held.accepted
    assert held.valid_until == "2027-01-31"
    assert (held.board, held.of, held.operator) == ("b00c1", "3 mL", "OP2")
    assert held.fields["syringe_3_ppm"] == pytest.approx(
        bench.true_step_fl / 14_471_264 * 1e6, rel=0.005
    )
    assert set(held.fields) == {"syringe_3_ppm", "compliance_3_ppm", "backlash_nm"}
    # All raw points are there, and give the same again.
    assert volume_session.result(held.answers) == volume_session.result(state.answers)
    assert len(held.mishaps) == len(hands.failures) == 1


def test_a_pulled_plug_costs_one_stroke(journal):
    bench = gun(8, "3 mL")
    hands = Hands(bench)
    through(bench, journal, hands)
    ((failed, why),) = hands.failures
    assert "supply" in why
    first = hands.steps.index(failed)
    mended = ["again-1-home", "again-1-seated", "again-1-prepare", failed]
    assert hands.steps[first + 1 : first + 5] == mended


@pytest.mark.parametrize("crash_at", ["who", "stroke-01", "stroke-30", "cap", "press", "result"])
def test_a_crash_costs_the_step_under_way(journal, crash_at):
    bench = gun(9, "1 mL", mishaps=False)
    hands = CrashingHands(bench)
    hands.crash_at = crash_at
    with pytest.raises(Crash):
        through(bench, journal, hands)
    done = set(journal.load(KIND).answers)
    hands.steps.clear()
    through(bench, journal, hands)
    assert not done & set(hands.steps)
    assert volume_session.result(journal.load(KIND).answers).accepted


def test_what_is_to_be_pressed_against_a_cap_is_capped_again(journal):
    bench = gun(9, "1 mL", mishaps=False)
    hands = CrashingHands(bench)
    hands.crash_at = "press"
    with pytest.raises(Crash):
        through(bench, journal, hands)
    hands.steps.clear()
    through(bench, journal, hands)
    assert hands.steps[2:5] == ["again-1-prepare", "again-1-cap", "press"]


def test_a_bench_that_keeps_failing_ends_the_run_and_leaves_the_session(journal):
    bench = gun(9, "1 mL", mishaps=False)
    bench.stroke = lambda steps: steps - 4_000
    hands = Hands(bench)
    with pytest.raises(Trouble, match="encoder"):
        through(bench, journal, hands)
    assert len(hands.failures) == guide.TRIES
    held = journal.load(KIND)
    assert session.next_step(KIND, held).id.endswith("home")
    assert len(held.mishaps) == guide.TRIES


def test_a_syringe_that_gives_nothing_is_filed_as_no_calibration(journal, tmp_path):
    bench = gun(9, "1 mL", mishaps=False)
    bench.stroke = lambda steps: steps
    state = through(bench, journal, Hands(bench))
    assert state.answers["result"] is False
    outcome = kinds.KINDS["volume"].outcome(state.answers)
    path = record.keep(tmp_path, record.finished(KIND, state, outcome, "2026-01-31T10:15:00+00:00"))
    held = record.read(path)
    assert not held.accepted
    assert not all(verdict.kept for verdict in held.verdicts)


def test_readings_that_are_all_the_same_say_nothing(journal):
    bench = gun(9, "1 mL", mishaps=False)
    state = through(bench, journal, Hands(bench))
    answers = dict(state.answers)
    for name, answer in answers.items():
        if name.startswith("stroke-"):
            still = [{**one, "before_mg": 1.0, "after_mg": 1.0} for one in answer["weighed"]]
            answers[name] = {**answer, "weighed": still}
    last = KIND.steps(answers)[-1]
    assert not last.acceptable
    assert kinds.KINDS["volume"].outcome(answers).fields == {}


def test_wrong_answers_are_told_and_asked_again(journal):
    bench = gun(9, "1 mL", mishaps=False)
    hands = CrashingHands(bench, syringe="2 mL")
    asked = []
    hands.wrong = lambda why: (asked.append(why), hands.who.update(syringe="1 mL"))
    hands.crash_at = "before"
    with pytest.raises(Crash):
        through(bench, journal, hands)
    assert len(asked) == 1
    assert "1 mL, 3 mL" in asked[0]


@pytest.mark.parametrize("text", ["", "{", '{"definition":"depth","version":1,"begun":"x"}'])
def test_a_file_that_is_no_such_session_is_left_alone(journal, text):
    journal.path.write_text(text)
    with pytest.raises(ArchiveTrouble, match=r"session\.json"):
        journal.load(KIND)
    assert journal.path.read_text() == text


def test_equal_answers_give_the_same_strokes_to_resume():
    who = {"syringe": "1 mL", "board": "b00c1", "syringe_lot": "L42"}
    first = [step.id for step in KIND.steps({"who": who})]
    assert first == [step.id for step in KIND.steps({"who": dict(who)})]
    assert len(first) > 50
