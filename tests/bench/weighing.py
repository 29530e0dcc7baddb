"""Rows of the volume calibration: virtual guns that are up to 5 % off, weighed and fitted.

Each gun has a truth of its own, a balance of 0.1 mg with noise, drift and evaporation, a drop that
falls in, and a plug that is pulled in mid-stroke; syringes by turns. Those of the whole firmware
are as far off as guns are made, and asked over their ports.
"""

from mesohost.calibration import guide, volume_session
from mesohost.calibration.journal import Journal
from mesohost.calibration.model import VolumeResult
from mesosim.weighing import WeighingBench
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row
from tests.host.calibration.at_bench import Bench, Worker
from tests.host.calibration.guns import SYRINGES, Hands, Wired, balance_of, calibrated, gun

GUNS = 200
AT_GUNS = 60
MANY = 2_000


def session_of(seed: int, place: Place) -> tuple[WeighingBench, VolumeResult]:
    """A whole guided session with its journal. Raises RuntimeError where it was not accepted."""
    bench = gun(seed)
    journal = Journal(place.fresh() / "session.json")
    hands, actions = Hands(bench), volume_session.actions(Wired(bench), balance_of(bench))
    state = guide.run(volume_session.DEFINITION, journal, hands, actions)
    if not hands.failures:
        raise RuntimeError(f"gun {seed}: nobody pulled the plug")
    return bench, volume_session.result(state.answers)


def volume_cal_error_pct(place: Place) -> list[Row]:
    """The worst of all guns: fitted volume per step against the true one."""
    worst_pct = 0.0
    refused = 0
    for seed in range(1, GUNS + 1):
        bench, found = session_of(seed, place)
        worst_pct = max(worst_pct, abs(found.step_fl / bench.true_step_fl - 1) * 100)
        refused += not found.accepted
    note = (
        f"{GUNS} virtual guns, 1 to 10 mL, each through a whole session with a pulled plug and an "
        f"outlier; {refused} not accepted, for their limits were not kept"
    )
    return [Row("volume_cal_error_pct", worst_pct, "%", LOWER, 0.5, note=note)]


def coverage_pct(place: Place) -> list[Row]:
    """How often the stated 95 % interval of the volume per step holds the truth."""
    del place
    held = 0
    for seed in range(1, MANY + 1):
        bench = gun(seed)
        low_fl, high_fl = calibrated(bench).step_fl_95
        held += low_fl <= bench.true_step_fl <= high_fl
    percent = held / MANY * 100
    most = "96.5 at most: kept" if percent <= 96.5 else "96.5 at most: MISSED"
    note = f"95 % intervals of {MANY:,} virtual guns; {most}"
    return [Row("coverage_pct", percent, "%", HIGHER, 93.5, note=note)]


def cal_at_gun_error_pct(place: Place) -> list[Row]:
    """The worst volume per step that a session at a gun of the whole firmware ends with."""
    worst_pct = 0.0
    held = refused = 0
    for seed in range(1, AT_GUNS + 1):
        bench = Bench(place.fresh(), seed)
        _, one = bench.run("volume", Worker(bench, syringe=SYRINGES[seed % len(SYRINGES)]))
        low_fl, high_fl = one.result["step_fl_95"]
        held += low_fl <= bench.true_step_fl <= high_fl
        refused += not one.accepted
        worst_pct = max(worst_pct, abs(one.result["step_fl"] / bench.true_step_fl - 1) * 100)
    note = (
        f"{AT_GUNS} virtual guns of the whole firmware, 1 to 10 mL, over their ports; the 95 % "
        f"intervals of {held} hold the truth; {refused} not accepted"
    )
    return [Row("cal_at_gun_error_pct", worst_pct, "%", LOWER, 0.5, note=note)]
