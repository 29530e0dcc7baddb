"""A slice of the hunt for harmful lines; `make soak` runs the long one."""

import pytest

from mesosim.process import in_folder
from tests import needs
from tests.hunts import fuzz
from tests.hunts.lines import Lines, asked, read, sealed


def test_bad_lines_do_nothing_in_any_state_and_the_next_good_request_is_answered():
    out = fuzz.rounds(31, 1_200, shoots=True)
    assert not out.faults
    assert out.lines > 20_000


def test_nor_do_they_on_micropython(tmp_path):
    needs.micropython()
    for state in ("idle", "armed"):
        bench = fuzz.Bench(state, 32, in_folder(tmp_path / state))
        sent, wrong, _ = bench.run(1_500)
        bench.close()
        assert not wrong
        assert sent >= 1_500


def test_lines_come_from_their_seed_and_many_pass_the_checksum():
    drawn, again, other = (Lines(seed) for seed in (1, 1, 2))
    batches = []
    for lines in (drawn, again, other):
        lines.open()
        batches.append(lines.batch(500))
    assert batches[0] == batches[1] != batches[2]
    assert sum(bool(read(line)) for line in batches[0]) > 90


@pytest.mark.parametrize("place", ["session", "argument"])
def test_half_a_surrogate_pair_is_no_text_and_stops_no_session(place):
    bench = fuzz.Bench("ready", 1)
    half = b"\\ud800"
    nonce, name = (half, b"x") if place == "session" else (b"one", half)
    hello = b'{"s":"%s","i":1,"c":99,"r":"hello","a":{"protocol":1}}' % nonce
    stage = b'{"record":"settings","field":"%s","value":1}' % name
    line = b'{"s":"%s","i":2,"c":99,"r":"stage","a":%s}' % (nonce, stage)
    assert bench.judge([sealed(hello), sealed(line)]) == ""
    bench.close()


@pytest.mark.parametrize("name", ["status", "pause"])
def test_a_harmful_line_is_found_and_made_small(monkeypatch, name):
    """A gun that would be harmed by one request, hidden among others."""
    line = sealed(b'{"s":"x","i":1,"c":0,"r":"%s"}' % name.encode())
    assert asked(line) == (["pause"] if name == "pause" else [])
    monkeypatch.setattr(fuzz.Bench, "judge", lambda _self, batch: "harmed" if line in batch else "")
    batch = [b"one", b"two", line, b"three", b"four"]
    assert fuzz.smallest("idle", 1, batch) == [line]
