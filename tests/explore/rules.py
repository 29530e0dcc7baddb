"""What is always true of the gun: a table of (name, predicate over one `Seen` step).

DESIGN's rules, told apart so far that each can fail for one reason only. A predicate is True where
its rule is kept. Bounds are written here once more on purpose: a rule that took them from core
would move with core.
"""

from collections.abc import Callable

from mesofw.core import errors, interlocks, records, states
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from tests.explore import needs, signs, under_key
from tests.explore.needs import of_shots
from tests.explore.seen import Seen

Rule = tuple[str, Callable[[Seen], bool]]

MOVES_FORWARD = (states.LOADING, states.PRIMING, states.SHOOTING, states.CALIBRATING)
UNHOMED = (states.BOOT, states.SELF_TEST, states.HOMING, states.FAULT)
STILL = (states.IDLE, states.READY, states.PAUSED)
IN_GUARD = (states.IDLE, states.LOADING, states.PRIMING, states.READY, states.PAUSED)
IN_SESSION = (states.LOADING, states.PRIMING, states.READY, states.SHOOTING, states.PAUSED)
# A program is confirmed by two presses at least.
LEAST_PRESSES = 2
RETRACTED_MS = 1_000
LONGEST_WAIT_US = 1_000_000


def forward_only_in_its_states(seen: Seen) -> bool:
    pushed = seen.moved > seen.body.slack() and seen.past.state not in MOVES_FORWARD
    return not pushed and all(
        start.state in MOVES_FORWARD for start in seen.starts if start.pulses(PLUNGER)
    )


def needle_forward_only_in_its_states(seen: Seen) -> bool:
    allowed = (states.HOMING, states.SHOOTING, states.CALIBRATING)
    return all(start.state in allowed for start in seen.starts if start.pulses(CARRIAGE))


def by_hand_only_off_the_skin(seen: Seen) -> bool:
    """Seeking and priming push the plunger only while the foot is free."""
    return not any(
        start.pulses(PLUNGER) and start.state != states.SHOOTING and start.contact
        for start in seen.starts
    )


def fault_stops_flow(seen: Seen) -> bool:
    return seen.state != states.FAULT or not (
        seen.body.running() and any(way > 0 for axis, way, _ in seen.ghost.legs if axis != NEITHER)
    )


def hazard_is_a_fault_in_the_same_step(seen: Seen) -> bool:
    gun, inputs = seen.gun, seen.gun.inputs
    hazard = (
        inputs.stop
        or inputs.supply_mv < gun.settings["supply_mv"]
        or inputs.temperature_dc > gun.settings["temperature_dc"]
        or inputs.faulty & interlocks.PARTS_NEEDED
    )
    # What boot does in its one step is nothing that could hurt; self-test comes before motion.
    past = seen.past.state
    return not hazard or past == states.BOOT or seen.state == states.FAULT


def syringe_out_is_a_fault(seen: Seen) -> bool:
    fitted = (states.PRIMING, states.READY, states.SHOOTING)
    return seen.state not in fitted or seen.gun.seat.on


def place_unknown_until_homed(seen: Seen) -> bool:
    if seen.state == states.CALIBRATING:
        # A spring or lost steps may have taken its place from it: `bench_moves_from_home`.
        return True
    return seen.gun.homed == (seen.state not in UNHOMED)


def home_is_where_it_says(seen: Seen) -> bool:
    return not seen.gun.homed or not seen.body.zero_off()


def primed_only_when_homed(seen: Seen) -> bool:
    return not seen.gun.primed or seen.state in IN_SESSION or seen.state == states.IDLE


def nothing_resumes_by_itself(seen: Seen) -> bool:
    """After power-on, no session and no push before the operator's presses in this life."""
    confirmed = seen.ghost.presses >= LEAST_PRESSES
    pushes = any(
        start.pulses(PLUNGER) and start.state != states.CALIBRATING for start in seen.starts
    )
    return confirmed or (seen.state not in IN_SESSION and not pushes)


def fed_last_and_once(seen: Seen) -> bool:
    calls = seen.calls
    return calls.count("feed") <= 1 and ("feed" not in calls or calls[-1] == "feed")


def fed_in_healthy_steps_only(seen: Seen) -> bool:
    healthy = not seen.broke and not seen.threw
    return ("feed" in seen.calls) == healthy


def fault_drives_nothing_but_home(seen: Seen) -> bool:
    if seen.state != states.FAULT or not seen.body.driven():
        return True
    return seen.body.running() and seen.gun.trouble not in errors.CUTS_DRIVERS


def fault_brings_the_needle_home(seen: Seen) -> bool:
    if seen.state != states.FAULT or not seen.body.tip_out():
        return True
    stood_ms = seen.gun.clock.at_ms - seen.ghost.fault_ms
    return stood_ms <= RETRACTED_MS or seen.gun.trouble == errors.NOT_RETRACTED


def fault_is_left_by_a_press_only(seen: Seen) -> bool:
    if seen.past.state != states.FAULT or seen.state == states.FAULT:
        return True
    return seen.gun.press.went_on and seen.events == [(states.FAULT, states.CLEARED, True)]


def fault_is_recorded(seen: Seen) -> bool:
    entered = seen.state == states.FAULT and seen.past.state != states.FAULT
    if not entered or seen.memory_fails or seen.threw or seen.gun.journal.room() < 1:
        return True
    return any(
        record.kind == records.EVENT and record.code == errors.EVENT_FAULT
        for record in seen.records
    )


def shots_are_closed(seen: Seen) -> bool:
    """Each started shot has its record, and no other shot has one, but those of training."""
    if seen.memory_fails or seen.gun.journal.open:
        return True
    return seen.ghost.closed == seen.ghost.started


def record_open_in_a_shot_only(seen: Seen) -> bool:
    return not seen.gun.journal.open or seen.state in (states.READY, states.SHOOTING)


def records_are_whole_and_chained(seen: Seen) -> bool:
    return seen.chained or seen.memory_fails


def states_follow_the_table(seen: Seen) -> bool:
    at = seen.past.state
    for state, event, done in seen.events:
        if state != at:
            return False
        at = states.TRANSITIONS[(state, event)] if done else at
    return seen.state == (states.FAULT if seen.broke else at)


def rest_is_rest(seen: Seen) -> bool:
    return seen.state not in STILL or not seen.body.running()


def needle_in_its_guard(seen: Seen) -> bool:
    return seen.state not in IN_GUARD or not seen.body.tip_out()


def no_further_back_than_it_came(seen: Seen) -> bool:
    """The plunger never goes behind where its present shot began; where a fault relieves what
    earlier ones left, never behind where it met the stopper."""
    ghost = seen.ghost
    floor = ghost.loaded if seen.state == states.FAULT else ghost.floor
    return floor is None or seen.body.plunger() + seen.body.slack() >= floor


def back_only_with_the_needle_out(seen: Seen) -> bool:
    back = seen.moved < -seen.body.slack() and seen.past.state in (states.SHOOTING, states.FAULT)
    return not (back and seen.past.tip_out and seen.body.tip_out())


def bench_moves_off_the_skin(seen: Seen) -> bool:
    return not any(start.state == states.CALIBRATING and start.contact for start in seen.starts)


def bench_moves_from_home(seen: Seen) -> bool:
    """An axis that may have lost its place is homed before anything is pushed."""
    return not any(
        start.state == states.CALIBRATING and start.pulses(PLUNGER) and not start.homed
        for start in seen.starts
    )


def bench_is_left_at_rest(seen: Seen) -> bool:
    return "restart" not in seen.calls or not (seen.body.running() or seen.body.driven())


def bench_is_kept_whole(seen: Seen) -> bool:
    return not seen.body.broken()


def training_moves_nothing(seen: Seen) -> bool:
    return not (seen.gun.training and seen.starts and seen.state in IN_SESSION)


def limits_hold(seen: Seen) -> bool:
    session = seen.gun.session
    if session.program is None or not session.open:
        return True
    return session.given_nl <= session.program.limits["session_nl"]


def zone_gives_no_more_than_its_shots(seen: Seen) -> bool:
    return seen.gun.session.zone_record is None or seen.gun.session.zone_left() >= 0


def wait_is_bounded(seen: Seen) -> bool:
    return 0 <= seen.wait_us <= LONGEST_WAIT_US


RULES: tuple[Rule, ...] = (
    ("plunger forward only in its states", forward_only_in_its_states),
    ("needle forward only in its states", needle_forward_only_in_its_states),
    ("by hand only off the skin", by_hand_only_off_the_skin),
    ("shot by trigger", of_shots(needs.pulled)),
    ("shot on contact", of_shots(needs.on_contact)),
    ("shot from home", of_shots(needs.from_home)),
    ("shot calibrated", of_shots(needs.calibrated)),
    ("shot commissioned", of_shots(needs.commissioned)),
    ("shot primed", of_shots(needs.primed)),
    ("shot with volume", of_shots(needs.room_left)),
    ("shot with its intent", of_shots(needs.with_intent)),
    ("shot is one dose", needs.one_dose),
    ("fault stops flow", fault_stops_flow),
    ("hazard is a fault at once", hazard_is_a_fault_in_the_same_step),
    ("syringe out is a fault", syringe_out_is_a_fault),
    ("lost contact stops the shot", needs.stops_off_the_skin),
    ("place unknown until homed", place_unknown_until_homed),
    ("home is where it says", home_is_where_it_says),
    ("primed only in a session", primed_only_when_homed),
    ("nothing resumes by itself", nothing_resumes_by_itself),
    ("fed last and once", fed_last_and_once),
    ("fed in healthy steps only", fed_in_healthy_steps_only),
    ("fault drives nothing but home", fault_drives_nothing_but_home),
    ("fault brings the needle home", fault_brings_the_needle_home),
    ("fault is left by a press only", fault_is_left_by_a_press_only),
    ("fault is recorded", fault_is_recorded),
    ("shots are closed", shots_are_closed),
    ("record open in a shot only", record_open_in_a_shot_only),
    ("records are whole and chained", records_are_whole_and_chained),
    ("states follow the table", states_follow_the_table),
    ("rest is rest", rest_is_rest),
    ("needle in its guard", needle_in_its_guard),
    ("no further back than it came", no_further_back_than_it_came),
    ("back only with the needle out", back_only_with_the_needle_out),
    ("the bench's own rules", bench_is_kept_whole),
    ("training moves nothing", training_moves_nothing),
    ("limits hold", limits_hold),
    ("a zone gives its shots only", zone_gives_no_more_than_its_shots),
    ("waits are bounded", wait_is_bounded),
    ("asked under the key only", under_key.asked),
    ("changed under the key only", under_key.changed),
    ("service under the key only", under_key.service),
    ("calibrating under the key only", under_key.calibrating),
    ("calibrating moves with the foot free", bench_moves_off_the_skin),
    ("calibrating pushes from home only", bench_moves_from_home),
    ("calibrating is left at rest", bench_is_left_at_rest),
    ("light tells the state", signs.light),
    ("silence ends", signs.silence_ends),
    ("screen tells the state", signs.screen),
)


def broken_by(seen: Seen) -> list[str]:
    """The names of the rules that a step breaks."""
    return [name for name, kept in RULES if not kept(seen)]
