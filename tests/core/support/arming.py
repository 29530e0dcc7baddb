"""The bench gun's armed trigger: what is loaded starts as the trigger closes, once.

Meanwhile no file may be written and nothing tidied up: both keep interrupts, or the start mark,
waiting.
"""

from mesofw.core import states
from tests.core.support.mechanics import Mechanics


class Arming(Mechanics):
    """Mechanics whose motion the trigger may start by itself, while `armed`."""

    def __init__(self, fram_bytes=4096):
        super().__init__(fram_bytes)
        self.armed = False

    def trigger_closes(self):
        """What is armed starts now, if the foot is down and the stop free."""
        if self.armed and self.now.contact and not self.now.stop:
            self.armed = False
            self._start(states.SHOOTING)
            self.now.fired = 1

    def motion_arm(self):
        if self._running or self.gun.state != states.READY:
            self.broken.append("armed in " + states.STATES[self.gun.state])
        self.armed = True
        self.now.fired = 0

    def motion_disarm(self):
        self.armed = False
        return bool(self.now.fired)

    def motion_load(self, segments, phases, count):
        self._disturbed("loaded")
        self.now.fired = 0
        super().motion_load(segments, phases, count)

    def motion_patch(self, phase, segment, pulses):
        self._disturbed("patched")
        super().motion_patch(phase, segment, pulses)

    def motion_start(self):
        self._disturbed("started")
        self.now.fired = 0
        super().motion_start()

    def motion_stop(self):
        self.armed = False
        super().motion_stop()

    def open(self, name, mode):
        if mode != "rb":
            self._disturbed("file written: " + name)
        return super().open(name, mode)

    def remove(self, name):
        self._disturbed("file removed: " + name)
        super().remove(name)

    def rest(self):
        self._disturbed("tidied up")
        super().rest()

    def free_heap(self):
        self._disturbed("tidied up")
        return super().free_heap()

    def _disturbed(self, what):
        if self.armed:
            self.broken.append(what + " while armed")
