"""Which activity the gun carries out in which state."""

from mesofw.core import fitting, priming, shooting, starting, states, waiting

_BY_STATE = {
    states.BOOT: starting.Booting,
    states.SELF_TEST: starting.SelfTest,
    states.HOMING: starting.Homing,
    states.IDLE: waiting.Idle,
    states.LOADING: fitting.Loading,
    states.PRIMING: priming.Priming,
    states.READY: shooting.Ready,
    states.SHOOTING: shooting.Shooting,
    states.PAUSED: waiting.Paused,
    states.FAULT: waiting.Faulted,
}


def table(gun) -> tuple:
    """One activity for each of `states.STATES`, in their order."""
    return tuple(_BY_STATE[state](gun) for state in range(len(states.STATES)))
