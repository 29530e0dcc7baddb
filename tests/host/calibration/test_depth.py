"""The needle's zero, scale, homing and return, by a dial indicator at a virtual gun."""

import pytest

from mesofw.core import settings
from mesofw.core.machine import CARRIAGE
from mesohost.calibration import depth, depth_session, guide, kinds
from mesohost.calibration.depth import DepthPoints, Touch
from mesohost.calibration.journal import Journal
from mesosim.measuring import MeasuringBench


class Reader:
    """Somebody who reads the indicator."""

    def __init__(self, bench):
        self.bench = bench

    def answer(self, step, done, known):  # noqa: ARG002
        if step.id == "who":
            return {"board": "b00c1", "instrument": "D7", "operator": "OP2"}
        if step.id.endswith("-read"):
            return {"um": self.bench.dial_um()}
        return step.acceptable if step.id == "result" else True

    def working(self, step, done, known):
        """An action."""


def through(bench, path):
    journal = Journal(path / "session.json")
    return guide.run(depth_session.DEFINITION, journal, Reader(bench), depth_session.actions(bench))


@pytest.mark.parametrize("seed", range(1, 7))
def test_zero_and_scale_are_found_as_they_truly_are(tmp_path, seed):
    bench = MeasuringBench(seed)
    found = depth_session.result(through(bench, tmp_path).answers)
    true_ppm = bench.truth.carriage_step_um * 1e9 / CARRIAGE.step_nm
    assert found.carriage_ppm == pytest.approx(true_ppm, rel=0.002)
    assert found.foot_um == pytest.approx(bench.truth.foot_um - bench.truth.switch_um, abs=15)
    assert found.slowest_ms < 200
    assert found.accepted


def test_what_goes_to_the_gun_is_of_its_table(tmp_path):
    state = through(MeasuringBench(3), tmp_path)
    outcome = kinds.KINDS["depth"].outcome(state.answers)
    assert set(outcome.fields) == {"carriage_ppm", "foot_um"}
    assert set(outcome.fields) <= {field.name for field in settings.CALIBRATION}


STEPS = range(400, 2_900, 250)


def points(homed=(1.0, 2.0, 3.0, 2.0), returned=(80.0,), bent_um=0.0, off_um=0.0):
    """A gun of nominal scale whose foot is 1,000 µm from home."""
    touches = [Touch(steps, steps * 5.0 - 1_000.0 + bent_um * (steps % 500 > 249))
               for steps in STEPS]  # fmt: skip
    touches[4] = Touch(touches[4].steps, touches[4].depth_um + off_um)
    return DepthPoints(tuple(touches), homed, returned)


def test_exact_readings_are_taken_exactly():
    found = depth.analyse(points())
    assert (found.carriage_ppm, found.foot_um) == (1_000_000, 1_000)
    assert found.straight_um == pytest.approx(0.0, abs=1e-6)
    assert found.accepted


def test_a_misread_dial_is_named():
    found = depth.analyse(points(bent_um=2.0, off_um=500.0))
    assert found.outliers == (4,)
    assert found.foot_um == pytest.approx(1_000, abs=5)


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"bent_um": 90.0}, "off a straight line"), ({"homed": (0.0, 30.0, -30.0)}, "homing, ±"),
     ({"returned": (80.0, 201.0)}, "slowest return")],
)  # fmt: skip
def test_limits_are_held(changed, named):
    found = depth.analyse(points(**changed))
    assert named in {verdict.name for verdict in found.verdicts if not verdict.kept}


def test_what_was_never_tried_is_not_judged():
    for missing in ({"homed": (1.0,)}, {"returned": ()}):
        with pytest.raises(ValueError, match="home"):
            depth.analyse(points(**missing))
