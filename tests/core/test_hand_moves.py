"""By hand, in priming: jog, purge, retract, end; the menu that the knob turns."""

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.parts import SYRINGES
from tests.core.support.bench import EMPTY_STEPS, Bench
from tests.core.support.log import last_event, log_of
from tests.core.support.program import program_text, provision, step_fl, zone

VERIFIES = {
    "test_a_jog_is_one_small_stroke_at_each_pull": ("SR-124",),
    "test_a_trigger_held_while_the_knob_is_turned_moves_nothing": ("SR-123",),
    "test_a_jog_alone_does_not_end_priming": ("SR-120",),
    "test_a_purge_flows_while_it_is_held_and_stops_at_once": ("SR-125",),
    "test_nothing_is_pushed_by_hand_on_skin": ("SR-121",),
    "test_the_foot_on_skin_ends_a_purge_at_once": ("SR-122",),
    "test_a_blocked_needle_is_felt_by_hand_too": ("SR-102",),
    "test_each_stroke_by_hand_is_recorded_with_what_it_pushed": ("SR-205",),
    "test_what_was_primed_is_not_lost_where_the_session_ends_there": ("SR-205",),
}

JOG, PURGE, RETRACT, END = 1, 2, 3, 4
SECOND_US = 1_000_000
LEAST_NL = SYRINGES["3 mL"].least_nl


def priming(fill_nl=900_000, turned=0):
    bench = Bench()
    provision(bench, program_text(zone(mode="single", shots=3)))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", fill_nl)
    bench.run(SECOND_US)
    # Finding the stopper took a step.
    bench.given_steps = 0
    if turned:
        bench.turn(turned)
    return bench


def given_nl(bench, before=0):
    return (bench.given_steps - before) * step_fl() // 1_000_000


def pulled(bench, duration_us=SECOND_US):
    """Hold the trigger for so long, let go, and wait until nothing moves; what was given."""
    before = bench.given_steps
    bench.set("trigger", 1)
    bench.run(duration_us)
    bench.set("trigger", 0)
    bench.run(SECOND_US)
    return given_nl(bench, before)


def test_the_knob_goes_round_and_comes_back_to_priming():
    bench = priming()
    first = list(bench.screen)
    assert first == ["Priming", "", "Needle up, foot", "free: hold the", "trigger"]
    seen = []
    for _ in range(5):
        bench.turn(1)
        seen.append([line for line in bench.screen if line.startswith("> ")] or bench.screen[0])
    assert seen == [["> Jog"], ["> Purge"], ["> Retract"], "End session?", "Priming"]
    assert bench.screen == first
    bench.turn(-1)
    assert bench.screen[0] == "End session?"
    bench.turn(-3)
    assert bench.screen[1:6] == ["  Prime", "> Jog", "  Purge", "  Retract", "  End session"]
    assert bench.gun.state == states.PRIMING
    assert bench.given_steps == 0


def test_a_jog_is_one_small_stroke_at_each_pull():
    bench = priming(turned=JOG)
    for _ in range(3):
        assert abs(pulled(bench, 5 * SECOND_US) - LEAST_NL) <= 50
    assert bench.gun.state == states.PRIMING
    assert bench.broken == []


def test_a_trigger_held_while_the_knob_is_turned_moves_nothing():
    bench = priming()
    bench.turn(RETRACT)
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    bench.turn(PURGE - RETRACT)
    bench.run(SECOND_US)
    assert bench.given_steps == 0
    bench.set("trigger", 0)
    bench.run(SECOND_US)
    assert pulled(bench) > 10_000


def test_a_jog_alone_does_not_end_priming():
    bench = priming(turned=JOG)
    pulled(bench)
    bench.click()
    bench.turn(-JOG)
    bench.click()
    assert bench.gun.state == states.PRIMING
    assert not bench.gun.primed


def test_a_jog_after_a_stroke_leaves_what_the_stroke_told():
    bench = priming()
    bench.stroke()
    bench.turn(JOG)
    bench.resists = 3.0
    pulled(bench)
    bench.turn(-JOG)
    bench.click()
    bench.until(states.READY)
    assert abs(bench.gun.session.fit.scale_ppm - 1_000_000) < 20_000


def test_a_purge_flows_while_it_is_held_and_stops_at_once():
    bench = priming(turned=PURGE)
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    assert bench.gun.drive.moving
    bench.set("trigger", 0)
    bench.run(1_000)
    before = bench.given_steps
    assert given_nl(bench) > 50_000
    bench.run(5 * SECOND_US)
    assert bench.given_steps == before
    assert bench.gun.state == states.PRIMING
    assert bench.broken == []


def test_a_purge_goes_on_to_the_end_and_then_the_syringe_is_changed():
    bench = priming(600_000, turned=PURGE)
    bench.set("trigger", 1)
    bench.until(states.LOADING)
    assert abs(given_nl(bench) - 600_000) < 200
    assert bench.at[PLUNGER] <= EMPTY_STEPS
    bench.set("trigger", 0)
    bench.run(10 * SECOND_US)
    assert bench.at[PLUNGER] <= 80
    assert bench.screen[2:] == ["Take out the", "syringe"]
    assert bench.broken == []


def test_a_long_purge_takes_more_than_one_stroke():
    bench = Bench()
    provision(bench, program_text(zone(mode="single"), syringe="10 mL", needle="30G"))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", 5_000_000)
    bench.run(SECOND_US)
    bench.turn(PURGE)
    bench.set("trigger", 1)
    bench.until(states.LOADING, 600 * SECOND_US)
    assert abs(bench.given_steps * step_fl("10 mL") // 1_000_000 - 5_000_000) < 500
    assert bench.broken == []


def test_a_retract_takes_a_press_and_the_plunger_goes_home():
    bench = priming(turned=RETRACT)
    assert pulled(bench) == 0
    assert bench.at[PLUNGER] > 80
    bench.click()
    assert bench.gun.state == states.LOADING
    bench.run(10 * SECOND_US)
    assert bench.at[PLUNGER] <= 80
    assert not bench.gun.primed
    assert bench.given_steps == 0


def test_nothing_is_pushed_by_hand_on_skin():
    for choice in (JOG, PURGE):
        bench = priming(turned=choice)
        bench.set("contact", 1)
        bench.run(SECOND_US)
        assert pulled(bench) == 0
        assert bench.broken == []


def test_the_foot_on_skin_ends_a_purge_at_once():
    bench = priming(turned=PURGE)
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    bench.set("contact", 1)
    bench.run(1_000)
    before = bench.given_steps
    bench.run(SECOND_US)
    assert bench.given_steps == before
    assert bench.screen[0] == "Not possible:"
    assert bench.broken == []


def test_a_blocked_needle_is_felt_by_hand_too():
    for choice in (JOG, PURGE):
        bench = priming(turned=choice)
        bench.blocked = True
        bench.set("trigger", 1)
        for _ in range(30):
            bench.run(SECOND_US // 2)
            bench.set("trigger", 0)
            bench.run(SECOND_US // 2)
            bench.set("trigger", 1)
            if bench.gun.state == states.FAULT:
                break
        assert bench.gun.trouble == errors.OCCLUSION
        assert bench.broken == []


def test_all_that_was_pushed_counts_as_primed():
    bench = priming()
    bench.turn(JOG)
    pulled(bench)
    bench.turn(PURGE - JOG)
    pulled(bench, 300_000)
    bench.turn(-PURGE)
    bench.stroke()
    pushed_nl = given_nl(bench)
    bench.click()
    bench.until(states.READY)
    primed = [record for record in log_of(bench) if record.code == errors.EVENT_PRIMED][-1]
    assert abs(primed.a - pushed_nl) < 100


def test_what_was_pushed_before_a_change_is_recorded_with_it():
    bench = priming(turned=JOG)
    pulled(bench)
    bench.turn(RETRACT - JOG)
    bench.click()
    record = last_event(bench)
    assert (record.code, record.a) == (errors.EVENT_RESUMED, states.CHANGE)
    assert abs(record.b - LEAST_NL) <= 50


def test_a_jog_that_the_syringe_does_not_hold_changes_it():
    bench = priming(1_000, turned=JOG)
    bench.set("trigger", 1)
    bench.until(states.LOADING)
    assert bench.given_steps == 0


def test_the_session_is_ended_by_a_press():
    bench = priming(turned=END)
    assert pulled(bench) == 0
    bench.click()
    assert bench.gun.state == states.IDLE
    assert not bench.gun.session.open
    assert bench.at[CARRIAGE] <= 4


def moved(bench):
    return [(one.a, one.b) for one in log_of(bench) if one.code == errors.EVENT_MOVED]


def test_each_stroke_by_hand_is_recorded_with_what_it_pushed():
    bench = priming(turned=JOG)
    pulled(bench)
    given = given_nl(bench)
    assert [choice for choice, _ in moved(bench)] == [JOG]
    assert abs(moved(bench)[0][1] - given) <= 1
    bench.turn(1)
    pulled(bench)
    assert [choice for choice, _ in moved(bench)] == [JOG, PURGE]


def test_what_was_primed_is_not_lost_where_the_session_ends_there():
    bench = priming()
    pulled(bench)
    bench.turn(-1)
    bench.click()
    assert bench.gun.state == states.IDLE
    assert [choice for choice, _ in moved(bench)] == [END]
    assert abs(moved(bench)[0][1] - given_nl(bench)) <= 1
