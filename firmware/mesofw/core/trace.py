"""Variables of the gun as they run: a job that samples them and streams the samples as lines.

A line is `{"n":number,"d":base64}`: the number of its first sample, and 16-bit halves,
little-endian. First the gun's `at_ms`, its µs (which wrap at 2**30) and the samples lost before,
two halves each, the lower one first; then that sample's values, two halves each. Each sample after
it is the µs since the one before and the lower half of each value.

A sample is due once a period. One that was looked for too late, or that found no room while the
credit was used up, is lost and counted. Between two lines sampling takes no memory. Read in for
one use (`aside`).
"""

from array import array

from mesofw.core import clock, errors, wire
from mesofw.core.errors import refuse

# Of a step's inputs as they are, some of them between steps too; then the switches as bits, and of
# the gun's own.
_INPUTS = (
    "carriage_steps", "plunger_steps", "carriage_counts", "plunger_counts", "force_mn",
    "force_peak_mn", "supply_mv", "temperature_dc", "phases_done", "turns", "faulty",
)  # fmt: skip
NAMES = _INPUTS + ("switches", "state", "shots")
LINE_HALVES = 166
# A line goes out when it is full, or so long after its first sample.
LINE_US = 200_000
_HALF = 0xFFFF
# Reading this in takes memory as so many steps of the link do, and so does wording a line.
_READ_USED, _LINE_USED = 8, 2


class Trace:
    """A job that takes `count` samples, one each `period_us`, less those that are lost."""

    asks = False

    def __init__(self, gun, arguments: dict):
        """`names` are variables of NAMES, with commas between. Raises Refused."""
        self._gun = gun
        self._sources = []
        for name in arguments["names"].split(","):
            if name not in NAMES:
                raise refuse(errors.NOT_A_CHOICE, "a.names", name, ", ".join(NAMES))
            source = gun.inputs if name in _INPUTS else gun if name == "state" else self
            self._sources.append((source, name))
        self._period_us = arguments["period_us"]
        self._left = arguments["count"]
        self._due_us = self._first_us = self._last_us = gun.clock.now_us
        self._halves = array("H", bytes(2 * LINE_HALVES))
        self._at = 0  # halves of the line that are filled
        self._whole = False  # the line can take no more
        self._held = 0  # samples in it
        self._sent = 0
        self._lost = 0
        gun.link.used += _READ_USED
        # A board that looks between steps need not be stepped for each sample.
        self._glances = hasattr(gun.board, "glance")
        if self._glances:
            gun.board.between = self.poll

    @property
    def switches(self) -> int:
        """The switches as bits, the first is 1."""
        now = self._gun.inputs
        return (
            now.trigger
            | now.pedal << 1
            | now.press << 2
            | now.contact << 3
            | now.seated << 4
            | now.stop << 5
            | now.carriage_home << 6
            | now.plunger_home << 7
        )

    @property
    def shots(self) -> int:
        """Shots of the session."""
        return self._gun.session.shots

    def poll(self, now_us: int) -> bool:
        """Between steps: take the sample if it is due, of steps, counts and force as they are now.
        True where a line has to go out."""
        gun = self._gun
        try:
            if gun.link.job is not self:
                gun.board.between = None
            elif self._left and clock.since_us(now_us, self._due_us) >= 0:
                gun.board.glance(gun.inputs)
                self._take(now_us)
                return self._whole
            return False
        except Exception:
            # What fails again in a step is answered there; here it would end the loop.
            gun.board.between = None
            self._glances = False
            return True

    def step(self, link):
        """Take the sample that is due, send the line that is ready; the reply at the end."""
        gun = self._gun
        now_us = gun.clock.now_us
        due = self._left > 0 and clock.since_us(now_us, self._due_us) >= 0
        if due and not self._whole:
            self._take(now_us)
            due = False
        open_us = LINE_US - clock.since_us(now_us, self._first_us)
        sends = self._at and (self._whole or open_us <= 0) and link.room()
        if sends:
            link.emit(wire.encode_data('{"n":%d' % self._sent, self._filled()))
            link.used += _LINE_USED
            self._sent += self._held
            self._at = self._held = 0
            self._whole = False
        if due:
            self._take(now_us)
        elif not (self._left or self._at):
            return {"count": self._sent, "lost": self._lost, "at_ms": gun.clock.at_ms}
        if not sends:
            link.wait()
            if self._at:
                gun.wake_in(open_us)
            if self._left and not self._glances:
                gun.wake_in(max(0, clock.since_us(self._due_us, now_us)))
        return None

    def _take(self, now_us: int) -> None:
        missed = min(clock.since_us(now_us, self._due_us) // self._period_us, self._left - 1)
        self._left -= missed + 1
        self._lost += missed
        self._due_us = clock.add_us(self._due_us, (missed + 1) * self._period_us)
        halves, at = self._halves, self._at
        since_us = clock.since_us(now_us, self._last_us)
        if at == 0:
            self._first_us = now_us
            for value in (self._gun.clock.at_ms, now_us, self._lost):
                halves[at] = value & _HALF
                halves[at + 1] = value >> 16 & _HALF
                at += 2
            for source, name in self._sources:
                value = getattr(source, name)
                halves[at] = value & _HALF
                halves[at + 1] = value >> 16 & _HALF
                at += 2
        elif self._whole or since_us > _HALF:
            self._whole = True
            self._lost += 1
            return
        else:
            halves[at] = since_us
            for source, name in self._sources:
                at += 1
                halves[at] = getattr(source, name) & _HALF
            at += 1
        self._last_us = now_us
        self._held += 1
        self._at = at
        self._whole = self._left == 0 or at + len(self._sources) >= LINE_HALVES

    def _filled(self):
        return memoryview(self._halves)[: self._at]
