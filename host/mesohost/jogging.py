"""Moving a gun's axes as an engineer types it, by lengths or by keys, within the axes' ways."""

import re
from collections.abc import Callable, Mapping

from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.fields import show
from mesofw.core.machine import AXES
from mesohost.answers import Seen
from mesohost.bench import Bench
from mesohost.troubles import Trouble

# What may be typed for an axis, down to its first letter.
_NAMES = {"carriage": CARRIAGE, "plunger": PLUNGER}
_UNITS_NM = {"mm": 1_000_000, "µm": 1_000, "um": 1_000}
_LENGTH = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(\S*)")
HELP = (
    "carriage 1.5 mm     move by that, forward positive; also c 1500 um",
    "plunger to 10 mm    move to that, from home; also p to 10 mm",
    "home                both axes find their home switches",
    "hold, release       motors on; motors off, and the spring takes the needle back",
    "read                where everything is",
    "keys                move by the arrow keys, on a terminal",
    "quit                the gun restarts, its needle back",
)
KEYS = (
    "up, down: carriage forward, back; right, left: plunger forward, back; + and -: longer and "
    "shorter steps; h: home; q: the end of the keys"
)
# What one key moves by, in µm.
STRIDES_UM = (5, 10, 50, 100, 500, 1_000, 5_000)
STRIDE = 3
# Of an arrow key, as POSIX and Windows terminals send it.
_ARROWS = {
    "\x1b[A": (CARRIAGE, 1), "\x1b[B": (CARRIAGE, -1),
    "\x1b[C": (PLUNGER, 1), "\x1b[D": (PLUNGER, -1),
    "\x1bOA": (CARRIAGE, 1), "\x1bOB": (CARRIAGE, -1),
    "\x1bOC": (PLUNGER, 1), "\x1bOD": (PLUNGER, -1),
    "\xe0H": (CARRIAGE, 1), "\xe0P": (CARRIAGE, -1),
    "\xe0M": (PLUNGER, 1), "\xe0K": (PLUNGER, -1),
}  # fmt: skip


class Jog:
    """One gun's axes, moved at a share of their top speeds. Each method gives what is seen then;
    raises GunRefused, NoAnswer, PortTrouble as `Bench` does, Trouble for what cannot be meant."""

    def __init__(self, bench: Bench, empty_um: int, percent: int = 10):
        """`empty_um`: how far the plunger may go."""
        self._bench = bench
        self._percent = percent
        plunger = empty_um * 1000 // AXES[PLUNGER].step_nm
        self._most = (AXES[CARRIAGE].travel_steps, plunger)
        self._stride = STRIDE
        self.seen = bench.read()
        self._acts: Mapping[str, Callable[[], Seen]] = {
            "read": bench.read,
            "home": bench.home,
            "hold": bench.hold,
            "release": bench.release,
        }

    @property
    def stride_um(self) -> int:
        """What one key moves by."""
        return STRIDES_UM[self._stride]

    def line(self, text: str) -> Seen:
        """Carry out what was typed."""
        word, _, rest = text.strip().partition(" ")
        if word in self._acts:
            self.seen = self._acts[word]()
            return self.seen
        axis = next((axis for name, axis in _NAMES.items() if word and name.startswith(word)), None)
        if axis is None:
            raise Trouble(f"{word}: this is nothing that can be done", ["see what can: help"])
        to, _, length = rest.strip().partition(" ")
        if to == "to":
            return self._by(axis, _steps(axis, length) - self.seen.steps[axis])
        return self._by(axis, _steps(axis, rest))

    def key(self, key: str) -> Seen:
        """Carry out what a key stands for; one that stands for nothing moves nothing."""
        if key in _ARROWS:
            axis, way = _ARROWS[key]
            return self._by(axis, way * max(1, self.stride_um * 1000 // AXES[axis].step_nm))
        if key == "h":
            return self.line("home")
        if key in ("+", "-"):
            longer = self._stride + (1 if key == "+" else -1)
            self._stride = min(max(longer, 0), len(STRIDES_UM) - 1)
        return self.seen

    def _by(self, axis: int, steps: int) -> Seen:
        if not steps:
            return self.seen
        at, most = self.seen.steps[axis], self._most[axis]
        if not 0 <= at + steps <= most:
            raise Trouble(
                f"the {AXES[axis].name} is at {_shown(axis, at)}: {_shown(axis, steps)} more is "
                "beyond its way",
                [f"move it within 0 mm to {_shown(axis, most)}"],
            )
        hz = max(AXES[axis].speed_hz * self._percent // 100, abs(steps) // 300 + 1)
        self.seen = self._bench.move(axis, steps, hz)
        return self.seen

    def told(self) -> list[str]:
        """Where the axes are, by steps and by their encoders, and the force."""
        seen = self.seen
        lines = [
            f"{axis.name:<9}{_shown(number, seen.steps[number]):>12}"
            f"  encoder {_counted(number, seen.counts[number]):>12}"
            f"  {seen.steps[number]} steps"
            for number, axis in enumerate(AXES)
        ]
        lines.append(f"force    {show('force_mn', seen.force_mn):>12}")
        for number, axis in enumerate(AXES):
            if axis.lost_nm(seen.steps[number], seen.counts[number]) > axis.tolerance_nm:
                lines.append(f"the {axis.name} lost steps: home it before it moves again")
        return lines


def _steps(axis: int, text: str) -> int:
    """A typed length in steps of an axis, to the nearest."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or found[2] not in _UNITS_NM:
        raise Trouble(f"{text!r} is no length", ["write it with its unit: 1.5 mm, -200 µm"])
    return round(float(found[1]) * _UNITS_NM[found[2]] / AXES[axis].step_nm)


def _shown(axis: int, steps: int) -> str:
    return show("at_um", steps * AXES[axis].step_nm // 1000)


def _counted(axis: int, counts: int) -> str:
    return show("at_um", counts * AXES[axis].count_nm // 1000)
