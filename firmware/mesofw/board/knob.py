"""The knob's turns from its two contacts, which bounce.

A bounce goes to and fro between neighbouring states and cancels out. A detent counts when the knob
has come to rest in it: both contacts open (Bourns PEC11R: one cycle of four states a detent).
"""

_REST = 0
# By state before and state now, A in bit 1 and B in bit 0: the quarter turned, clockwise A closes
# first. Where both changed at once the way is not known.
_QUARTERS = (0, -1, 1, 0, 1, 0, 0, -1, -1, 0, 0, 1, 0, 1, -1, 0)
# A quarter may be missed on the way, not more.
_LEAST = 2


class Knob:
    """`turns` are the detents since start, clockwise positive."""

    def __init__(self):
        self.turns = 0
        self._state = _REST
        self._quarters = 0

    def update(self, a: bool, b: bool) -> None:
        """Take both contacts, closed or not."""
        state = (2 if a else 0) | (1 if b else 0)
        if state == self._state:
            return
        self._quarters += _QUARTERS[4 * self._state + state]
        self._state = state
        if state == _REST:
            if self._quarters >= _LEAST:
                self.turns += 1
            elif self._quarters <= -_LEAST:
                self.turns -= 1
            self._quarters = 0
