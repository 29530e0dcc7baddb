"""Where the fluid went: an entry for each run that dispensed, exact by where the tip was.

What flows between two runs belongs to the run before, so an entry is complete when the next one
has begun. Fluid that was drawn in leaves again first and is then neither tissue's nor outside's:
tissue + outside - drawn + returned is what left the needle.
"""

from dataclasses import dataclass

# Where the tip is: in tissue; outside; outside after the needle's way back began; at rest.
INSIDE, OUTSIDE, WITHDRAWN, RESTING = range(4)


@dataclass
class Given:
    """What one run that dispensed really did. Depths in µm, volumes in nl.

    `depth_um` is the deepest tip below the foot's plane, `tissue_depth_um` the same below the skin
    of before the push. `outside_nl` is all that went outside; of it `withdraw_nl` after the needle
    began its way back, and `drip_nl` after the run. `drawn_nl` was drawn in.
    """

    at_us: int
    depth_um: float
    tissue_nl: float = 0.0
    outside_nl: float = 0.0
    withdraw_nl: float = 0.0
    drip_nl: float = 0.0
    drawn_nl: float = 0.0
    tissue_depth_um: float = 0.0


class Ledger:
    """All entries in order, and totals that no entry holds. `leak` is the share 0 … 1 of the
    outflow that leaves at the hub instead of the tip."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.leak = 0.0
        self.drawn_nl = 0.0
        self.drawn_tissue_nl = 0.0
        self._stray = Given(0, 0.0)
        self._entry = self._stray
        self._open = False

    def open(self, at_us: int, depth_um: float) -> None:
        """A run that dispenses begins."""
        self._entry = Given(at_us, depth_um)
        self._open = True

    def close(self, at_us: int, depth_um: float, sunk_um: float) -> None:
        """The run ends; nothing where the run does not dispense."""
        if self._open:
            self._open = False
            self._entry.at_us = at_us
            self._entry.depth_um = depth_um
            self._entry.tissue_depth_um = depth_um + sunk_um if depth_um > 0 else depth_um
            self.given.append(self._entry)

    def book(self, where: int, fresh_nl: float, drawn_nl: float) -> None:
        """So much has flowed: `fresh_nl` out, without what had been drawn in, and `drawn_nl` in."""
        if drawn_nl:
            self._draw(drawn_nl, where)
        if not fresh_nl:
            return
        entry = self._entry
        lost_nl = fresh_nl
        if where == INSIDE:
            lost_nl = fresh_nl * self.leak
            entry.tissue_nl += fresh_nl - lost_nl
            if not lost_nl:
                return
        entry.outside_nl += lost_nl
        if where == WITHDRAWN:
            entry.withdraw_nl += lost_nl
        elif where == RESTING:
            entry.drip_nl += lost_nl

    def _draw(self, drawn_nl: float, where: int) -> None:
        self._entry.drawn_nl += drawn_nl
        self.drawn_nl += drawn_nl
        if where == INSIDE:
            self.drawn_tissue_nl += drawn_nl
