"""The stopper on its rod: a gap before it is first touched, then play, friction and stick.

The pusher is clipped to the rod at the first touch, so from then on it pushes and pulls. Friction f
between rod and barrel over the drive's stiffness k, and the nut's backlash b, make a play operator
(I. D. Mayergoyz, Mathematical Models of Hysteresis): the stopper stands until the plunger is
f / k + b / 2 ahead of it, or as much behind. So after a reversal the plunger travels 2 f / k + b
before the stopper follows. What the pressure bends the drive by is in the fluid's compliance.

The clip lets go where it would pull some newtons harder than the stopper's breaking loose takes,
as when the plunger goes home with a syringe seated; the next touch clips it again.

At rest the friction grows from gliding to breaking loose (`physics.syringe.friction_n`); the
stopper then lets go later and jumps by what the drive's spring was bent more. Each start of a glide
draws the play anew by a share (gun.toml `plunger.stick_spread`) of that jump.
"""

import math
import random
from dataclasses import dataclass

from mesosim.physics.syringe import friction_n

# In which a resting stopper's friction grows by 63 % of the way; an estimate.
SETTLE_S = 30.0

# (duration in µs, travel of the stopper in µm; all at once where there is no duration)
Move = tuple[float, float]


@dataclass(frozen=True)
class Rod:
    """One seated syringe's friction in N, stiffness in N/µm, backlash in µm, the spread of the play
    in µm, three sigma, and the pull in N that its clip holds."""

    glide_n: float
    break_n: float
    stiffness_n_um: float
    backlash_um: float
    spread_um: float
    clip_n: float

    @property
    def half_um(self) -> float:
        """Half the play without its spread."""
        return self.glide_n / self.stiffness_n_um + self.backlash_um / 2


class Stopper:
    """One stopper. Places in µm of plunger travel; `at_um` is the plunger's pusher, `stands_um`
    the stopper's place; `gliding` 1, -1 or 0; `slack_um` is how far the pusher is ahead."""

    __slots__ = (
        "_drawn", "_half_um", "_rested_since_us", "_rng", "_start", "_starts", "at_um", "break_n",
        "gliding", "rod", "stands_um", "touched",
    )  # fmt: skip

    def __init__(self, rod: Rod, stands_um: float, plunger_um: float, rng: random.Random):
        self.rod = rod
        self.stands_um = stands_um
        self.at_um = plunger_um
        self.touched = False
        self.gliding: int = 0
        self.break_n = rod.break_n
        self._rng = rng
        # One for each start of a glide so far, by twins that look ahead too.
        self._drawn: list[float] = []
        self._starts = 0
        self._half_um = [rod.half_um, rod.half_um]
        self._start = 0
        self._rested_since_us = -1e12

    def copy(self) -> "Stopper":
        """As it is now, for looking ahead; what it draws, the original will draw too."""
        twin = Stopper(self.rod, self.stands_um, self.at_um, self._rng)
        twin._drawn = self._drawn
        twin._starts = self._starts
        twin.touched = self.touched
        twin.gliding = self.gliding
        twin.break_n = self.break_n
        twin._half_um = list(self._half_um)
        twin._start = self._start
        twin._rested_since_us = self._rested_since_us
        return twin

    def friction_n(self) -> float:
        """Force of the rod's friction on the pusher, forward positive; 0 before the first touch."""
        if self.gliding:
            return self.rod.glide_n * self.gliding
        if not self.touched:
            return 0.0
        ahead_um = self.at_um - self.stands_um
        half_um = self._half_um[0] if ahead_um >= 0 else self._half_um[1]
        glide_n = self.rod.glide_n
        if -half_um <= ahead_um <= half_um:
            return glide_n * ahead_um / half_um
        over_n = (abs(ahead_um) - half_um) * self.rod.stiffness_n_um
        return glide_n + over_n if ahead_um > 0 else -glide_n - over_n

    def friction_by_n(self, at_us: float) -> float:
        """To what the friction can have grown by a time at which it starts to glide."""
        if self.gliding and self.break_n < self.rod.break_n:
            return self.break_n
        rested_s = (at_us - self._rested_since_us) / 1e6
        return friction_n(self.rod.break_n, self.rod.glide_n, rested_s, SETTLE_S)

    def room_um(self, way: int) -> float:
        """How far the plunger goes one way at the least before the stopper follows."""
        if not self.touched:
            return max(0.0, self.stands_um - self.at_um) if way > 0 else math.inf
        play_um = self.rod.half_um - self.rod.spread_um
        return max(0.0, play_um - way * (self.at_um - self.stands_um))

    def rest(self, at_us: float) -> None:
        """The plunger stands from now on."""
        if self.gliding:
            self.gliding = 0
            self._rested_since_us = at_us
        self._start = 0

    def glide(self, travel_um: float) -> None:
        """The plunger travels on in the way in which the stopper glides."""
        self.at_um += travel_um
        self.stands_um += travel_um

    def let_go(self, travel_um: float) -> None:
        """The clip lets go; the plunger travels on without the stopper."""
        self.touched = False
        self.gliding = 0
        self.at_um += travel_um

    def shift(self, travel_um: float) -> float:
        """The pusher stands a hair off where it was reckoned; gives by how much the stopper
        does."""
        self.at_um += travel_um
        if self.gliding:
            self.stands_um += travel_um
            return travel_um
        return 0.0

    def move(self, at_us: float, duration_us: float, travel_um: float) -> list[Move]:
        """The plunger travels at a constant speed; gives how the stopper moves meanwhile."""
        if not self.touched:
            return self._come(at_us, duration_us, travel_um)
        way = 1 if travel_um > 0 else -1
        if way == self.gliding:
            self.glide(travel_um)
            return [(duration_us, travel_um)]
        if self.gliding:
            self.rest(at_us)
        if way != self._start:
            self._begin(at_us, way)
        half_um = self._half_um[0 if way > 0 else 1]
        edge_um = half_um + (self.break_n - self.rod.glide_n) / self.rod.stiffness_n_um
        room_um = max(0.0, edge_um - way * (self.at_um - self.stands_um))
        whole_um = abs(travel_um)
        if whole_um <= room_um:
            self.at_um += travel_um
            return [(duration_us, 0.0)]
        self.gliding = way
        jump_um = way * (self.at_um + way * room_um - self.stands_um) - half_um
        taken_us = duration_us * room_um / whole_um
        rest_um = travel_um - way * room_um
        self.at_um += travel_um
        self.stands_um = self.at_um - way * half_um
        return [(taken_us, 0.0), (0.0, way * jump_um), (duration_us - taken_us, rest_um)]

    def _begin(self, at_us: float, way: int) -> None:
        """The plunger starts to move: how much friction has grown, and this start's play."""
        rod = self.rod
        rested_s = (at_us - self._rested_since_us) / 1e6
        self.break_n = friction_n(rod.break_n, rod.glide_n, rested_s, SETTLE_S)
        self._start = way
        if self._starts == len(self._drawn):
            off = self._rng.gauss(0.0, 1.0 / 3.0)
            self._drawn.append(max(-1.0, min(1.0, off)))
        off_um = rod.spread_um * self._drawn[self._starts]
        self._starts += 1
        self._half_um[0 if way > 0 else 1] = rod.half_um + off_um

    def _come(self, at_us: float, duration_us: float, travel_um: float) -> list[Move]:
        """Nothing is touched yet."""
        gap_um = self.stands_um - self.at_um
        if travel_um <= gap_um:
            self.at_um += travel_um
            return [(duration_us, 0.0)]
        coming_us = duration_us * gap_um / travel_um
        self.touched = True
        self.at_um = self.stands_um
        left = self.move(at_us + coming_us, duration_us - coming_us, travel_um - gap_um)
        return [(coming_us, 0.0), *left]
