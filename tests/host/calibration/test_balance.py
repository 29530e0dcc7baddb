"""A balance is asked patiently: whatever it answers, a weight comes of it or a reason why not."""

import pytest

from mesohost.calibration.balance import Balance, BalanceRestarted, BalanceTrouble
from mesohost.troubles import PortTrouble


class Script:
    """The other end of a port: a list of what comes after each line that is sent; then silence.

    Time passes by waiting, and by `takes_s` with each look.
    """

    def __init__(self, *replies, takes_s=0.0):
        self.now_s = 0.0
        self._takes_s = takes_s
        self.sent = []
        self._replies = list(replies)
        self._waiting = b""

    def write(self, data):
        self.sent += data.decode().split()
        if data.strip() and self._replies:
            self._waiting += self._replies.pop(0)

    def read(self, timeout_s):
        # In pieces, as a serial port gives them.
        self.now_s += self._takes_s
        data, self._waiting = self._waiting[:5], self._waiting[5:]
        if not data:
            self.now_s += timeout_s
        return data

    def close(self):
        self.sent.append("closed")


def balance(*replies, takes_s=0.0):
    script = Script(*replies, takes_s=takes_s)
    return script, Balance(script, lambda: script.now_s)


def test_a_stable_weight_is_read():
    _, asked = balance(b"S S     100.0001 g\r\n")
    reading = asked.weigh()
    assert (reading.mass_mg, reading.stable) == (pytest.approx(100_000.1), True)


@pytest.mark.parametrize("first", [b"S I\r\n", b"ET\r\n", b"", b"S D  5.0 g\r\n"])
def test_what_may_get_better_is_asked_again(first):
    script, asked = balance(first, b"S S  5.0000 g\r\n")
    assert asked.weigh().mass_mg == 5_000.0
    assert script.sent == ["S", "S"]


@pytest.mark.parametrize(
    ("reply", "why"),
    [(b"S +\r\n", "too much"), (b"S -\r\n", "too little"), (b"ES\r\n", "not know"),
     (b"EL\r\n", "cannot carry out"), (b"S L\r\n", "cannot do that"),
     (b"S S 1.0 N\r\n", "no weight"), (b"S S Error 10b\r\n", "no weight")],
)  # fmt: skip
def test_what_does_not_get_better_is_told(reply, why):
    _, asked = balance(reply)
    with pytest.raises(BalanceTrouble, match=why):
        asked.weigh()


def test_a_balance_that_never_rests_is_given_up():
    _, asked = balance(*[b"S D  5.0 g\r\n"] * 2_000, takes_s=0.05)
    with pytest.raises(BalanceTrouble, match="come to rest"):
        asked.weigh()


def test_a_line_that_stays_damaged_is_told():
    _, asked = balance(b"ET\r\n", b"ET\r\n", b"ET\r\n")
    with pytest.raises(BalanceTrouble, match="damaged"):
        asked.weigh()


def test_silence_is_told():
    script, asked = balance()
    with pytest.raises(BalanceTrouble, match="does not answer"):
        asked.weigh()
    assert script.now_s < 200.0


def test_noise_and_what_belongs_to_another_command_are_passed_over():
    noise = b"\xff\x00garbage\r\n\r\nT S  1.0 g\r\nS S  2.0000 g\r\n"
    _, asked = balance(noise)
    assert asked.weigh().mass_mg == 2_000.0


def test_a_long_line_of_noise_is_passed_over():
    _, asked = balance(b"x" * 5_000 + b"\r\nS S  2.0000 g\r\n")
    assert asked.weigh().mass_mg == 2_000.0


def test_a_balance_that_was_switched_on_anew_is_noticed():
    _, asked = balance(b'I4 A "B021002593"\r\nS S  0.0000 g\r\n')
    with pytest.raises(BalanceRestarted):
        asked.weigh()


def test_what_came_late_does_not_answer_the_next_question():
    script, asked = balance(b"S S  1.0000 g\r\nS S  9.0000 g\r\n", b"S S  2.0000 g\r\n")
    assert asked.weigh().mass_mg == 1_000.0
    assert asked.weigh().mass_mg == 2_000.0
    assert script.sent == ["S", "S"]


def test_it_says_who_it_is():
    script, asked = balance(b"ES\r\n", b'I4 A "B021002593"\r\n')
    assert asked.identify() == "B021002593"
    assert script.sent == ["@", "@"]


def test_something_else_on_the_port_is_no_balance():
    _, asked = balance(b"login:\r\n")
    with pytest.raises(PortTrouble, match="MT-SICS"):
        asked.identify()


def test_zero_and_tare_wait_for_rest():
    script, asked = balance(b"Z I\r\n", b"Z A\r\n", b"T S  30.0000 g\r\n")
    asked.zero()
    assert asked.tare() == 30_000.0
    assert script.sent == ["Z", "Z", "T"]


def test_a_weight_in_motion_is_seen_at_once():
    _, asked = balance(b"S D  5.0000 g\r\n")
    reading = asked.glance()
    assert (reading.mass_mg, reading.stable) == (5_000.0, False)


def test_following_ends_with_the_caller():
    script, asked = balance(
        b"S D  1.0000 g\r\nS I\r\nS S  2.0000 g\r\n", b'S S 3.0 g\r\nI4 A "B1"\r\n'
    )
    readings = []
    for reading in asked.follow():
        readings.append((reading.mass_mg, reading.stable))
        if reading.stable:
            break
    assert readings == [(1_000.0, False), (2_000.0, True)]
    assert script.sent == ["SIR", "@"]
