"""How many syringes a session takes: full ones less a priming stroke, no dose parted."""

from mesofw.core import settings, shot
from mesofw.core.fillings import Fillings
from mesofw.core.program import Checker
from tests.core.support.program import head, zone

VERIFIES = {
    "test_a_filling_is_the_nominal_volume_less_one_priming_stroke": ("SR-060",),
}

PRIME_NL = settings.defaults(settings.SETTINGS)["prime_nl"]


def plan(syringe="1 mL", *zones):
    """The plan of zones of (volume in nl, shots)."""
    fillings = Fillings(shot.nominal(checked(head(syringe=syringe, needle="27G"))))
    for volume_nl, shots in zones:
        fillings.take(volume_nl, shots)
    return fillings


def checked(record):
    checker = Checker()
    assert checker.add("program", record)
    return record


def test_a_filling_is_the_nominal_volume_less_one_priming_stroke():
    assert plan("1 mL").filling_nl == 1_000_000 - PRIME_NL
    for syringe, volume_nl in (("3 mL", 3_000_000), ("5 mL", 5_000_000), ("10 mL", 10_000_000)):
        assert volume_nl - 2 * PRIME_NL < plan(syringe).filling_nl <= volume_nl - PRIME_NL


def test_one_syringe_is_enough_to_its_last_dose():
    fillings = plan("1 mL", (20_000, 49))
    assert (fillings.syringes, fillings.changes, fillings.needle_shots) == (1, [], 49)


def test_a_dose_that_it_cannot_finish_comes_from_the_next_one():
    fillings = plan("1 mL", (20_000, 50))
    assert (fillings.syringes, fillings.changes, fillings.needle_shots) == (2, [49], 49)
    assert plan("1 mL", (600_000, 3)).changes == [1, 2]


def test_zones_share_syringes():
    fillings = plan("1 mL", (20_000, 30), (30_000, 30), (0, 500), (10_000, 10))
    # 600 µL and 12 of 30 µL; 18 of 30 µL and 10 of 10 µL.
    assert fillings.changes == [42]
    assert fillings.needle_shots == 18 + 500 + 10


def test_dry_shots_wear_the_needle_and_take_no_volume():
    fillings = plan("1 mL", (0, 2_000), (20_000, 49))
    assert (fillings.changes, fillings.needle_shots) == ([], 2_049)


def test_a_needle_is_judged_by_its_own_shots():
    for most, faults in ((49, 0), (48, 1)):
        checker = Checker()
        checker.add("program", head(syringe="1 mL", needle="27G"))
        checker.add("hard", {"needle_shots": most})
        checker.add("zone", zone(volume_nl=20_000, shots=98, rate_per_min=60))
        checker.finish()
        assert len(checker.faults) == faults
        assert checker.fillings.changes == [49]
