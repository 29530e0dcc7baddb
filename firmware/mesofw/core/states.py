"""The gun's states, what leads from one to another, and what a shot needs: all as tables."""

from mesofw.core import errors

(
    BOOT, SELF_TEST, HOMING, IDLE, LOADING, PRIMING, READY, SHOOTING, PAUSED, FAULT, CALIBRATING,
) = range(11)  # fmt: skip
STATES = (
    "boot", "self_test", "homing", "idle", "loading", "priming", "ready", "shooting", "paused",
    "fault", "calibrating",
)  # fmt: skip

(
    BOOTED, PASSED, HOMED, CONFIRMED, LOADED, PRIMED, FIRED, RELEASED, ZONE_FINISHED, EMPTIED,
    PAUSE, RESUME, CHANGE, ENDED, TROUBLE, CLEARED, CALIBRATE,
) = range(17)  # fmt: skip

# (state, event): next state. What is not here does not happen.
TRANSITIONS = {
    (BOOT, BOOTED): SELF_TEST,
    (SELF_TEST, PASSED): HOMING,
    (HOMING, HOMED): IDLE,
    (IDLE, CONFIRMED): LOADING,
    (IDLE, CALIBRATE): CALIBRATING,
    (LOADING, LOADED): PRIMING,
    (LOADING, ENDED): IDLE,
    (PRIMING, PRIMED): READY,
    (PRIMING, CHANGE): LOADING,
    (PRIMING, ENDED): IDLE,
    (READY, FIRED): SHOOTING,
    (READY, PAUSE): PAUSED,
    (READY, EMPTIED): LOADING,
    (SHOOTING, RELEASED): READY,
    (SHOOTING, ZONE_FINISHED): PAUSED,
    (SHOOTING, EMPTIED): LOADING,
    (SHOOTING, PAUSE): PAUSED,
    (SHOOTING, ENDED): IDLE,
    (PAUSED, RESUME): READY,
    (PAUSED, CHANGE): LOADING,
    (PAUSED, ENDED): IDLE,
    (FAULT, CLEARED): HOMING,
}
for _state in range(1, len(STATES)):
    if _state != FAULT:
        TRANSITIONS[(_state, TROUBLE)] = FAULT

# States in which the plunger may be driven forward.
FORWARD = (LOADING, PRIMING, SHOOTING, CALIBRATING)

# States in which a session for training plays its motions: nothing moves.
PLAYED = (LOADING, PRIMING, READY, SHOOTING, PAUSED)

# States in which a pull of the trigger is answered by what the state does.
TRIGGER_ACTS = (BOOT, SELF_TEST, PRIMING, READY, SHOOTING)

# States whose screen counts shots, and whose steps have to be short.
COUNTING = (READY, SHOOTING)

# A shot's interlocks, one bit each, in the order in which a refusal names them.
NEEDS = (
    ("stop_free", errors.STOP_PRESSED),
    ("supply_good", errors.SUPPLY_LOW),
    ("state_ready", errors.WRONG_STATE),
    ("homed", errors.WRONG_STATE),
    ("calibrated", errors.NOT_CALIBRATED),
    ("commissioned", errors.NOT_COMMISSIONED),
    ("seated", errors.NO_SYRINGE),
    ("primed", errors.NOT_PRIMED),
    ("zone_left", errors.ZONE_DONE),
    ("within_limits", errors.SHOT_LIMIT),
    ("volume", errors.VOLUME_SHORT),
    ("log_room", errors.LOG_FULL),
    ("contact", errors.NO_CONTACT),
)
ALL_NEEDS = (1 << len(NEEDS)) - 1


def next_state(state: int, event: int) -> int:
    """The state after `event`, or -1 where the table has no such row."""
    return TRANSITIONS.get((state, event), -1)


def first_missing(have: int) -> int:
    """The error code of the first need that the bits `have` lack; 0 where a shot may be fired."""
    if have == ALL_NEEDS:
        return 0
    for index in range(len(NEEDS)):
        if not have >> index & 1:
            return NEEDS[index][1]
    return 0
