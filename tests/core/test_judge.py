"""The check of a program without a gun: a gun's own, and whether a nominal gun can do it."""

from mesofw.core import errors
from mesofw.core.judge import Judge
from mesofw.core.program import Checker
from tests.core.support.program import head, zone


def told(checker, *zones, **changes):
    """(place, code) of what a checker finds in such a program."""
    checker.add("program", head(**changes))
    for record in zones:
        checker.add("zone", record)
    checker.finish()
    return [(fault.at, fault.code) for fault in checker.faults]


def test_a_judge_says_whether_the_shots_can_be_done_and_a_gun_waits_for_its_needle():
    fast = zone(mode="burst", volume_nl=50_000, rate_per_min=600)
    assert told(Checker(), fast) == []
    assert told(Judge(), fast) == [("zones[1].rate", errors.RATE_UNREACHABLE)]


def test_what_is_fitted_is_the_programs_fault_not_the_zones():
    record = zone(mode="single", depth_um=1_500)
    changes = {"needle": "27G", "pins": 9}
    assert told(Judge(), record, **changes) == [("needle.pins", errors.PUNCTURE_TOO_HARD)]


def test_a_zone_that_the_check_refuses_is_judged_no_further():
    record = zone(mode="burst", depth_um=5_000, volume_nl=50_000, rate_per_min=600)
    assert (
        told(Judge(), record)
        == told(Checker(), record)
        == [("zones[1].depth", errors.BEYOND_LAYER)]
    )


def test_zones_alike_are_judged_each_after_one_that_differs():
    slow = zone(mode="burst", volume_nl=50_000, rate_per_min=6)
    fast = zone(mode="burst", volume_nl=50_000, rate_per_min=600)
    found = told(Judge(), slow, fast, slow, slow, fast)
    assert found == [
        ("zones[2].rate", errors.RATE_UNREACHABLE),
        ("zones[5].rate", errors.RATE_UNREACHABLE),
    ]
