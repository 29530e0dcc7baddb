"""The treatment session: zones, counts, limits, what is left; and after a restart."""

from mesofw.core import errors
from mesofw.core.aim import sin_ppm
from mesofw.core.loaded import Check
from mesofw.core.records import Record
from mesofw.core.session import Session
from mesofw.core.settings import SETTINGS, defaults
from mesofw.core.slots import FileSlots
from tests.core.support.board import MemoryBoard
from tests.core.support.check import raises
from tests.core.support.program import CALIBRATION, head, program_text, step_fl, text_of, zone

VERIFIES = {
    "test_a_session_begins_at_its_first_zone_with_nothing_given": ("SR-148",),
    "test_shots_are_counted_by_zone_session_and_needle": ("SR-071", "SR-083"),
    "test_a_new_program_ends_the_session": ("SR-189",),
    "test_an_occlusion_is_what_the_syringe_or_the_settings_do_not_stand": ("SR-101",),
    "test_a_slanted_needle_comes_out_further_for_the_same_depth": ("SR-028",),
    "test_the_calibration_scales_depth_and_volume": ("SR-031", "SR-047"),
    "test_a_depth_is_read_back_as_it_was_set": ("SR-031",),
    "test_what_a_shot_owes_is_kept_across_a_change_of_syringe": ("SR-046",),
    "test_a_new_session_owes_nothing": ("SR-046", "SR-148"),
    "test_every_hard_limit_holds_for_the_next_shot": ("SR-069", "SR-070", "SR-071"),
    "test_the_guns_own_limits_hold_too": ("SR-072",),
    "test_after_a_restart_an_open_session_goes_on_where_it_was": ("SR-145",),
    "test_a_session_that_was_closed_is_not_opened_by_a_restart": ("SR-147",),
    "test_a_session_of_another_program_is_not_opened_by_a_restart": ("SR-146",),
    "test_a_zone_that_changed_in_its_slot_is_not_armed": ("SR-143",),
    "test_a_zone_that_breaks_its_table_in_the_slot_is_not_taken": ("SR-143",),
    "test_a_shot_beyond_the_guns_own_limit_is_not_armed": ("SR-073",),
}

GUN_LIMITS = defaults(SETTINGS)
FILLED_NL = 2_000_000


def loaded(text):
    """A session with this program, as after boot."""
    board = MemoryBoard()
    slots = FileSlots(board, "program")
    slots.store(text)
    check = Check(slots.open(), slots.length, 0)
    program = check.step()
    while program is None:
        program = check.step()
    assert program.faults == []
    session = Session(slots)
    session.program = program
    session.board = board
    return session


def begun(*zones):
    session = loaded(program_text(*zones))
    session.begin()
    session.fit_syringe(CALIBRATION)
    assert session.arm(CALIBRATION, GUN_LIMITS, FILLED_NL) is None
    return session


def record_of(session, **changes):
    """The last record of a session, as a restart finds it."""
    record = Record()
    record.session = session.number
    record.program = session.program_id()
    record.zone = session.zone + 1
    record.zone_shots = session.zone_shots
    record.shot = session.shots
    record.session_nl = session.given_nl
    for name in changes:
        setattr(record, name, changes[name])
    return record


def test_a_session_begins_at_its_first_zone_with_nothing_given():
    session = loaded(program_text(zone(shots=4), zone(name="Arm")))
    assert not session.open
    session.begin()
    assert (session.open, session.number) == (True, 1)
    assert (session.zone, session.zone_shots, session.shots, session.given_nl) == (0, 0, 0, 0)
    assert session.zone_record == zone(shots=4, angle_deg=90, per_pull=0)
    assert session.zone_left() == 4
    assert not session.planned


def test_sessions_are_numbered_and_the_number_wraps_to_one():
    session = loaded(program_text())
    for number in (1, 2, 3):
        session.begin()
        assert session.number == number
        session.open = False
    session.number = 65_535
    session.begin()
    assert session.number == 1


def test_confirming_an_open_session_goes_on_with_it():
    session = begun(zone(shots=4))
    session.count(20_000)
    session.begin()
    assert (session.number, session.shots, session.given_nl) == (1, 1, 20_000)


def test_shots_are_counted_by_zone_session_and_needle():
    session = begun(zone(shots=2), zone(name="Arm", shots=5))
    session.count(20_000)
    session.count(15_000)
    assert session.zone_left() == 0
    assert session.next_zone()
    session.count(1_000)
    assert (session.zone, session.zone_shots, session.shots) == (1, 1, 3)
    assert (session.given_nl, session.needle_shots) == (36_000, 3)
    session.fit_syringe(CALIBRATION)
    assert (session.needle_shots, session.shots) == (0, 3)


def test_after_the_last_zone_there_is_none():
    session = begun(zone())
    assert not session.next_zone()
    assert session.zone_left() == 0


def test_a_new_program_ends_the_session():
    session = begun(zone())
    session.take(session.program)
    assert (session.open, session.planned, session.zone_record) == (False, False, None)


def test_arming_plans_the_zones_own_shot():
    session = begun(zone(depth_um=4000, volume_nl=20_000))
    assert session.planned
    # Foot plane 1 mm from home, then 4 mm: 5 mm in steps of 5 µm.
    assert session.aim.depth_steps == 1000
    assert session.table.phases[0].pulses == 1000
    assert session.doser.whole_steps == 20_000_000_000 // step_fl()
    # Not primed, so not backed off either.
    assert session.backoff_steps == 0
    assert session.table.phases[1].pulses == session.doser.whole_steps


def test_what_priming_settled_is_backed_off_and_made_up_in_every_zone():
    session = begun(zone(volume_nl=20_000), zone(volume_nl=50_000, mode="single"))
    session.fit.settle()
    back = session.fit.backoff_steps
    for _ in range(2):
        assert session.arm(CALIBRATION, GUN_LIMITS, FILLED_NL) is None
        assert session.backoff_steps == back > 0
        assert session.table.phases[1].pulses == back + session.doser.whole_steps
        assert session.table.phases[session.table.count - 1].pulses == back
        session.next_zone()


def test_arming_reckons_with_what_the_syringe_still_holds():
    session = begun(zone(mode="single"))
    waits = []
    for filled_nl in (200_000, 1_500_000, 3_000_000):
        assert session.arm(CALIBRATION, GUN_LIMITS, filled_nl) is None
        waits.append(session.aim.dwell_us)
    # A full syringe gives way more than an empty one.
    assert waits == sorted(waits)
    assert waits[0] < waits[2]


def test_the_calibration_tells_how_much_gives_way_and_how_the_nut_plays():
    session = begun(zone(mode="single"))
    usual_us = session.aim.dwell_us
    session.fit.settle()
    usual = session.fit.backoff_steps
    session.fit_syringe(dict(CALIBRATION, compliance_3_ppm=1_500_000, backlash_nm=15_000))
    assert session.arm(CALIBRATION, GUN_LIMITS, FILLED_NL) is None
    assert session.aim.dwell_us > usual_us
    session.fit.settle()
    # 95 % of 10 µm more, in steps of a quarter of a micrometre.
    assert session.fit.backoff_steps - usual == 38


def test_an_occlusion_is_what_the_syringe_or_the_settings_do_not_stand():
    session = begun(zone())
    assert session.force_mn(GUN_LIMITS) == session.fit.syringe.force_mn
    assert session.force_mn(dict(GUN_LIMITS, force_mn=9_000)) == 9_000


def test_a_slanted_needle_comes_out_further_for_the_same_depth():
    session = begun(zone(depth_um=2_000, angle_deg=30, mode="single"))
    assert session.aim.depth_steps == 1_000
    assert abs(session.depth_um(CALIBRATION, session.aim.depth_steps * 5000) - 2_000) <= 1


def test_the_calibration_scales_depth_and_volume():
    session = loaded(program_text())
    session.begin()
    calibration = dict(CALIBRATION, carriage_ppm=1_010_000, syringe_3_ppm=990_000, foot_um=1_200)
    session.fit_syringe(calibration)
    session.arm(calibration, GUN_LIMITS, FILLED_NL)
    assert session.doser.step_fl == step_fl() * 990_000 // 1_000_000
    assert session.aim.depth_steps == round(5_200 / 5.05)
    assert session.depth_um(calibration, session.aim.depth_steps * 5000) in (
        3_998,
        3_999,
        4_000,
        4_001,
    )


def test_a_depth_is_read_back_as_it_was_set():
    for depth in (500, 1_000, 1_500, 4_000):
        session = begun(zone(depth_um=depth))
        assert session.depth_um(CALIBRATION, session.aim.depth_steps * 5000) == depth
    assert session.depth_um(CALIBRATION, 0) == 0
    assert session.depth_um(CALIBRATION, 999_000_000 // 1000) == 0


def test_a_depth_is_worked_out_in_parts_exactly():
    session = begun(zone(depth_um=2_000, angle_deg=37, mode="single"))
    for ppm in (900_000, 999_983, 1_000_000, 1_060_001, 1_100_000):
        calibration = dict(CALIBRATION, carriage_ppm=ppm, foot_um=1_000)
        for nominal_nm in range(0, 16_000_000, 123_457):
            out_um = max(0, nominal_nm * ppm // 1_000_000_000 - 1_000)
            depth_um = out_um * sin_ppm(37) // 1_000_000
            assert session.depth_um(calibration, nominal_nm) == depth_um


def test_a_zone_that_cannot_be_planned_is_told_and_not_armed():
    session = begun(zone(rate_per_min=150))
    # A needle that resists more than the nominal one, which the program was checked with.
    session.fit.learn(1_000, 4_000_000)
    fault = session.arm(CALIBRATION, GUN_LIMITS, FILLED_NL)
    assert (fault.at, fault.code) == ("rate", errors.RATE_UNREACHABLE)
    assert not session.planned


def test_what_a_shot_owes_is_kept_across_a_change_of_syringe():
    session = begun(zone(shots=100))
    for _ in range(7):
        session.doser.next_steps()
    owed = session.doser.carry_fl
    assert owed > 0
    session.fit_syringe(CALIBRATION)
    assert session.doser.carry_fl == owed
    session.fit_syringe(dict(CALIBRATION, syringe_3_ppm=900_000))
    assert session.doser.carry_fl == min(owed, session.doser.step_fl - 1)


def test_a_new_session_owes_nothing():
    session = begun(zone(shots=100))
    session.doser.next_steps()
    session.open = False
    session.begin()
    session.fit_syringe(CALIBRATION)
    assert session.doser.carry_fl == 0


def test_every_hard_limit_holds_for_the_next_shot():
    limits = {"shot_nl": 20_000, "zone_nl": 100_000, "session_nl": 90_000, "needle_shots": 3}
    sections = (("program", head()), ("zone", zone(shots=3)))
    session = loaded(text_of(sections[0], ("hard", limits), sections[1]))
    session.begin()
    session.fit_syringe(CALIBRATION)
    assert session.within_limits(GUN_LIMITS)
    session.given_nl = 70_000
    assert session.within_limits(GUN_LIMITS)
    session.given_nl = 70_001
    assert not session.within_limits(GUN_LIMITS)
    session.given_nl = 0
    session.zone_shots = 4
    assert session.within_limits(GUN_LIMITS)
    session.zone_shots = 5
    assert not session.within_limits(GUN_LIMITS)
    session.zone_shots = 0
    session.needle_shots = 2
    assert session.within_limits(GUN_LIMITS)
    session.needle_shots = 3
    assert not session.within_limits(GUN_LIMITS)
    session.needle_shots = 0
    session.zone_record["volume_nl"] = 20_001
    assert not session.within_limits(GUN_LIMITS)


def test_the_guns_own_limits_hold_too():
    session = begun(zone(shots=3))
    assert session.within_limits(dict(GUN_LIMITS, shot_nl=20_000, session_nl=20_000))
    assert not session.within_limits(dict(GUN_LIMITS, shot_nl=19_999))
    assert not session.within_limits(dict(GUN_LIMITS, session_nl=19_999))


def test_after_a_restart_an_open_session_goes_on_where_it_was():
    session = begun(zone(shots=2), zone(name="Arm", shots=5))
    for _ in range(2):
        session.count(20_000)
    session.next_zone()
    session.count(20_000)
    again = loaded(program_text(zone(shots=2), zone(name="Arm", shots=5)))
    again.recover(record_of(session), True)
    assert (again.open, again.number) == (True, 1)
    assert (again.zone, again.zone_shots, again.shots, again.given_nl) == (1, 1, 3, 60_000)
    assert again.zone_left() == 4
    assert again.zone_record["name"] == "Arm"


def test_a_session_that_was_closed_is_not_opened_by_a_restart():
    session = begun(zone(shots=2))
    session.count(20_000)
    again = loaded(program_text(zone(shots=2)))
    again.recover(record_of(session, zone=0), False)
    assert not again.open
    assert again.number == 1
    again.begin()
    assert (again.number, again.shots, again.given_nl) == (2, 0, 0)


def test_a_session_of_another_program_is_not_opened_by_a_restart():
    session = begun(zone(shots=2))
    session.count(20_000)
    again = loaded(program_text(zone(shots=3)))
    again.recover(record_of(session), True)
    assert not again.open
    empty = Session(FileSlots(MemoryBoard(), "program"))
    empty.recover(record_of(session), True)
    assert not empty.open


def test_a_restart_after_a_zones_last_shot_goes_on_with_the_next_zone():
    zones = (zone(shots=2), zone(name="Arm", shots=5))
    session = begun(*zones)
    again = loaded(program_text(*zones))
    again.recover(record_of(session, zone=1, zone_shots=2, shot=2, session_nl=40_000), True)
    assert (again.open, again.zone, again.zone_shots, again.zone_left()) == (True, 1, 0, 5)
    assert again.given_nl == 40_000


def test_a_restart_after_the_very_last_shot_leaves_no_open_session():
    session = begun(zone(shots=2))
    again = loaded(program_text(zone(shots=2)))
    again.recover(record_of(session, zone_shots=2, shot=2, session_nl=40_000), True)
    assert not again.open


def test_a_zone_that_changed_in_its_slot_is_not_armed():
    session = loaded(program_text())
    session.board.held["program.b"] = bytes(600)
    raises(ValueError, session.begin)


def test_the_programs_number_is_the_start_of_its_hash():
    session = loaded(program_text())
    sha = session.program.sha256
    assert session.program_id() == int.from_bytes(sha[:4], "big")
    session.program = None
    assert session.program_id() == 0


def test_a_zone_that_breaks_its_table_in_the_slot_is_not_taken():
    session = loaded(program_text())
    name = "program.b"
    text = bytes(session.board.held[name])
    session.board.held[name] = text.replace(b'"depth_um":4000', b'"depth_um":9999999')
    raises(ValueError, session.begin)


def test_a_shot_beyond_the_guns_own_limit_is_not_armed():
    session = loaded(program_text(zone(volume_nl=20_000)))
    session.begin()
    session.fit_syringe(CALIBRATION)
    limits = dict(GUN_LIMITS)
    limits["shot_nl"] = 15_000
    fault = session.arm(CALIBRATION, limits, FILLED_NL)
    assert (fault.code, fault.at) == (errors.BEYOND_DEVICE, "volume")
    assert (fault.found, fault.allowed) == ("20 µL", "up to 15 µL")
    assert not session.planned
