"""Idle, paused, fault: nothing moves, the operator decides."""

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE
from mesofw.core.switches import HOLD_US
from mesofw.core.waiting import syringes_text, wrap
from tests.core.support.bench import Bench
from tests.core.support.log import events_of, last_event, log_of
from tests.core.support.program import head, program_text, provision, text_of, zone

VERIFIES = {
    "test_a_program_is_confirmed_in_two_steps": ("SR-192",),
    "test_a_turn_goes_back_to_the_first_page": ("SR-192",),
    "test_a_knob_held_down_confirms_one_page_only": ("SR-192",),
    "test_each_soft_limit_is_confirmed_and_recorded": ("SR-068",),
    "test_the_trigger_does_nothing_in_idle": ("SR-012",),
    "test_a_new_syringe_is_fitted_and_primed_anew": ("SR-118",),
    "test_an_ended_session_is_over": ("SR-147",),
    "test_the_trigger_does_nothing_in_a_pause": ("SR-012",),
    "test_a_syringe_that_pops_out_in_a_pause_is_a_fault_and_must_be_primed_anew": ("SR-096",),
    "test_a_fault_is_shown_with_cause_and_remedy_by_light_and_sound": ("SR-195",),
    "test_a_fault_is_cleared_by_a_press_once_its_cause_is_gone": ("SR-104", "SR-105"),
    "test_a_fault_is_not_cleared_while_the_trigger_is_held": ("SR-020",),
    "test_every_fault_is_recorded": ("SR-168",),
    "test_after_a_fault_the_session_is_offered_again_and_not_resumed_by_itself": ("SR-144",),
    "test_a_needle_that_does_not_come_back_is_told": ("SR-109",),
    "test_a_needle_that_comes_back_is_no_further_fault": ("SR-109",),
    "test_every_refusal_fits_the_screen": ("SR-197",),
    "test_every_fault_fits_the_screen": ("SR-197",),
    "test_without_room_in_the_log_nothing_is_confirmed": ("SR-010",),
}


def idle(text=None):
    bench = Bench()
    provision(bench, program_text() if text is None else text)
    bench.on()
    bench.until(states.IDLE)
    return bench


def ready(*zones, **changes):
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.ready()
    return bench


def paused(*zones):
    bench = ready(*zones)
    bench.set("contact", 0)
    bench.click()
    assert bench.gun.state == states.PAUSED
    return bench


def test_a_program_is_confirmed_in_two_steps():
    bench = idle(program_text(zone(shots=7), title="Thigh and arm, both", patient="P-77"))
    assert bench.screen[:4] == ["New session?", "Thigh and arm, b", "oth", "P-77"]
    bench.click()
    assert bench.gun.state == states.IDLE
    totals = ["zones: 1", "shots: 7", "140 µL", "syringe 3 mL", "27G 6 mm"]
    assert bench.screen[:5] == totals
    bench.click()
    assert bench.gun.state == states.LOADING
    assert last_event(bench).code == errors.EVENT_CONFIRMED
    assert last_event(bench).a == bench.gun.session.program_id()


def test_a_turn_goes_back_to_the_first_page():
    bench = idle()
    bench.click()
    bench.turn(1)
    assert bench.screen[0] == "New session?"
    bench.click()
    assert bench.gun.state == states.IDLE
    bench.click()
    assert bench.gun.state == states.LOADING


def test_a_knob_held_down_confirms_one_page_only():
    bench = idle()
    bench.set("press", 1)
    bench.run(5_000_000)
    assert bench.gun.state == states.IDLE
    assert bench.gun.activity.page == 1


def test_each_soft_limit_is_confirmed_and_recorded():
    soft = {"shot_nl": 10_000, "session_nl": 30_000}
    bench = idle(text_of(("program", head()), ("soft", soft), ("zone", zone(shots=3))))
    bench.click()
    bench.click()
    assert bench.gun.state == states.IDLE
    assert bench.screen[0] == "Above soft limit"
    assert bench.screen[2] == "20 µL"
    bench.click()
    assert bench.gun.state == states.IDLE
    assert bench.screen[2] == "60 µL"
    bench.click()
    assert bench.gun.state == states.LOADING
    overrides = [record for record in log_of(bench) if record.code == errors.EVENT_OVERRIDE]
    assert [record.a for record in overrides] == [
        errors.BEYOND_SHOT_LIMIT,
        errors.BEYOND_SESSION_LIMIT,
    ]


def test_without_a_program_nothing_is_confirmed_and_that_is_recorded():
    bench = idle(b"")
    assert bench.screen[0] == "No program"
    bench.click()
    assert bench.gun.state == states.IDLE
    assert (last_event(bench).code, last_event(bench).a) == (
        errors.EVENT_REFUSED,
        errors.NO_PROGRAM,
    )


def test_a_program_that_is_damaged_is_told_from_none():
    bench = Bench()
    provision(bench)
    bench.held["program.a"] = b"half a program"
    bench.on()
    bench.until(states.IDLE)
    bench.run(100_000)
    assert bench.screen[0] == "Program damaged"


def test_the_trigger_does_nothing_in_idle():
    bench = idle()
    bench.set("contact", 1)
    bench.pull()
    assert bench.gun.state == states.IDLE
    assert bench.deepest < 200


def test_the_menu_of_a_pause_goes_round():
    bench = paused(zone(shots=3))
    assert bench.screen[3:] == ["> Go on", "  Change syringe", "  End session"]
    bench.turn(1)
    assert bench.screen[3:] == ["  Go on", "> Change syringe", "  End session"]
    bench.turn(2)
    assert bench.screen[3:] == ["> Go on", "  Change syringe", "  End session"]
    bench.turn(-1)
    assert bench.screen[3:] == ["  Go on", "  Change syringe", "> End session"]


def test_go_on_arms_again():
    bench = paused(zone(shots=3))
    bench.click()
    assert bench.gun.state == states.READY
    assert errors.EVENT_RESUMED in events_of(bench)


def test_a_new_syringe_is_fitted_and_primed_anew():
    bench = paused(zone(shots=3))
    bench.turn(1)
    bench.click()
    assert bench.gun.state == states.LOADING
    assert not bench.gun.primed
    bench.fit()
    bench.click()
    assert bench.gun.state == states.PRIMING
    bench.prime()
    assert bench.gun.state == states.READY


def test_an_ended_session_is_over():
    bench = paused(zone(shots=3))
    bench.turn(2)
    bench.click()
    assert bench.gun.state == states.IDLE
    assert not bench.gun.session.open
    assert last_event(bench).code == errors.EVENT_ENDED
    assert bench.screen[0] == "New session?"


def test_the_trigger_does_nothing_in_a_pause():
    bench = paused(zone(shots=3))
    bench.set("contact", 1)
    bench.pull()
    assert bench.gun.state == states.PAUSED
    assert bench.gun.session.shots == 0


def test_a_syringe_that_pops_out_in_a_pause_is_a_fault_and_must_be_primed_anew():
    bench = paused(zone(shots=3))
    bench.set("seated", 0)
    bench.run(100_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.SYRINGE_OUT)
    bench.click()
    assert bench.gun.state == states.FAULT
    bench.set("seated", 1)
    bench.run(4_000_000)
    bench.click()
    bench.until(states.IDLE)
    assert not bench.gun.primed
    assert not bench.gun.seated_ok


def faulted(code_input, value):
    bench = ready(zone(shots=3))
    bench.set(code_input, value)
    bench.run(HOLD_US + 1_000)
    assert bench.gun.state == states.FAULT
    return bench


def test_a_fault_is_shown_with_cause_and_remedy_by_light_and_sound():
    bench = faulted("temperature_dc", 701)
    assert bench.screen[0] == "STOPPED 403"
    assert "hot" in " ".join(bench.screen)
    assert (bench.light, bench.sound) == (6, 5)


def test_a_fault_is_cleared_by_a_press_once_its_cause_is_gone():
    bench = faulted("temperature_dc", 701)
    bench.run(4_000_000)
    bench.click()
    assert bench.gun.state == states.FAULT
    bench.set("temperature_dc", 300)
    bench.run(4_000_000)
    assert bench.gun.state == states.FAULT
    bench.set("contact", 0)
    bench.click()
    bench.until(states.IDLE)
    assert bench.gun.trouble == 0
    record = [row for row in log_of(bench) if row.code == errors.EVENT_CLEARED][-1]
    assert record.a == errors.OVERHEATED


def test_a_fault_is_not_cleared_while_the_trigger_is_held():
    bench = faulted("temperature_dc", 701)
    bench.set("temperature_dc", 300)
    bench.set("trigger", 1)
    bench.run(100_000)
    bench.click()
    assert bench.gun.state == states.FAULT
    assert bench.screen[0] == "Not possible:"
    bench.set("trigger", 0)
    bench.run(4_000_000)
    bench.click()
    assert bench.gun.state == states.HOMING


def test_every_fault_is_recorded():
    for name, value, code in (
        ("stop", 1, errors.ESTOP),
        ("supply_mv", 9_000, errors.SUPPLY_LOST),
        ("temperature_dc", 800, errors.OVERHEATED),
        ("seated", 0, errors.SYRINGE_OUT),
    ):
        bench = faulted(name, value)
        assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_FAULT, code)


def test_after_a_fault_the_session_is_offered_again_and_not_resumed_by_itself():
    bench = faulted("temperature_dc", 701)
    bench.set("temperature_dc", 300)
    bench.set("contact", 0)
    bench.run(4_000_000)
    bench.click()
    bench.until(states.IDLE)
    assert bench.gun.session.open
    assert bench.screen[0] == "Resume?"
    bench.run(30_000_000)
    assert bench.gun.state == states.IDLE
    bench.confirm()
    bench.fit()
    bench.prime()
    assert bench.gun.session.number == 1


def test_a_needle_that_does_not_come_back_is_told():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    bench.jammed = True
    bench.set("trigger", 1)
    bench.run(150_000)
    assert bench.at[CARRIAGE] > 900
    bench.set("stop", 1)
    bench.run(1_000_000)
    assert bench.gun.state == states.FAULT
    assert bench.gun.trouble == errors.NOT_RETRACTED
    assert bench.at[CARRIAGE] > 900
    assert "needle" in " ".join(bench.screen)


def test_a_needle_that_comes_back_is_no_further_fault():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    bench.set("trigger", 1)
    bench.run(150_000)
    bench.set("stop", 1)
    bench.run(1_000_000)
    assert bench.gun.trouble == errors.ESTOP
    assert bench.at[CARRIAGE] == 0


def test_texts_are_wrapped_between_words():
    assert wrap("the foot does not touch the skin") == ["the foot does", "not touch the", "skin"]
    assert wrap("") == [""]
    assert wrap("x" * 40) == ["x" * 16]
    for code in errors.names():
        for line in wrap(errors.cause(code)) + wrap(errors.remedy(code)):
            assert len(line) <= 16


def test_every_refusal_fits_the_screen():
    for code in errors.names():
        if 300 <= code < 400:
            lines = ["Not possible:"] + wrap(errors.cause(code)) + wrap(errors.remedy(code))
            assert len(lines) <= 8, (code, lines)


def test_every_fault_fits_the_screen():
    for code in errors.names():
        if 400 <= code < 600:
            lines = ["STOPPED 4xx"] + wrap(errors.cause(code)) + [""] + wrap(errors.remedy(code))
            assert len(lines) <= 8, (code, lines)


def test_without_room_in_the_log_nothing_is_confirmed():
    bench = idle()
    bench.run(2_000_000)
    bench.flash_bytes = 0
    bench.run(2_000_000)
    bench.click()
    assert bench.gun.state == states.IDLE
    assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_REFUSED, errors.LOG_FULL)


def test_a_pause_without_a_primed_syringe_goes_on_by_way_of_a_new_one():
    bench = paused(zone(shots=3))
    bench.gun.primed = False
    bench.click()
    assert bench.gun.state == states.LOADING


def test_how_many_syringes_are_told_where_there_is_more_than_one():
    assert syringes_text(1, "3 mL") == "syringe 3 mL"
    assert syringes_text(3, "10 mL") == "3 syringes 10 mL"
