"""Debounce: a change counts at once, then the switch is deaf until its contacts have settled."""

from mesofw.core import clock

SETTLE_US = 20_000
STUCK_MS = 60_000
HOLD_US = 5_000


class Switch:
    """One debounced switch. `on` is its state, `went_on` and `went_off` tell of this step only.

    A press is seen without delay, and bounces within SETTLE_US of a change are passed over.
    """

    def __init__(self):
        self.on = False
        self.went_on = False
        self.went_off = False
        self._deaf = False
        self._until_us = 0

    @property
    def calm(self) -> bool:
        """Whether it is off and would be seen to close."""
        return not (self.on or self._deaf)

    def update(self, raw: int, now_us: int) -> int:
        """Take the raw state; gives the µs until the switch must be looked at again, -1 for
        never."""
        self.went_on = self.went_off = False
        if self._deaf:
            left_us = clock.since_us(self._until_us, now_us)
            if left_us > 0:
                return left_us
            self._deaf = False
        if bool(raw) == self.on:
            return -1
        self.on = not self.on
        self.went_on = self.on
        self.went_off = not self.on
        self._deaf = True
        self._until_us = clock.add_us(now_us, SETTLE_US)
        return SETTLE_US


class Settled:
    """A switch whose opening is a fault: `on` follows only what has held for HOLD_US."""

    def __init__(self):
        self.on = False
        self._differs = False
        self._since_us = 0

    def update(self, raw: int, now_us: int) -> int:
        """Take the raw state; gives the µs until the switch must be looked at again, -1 for
        never."""
        if bool(raw) == self.on:
            self._differs = False
            return -1
        if not self._differs:
            self._differs = True
            self._since_us = now_us
        left_us = HOLD_US - clock.since_us(now_us, self._since_us)
        if left_us > 0:
            return left_us
        self.on = not self.on
        self._differs = False
        return -1
