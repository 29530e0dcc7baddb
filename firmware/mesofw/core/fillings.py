"""How many syringes a session takes, and after which shots they are changed."""

from mesofw.core import settings
from mesofw.core.fit import Fit


class Fillings:
    """The plan of a session's syringes: each is filled to its nominal volume, gives one priming
    stroke, and is changed before a shot that it cannot finish.

    `changes` says after how many shots of the session; `needle_shots` is the most that one needle,
    new with each syringe, is to fire; `filling_nl` is what a filling gives.
    """

    def __init__(self, fit: Fit):
        stroke_nl = settings.defaults(settings.SETTINGS)["prime_nl"]
        stroke_nl = max(stroke_nl, fit.learning_nl(fit.prime_flow_nl_s()))
        self.filling_nl = fit.syringe.volume_nl - stroke_nl
        self.changes = []
        self.needle_shots = 0
        self._left_nl = self.filling_nl
        self._on_needle = 0
        self._done = 0

    @property
    def syringes(self) -> int:
        """How many syringes the session takes."""
        return len(self.changes) + 1

    def take(self, volume_nl: int, shots: int) -> None:
        """The next zone's shots, none of which is more than a filling."""
        while shots:
            fits = min(shots, self._left_nl // volume_nl) if volume_nl else shots
            if not fits:
                self.changes.append(self._done)
                self._left_nl = self.filling_nl
                self._on_needle = 0
            self._left_nl -= fits * volume_nl
            self._done += fits
            self._on_needle += fits
            self.needle_shots = max(self.needle_shots, self._on_needle)
            shots -= fits
