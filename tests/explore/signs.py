"""What screen, light and sound say of each state: written here once more on purpose, since a rule
that took it from core would move with core."""

from mesofw.core import door, states
from tests.explore.seen import Seen

_WAIT = (door.LIGHT_WAIT, door.SOUND_OFF)
_LOW = (door.LIGHT_LOW, door.SOUND_LOW)
_SIGNS = {
    states.BOOT: (_WAIT,),
    states.SELF_TEST: (_WAIT,),
    states.HOMING: (_WAIT,),
    states.IDLE: ((door.LIGHT_IDLE, door.SOUND_OFF), _LOW),
    states.LOADING: (_WAIT,),
    states.PRIMING: (_WAIT,),
    states.READY: ((door.LIGHT_READY, door.SOUND_OFF), _LOW),
    states.SHOOTING: ((door.LIGHT_SHOT, door.SOUND_SHOT),),
    states.PAUSED: (_WAIT,),
    states.FAULT: ((door.LIGHT_ALARM, door.SOUND_HIGH),),
    states.CALIBRATING: ((door.LIGHT_BENCH, door.SOUND_OFF),),
}
_ALARMS = (door.SOUND_LOW, door.SOUND_HIGH)
SILENT_MS = 120_000
_REFUSED = (door.LIGHT_LOW, door.SOUND_REFUSED)
_TITLES = {
    states.BOOT: ("",),
    states.SELF_TEST: ("",),
    states.HOMING: ("Homing",),
    states.IDLE: (
        "Resume",
        "New ",
        "zones: ",
        "Above ",
        "No program",
        "Program damaged",
        "Engineer asks:",
    ),
    states.LOADING: ("Loading", "Training loading", "End session?"),
    states.PRIMING: ("Priming", "Training priming", "End session?"),
    states.READY: ("Ready", "Shot", "Training"),
    states.SHOOTING: ("Shooting", "Shot", "Training"),
    states.PAUSED: ("Paused", "Training paused"),
    states.FAULT: ("STOPPED",),
    states.CALIBRATING: ("Calibrating",),
}


def _looks(seen: Seen) -> bool:
    # What comes next in a hurry is served before the screen, and what makes a step long leaves it
    # for the next one; a broken step draws nothing.
    gun = seen.gun
    left = gun.activity.hurried or gun._undrawn or gun.panel._next is not None
    return "feed" in seen.calls and not seen.broke and not left


def light(seen: Seen) -> bool:
    """The state's light with its sound; an alarm's sound may be silenced, its light never."""
    if not _looks(seen):
        return True
    light, sound = seen.body.light, seen.body.sound
    if seen.state != states.FAULT and seen.body.screen[:1] == ["Not possible:"]:
        return (light, sound) == _REFUSED
    silent = sound == door.SOUND_OFF
    return any(
        light == lit and (sound == heard or (silent and heard in _ALARMS))
        for lit, heard in _SIGNS[seen.state]
    )


def silence_ends(seen: Seen) -> bool:
    """A silenced alarm sounds again after two minutes, and a new one at once."""
    if not _looks(seen) or seen.state != states.FAULT or seen.body.sound != door.SOUND_OFF:
        return True
    silent_ms = seen.gun.clock.at_ms - seen.ghost.turned_ms
    return seen.past.state == states.FAULT and silent_ms <= SILENT_MS


def screen(seen: Seen) -> bool:
    if not _looks(seen):
        return True
    lines = seen.body.screen
    fits = len(lines) <= door.SCREEN_LINES and all(len(line) <= 16 for line in lines)
    first = lines[0] if lines else ""
    return fits and (first == "Not possible:" or first.startswith(_TITLES[seen.state]))
