"""From power-on to idle: boot, self-test, homing."""

from mesofw.core import errors, records, states
from mesofw.core.activity import Activity
from mesofw.core.door import CARRIAGE, PART_DISPLAY, PLUNGER
from mesofw.core.drive import DONE, TROUBLE
from mesofw.core.loaded import Check
from mesofw.core.machine import AXES

# Off the carriage's home switch: enough to see it open, less than brings the tip out of the foot.
OFF_HOME_STEPS = 100
# A shorter way tells nothing of the encoder: a dead one would be within the axis's tolerance.
TELLING_STEPS = 20


class Booting(Activity):
    """Reads back the stored program, then counts the boot in the log."""

    def __init__(self, gun):
        super().__init__(gun)
        slots = gun.slots
        self._check = None if slots.state else Check(slots.open(), slots.length, 0)

    def step(self, now_us: int) -> None:
        gun = self.gun
        if self._check:
            found = self._check.step()
            if found is None:
                gun.wake_in(0)
                return
            if not found.faults:
                gun.session.program = found
            self._check = None
        record = gun.journal.record
        gun.session.recover(record, bool(record.flags & records.OPEN_SESSION))
        gun.log(errors.EVENT_BOOT, gun.memory.boot, int(gun.board.build[:7], 16))
        if gun.inputs.faulty & PART_DISPLAY:
            gun.log(errors.EVENT_WITHOUT)
        gun.happen(states.BOOTED)


class SelfTest(Activity):
    """Stored data and inputs must be plausible; the first failure ends it."""

    def step(self, now_us: int) -> None:
        gun = self.gun
        code = self._failure()
        if code:
            gun.stop(code)
        else:
            gun.happen(states.PASSED)

    def _failure(self) -> int:
        gun = self.gun
        if gun.settings_slots.state == errors.SLOT_CORRUPT:
            return errors.SLOT_CORRUPT
        if gun.memory.state == errors.SLOT_CORRUPT:
            return errors.SLOT_CORRUPT
        if gun.inputs.trigger or gun.inputs.pedal or gun.inputs.press:
            return errors.TRIGGER_HELD
        for name, low, high, code in _PLAUSIBLE:
            if not low <= getattr(gun.inputs, name) <= high:
                return code
        return 0


# What a sensor that is whole and connected may read at power-on.
_PLAUSIBLE = (
    ("temperature_dc", -200, 1_200, errors.SENSOR_BROKEN),
    ("supply_mv", 0, 32_000, errors.SENSOR_BROKEN),
    ("force_mn", -3_000, 60_000, errors.FORCE_CELL),
)


class Homing(Activity):
    """Carriage off its switch and back onto it, then the plunger back onto its own.

    The legs are a table: (axis, steps, speed, whether the home switch must close, error if not).
    The carriage's leg forward waits until the foot is free.
    """

    def enter(self, now_us: int) -> None:
        self._leg = 0
        # Where the axes are is unknown; from here on steps and counts must agree.
        self.gun.zero(CARRIAGE)
        self.gun.zero(PLUNGER)

    def step(self, now_us: int) -> None:
        gun = self.gun
        axis, direction, wanted, code = _LEGS[self._leg]
        switch = gun.inputs.plunger_home if axis == PLUNGER else gun.inputs.carriage_home
        moved = gun.drive.step(now_us)
        if moved == TROUBLE:
            gun.stop(gun.drive.code)
        elif switch == wanted and not (gun.drive.moving and self._tells_nothing(direction)):
            # A carriage that is off its switch already is never driven further forward.
            self._reached(axis, wanted)
        elif moved == DONE:
            gun.stop(code)
        elif not gun.drive.moving and not (direction > 0 and gun.inputs.contact):
            limits = AXES[axis]
            steps = OFF_HOME_STEPS if direction > 0 else -(limits.travel_steps + OFF_HOME_STEPS)
            gun.drive.move(axis, steps, limits.home_hz, now_us)

    def _tells_nothing(self, direction: int) -> bool:
        """Whether the way off the home switch is too short yet."""
        return direction > 0 and self.gun.inputs.carriage_steps < TELLING_STEPS

    def _reached(self, axis: int, wanted: int) -> None:
        gun = self.gun
        if gun.drive.moving:
            gun.drive.stop()
        if wanted:
            gun.zero(axis)
        self._leg += 1
        if self._leg == len(_LEGS):
            gun.homed = True
            gun.empty_steps = 0
            gun.seated_ok = False
            gun.happen(states.HOMED)
        else:
            gun.wake_in(0)

    def lines(self) -> list:
        if self.gun.inputs.contact:
            return ["Homing", "", "Lift the gun"]
        return ["Homing"]


_LEGS = (
    (CARRIAGE, 1, 0, errors.HOME_STUCK),
    (CARRIAGE, -1, 1, errors.HOME_NOT_FOUND),
    (PLUNGER, -1, 1, errors.HOME_NOT_FOUND),
)
