"""Debounce: a change counts at once, its bounces are passed over."""

from mesofw.core.clock import WRAP_US, add_us
from mesofw.core.switches import HOLD_US, SETTLE_US, Settled, Switch

VERIFIES = {
    "test_bounces_of_a_press_are_one_press": ("SR-016",),
    "test_bounces_of_a_release_are_one_release": ("SR-016",),
    "test_a_settled_switch_follows_only_what_holds": ("SR-097",),
}


def seen(switch, samples, start_us=0):
    """(time, went_on, went_off) of each sample (time, raw) at which something happened."""
    out = []
    for at_us, raw in samples:
        switch.update(raw, add_us(start_us, at_us))
        if switch.went_on or switch.went_off:
            out.append((at_us, switch.went_on, switch.went_off))
    return out


def test_a_press_is_seen_without_delay():
    switch = Switch()
    assert switch.update(0, 0) == -1
    assert switch.update(1, 500) == SETTLE_US
    assert (switch.on, switch.went_on, switch.went_off) == (True, True, False)


def test_an_edge_is_told_for_one_step():
    switch = Switch()
    switch.update(1, 0)
    switch.update(1, 1)
    assert (switch.on, switch.went_on, switch.went_off) == (True, False, False)


def test_bounces_of_a_press_are_one_press():
    switch = Switch()
    bounces = [(0, 1), (100, 0), (300, 1), (900, 0), (2000, 1), (7000, 0), (8000, 1), (50_000, 1)]
    assert seen(switch, bounces) == [(0, True, False)]
    assert switch.on


def test_bounces_of_a_release_are_one_release():
    switch = Switch()
    samples = [(0, 1), (60_000, 0), (60_100, 1), (61_000, 0), (65_000, 1), (66_000, 0), (90_000, 0)]
    assert seen(switch, samples) == [(0, True, False), (60_000, False, True)]
    assert not switch.on


def test_a_switch_asks_to_be_looked_at_when_it_has_settled():
    switch = Switch()
    assert switch.update(1, 0) == SETTLE_US
    assert switch.update(0, 5_000) == SETTLE_US - 5_000
    assert switch.on
    # The press was shorter than the settling time: its end is seen when that is over.
    assert switch.update(0, SETTLE_US) == SETTLE_US
    assert (switch.on, switch.went_off) == (False, True)


def test_a_quick_second_press_is_seen_after_settling():
    switch = Switch()
    samples = [(0, 1), (30_000, 0), (60_000, 1), (90_000, 0)]
    assert seen(switch, samples) == [
        (0, True, False),
        (30_000, False, True),
        (60_000, True, False),
        (90_000, False, True),
    ]


def test_a_stuck_switch_is_pressed_once():
    switch = Switch()
    samples = [(second * 1_000_000, 1) for second in range(3000)]
    assert seen(switch, samples) == [(0, True, False)]
    assert switch.on


def test_a_switch_that_rests_asks_for_nothing():
    switch = Switch()
    for at_us in range(0, 10_000_000, 100_000):
        assert switch.update(0, at_us) == -1


def test_the_clock_may_wrap_while_a_switch_settles():
    for before in (1, 100, 10_000, SETTLE_US - 1, SETTLE_US):
        switch = Switch()
        start = WRAP_US - before
        assert seen(switch, [(0, 1), (5_000, 0), (19_999, 1)], start) == [(0, True, False)]
        assert seen(switch, [(20_000, 1), (20_001, 0)], start) == [(20_001, False, True)]


def test_a_switch_left_for_long_is_not_deaf():
    switch = Switch()
    switch.update(1, 0)
    for second in range(2000):
        switch.update(1, add_us(0, second * 1_000_000))
    assert seen(switch, [(2_000_000_000, 0)]) == [(2_000_000_000, False, True)]


def test_a_settled_switch_follows_only_what_holds():
    switch = Settled()
    assert switch.update(1, 0) == HOLD_US
    assert not switch.on
    assert switch.update(0, 1_000) == -1
    assert switch.update(1, 2_000) == HOLD_US
    assert switch.update(1, 4_000) == HOLD_US - 2_000
    assert switch.update(1, 2_000 + HOLD_US) == -1
    assert switch.on
    assert switch.update(1, 20_000) == -1
