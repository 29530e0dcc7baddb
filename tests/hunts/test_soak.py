"""A slice of the hunt for what adds up; `make soak` runs the long one."""

from mesosim.process import in_folder
from tests import needs
from tests.hunts.soak import ZONE_SHOTS, Soak


def test_nothing_is_lost_or_drifts_over_syringes_and_pulls():
    out = Soak(ZONE_SHOTS + 100).run()
    assert not out.wrong
    assert out.shots == ZONE_SHOTS + 100
    assert out.records > out.shots
    assert out.drift_fl == 0


def test_micropython_holds_no_more_after_more_shots(tmp_path):
    needs.micropython()
    early, late = 200, 700
    out = Soak(late, in_folder(tmp_path), (early, late), zone_shots=100).run()
    assert not out.wrong
    assert out.free_b[early] - out.free_b[late] <= 256
