"""While nothing moves: the board may start the next shot by itself, or else the gun tidies up.

*Armed*, while all that a shot needs holds, the trigger itself starts the pulses, and nothing that
the gun is busy with stands between. The intent is written as the shot is armed, its start mark
before anything flows: the needle's way out takes longer than the gun's longest step. What keeps
interrupts off or the gun busy for longer, files and collections, disarms first.
"""

from mesofw.core import account, errors, motion, states
from mesofw.core.journal import MOVE_RECORDS

ADVANCE_LEAST_TICKS = 20_000 * motion.TICKS_PER_US
# With the needle out and nothing to do for this long, records are moved to the store.
REST_MS = 500
TIDY_MS = 1_000
# So many long steps of the link take some 25 kB: then memory is tidied up between two shots, rather
# than in one.
USED_MOST = 32
# An armed gun is disarmed to be tidied up: a press in that moment is answered some 30 ms later.
ARMED_TIDY_MS = 10_000


class Arming:
    """`on` while the board may start the next shot. Whatever else wants to happen then calls `off`
    first."""

    def __init__(self, gun):
        self._gun = gun
        self.on = False
        self._carry_fl = 0
        self._armed_ms = 0

    def step(self) -> None:
        """Arm or disarm, as what a shot needs holds or not. Raises OSError where the intent cannot
        be kept."""
        gun = self._gun
        if gun.training or not gun.trigger.calm or states.first_missing(gun.needs()):
            self.off()
        elif not self.on:
            first = gun.session.table.phases[0]
            ticks = motion.duration_ticks(gun.session.table.segments, first.first, first.count)
            if ticks >= ADVANCE_LEAST_TICKS:
                self._arm()

    def _arm(self) -> None:
        gun = self._gun
        session = gun.session
        account.begin(gun, True)
        self._armed_ms = gun.clock.at_ms
        # Taken for good when it begins.
        self._carry_fl = session.doser.carry_fl
        gun.board.force_watch(session.force_mn(gun.settings))
        gun.drive.arm(session.table, account.take_dose(session))
        self.on = True

    def off(self) -> bool:
        """Disarm. True where the shot has begun meanwhile: then the gun is shooting. Raises OSError
        where its start mark cannot be kept."""
        if not self.on:
            return False
        self.on = False
        gun = self._gun
        gun.wake_in(0)
        if gun.board.motion_disarm():
            # Contacts that bounce may be open just now.
            gun.pulled()
            gun.inputs.fired = 1
            gun.happen(states.FIRED)
            return True
        gun.session.doser.carry_fl = self._carry_fl
        gun.board.force_watch(0)
        return False

    def begun(self, now_us: int) -> None:
        """The armed shot runs: follow it, and write its mark before anything else."""
        gun = self._gun
        gun.drive.started(gun.session.table, now_us)
        gun.journal.start(gun.clock.at_ms - self._armed_ms)


def rest(gun) -> None:
    """One step's part of it."""
    if gun.journal.open or not still(gun):
        return
    if gun.link.used >= USED_MOST:
        if not gun.arming.off():
            _tidy(gun)
        return
    rested_ms = gun.clock.at_ms - gun.active_ms
    calm = gun.state != states.SHOOTING and not gun.link.busy
    rested = calm and rested_ms >= REST_MS
    armed = gun.arming.on
    full = gun.journal.room() < MOVE_RECORDS
    if gun.journal.unmoved() and (full or not armed):
        if (full or rested) and gun.store.room() >= MOVE_RECORDS:
            if gun.arming.off():
                return
            if move_records(gun):
                gun.wake_in(0)
            elif gun.state not in (states.BOOT, states.FAULT):
                gun.stop(errors.STORE_FAILED)
            return
        if calm and not rested:
            gun.wake_in((REST_MS - rested_ms) * 1000)
    if rested and gun.clock.at_ms - gun.tidied_ms >= (ARMED_TIDY_MS if armed else TIDY_MS):
        if gun.arming.off():
            return
        gun.store.look()
        _tidy(gun)


def _tidy(gun) -> None:
    gun.tidied_ms = gun.clock.at_ms
    gun.link.used = 0
    gun.board.rest()


def still(gun) -> bool:
    """Whether nothing moves and the needle is in its guard. Where a fault let go of it, only its
    home switch tells: what jams may keep it in the skin."""
    return not gun.moving() and (gun.homed or bool(gun.inputs.carriage_home))


def move_records(gun) -> bool:
    """Move records to the store; False where its files fail: then they stay in the ring."""
    try:
        gun.journal.move()
    except OSError as error:
        gun.report(error)
        return False
    return True
