"""Which activity the gun carries out in which state.

Those of a shot and of a fault are there all along. Those of what comes before, and between
syringes, are read in as their state begins and let go of as another one does (`aside`).
"""

from mesofw.core import aside, shooting, states, waiting

_READ_IN = {
    states.BOOT: "starting",
    states.SELF_TEST: "starting",
    states.HOMING: "starting",
    states.LOADING: "fitting",
    states.PRIMING: "priming",
    states.CALIBRATING: "calibrating",
}


class Activities:
    """One gun's activities, by state."""

    def __init__(self, gun):
        self._gun = gun
        self._lasting = {
            states.IDLE: waiting.Idle(gun),
            states.READY: shooting.Ready(gun),
            states.SHOOTING: shooting.Shooting(gun),
            states.PAUSED: waiting.Paused(gun),
            states.FAULT: waiting.Faulted(gun),
        }
        self._let_go = ""  # the module that was read in for the present state

    def __getitem__(self, state: int):
        """The activity of a state that begins."""
        name = _READ_IN.get(state, "")
        if self._let_go and self._let_go != name:
            aside.let_go(self._let_go)
            self._let_go = ""
        if not name:
            return self._lasting[state]
        if not aside.held(name):
            self._let_go = name
        if state == states.LOADING:
            from mesofw.core import fitting

            return fitting.Loading(self._gun)
        if state == states.PRIMING:
            from mesofw.core import priming

            return priming.Priming(self._gun)
        if state == states.CALIBRATING:
            from mesofw.core import calibrating

            return calibrating.Calibrating(self._gun)
        from mesofw.core import starting

        kinds = (starting.Booting, starting.SelfTest, starting.Homing)
        return kinds[(states.BOOT, states.SELF_TEST, states.HOMING).index(state)](self._gun)
