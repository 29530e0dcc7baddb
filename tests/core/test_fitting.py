"""Syringe and needle: fitting, finding the stopper by force."""

from mesofw.core import errors, states
from mesofw.core.door import PLUNGER
from mesofw.core.fitting import FULLEST_PERCENT
from mesofw.core.switches import HOLD_US
from tests.core.support.bench import EMPTY_STEPS, Bench
from tests.core.support.log import last_event
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_the_old_syringe_comes_out_before_a_new_one_is_taken": ("SR-111",),
    "test_the_plunger_seeks_only_after_the_press": ("SR-113",),
    "test_a_syringe_that_goes_out_again_must_be_seated_again": ("SR-112",),
    "test_the_stopper_is_found_by_force_and_the_volume_by_its_place": ("SR-113",),
    "test_no_stopper_is_a_fault_and_not_a_session": ("SR-116",),
    "test_a_stopper_too_far_back_is_another_syringe": ("SR-115",),
    "test_an_overfull_syringe_of_the_right_size_is_taken": ("SR-115",),
    "test_the_foot_must_be_free_while_the_stopper_is_sought": ("SR-114",),
    "test_a_force_cell_that_shows_force_where_nothing_is_pressed_finds_no_stopper": ("SR-117",),
}


def loading(*zones, **changes):
    """A gun whose program was just confirmed."""
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    return bench


def priming(**changes):
    bench = loading(**changes)
    bench.fit("", 900_000)
    return bench


def seated(bench, fill_nl=2_500_000, syringe=""):
    """The plunger is home, a syringe is in, the gun asks for the press."""
    bench.run(500_000)
    bench.seat(syringe, fill_nl)


def test_the_old_syringe_comes_out_before_a_new_one_is_taken():
    bench = Bench()
    provision(bench, program_text())
    bench.on()
    bench.until(states.IDLE)
    bench.seat()
    bench.confirm()
    for _ in range(3):
        bench.click()
        assert bench.gun.state == states.LOADING
        assert bench.screen[2:] == ["Take out the", "syringe"]
        assert not bench.gun.drive.moving
    bench.unseat()
    assert bench.screen[2:4] == ["Seat syringe", "3 mL"]
    bench.seat()
    bench.click()
    bench.until(states.PRIMING)


def test_the_screen_names_syringe_and_needle_of_the_program():
    bench = loading(syringe="1 mL", needle="32G")
    bench.run(500_000)
    assert bench.screen == [
        "Loading",
        "",
        "Seat syringe",
        "1 mL",
        "New needle",
        "32G 6 mm",
        "",
        "Turn: end",
    ]


def test_the_plunger_seeks_only_after_the_press():
    bench = loading()
    seated(bench)
    bench.run(5_000_000)
    assert bench.gun.state == states.LOADING
    assert bench.at[PLUNGER] <= 80
    assert bench.screen[-2] == "Press: go on"


def test_a_syringe_that_goes_out_again_must_be_seated_again():
    bench = loading()
    seated(bench)
    bench.set("seated", 0)
    bench.run(500_000)
    bench.click()
    assert bench.gun.state == states.LOADING
    assert bench.at[PLUNGER] <= 80
    bench.set("seated", 1)
    bench.run(500_000)
    bench.click()
    bench.until(states.PRIMING)


def test_the_stopper_is_found_by_force_and_the_volume_by_its_place():
    for fill_nl in (500_000, 1_500_000, 3_000_000):
        bench = loading()
        bench.fit("", fill_nl)
        assert abs(bench.at[PLUNGER] - bench.stopper) <= 1
        left = bench.gun.volume_left_nl()
        assert abs(left - fill_nl) < 200
        assert bench.broken == []


def test_no_stopper_is_a_fault_and_not_a_session():
    bench = loading()
    bench.run(500_000)
    bench.set("seated", 1)
    bench.run(500_000)
    bench.click()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.STOPPER_NOT_FOUND
    assert bench.at[PLUNGER] <= EMPTY_STEPS


def test_a_stopper_too_far_back_is_another_syringe():
    # A full 10 mL syringe where 5 mL are asked for.
    bench = loading(zone(mode="single"), syringe="5 mL")
    seated(bench, 10_000_000, "10 mL")
    bench.click()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.SYRINGE_WRONG


def test_an_overfull_syringe_of_the_right_size_is_taken():
    bench = loading(zone(mode="single", volume_nl=10_000), syringe="1 mL")
    bench.fit("1 mL", 1_000_000 * FULLEST_PERCENT // 100 - 10_000)
    assert bench.gun.state == states.PRIMING


def test_the_foot_must_be_free_while_the_stopper_is_sought():
    bench = loading()
    seated(bench, 1_000_000)
    bench.set("contact", 1)
    bench.run(100_000)
    bench.click()
    assert bench.screen[0] == "Not possible:"
    assert bench.at[PLUNGER] <= 80
    bench.set("contact", 0)
    bench.run(100_000)
    bench.click()
    bench.run(200_000)
    assert bench.gun.drive.moving
    bench.set("contact", 1)
    bench.run(1_000)
    assert not bench.gun.drive.moving
    assert bench.gun.state == states.LOADING
    bench.set("contact", 0)
    bench.run(4_000_000)
    bench.click()
    bench.until(states.PRIMING)
    assert bench.broken == []


def test_a_syringe_that_pops_out_while_the_stopper_is_sought_is_a_fault():
    bench = loading()
    seated(bench, 1_000_000)
    bench.click()
    bench.run(200_000)
    assert bench.gun.drive.moving
    bench.set("seated", 0)
    bench.run(HOLD_US + 1_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.SYRINGE_OUT)
    assert not bench.gun.drive.moving


def test_a_plunger_that_loses_steps_is_a_fault():
    bench = loading()
    seated(bench)
    bench.slipping[PLUNGER] = True
    bench.click()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.PLUNGER_LOST


def test_a_force_cell_that_shows_force_where_nothing_is_pressed_finds_no_stopper():
    bench = loading()
    bench.run(500_000)
    bench.seat("", 2_000_000)
    bench.force_offset_mn = 2_500
    bench.click()
    bench.run(10_000_000)
    assert bench.gun.state not in (states.PRIMING, states.READY)
    assert bench.gun.volume_left_nl() <= 2_000_000


def test_a_session_can_be_ended_without_fitting_a_syringe_first():
    cases = ((loading(), states.LOADING, 1), (priming(), states.PRIMING, -1))
    for bench, state, detents in cases:
        bench.run(1_000_000)
        bench.turn(detents)
        assert bench.screen[0] == "End session?"
        bench.turn(-detents)
        assert bench.screen[0] != "End session?"
        assert bench.gun.state == state
        bench.turn(detents)
        bench.click()
        assert bench.gun.state == states.IDLE
        assert not bench.gun.session.open
        assert bench.broken == []


def test_a_session_can_be_ended_while_a_syringe_is_fitted():
    bench = loading()
    seated(bench)
    bench.turn(1)
    assert bench.screen[0] == "End session?"
    # A turn back, and the press means what it meant before.
    bench.turn(1)
    assert "Press: go on" in bench.screen
    bench.turn(-1)
    bench.click()
    assert bench.gun.state == states.IDLE
    assert not bench.gun.session.open
    assert bench.at[PLUNGER] <= 80
    assert last_event(bench).code == errors.EVENT_ENDED


def test_nothing_is_ended_while_the_stopper_is_sought():
    bench = loading()
    seated(bench, 1_000_000)
    bench.click()
    bench.run(100_000)
    assert bench.gun.drive.moving
    bench.turn(1)
    bench.click()
    assert bench.gun.state == states.LOADING
    bench.until(states.PRIMING)
    assert bench.gun.session.open
