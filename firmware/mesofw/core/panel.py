"""What the operator sees and hears: the screen's lines, the light, the sound."""

from mesofw.core import door, errors, states
from mesofw.core.shooting import COUNT_COLUMNS, LOW_SHOTS, digits
from mesofw.core.waiting import wrap

REFUSAL_MS = 3_000
# IEC 60601-1-8 lets an alarm be silenced for a time; here for no longer than this.
SILENT_MS = 120_000

# state: (light, sound)
_SIGNS = {
    states.BOOT: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.SELF_TEST: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.HOMING: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.IDLE: (door.LIGHT_IDLE, door.SOUND_OFF),
    states.LOADING: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.PRIMING: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.READY: (door.LIGHT_READY, door.SOUND_OFF),
    states.SHOOTING: (door.LIGHT_SHOT, door.SOUND_SHOT),
    states.PAUSED: (door.LIGHT_WAIT, door.SOUND_OFF),
    states.FAULT: (door.LIGHT_ALARM, door.SOUND_HIGH),
    states.CALIBRATING: (door.LIGHT_BENCH, door.SOUND_OFF),
}


class Panel:
    """Shows what the present activity says; a refusal covers it for REFUSAL_MS. A turn of the knob
    silences an alarm for SILENT_MS; its light stays.

    Drawn anew only when something it shows has changed.
    """

    def __init__(self, gun):
        self._gun = gun
        self._refusal = 0
        self._hint = ""
        self._until_ms = 0
        self._shown = _NOTHING
        self._signalled = None
        self._next = None  # (lines, sign) that are to be put up
        self._silent = False
        self._silent_ms = 0  # until when
        self._told_low = False
        self.lines = []  # empty while only the board knows how its counts stand
        self._more = -1  # shots in the syringe, as last shown
        # What a board may have: then a shot's counts need no texts, which would take memory.
        self._put = getattr(gun.board, "put", None)

    def refuse(self, code: int, hint: str = "") -> None:
        """Tell the operator why what was asked for is not done."""
        self._refusal = code
        self._hint = hint
        self._until_ms = self._gun.clock.at_ms + REFUSAL_MS
        self._shown = _NOTHING

    def alarm(self) -> None:
        """A fault: no refusal from before covers it."""
        self._refusal = 0
        self._silent = False
        self._shown = _NOTHING

    def changed(self) -> None:
        """What is shown must be drawn anew."""
        self._shown = _NOTHING

    def texts(self) -> list:
        """What the screen says."""
        return self.lines or self._gun.activity.lines()

    def step(self) -> None:
        """What is over and what is silenced; `show` draws it."""
        gun = self._gun
        if self._refusal:
            left_ms = self._until_ms - gun.clock.at_ms
            if left_ms > 0:
                gun.wake_in(left_ms * 1000)
            else:
                self._refusal = 0
                self._shown = _NOTHING
        self._silence()

    def show(self) -> bool:
        """Bring screen, light and sound up to date; True where the next step goes on with it."""
        gun = self._gun
        # States in which what is shown changes by itself are compared by what they show.
        seen = _NOTHING
        if gun.state in states.COUNTING:
            seen = (gun.session.shots << 6 | gun.inputs.faulty) << 4 | gun.state
        drawn = self._next
        self._next = None
        if seen == _NOTHING or seen != self._shown:
            # What is drawn but not put up yet is old by now, and nothing stands where it would.
            fresh = drawn is None and seen >> 10 != self._shown >> 10
            shots_only = fresh and not (seen ^ self._shown) & 0x3FF
            self._shown = seen
            if not (shots_only and self._put and not self._refusal and self._recount(self._put)):
                self._draw()
        elif drawn is not None:
            self._put_up(*drawn)
        return self._next is not None

    def _silence(self) -> None:
        gun = self._gun
        if gun.turned and not self._silent and self._signalled and self._signalled[1] in _ALARMS:
            self._silent = True
            self._silent_ms = gun.clock.at_ms + SILENT_MS
            self._shown = _NOTHING
            gun.log(errors.EVENT_SILENCED, gun.trouble)
        if self._silent:
            left_ms = self._silent_ms - gun.clock.at_ms
            if left_ms > 0:
                gun.wake_in(left_ms * 1000)
            else:
                self._silent = False
                self._shown = _NOTHING

    def _low(self) -> bool:
        """The syringe nearly has no whole shot left, and the zone wants more than it has."""
        gun = self._gun
        shots = gun.shots_left()
        return 0 <= shots <= LOW_SHOTS and shots < gun.session.zone_left()

    def _is_low(self) -> bool:
        """The same, recorded once for each time that it comes."""
        low = self._low()
        if low and not self._told_low:
            self._gun.log(errors.EVENT_LOW, self._gun.shots_left())
        self._told_low = low
        return low

    def _recount(self, put) -> bool:
        """Note what `shooting.zone_lines` counts, and have it put in the place of what is shown,
        where there is a `put` for it and nothing but numbers changes; whether that is so."""
        gun = self._gun
        more = gun.shots_left()
        same = (more > LOW_SHOTS) == (self._more > LOW_SHOTS)
        self._more = more
        if put and same:
            row = 4 if gun.training else 3
            put(row, 5, digits(gun.session.zone_record["shots"]), gun.session.zone_left())
            put(row + 1, 6, COUNT_COLUMNS, gun.volume_left_nl() // 1000)
            if more > LOW_SHOTS:
                put(row + 2, 0, COUNT_COLUMNS, more)
            elif more >= 0:
                put(row + 2, 5, 1, more)
            self.lines = _UNKNOWN
        return same

    def _draw(self) -> None:
        gun = self._gun
        if self._refusal:
            hint = wrap(self._hint or errors.remedy(self._refusal))
            # What is possible matters more than all of the cause, and that more than a gap.
            room = max(0, door.SCREEN_LINES - 1 - len(hint))
            cause = wrap(errors.cause(self._refusal))[:room]
            lines = ["Not possible:"] + cause + [""] * (len(cause) < room) + hint
            sign = (door.LIGHT_LOW, door.SOUND_REFUSED)
        else:
            lines = gun.activity.lines()
            sign = _SIGNS[gun.state]
            if gun.state == states.READY and (gun.activity.alerted or self._is_low()):
                sign = (door.LIGHT_LOW, door.SOUND_LOW)
            elif gun.state in (states.IDLE, states.READY) and gun.inputs.faulty:
                # All that can fail without a fault is the display: nobody can read that it does.
                sign = (door.LIGHT_LOW, door.SOUND_LOW)
        if gun.state == states.FAULT:
            # What is refused then is shown, but the alarm goes on.
            sign = _SIGNS[gun.state]
        if self._silent and sign[1] in _ALARMS:
            sign = (sign[0], door.SOUND_OFF)
        if gun.state in states.COUNTING:
            self._recount(None)
        if gun.state not in states.COUNTING:
            self._put_up(lines, sign)
        elif lines != self.lines or sign != self._signalled:
            # Where a step has to be short the next one goes on.
            self._next = (lines, sign)

    def _put_up(self, lines: list, sign: tuple) -> None:
        self._next = None
        gun = self._gun
        if lines != self.lines:
            gun.board.show([line[: door.SCREEN_COLUMNS] for line in lines[: door.SCREEN_LINES]])
            self.lines = lines
        if sign != self._signalled:
            gun.board.signal(*sign)
            self._signalled = sign


_UNKNOWN = []
_ALARMS = (door.SOUND_LOW, door.SOUND_MEDIUM, door.SOUND_HIGH)
_NOTHING = -1
