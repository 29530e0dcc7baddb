"""Switches that somebody at the gun presses one after the other, each seen to change and to come
back."""

from collections.abc import Callable
from dataclasses import dataclass

from mesofw.core.seen import SWITCHES
from mesohost.answers import Seen
from mesohost.doctor.case import Case
from mesohost.doctor.model import HANDS as STAGE
from mesohost.doctor.model import MOVES, Cause, Check, Finding, not_done, ok
from mesohost.doctor.model import failed as fails
from mesohost.troubles import GunRefused

# The gun's own time, so that a virtual gun waits no longer than a real one.
WAIT_MS = 60_000
_LOOK_S = 0.05


@dataclass(frozen=True)
class Hand:
    """One thing to press: what to say first, and once it is closed. `stops`: it is what stops an
    axis, and without it none is moved. `last` needs the gun brought back to idle."""

    id: str
    name: str
    switch: str
    do: str
    undo: str
    part: str
    stops: bool = False
    last: bool = False


HANDS = (
    Hand("trigger", "trigger", "trigger", "pull the trigger", "let it go", "trigger's"),
    Hand("pedal", "pedal", "pedal", "press the pedal", "let it go", "pedal's"),
    Hand("knob", "knob, pressed", "press", "press the knob", "let it go", "knob's", stops=True),
    Hand("turn", "knob, turned", "turns", "turn the knob by some clicks", "", "knob's"),
    Hand("foot", "foot's contact", "contact", "press the foot in, with nothing else in the gun's "
         "way", "let it go", "foot's", stops=True),
    Hand("seat", "syringe's seat", "seated", "seat an empty syringe without a needle",
         "take it out", "seat's"),
    Hand("stop", "emergency stop", "stop", "press the emergency stop",
         "turn it free, lift the gun, and clear the fault by a press of the knob: it homes anew",
         "stop's second", stops=True, last=True),
)  # fmt: skip


def checks() -> tuple[Check, ...]:
    """A check for each of them."""
    return tuple(
        Check(
            id=hand.id,
            stage=STAGE,
            title=hand.name,
            allowed="changes when it is moved, and nothing else does",
            probe=_probe(hand),
            causes=_causes(hand),
            blocks=(MOVES,) if hand.stops else (),
            why="what stops an axis has to work before one is moved" if hand.stops else "",
        )
        for hand in HANDS
    )


def _causes(hand: Hand) -> tuple[Cause, ...]:
    broken = f"the {hand.part} wire is broken, or its plug is off"
    shorted = f"the {hand.part} contact sticks, or its wire is shorted"
    # The stop's sensed contact is closed until it is pressed: a broken wire reads as pressed.
    still, stays = (shorted, broken) if hand.switch == "stop" else (broken, shorted)
    return (
        Cause(still, f"see to the {hand.part} plug and wire", ("still",)),
        Cause(stays, "see that it springs back; see to its wire", ("stays",)),
        Cause(
            "two plugs are exchanged: another switch changed instead",
            "exchange the plugs of the two",
            ("other",),
        ),
    )


def _probe(hand: Hand) -> Callable[[Case], Finding]:
    def probe(case: Case) -> Finding:
        if not case.front.hands:
            return not_done("nobody was asked to press; on a terminal, or with --hands")
        first = case.gun.inputs()
        case.front.ask(hand.do)
        moved = _wait(case, first, lambda seen: _changed(first, seen))
        if moved is None:
            return fails(f"nothing changed within {WAIT_MS // 1000} s", "still")
        found = _changed(first, moved)
        if found != [hand.switch]:
            others = ", ".join(name for name in found if name != hand.switch)
            return fails(f"{others} changed", "other")
        if not hand.undo:
            return ok(f"{moved.turns - first.turns:+d} clicks")
        case.front.ask(hand.undo)
        back = _wait(
            case, moved, lambda seen: seen.closed(hand.switch) == first.closed(hand.switch)
        )
        if back is None:
            return fails("it changed, and did not come back", "stays")
        if hand.last and not _idle_again(case):
            return fails("the gun did not come back to idle", "stays")
        return ok("changed and came back")

    return probe


def _changed(first: Seen, seen: Seen) -> list[str]:
    found = [name for name in SWITCHES if seen.closed(name) != first.closed(name)]
    # The knob's button may turn it a little, and the carriage goes home by itself.
    told = [name for name in found if not name.endswith("_home")]
    return told or (["turns"] if seen.turns != first.turns else [])


def _wait(case: Case, first: Seen, done: Callable[[Seen], object]) -> Seen | None:
    """The first look at which something is so; None where it never is."""
    at_ms = first.at_ms
    while at_ms - first.at_ms < WAIT_MS:
        case.gun.wait(_LOOK_S)
        try:
            seen = case.gun.inputs()
        except GunRefused:
            # It moves, for instance home after a fault: look again.
            at_ms = case.gun.status().at_ms
            continue
        if done(seen):
            return seen
        at_ms = seen.at_ms
    return None


def _idle_again(case: Case) -> bool:
    """Wait until a fault has been cleared at the gun, and it has homed; whether it has."""
    first = status = case.gun.status()
    while status.state != "idle" and status.at_ms - first.at_ms < WAIT_MS:
        case.gun.wait(_LOOK_S)
        status = case.gun.status()
    return status.state == "idle"
