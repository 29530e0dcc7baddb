"""A slice of the hunt for what a bad link can do; `make soak` runs the long one."""

from tests.hunts import links
from tests.hunts.wires import CORRUPT, CUT, DELAY, DOUBLE, LOSE, at


def test_host_gun_and_tissue_agree_after_whole_sessions_over_bad_links():
    faults = 0
    for seed, wrong, found in links.sessions(8):
        assert not wrong, seed
        faults += found
    assert faults > 20


def test_they_agree_whichever_line_of_a_dialogue_was_struck():
    tried = 0
    for which, wrong in links.dialogues(0.02, seed=5):
        assert not wrong, which
        tried += 1
    assert tried > 4


def test_a_fault_strikes_the_line_that_it_is_for():
    lines = b"one\ntwo\nthree\n"

    def out(fault: str, now_us: int = 0) -> bytes:
        way = at(1, fault)
        first = way.through(lines, 0)
        return first if not now_us else first + way.through(b"", now_us)

    assert out(LOSE) == b"one\nthree\n"
    assert out(DOUBLE) == b"one\ntwo\ntwo\nthree\n"
    assert out(CUT) == b"one\n"
    assert out(DELAY) == b"one\nthree\n"
    assert out(DELAY, 60_000_000) == b"one\nthree\ntwo\n"
    assert out(CORRUPT) != lines
    assert out(CORRUPT).split(b"\n")[0::2] == [b"one", b"three"]
