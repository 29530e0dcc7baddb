"""Where a syringe is empty: from where the plunger met its stopper, and what is allowed."""

import pytest

from mesofw.core import settings
from mesohost.calibration import empty, empty_session, guide, kinds
from mesohost.calibration.journal import Journal
from mesohost.troubles import Trouble
from mesosim.measuring import BLOCK_UM, MeasuringBench


class Seater:
    """Somebody who seats an empty syringe as often as it is asked for."""

    def __init__(self):
        self.steps = []

    def answer(self, step, done, known):  # noqa: ARG002
        self.steps.append(step.id)
        if step.id == "who":
            return {
                "board": "b00c1",
                "instrument": "G5",
                "block_um": BLOCK_UM,
                "operator": "OP2",
            }
        return step.acceptable if step.id == "result" else True

    def working(self, step, done, known):  # noqa: ARG002
        self.steps.append(step.id)

    def failed(self, step, why):
        """It is done again."""


def through(bench, path):
    journal, front = Journal(path / "session.json"), Seater()
    actions = empty_session.actions(bench)
    return guide.run(empty_session.DEFINITION, journal, front, actions), front


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_travel_is_found_in_the_guns_own_steps(tmp_path, seed):
    bench = MeasuringBench(seed)
    bench.home = lambda: None
    state, _ = through(bench, tmp_path)
    outcome = kinds.KINDS["empty"].outcome(state.answers)
    truth = bench.truth
    true_um = (truth.empty_um - truth.switch_um) / truth.plunger_step_um * 0.25
    assert outcome.fields == {"empty_um": pytest.approx(true_um, abs=15)}
    assert set(outcome.fields) <= {field.name for field in settings.CALIBRATION}
    assert all(verdict.kept for verdict in outcome.verdicts)


def test_where_the_plunger_failed_the_syringe_is_seated_anew(tmp_path):
    bench = MeasuringBench(1)
    seek, tries = bench.seek, iter([True, True, False])

    def failing():
        if not next(tries, True):
            raise Trouble("the gun was stopped")
        return seek()

    bench.seek = failing
    _, front = through(bench, tmp_path)
    first = front.steps.index("seek-3")
    assert front.steps[first + 1 : first + 4] == ["again-1-home", "again-1-seated", "seek-3"]


MET = (57_990.0, 58_010.0, 58_000.0, 57_995.0, 58_005.0)


def test_the_block_counts_as_way():
    found = empty.analyse(MET, 5_000.0)
    assert found.empty_um == 63_000
    assert found.empty_um_95[0] == pytest.approx(63_000 - 9.8, abs=0.1)
    assert found.accepted


@pytest.mark.parametrize(
    ("met_um", "block_um", "named"),
    [(MET, 8_500.0, "empty"), (MET, 0.0, ""), ((58_000.0, 58_060.0, 57_940.0), 5_000.0, "seating"),
     ((58_000.0, 58_020.0), 5_000.0, "95 % interval")],
)  # fmt: skip
def test_limits_are_held(met_um, block_um, named):
    refused = [verdict.name for verdict in empty.analyse(met_um, block_um).verdicts
               if not verdict.kept]  # fmt: skip
    assert any(name.startswith(named) for name in refused) if named else not refused


def test_one_seating_tells_nothing_of_the_next():
    with pytest.raises(ValueError, match="twice"):
        empty.analyse((58_000.0,), 5_000.0)
