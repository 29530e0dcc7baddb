"""States, transitions and interlocks: tables that are looked at from every side."""

from mesofw.core import errors, states
from mesofw.core.states import NEEDS, STATES, TRANSITIONS, first_missing, next_state

VERIFIES = {
    "test_what_is_not_in_the_table_does_not_happen": ("SR-013",),
    "test_a_fault_is_left_by_clearing_it_only_and_homes_anew": ("SR-104",),
    "test_a_shot_is_fired_from_ready_only": ("SR-013",),
    "test_no_session_without_confirming_and_no_shot_without_priming": ("SR-111", "SR-118"),
    "test_a_new_syringe_is_always_primed_before_the_next_shot": ("SR-118",),
    "test_nothing_leads_from_power_on_into_motion_of_the_plunger": ("SR-132",),
    "test_the_plunger_goes_forward_in_a_session_or_while_calibrating_only": ("SR-024",),
    "test_a_shot_needs_everything": ("SR-001",),
    "test_the_first_missing_need_is_named_whatever_else_is_missing": ("SR-001",),
    "test_every_subset_of_needs_but_the_whole_forbids_a_shot": ("SR-001",),
}

ALL_STATES = range(len(STATES))
ALL_EVENTS = range(states.CALIBRATE + 1)


def reached_from(start, without=()):
    """Every state that can be reached, `without` these events."""
    seen = {start}
    grown = True
    while grown:
        grown = False
        for state, event in TRANSITIONS:
            after = TRANSITIONS[(state, event)]
            if state in seen and event not in without and after not in seen:
                seen.add(after)
                grown = True
    return seen


def events_into(wanted):
    """The events that lead into a state from any other."""
    return {key[1] for key, after in TRANSITIONS.items() if after == wanted}


def test_the_table_is_closed():
    for state, event in TRANSITIONS:
        assert state in ALL_STATES
        assert event in ALL_EVENTS
        assert TRANSITIONS[(state, event)] in ALL_STATES


def test_what_is_not_in_the_table_does_not_happen():
    for state in ALL_STATES:
        for event in ALL_EVENTS:
            after = next_state(state, event)
            assert after == TRANSITIONS.get((state, event), -1)
    assert next_state(states.IDLE, states.FIRED) == -1


def test_every_state_is_reached_from_boot_and_every_event_is_used():
    assert reached_from(states.BOOT) == set(ALL_STATES)
    assert set(event for _, event in TRANSITIONS) == set(ALL_EVENTS)


def test_every_state_but_boot_can_come_back_to_idle():
    for state in ALL_STATES:
        assert states.IDLE in reached_from(state), STATES[state]


def test_trouble_leads_to_fault_from_everywhere_but_boot_and_fault():
    for state in ALL_STATES:
        expected = -1 if state in (states.BOOT, states.FAULT) else states.FAULT
        assert next_state(state, states.TROUBLE) == expected, STATES[state]
    assert events_into(states.FAULT) == {states.TROUBLE}


def test_a_fault_is_left_by_clearing_it_only_and_homes_anew():
    for event in ALL_EVENTS:
        expected = states.HOMING if event == states.CLEARED else -1
        assert next_state(states.FAULT, event) == expected


def test_a_shot_is_fired_from_ready_only():
    assert [state for state in ALL_STATES if next_state(state, states.FIRED) >= 0] == [states.READY]
    assert events_into(states.SHOOTING) == {states.FIRED}


def test_ready_is_reached_by_priming_resuming_or_after_a_shot():
    assert events_into(states.READY) == {states.PRIMED, states.RESUME, states.RELEASED}


def test_no_session_without_confirming_and_no_shot_without_priming():
    assert states.LOADING not in reached_from(states.BOOT, (states.CONFIRMED,))
    assert states.SHOOTING not in reached_from(states.BOOT, (states.PRIMED,))
    assert states.PRIMING not in reached_from(states.BOOT, (states.LOADED,))


def test_a_new_syringe_is_always_primed_before_the_next_shot():
    # From loading, the only ways to ready are priming and a pause, which loading does not lead to.
    assert states.READY not in reached_from(states.LOADING, (states.PRIMED,))


def test_nothing_leads_from_power_on_into_motion_of_the_plunger():
    before_confirming = reached_from(states.BOOT, (states.CONFIRMED, states.CALIBRATE))
    for state in states.FORWARD:
        assert state not in before_confirming


def test_the_plunger_goes_forward_in_a_session_or_while_calibrating_only():
    in_a_session = {states.LOADING, states.PRIMING, states.SHOOTING}
    assert set(states.FORWARD) == in_a_session | {states.CALIBRATING}


def test_calibrating_is_entered_from_idle_and_no_event_but_trouble_leads_out_of_it():
    ways_in = [key for key in TRANSITIONS if TRANSITIONS[key] == states.CALIBRATING]
    assert ways_in == [(states.IDLE, states.CALIBRATE)]
    ways_out = [event for state, event in TRANSITIONS if state == states.CALIBRATING]
    assert ways_out == [states.TROUBLE]


def test_names_are_one_for_each():
    assert len(set(STATES)) == len(STATES) == 11
    assert len(ALL_EVENTS) == 17


def test_a_shot_needs_everything():
    assert first_missing(states.ALL_NEEDS) == 0
    for index in range(len(NEEDS)):
        assert first_missing(states.ALL_NEEDS & ~(1 << index)) == NEEDS[index][1]


def test_the_first_missing_need_is_named_whatever_else_is_missing():
    for index in range(len(NEEDS)):
        have = (1 << index) - 1
        assert first_missing(have) == NEEDS[index][1]
    assert first_missing(0) == errors.STOP_PRESSED


def test_every_subset_of_needs_but_the_whole_forbids_a_shot():
    for have in range(states.ALL_NEEDS):
        assert first_missing(have) != 0


def test_needs_name_codes_that_refuse():
    for _, code in NEEDS:
        assert 300 <= code < 400
    assert [name for name, _ in NEEDS] == [
        "stop_free",
        "supply_good",
        "state_ready",
        "homed",
        "calibrated",
        "commissioned",
        "seated",
        "primed",
        "zone_left",
        "within_limits",
        "volume",
        "log_room",
        "contact",
    ]
