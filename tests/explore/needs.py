"""What a shot needs as its needle goes out, judged by where things truly are."""

# ruff: noqa: ARG001 - needs are called alike.

from collections.abc import Callable

from mesofw.core import states
from mesofw.core.door import PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.shot import WITHDRAW
from tests.explore.seen import Seen, Start


def of_shots(kept: Callable[[Seen, Start], bool]) -> Callable[[Seen], bool]:
    """The rule that a shot is started only where `kept`; in training nothing is."""
    return lambda seen: (
        seen.gun.training or all(kept(seen, start) for start in seen.starts if start.shot)
    )


def pulled(seen: Seen, start: Start) -> bool:
    return start.pulled


def on_contact(seen: Seen, start: Start) -> bool:
    return start.contact


def from_home(seen: Seen, start: Start) -> bool:
    """The needle is in its guard, and both encoders say where the steps say."""
    within = all(nm <= axis.tolerance_nm for nm, axis in zip(start.off_nm, AXES, strict=True))
    return within and start.homed and not start.tip_out


def calibrated(seen: Seen, start: Start) -> bool:
    return start.calibrated


def commissioned(seen: Seen, start: Start) -> bool:
    return start.commissioned


def primed(seen: Seen, start: Start) -> bool:
    return start.primed


def room_left(seen: Seen, start: Start) -> bool:
    return start.plunger + start.pulses(PLUNGER) <= seen.body.empty_at()


def with_intent(seen: Seen, start: Start) -> bool:
    """The shot's own intent lies whole in the journal memory."""
    return start.number > start.before


def one_dose(seen: Seen) -> bool:
    """No more is pushed than the back-off and one dose with a carried step, once."""
    session = seen.gun.session
    if seen.past.state != states.SHOOTING or not session.doser or not session.zone_record:
        return True
    if not session.zone_record["volume_nl"]:
        return True
    return seen.ghost.pushed <= session.backoff_steps + session.doser.most_steps + seen.body.slack()


def stops_off_the_skin(seen: Seen) -> bool:
    """With the contact lost the needle is on its way home, if anything moves."""
    if seen.state != states.SHOOTING or seen.gun.contact.on or not seen.body.running():
        return True
    return seen.gun.drive.phase >= WITHDRAW
