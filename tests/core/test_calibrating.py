"""The bench on the gun: who may enter it, what it moves and what stops it, and how it is left."""

from mesofw.core import calibrating as core
from mesofw.core import door, errors, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES
from tests.core.support.bench import EMPTY_STEPS, HOME_STEPS
from tests.core.support.calibrating import (
    OTHER,
    SOON_US,
    act,
    ask,
    at_idle,
    begin,
    calibrating,
    enter,
    idle,
    refused,
)
from tests.core.support.host import Host
from tests.core.support.log import events_of, log_of, shots_of

VERIFIES = {
    "test_it_takes_the_key_and_a_press_at_the_gun": ("SR-243", "SR-244"),
    "test_another_key_or_a_turn_of_the_knob_refuses_it": ("SR-243", "SR-244"),
    "test_an_open_session_is_ended_first": ("SR-245",),
    "test_nothing_moves_for_a_host_in_any_other_state": ("SR-246",),
    "test_an_axis_goes_no_further_than_its_bounds": ("SR-247",),
    "test_a_seated_syringe_keeps_the_plunger_to_its_top_speed": ("SR-259",),
    "test_nothing_moves_while_the_foot_touches": ("SR-248",),
    "test_a_foot_that_touches_in_mid_motion_is_a_fault": ("SR-249",),
    "test_the_plunger_goes_back_only_with_the_needle_home": ("SR-260",),
    "test_a_force_above_the_limit_is_an_occlusion": ("SR-250",),
    "test_lost_steps_are_told_and_then_only_homing_moves": ("SR-251",),
    "test_a_press_stops_what_moves_and_ends_it": ("SR-252",),
    "test_ten_minutes_of_silence_end_it": ("SR-253",),
    "test_it_is_left_by_a_restart_with_the_drivers_off": ("SR-254",),
    "test_the_trigger_fires_nothing": ("SR-255",),
    "test_a_syringe_that_comes_out_in_mid_stroke_is_a_fault": ("SR-256",),
    "test_a_spring_that_leaves_the_needle_out_is_a_fault": ("SR-257",),
    "test_beginning_and_end_are_recorded": ("SR-258",),
}

FULL_SPEED_US = 400_000_000


def outcome(bench, host):
    """The code of the refusal that ends what is under way."""
    message = host.answer(FULL_SPEED_US)
    assert message is not None
    assert not bench.broken
    return message["no"]["code"]


def ended(bench):
    """How calibrating ended, as the log says."""
    told = [one.a for one in log_of(bench) if one.code == errors.EVENT_CALIBRATING]
    return told[-1]


# Entering.


def test_it_takes_the_key_and_a_press_at_the_gun():
    bench, host = idle()
    ask(host)
    assert host.answer(SOON_US) is None
    assert bench.gun.state == states.IDLE
    assert bench.screen[:2] == ["Engineer asks:", "calibrate: a"]
    assert bench.screen[-2:] == ["Press: allow", "Turn: refuse"]
    bench.click()
    assert "at_ms" in host.answer()["ok"]
    assert host.ask("status")["state"] == "calibrating"
    assert (bench.light, bench.sound) == (door.LIGHT_BENCH, door.SOUND_OFF)
    assert bench.screen[0] == "Calibrating"
    assert bench.screen[-1] == "Press: stop"


def test_another_key_or_a_turn_of_the_knob_refuses_it():
    bench, host = idle()
    ask(host, OTHER)
    assert host.answer()["no"]["code"] == errors.WRONG_KEY
    bench.run(3_000_000)
    ask(host)
    host.answer(SOON_US)
    bench.turn(1)
    assert host.answer()["no"]["code"] == errors.NOT_ALLOWED
    assert bench.gun.state == states.IDLE
    assert errors.EVENT_CALIBRATING not in events_of(bench)


def test_an_open_session_is_ended_first():
    bench, host = idle()
    bench.confirm()
    bench.off()
    host = at_idle(bench)
    assert bench.gun.session.open
    ask(host)
    assert host.answer()["no"]["code"] == errors.NOT_NOW
    assert bench.gun.state == states.IDLE


def test_a_gun_without_calibration_program_or_commissioning_is_what_it_is_for():
    bench, _ = idle(b"")
    for name in ("calibration", "commissioning"):
        for file in [file for file in bench.held if file.startswith(name)]:
            del bench.held[file]
    host = at_idle(bench)
    enter(bench, host)
    act(host, "home")
    travel_steps = AXES[PLUNGER].travel_steps
    assert act(host, "move", axis=PLUNGER, steps=travel_steps)["steps"] == [0, travel_steps]


def test_nothing_moves_for_a_host_in_any_other_state():
    bench, host = idle()
    for do in ("read", "home", "move", "release", "leave"):
        assert refused(host, do, steps=100) == (errors.NOT_NOW, "calibrating")
    bench.ready()
    host = Host(bench, "again")
    host.hello()
    assert refused(host, "move", steps=100) == (errors.NOT_NOW, "calibrating")
    assert bench.gun.state == states.READY
    assert bench.deepest <= HOME_STEPS[CARRIAGE] + 100


# Motions.


def test_a_motion_is_told_by_steps_and_encoders_when_it_is_done():
    bench, host = calibrating()
    seen = act(host, "move", axis=CARRIAGE, steps=2_000, hz=10_000)
    assert (seen["steps"], seen["counts"]) == ([2_000, 0], [2_500, 0])
    assert 200 <= seen["ms"] <= 230
    assert bench.at[CARRIAGE] - bench._at_zero[CARRIAGE] == 2_000
    seen = act(host, "move", axis=PLUNGER, steps=40_000)
    assert (seen["steps"], seen["counts"]) == ([2_000, 40_000], [2_500, 25_000])
    seen = act(host, "move", axis=CARRIAGE, steps=-1_500)
    assert seen["steps"] == [500, 40_000]
    assert seen["supply_mv"] == 24_000
    assert not bench.broken


def test_both_axes_find_home_again():
    bench, host = calibrating()
    act(host, "move", axis=CARRIAGE, steps=2_000)
    act(host, "move", axis=PLUNGER, steps=40_000)
    seen = act(host, "home")
    assert (seen["steps"], seen["counts"]) == ([0, 0], [0, 0])
    assert bench.at[CARRIAGE] <= HOME_STEPS[CARRIAGE]
    assert bench.at[PLUNGER] <= HOME_STEPS[PLUNGER]
    assert bench.gun.state == states.CALIBRATING


def test_the_plunger_meets_the_stopper_of_a_seated_syringe():
    bench, host = calibrating()
    assert refused(host, "seek")[0] == errors.NO_SYRINGE
    bench.seat()
    bench.blocked = True
    seen = act(host, "seek")
    contact_mn = bench.gun.settings["contact_mn"]
    assert contact_mn <= seen["force_mn"] < 2 * contact_mn
    again = act(host, "seek")
    assert again["steps"] == seen["steps"]


def test_a_stopper_that_is_not_there_is_a_fault_as_in_loading():
    bench, host = calibrating()
    bench.set("seated", 1)
    bench.run(500_000)
    begin(host, "seek")
    assert outcome(bench, host) == errors.STOPPER_NOT_FOUND
    assert bench.gun.state == states.FAULT


def test_released_the_carriage_springs_home_and_says_how_long_it_took():
    bench, host = calibrating()
    act(host, "move", axis=CARRIAGE, steps=2_000)
    seen = act(host, "release")
    assert 119 <= seen["ms"] <= 121
    assert not bench._driven
    assert refused(host, "move", steps=100) == (errors.NOT_NOW, "home it first")
    assert refused(host, "seek")[0] == errors.NOT_NOW
    act(host, "hold")
    assert bench._driven
    act(host, "home")
    assert act(host, "move", steps=100)["steps"] == [100, 0]


def test_stallguard_is_what_was_read_in_that_motion():
    bench, host = calibrating()
    bench.stalls = [211, -1]
    assert act(host, "move", steps=100)["stall"] == [211, -1]
    bench.stalls = [-1, -1]
    assert act(host, "read")["stall"] == [211, -1]


def test_the_plunger_goes_back_only_with_the_needle_home():
    _, host = calibrating()
    act(host, "move", axis=PLUNGER, steps=4_000)
    act(host, "move", axis=CARRIAGE, steps=1_000)
    wrong = (errors.NOT_NOW, "needle back first")
    assert refused(host, "move", axis=PLUNGER, steps=-4_000) == wrong
    act(host, "move", axis=CARRIAGE, steps=-1_000)
    assert act(host, "move", axis=PLUNGER, steps=-4_000)["steps"] == [0, 0]


# Bounds.


def test_an_axis_goes_no_further_than_its_bounds():
    _, host = calibrating()
    empty_steps = EMPTY_STEPS - HOME_STEPS[PLUNGER]
    for axis, most in ((CARRIAGE, AXES[CARRIAGE].travel_steps), (PLUNGER, empty_steps)):
        told = (errors.OUT_OF_RANGE, "0 to %d" % most)
        for steps in (-1, 0, most + 1):
            assert refused(host, "move", axis=axis, steps=steps) == told
        assert act(host, "move", axis=axis, steps=most)["steps"][axis] == most
        told = (errors.OUT_OF_RANGE, "-%d to 0" % most)
        assert refused(host, "move", axis=axis, steps=1) == told
        act(host, "move", axis=axis, steps=-most)


def test_a_free_axis_goes_up_to_a_third_above_its_top_speed():
    _, host = calibrating()
    for axis in (CARRIAGE, PLUNGER):
        fastest = AXES[axis].speed_hz * 13 // 10
        wrong = (errors.OUT_OF_RANGE, "1 to %d" % fastest)
        assert refused(host, "move", axis=axis, steps=100, hz=fastest + 1) == wrong
        steps = AXES[axis].travel_steps // 2
        usual_ms = act(host, "move", axis=axis, steps=steps)["ms"]
        assert act(host, "move", axis=axis, steps=-steps, hz=fastest)["ms"] < usual_ms


def test_a_seated_syringe_keeps_the_plunger_to_its_top_speed():
    bench, host = calibrating()
    bench.seat()
    top_hz = AXES[PLUNGER].speed_hz
    wrong = (errors.OUT_OF_RANGE, "1 to %d" % top_hz)
    assert refused(host, "move", axis=PLUNGER, steps=100, hz=top_hz + 1) == wrong
    act(host, "move", axis=CARRIAGE, steps=100, hz=AXES[CARRIAGE].speed_hz + 1)


def test_no_motion_lasts_longer_than_five_minutes():
    bench, host = calibrating()
    wrong = (errors.OUT_OF_RANGE, "11 to 65000")
    assert refused(host, "move", steps=3_000, hz=10) == wrong
    seen = act(host, "move", steps=3_000, hz=11)
    assert 270_000 < seen["ms"] < 300_000
    assert not bench.broken


def test_one_thing_is_done_at_a_time():
    _, host = calibrating()
    begin(host, "move", steps=2_000, hz=2_000)
    assert refused(host, "move", axis=PLUNGER, steps=100) == (errors.NOT_NOW, "one at a time")
    assert 0 < act(host, "read")["steps"][CARRIAGE] < 2_000
    assert refused(host, "home")[0] == errors.NOT_NOW
    host.bench.run(2_000_000)
    assert act(host, "read")["steps"] == [2_000, 0]


# What stops it.


def test_nothing_moves_while_the_foot_touches():
    bench, host = calibrating()
    act(host, "move", steps=2_000)
    bench.set("contact", 1)
    started = bench._out[:]
    for do in ("home", "seek", "move", "hold"):
        assert refused(host, do, steps=100) == (errors.NOT_NOW, "the foot free"), do
    assert bench._out == started
    assert act(host, "read")["switches"] & 8
    act(host, "release")
    assert bench.at[CARRIAGE] == 0


def test_a_foot_that_touches_in_mid_motion_is_a_fault():
    for do, axis in (("move", CARRIAGE), ("move", PLUNGER), ("home", CARRIAGE), ("seek", PLUNGER)):
        bench, host = calibrating()
        act(host, "move", axis=PLUNGER, steps=4_000)
        if do == "seek":
            bench.seat()
        begin(host, do, axis=axis, steps=2_000, hz=2_000)
        bench.set("contact", 1)
        bench.run(1_000)
        assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.BENCH_TOUCHED), do
        assert outcome(bench, host) == errors.BENCH_TOUCHED
        bench.run(1_000_000)
        assert bench.at[CARRIAGE] <= HOME_STEPS[CARRIAGE]


def test_a_force_above_the_limit_is_an_occlusion():
    bench, host = calibrating()
    bench.seat()
    bench.blocked = True
    at = act(host, "seek")["steps"][PLUNGER]
    begin(host, "move", axis=PLUNGER, steps=20_000, hz=1_000)
    assert outcome(bench, host) == errors.OCCLUSION
    limit_steps = bench.gun.settings["force_mn"] // 200
    assert bench.at[PLUNGER] - at <= limit_steps + HOME_STEPS[PLUNGER] + 2


def test_the_faults_of_every_state_are_those_of_the_bench():
    for name, value, code in (
        ("stop", 1, errors.ESTOP),
        ("supply_mv", 12_000, errors.SUPPLY_LOST),
        ("temperature_dc", 900, errors.OVERHEATED),
        ("faulty", door.PART_DRIVER, errors.DRIVER_SILENT),
    ):
        bench, host = calibrating()
        begin(host, "move", steps=2_000, hz=2_000)
        bench.set(name, value)
        assert outcome(bench, host) == code
        assert bench.gun.state == states.FAULT
        bench.run(1_000_000)
        assert bench.at[CARRIAGE] <= HOME_STEPS[CARRIAGE]


def test_a_syringe_that_comes_out_in_mid_stroke_is_a_fault():
    bench, host = calibrating()
    bench.seat()
    begin(host, "move", axis=PLUNGER, steps=20_000, hz=10_000)
    bench.set("seated", 0)
    bench.run(50_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.SYRINGE_OUT)
    assert outcome(bench, host) == errors.SYRINGE_OUT


def test_at_rest_a_syringe_comes_and_goes():
    bench, host = calibrating()
    bench.seat()
    bench.blocked = True
    act(host, "seek")
    act(host, "move", axis=PLUNGER, steps=-400)
    bench.unseat()
    assert bench.gun.state == states.CALIBRATING
    assert not act(host, "read")["switches"] & 16


def test_lost_steps_are_told_and_then_only_homing_moves():
    for axis in (CARRIAGE, PLUNGER):
        bench, host = calibrating()
        bench.slipping[axis] = True
        seen = act(host, "move", axis=axis, steps=2_000)
        scale = AXES[axis]
        assert scale.lost_nm(seen["steps"][axis], seen["counts"][axis]) > scale.tolerance_nm
        assert bench.gun.state == states.CALIBRATING
        bench.slipping[axis] = False
        for other in (CARRIAGE, PLUNGER):
            told = refused(host, "move", axis=other, steps=10)
            assert told == (errors.NOT_NOW, "home it first")
        act(host, "home")
        assert act(host, "move", axis=axis, steps=2_000)["steps"][axis] == 2_000


def test_a_spring_that_leaves_the_needle_out_is_a_fault():
    bench, host = calibrating()
    act(host, "move", steps=2_000)
    bench.jammed = True
    begin(host, "release", 500_000)
    assert outcome(bench, host) == errors.NOT_RETRACTED
    assert bench.gun.state == states.FAULT


def test_a_fault_ends_it_and_the_engineer_asks_anew():
    bench, host = calibrating()
    begin(host, "move", steps=2_000, hz=2_000)
    bench.set("stop", 1)
    bench.run(500_000)
    bench.set("stop", 0)
    bench.click()
    bench.until(states.IDLE)
    assert refused(host, "read") == (errors.NOT_NOW, "calibrating")
    enter(bench, host)
    act(host, "move", steps=100)


def test_the_trigger_fires_nothing():
    bench, host = calibrating()
    act(host, "move", steps=500)
    refusals = events_of(bench).count(errors.EVENT_REFUSED)
    for name in ("trigger", "pedal"):
        bench.set(name, 1)
        bench.run(60_000)
        assert bench.sound == door.SOUND_REFUSED
        bench.set(name, 0)
        bench.run(60_000)
    assert events_of(bench).count(errors.EVENT_REFUSED) == refusals + 2
    assert act(host, "read")["steps"] == [500, 0]
    assert bench.gun.state == states.CALIBRATING
    assert shots_of(bench) == []


# Leaving.


def test_a_press_stops_what_moves_and_ends_it():
    bench, host = calibrating()
    begin(host, "move", axis=PLUNGER, steps=20_000, hz=10_000)
    bench.set("press", 1)
    bench.run(1_000)
    assert not bench._running
    assert outcome(bench, host) == errors.NOT_ALLOWED
    assert bench.restarted == 1
    assert not bench._driven
    assert ended(bench) == core.PRESSED
    assert refused(host, "move", steps=100)[0] == errors.NOT_NOW


def test_ten_minutes_of_silence_end_it():
    bench, host = calibrating()
    bench.run(590_000_000)
    act(host, "read")
    bench.run(590_000_000)
    host.ask("status")
    assert bench.restarted == 0
    bench.run(20_000_000)
    assert bench.restarted == 1
    assert ended(bench) == core.SILENT


def test_it_is_left_by_a_restart_with_the_drivers_off():
    bench, host = calibrating()
    act(host, "move", steps=2_000)
    begin(host, "move", axis=PLUNGER, steps=20_000, hz=10_000)
    act(host, "leave")
    assert bench.restarted == 1
    assert not bench._running
    assert not bench._driven
    assert ended(bench) == core.ASKED
    for do in ("read", "home", "move", "leave"):
        assert refused(host, do, steps=1)[0] == errors.NOT_NOW
    assert bench.restarted == 1
    host = at_idle(bench)
    assert bench.gun.homed
    assert host.ask("status")["state"] == "idle"


def test_beginning_and_end_are_recorded():
    bench, host = calibrating()
    act(host, "move", steps=2_000)
    act(host, "leave")
    told = [one.a for one in log_of(bench) if one.code == errors.EVENT_CALIBRATING]
    assert told == [core.BEGAN, core.ASKED]


# Looking.


def test_inputs_are_told_in_any_state_while_nothing_moves():
    bench, host = idle()
    assert host.ask("inputs")["switches"] == 192
    places = ("trigger", "pedal", "press", "contact", "seated", "stop")
    for place in (0, 1, 3, 4, 5):
        bench.set(places[place], 1)
        seen = host.ask("inputs")
        assert seen["switches"] == 192 | 1 << place, places[place]
        bench.set(places[place], 0)
        bench.run(SOON_US)
    assert bench.gun.state == states.FAULT
    bench.set("turns", -3)
    assert host.ask("inputs")["turns"] == -3


def test_inputs_are_refused_while_something_moves():
    _, host = calibrating()
    begin(host, "move", steps=2_000, hz=2_000)
    assert host.refused("inputs") == errors.NOT_NOW


def test_a_needle_that_is_out_counts_as_moving_also_where_its_place_is_lost():
    bench, host = calibrating()
    act(host, "move", steps=1_000)
    begin(host, "release", 20_000)
    assert host.refused("inputs") == errors.NOT_NOW
    bench.run(500_000)
    assert host.ask("inputs")["switches"] & 64
    act(host, "home")
    act(host, "move", steps=1_000)
    bench.slipping[CARRIAGE] = True
    act(host, "move", steps=1_000)
    bench.run(2_000_000)
    assert host.refused("inputs") == errors.NOT_NOW


def test_inputs_of_an_armed_gun_disarm_it_for_that_moment_only():
    bench, _ = idle()
    bench.ready()
    host = Host(bench, "again")
    host.hello()
    assert host.ask("inputs")["switches"] & 8
    bench.run(SOON_US)
    bench.pull()
    bench.run(1_000_000)
    assert len(shots_of(bench)) == 1
