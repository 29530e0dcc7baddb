"""Every state, every event and every interlock input, as far as a few seconds reach: breadth-first
over the real gun on the bench, each step judged by every rule."""

import pytest

from mesofw.core import states
from tests.explore import engineer
from tests.explore.full import together
from tests.explore.interlocks import cases, fires
from tests.explore.key import key
from tests.explore.moves import HANDS, MOVES, TIMES
from tests.explore.roots import BENCH, LABELS, idle, ready, roots
from tests.explore.search import Found, coverage, explore
from tests.explore.watched import restored, snapshot

MOST = 2_400
# What takes more than one move from where a search begins.
LATER = {"carriage jams", "plunger slips", "plunger encoder dead", "plunger home closed"}


@pytest.fixture(scope="module")
def found() -> Found:
    """All that may happen next to a gun in each stage, then what hands do from there on."""
    begun = [*roots(("plain",)), *(stage("calibrating") for stage in (idle, *BENCH))]
    nearest = explore(begun, MOST, MOVES, deepest=1)
    # Two requests and a press lead from idle to the bench.
    allowed = [move for move in MOVES if move[0] in ("challenge", "asks for calibrating", "press")]
    entering = explore([idle("calibrating")], MOST, allowed, deepest=3)
    return together([nearest, entering, explore(begun, MOST, (*HANDS, *TIMES))])


def test_no_rule_is_broken(found: Found) -> None:
    assert not found.violations, "\n".join(str(broken) for broken in found.violations)


def test_every_row_of_the_state_table_was_taken(found: Found, capsys) -> None:
    with capsys.disabled():
        print("\n%d situations, %d transitions" % (found.kept, found.transitions))
        print(coverage(found))
    taken = {(state, event) for state, event, has in found.events if has}
    assert taken == set(states.TRANSITIONS)


def test_every_state_met_every_hazard(found: Found) -> None:
    tried = {name for _, name in found.led}
    of_others = {name for name, _, _ in engineer.MOVES} | {"pedal off", "host sets the clock"}
    ends = {"no " + name for name in tried}
    assert {name for name, _, _ in MOVES} - tried - of_others - ends <= LATER
    for state, told in enumerate(states.STATES):
        met = {name for at, name in found.led if at == state}
        assert {"stop", "supply low", "hot", "driver silent", "journal silent"} <= met, told
        assert {"trigger on", "trigger off"} & met, told
        assert {"contact on", "contact off"} & met, told
        assert {"syringe in", "syringe out"} & met, told
        assert {"turn", "next", "power off and on", "host pauses", "host asks"} <= met, told
        assert {"press", "press on"} & met, told


def test_other_guns_keep_the_rules_too() -> None:
    others = tuple(label for label in LABELS if label != "plain")
    assert not explore(roots(others), MOST, HANDS).violations


def test_events_without_a_row_change_nothing() -> None:
    for bench in roots(("plain",)):
        kept = snapshot(bench)
        for event in range(states.CALIBRATE + 1):
            again = restored(kept)
            if (again.gun.state, event) in states.TRANSITIONS:
                continue
            before = key(again)
            assert not again.gun.happen(event)
            assert key(again) == before


def test_a_copy_does_what_the_gun_would_do() -> None:
    bench = ready("plain")
    twin = restored(snapshot(bench))
    for one in (bench, twin):
        one.pull()
        one.run(2_000_000)
    assert twin.gun.session.shots == bench.gun.session.shots == 1
    assert bytes(twin.fram) == bytes(bench.fram)
    assert key(twin) == key(bench)


def test_a_shot_is_fired_where_every_interlock_holds_and_nowhere_else() -> None:
    for missing in cases(2):
        assert fires(ready, missing) == (not missing), missing
