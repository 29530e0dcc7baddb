"""A gun on the bench: asked into calibrating under the key, moved over its port, left again.

Each session begins to move with `home`, also after a mishap, so that is where the gun is asked, at
first and whenever it has left calibrating: by a press of its knob, after a silence, by a fault.
"""

import contextlib
from collections.abc import Callable

from mesofw.core import errors
from mesohost.answers import Seen, Status
from mesohost.calibration.guide import NotLetIn
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import GunRefused, Trouble

CALIBRATING = "calibrating"
# A gun that starts, or whose fault somebody has to clear, is waited for so long.
PATIENCE_S = 300.0
# From the press until the gun says that it calibrates.
_ENTERS_S = 5.0
# From its answer until it has started anew.
_LEAVES_S = 1.0
_LOOK_S = 0.2
# Of a gun that has no calibration yet, by its drawing.
_NOMINAL_EMPTY_UM = 63_000
# The states out of which a gun comes to idle by itself.
_STARTING = ("boot", "self_test", "homing")


class Stand:
    """A gun at the bench. `tell` is told what has to be done at the gun. All methods raise Trouble;
    a session goes on after it with `home`."""

    def __init__(self, gun: Gun, key: KeyFile, tell: Callable[[str], None]):
        self._gun = gun
        self._key = key
        self._tell = tell
        self._bench = gun.bench()
        self._seen: Seen | None = None

    def home(self) -> None:
        """Home both axes; the gun is asked into calibrating first where it is not."""
        self._enter()
        self._seen = self._bench.home()

    def seek(self) -> Seen:
        """The plunger forward until it meets a stopper."""
        self._seen = self._bench.seek()
        return self._seen

    def move(self, axis: int, steps: int, hz: int = 0) -> Seen:
        """An axis by signed steps."""
        self._seen = self._bench.move(axis, steps, hz)
        return self._seen

    def look(self) -> Seen:
        """What is seen now."""
        self._seen = self._bench.read()
        return self._seen

    def at(self, axis: int) -> int:
        """At how many steps from home an axis was seen last."""
        return (self._seen or self.look()).steps[axis]

    def hold(self, axis: int) -> None:
        """Hold an axis still with the rated current."""
        self._bench.hold(axis)

    def release(self) -> int:
        """Drivers off; how long until the carriage's home switch closed, in ms."""
        self._seen = None
        return self._bench.release().ms

    def wait(self, seconds: float) -> None:
        """Let time pass, by the gun's clock: what comes in late ends a wait of the port's."""
        until_ms = self.look().at_ms + round(seconds * 1000)
        while (left_ms := until_ms - self.look().at_ms) > 0:
            self._gun.wait(left_ms / 1000)

    def empty_um(self) -> int:
        """Plunger travel from home to an empty syringe: as calibrated, or nominal."""
        return self._gun.record("calibration").get("empty_um", _NOMINAL_EMPTY_UM)

    def leave(self) -> None:
        """Have the gun start anew, where it calibrates: at rest from home, so that no pull of a
        stopper is taken for a broken force cell; what is under way is broken off."""
        if self._gun.status().state == CALIBRATING:
            with contextlib.suppress(GunRefused):
                self._bench.home()
            self._bench.leave()
            with contextlib.suppress(Trouble):
                # On some ports it goes away meanwhile.
                self._gun.wait(_LEAVES_S)
            self._tell("the gun is out of calibrating, and starts anew")

    def _enter(self) -> None:
        if self._gun.status().state == CALIBRATING:
            return
        if self._idle().open:
            raise Trouble(
                "a session is open on the gun",
                [
                    "resume it at the gun and end it there: turn the knob",
                    "load another program, which ends it: mesogun load FILE",
                ],
            )
        self._tell("on the gun: read what is asked for, and press the knob to allow it")
        try:
            self._gun.keyed(self._key).calibrate()
        except GunRefused as refused:
            fault = errors.Fault(refused.at, refused.code, refused.found, refused.allowed)
            raise NotLetIn(refused.request, fault) from refused
        for _ in range(round(_ENTERS_S / _LOOK_S)):
            if self._gun.status().state == CALIBRATING:
                return
            self._gun.wait(_LOOK_S)
        raise Trouble("the gun does not go into calibrating", ["look what its screen says"])

    def _idle(self) -> Status:
        """The gun's status once it is idle: one that starts is waited for, and a fault that has to
        be cleared at the gun. Raises Trouble."""
        told = 0
        for _ in range(round(PATIENCE_S / _LOOK_S)):
            status = self._gun.status()
            if status.state == "idle":
                return status
            if status.trouble and status.trouble != told:
                told = status.trouble
                self._tell(
                    f"the gun stopped: {errors.cause(told)}; {errors.remedy(told)}, and clear it "
                    "there: then it goes on"
                )
            elif not status.trouble and status.state not in _STARTING:
                raise Trouble(
                    f"the gun is {status.state}; it calibrates from idle only",
                    ["end the session at the gun"],
                )
            self._gun.wait(_LOOK_S)
        raise Trouble("the gun does not come to idle", ["look what its screen says"])
