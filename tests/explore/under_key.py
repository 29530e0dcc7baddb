"""What may only come from the holder of the key, and with a press at the gun.

Whether a line was signed by the key, in time and for the first time, is known to who sends it: the
explorer says so before (`Ghost.genuine`).
"""

from typing import Any

from mesofw.core import states
from tests.explore.seen import Seen


def stored(gun: Any) -> tuple[Any, ...]:
    """What the key protects of a gun."""
    return (gun.settings, gun.calibration, gun.commissioning)


def _allowed(seen: Seen) -> bool:
    """Whether the operator has allowed what came under the key, after it was shown, in idle."""
    return seen.ghost.genuine and seen.ghost.allowed > 0 and seen.past.state == states.IDLE


def asked(seen: Seen) -> bool:
    """The operator is asked for nothing that did not come under the key; what was asked before
    stands until the new line is taken in."""
    link = seen.gun.link
    return link.asking is None or seen.ghost.genuine or link._more


def changed(seen: Seen) -> bool:
    """Neither a stored record changes nor does the clock go back."""
    same = stored(seen.gun) == seen.ghost.stored
    forward = seen.gun.memory.latest_s >= seen.ghost.latest_s
    return (same and forward) or _allowed(seen)


def service(seen: Seen) -> bool:
    """The gun leaves for service with its drivers off and the needle in its guard."""
    if "service" not in seen.calls:
        return True
    at_rest = not (seen.body.running() or seen.body.driven() or seen.body.tip_out())
    return at_rest and _allowed(seen)


def calibrating(seen: Seen) -> bool:
    """A host moves the axes only once that was allowed, with no session open."""
    if seen.state != states.CALIBRATING or seen.past.state == states.CALIBRATING:
        return True
    return _allowed(seen) and not seen.gun.session.open
