"""A virtual balance of 0.1 mg that speaks MT-SICS, levels 0 and 1, and gives no exact answer.

Source: METTLER TOLEDO, MT-SICS reference manual: commands, answers, and the ten characters of a
weight. Time is an argument, in seconds. What lies on the pan is asked of the bench; the balance
adds noise, a zero that drifts, an error of its scale, and takes its time to settle. Figures are
estimates, as usual for a balance of this class.
"""

import math
import random
from collections.abc import Callable

RESOLUTION_MG = 0.1
CAPACITY_MG = 120_000.0
NOISE_MG = 0.1
# Below this the pan is not in its place.
_UNDER_MG = -5_000.0
# Of the capacity: how far from the zero of switching on `Z` may set a new one.
_ZERO_RANGE = 0.02
_ANSWER_S = 0.03
_REPEAT_S = 0.1
# After this long without standing still a command is given up.
_GIVE_UP_S = 20.0
_SERIAL = "B021002593"
_INFO = {
    "I1": 'I1 A "01" "2.30" "2.20" "" ""',
    "I2": 'I2 A "Virtual 120.0000 g"',
    "I3": 'I3 A "1.00"',
    "I4": f'I4 A "{_SERIAL}"',
}
# Those that wait for the pan to stand still.
_WAITING = ("S", "Z", "T")
# Those that answer under another name.
_ANSWERED = {"SI": "S", "SIR": "S"}
_KNOWN = ("@", "I0", "I1", "I2", "I3", "I4", "S", "SI", "SIR", "Z", "ZI", "T", "TI", "TA", "TAC")


class VirtualBalance:
    """`load_mg(at_s)` is what it would show if it were perfect. Whoever puts something on the pan
    says so by `disturb`."""

    def __init__(self, seed: int, load_mg: Callable[[float], float], scale_u_ppm: float = 50.0):
        self._rng = rng = random.Random(seed + 3_000_017)
        self._load_mg = load_mg
        self._scale = 1 + rng.gauss(0.0, scale_u_ppm) * 1e-6
        self.settle_s = rng.uniform(1.5, 3.5)
        self._drift_mg_s = rng.uniform(-1.0, 1.0) / 3600
        # The zero's random walk, in mg a root of a second.
        self._walk_mg = rng.uniform(0.002, 0.01)
        self._wandered_mg = 0.0
        self._wandered_s = 0.0
        self._calm_s = 0.0
        self._zero_mg = 0.0
        self._tare_mg = 0.0
        self._held = b""
        self._wait: tuple[str, float] | None = None
        self._repeat_s: float | None = None
        self._out: list[tuple[float, str]] = []
        self.zero(0.0)
        self.start_mg = self._zero_mg

    def disturb(self, at_s: float) -> None:
        """Something has touched the pan, or air has moved over it."""
        self._calm_s = max(self._calm_s, at_s + self.settle_s)

    def stable(self, at_s: float) -> bool:
        """Whether it stands still."""
        return at_s >= self._calm_s

    def write(self, data: bytes, now_s: float) -> None:
        """Bytes from the computer; each line is a command."""
        *whole, self._held = (self._held + data).split(b"\n")
        for line in whole:
            self._command(line.rstrip(b"\r"), now_s)

    def read(self, now_s: float) -> bytes:
        """What it has sent by now."""
        self._go_on(now_s)
        due = [line for at_s, line in self._out if at_s <= now_s]
        self._out = [later for later in self._out if later[0] > now_s]
        return "".join(f"{line}\r\n" for line in due).encode("ascii")

    def next_s(self) -> float | None:
        """When it may have something to send next; None while it waits for a command."""
        times = [at_s for at_s, _ in self._out]
        if self._wait:
            times.append(min(max(self._calm_s, self._wait[1]), self._wait[1] + _GIVE_UP_S))
        if self._repeat_s is not None:
            times.append(self._repeat_s)
        return min(times, default=None)

    def zero(self, at_s: float) -> None:
        """What lies on the pan is zero from now on; there is no tare any more."""
        self._zero_mg, self._tare_mg = self._raw_mg(at_s), 0.0

    def switch_on(self, at_s: float) -> None:
        """Power came back: it weighs from a new zero, and says who it is."""
        self._held, self._wait, self._repeat_s, self._out = b"", None, None, []
        self.zero(at_s)
        self.start_mg = self._zero_mg
        self.disturb(at_s)
        self._say(at_s, _INFO["I4"])

    def _raw_mg(self, at_s: float) -> float:
        """As its cell feels it, without noise."""
        since_s = at_s - self._wandered_s
        if since_s > 0:
            self._wandered_mg += self._rng.gauss(0.0, self._walk_mg * math.sqrt(since_s))
            self._wandered_s = at_s
        return self._load_mg(at_s) * self._scale + self._drift_mg_s * at_s + self._wandered_mg

    def _gross_mg(self, at_s: float) -> float:
        """From zero, with noise; while it swings, with more of it."""
        noise_mg = NOISE_MG if self.stable(at_s) else 50 * NOISE_MG
        return self._raw_mg(at_s) - self._zero_mg + self._rng.gauss(0.0, noise_mg)

    def _say(self, now_s: float, line: str) -> None:
        self._out.append((now_s + _ANSWER_S, line))

    def _command(self, line: bytes, now_s: float) -> None:
        self._go_on(now_s)
        if any(byte < 0x20 or byte > 0x7E for byte in line):
            self._say(now_s, "ET")
            return
        name, *arguments = line.decode("ascii").split(" ")
        if name not in _KNOWN:
            self._say(now_s, "ES")
        elif arguments and name != "TA":
            self._say(now_s, "EL")
        elif name == "@":
            self._wait = self._repeat_s = None
            self._out.clear()
            self._say(now_s, _INFO["I4"])
        elif self._wait:
            # It is still busy with the one before.
            self._say(now_s, f"{_ANSWERED.get(name, name)} I")
        elif name in _WAITING:
            self._repeat_s = None
            self._wait = (name, now_s)
            self._go_on(now_s)
        else:
            self._at_once(name, arguments, now_s)

    def _at_once(self, name: str, arguments: list[str], now_s: float) -> None:
        if name in _INFO:
            self._say(now_s, _INFO[name])
        elif name == "I0":
            for known in _KNOWN[:-1]:
                level = 1 if known.startswith("T") and known != "T" else 0
                self._say(now_s, f'I0 B {level} "{known}"')
            self._say(now_s, f'I0 A 1 "{_KNOWN[-1]}"')
        elif name == "SIR":
            self._repeat_s = now_s
            self._go_on(now_s)
        elif name == "SI":
            self._repeat_s = None
            self._say(now_s, self._shown("S", now_s))
        elif name == "TAC":
            self._tare_mg = 0.0
            self._say(now_s, "TAC A")
        elif name == "TA":
            self._say(now_s, self._tare(arguments))
        else:
            self._say(now_s, self._set(name, now_s))

    def _tare(self, arguments: list[str]) -> str:
        """Ask for the tare, or set it: `TA 10.5 g`."""
        if arguments:
            try:
                number, unit = arguments
                wanted_mg = float(number) * 1000
            except ValueError:
                return "EL"
            if unit != "g" or not 0 <= wanted_mg <= CAPACITY_MG:
                return "EL"
            self._tare_mg = wanted_mg
        return f"TA A {_weight(self._tare_mg)}"

    def _go_on(self, now_s: float) -> None:
        """Whatever has come due by now."""
        if self._wait:
            name, since_s = self._wait
            ready_s = max(since_s, self._calm_s)
            if ready_s > since_s + _GIVE_UP_S and now_s >= since_s + _GIVE_UP_S:
                self._wait = None
                self._say(since_s + _GIVE_UP_S, f"{name} I")
            elif now_s >= ready_s:
                self._wait = None
                line = self._shown(name, ready_s) if name == "S" else self._set(name, ready_s)
                self._say(ready_s, line)
        while self._repeat_s is not None and self._repeat_s <= now_s:
            self._say(self._repeat_s, self._shown("S", self._repeat_s))
            self._repeat_s += _REPEAT_S

    def _outside(self, gross_mg: float) -> str:
        return "+" if gross_mg > CAPACITY_MG else "-" if gross_mg < _UNDER_MG else ""

    def _shown(self, name: str, at_s: float) -> str:
        gross_mg = self._gross_mg(at_s)
        outside = self._outside(gross_mg)
        if outside:
            return f"{name} {outside}"
        status = "S" if self.stable(at_s) else "D"
        return f"{name} {status} {_weight(gross_mg - self._tare_mg)}"

    def _set(self, name: str, at_s: float) -> str:
        """Z, ZI, T, TI: a new zero or a new tare; of what swings, only the ones with I."""
        gross_mg = self._gross_mg(at_s)
        status = "S" if self.stable(at_s) else "D"
        outside = self._outside(gross_mg)
        if name[0] == "Z":
            off_mg = self._raw_mg(at_s) - self.start_mg
            if abs(off_mg) > _ZERO_RANGE * CAPACITY_MG:
                outside = "+" if off_mg > 0 else "-"
            if not outside:
                self._zero_mg += gross_mg
                self._tare_mg = 0.0
        elif not outside and gross_mg < -RESOLUTION_MG / 2:
            outside = "-"
        elif not outside:
            self._tare_mg = round(gross_mg / RESOLUTION_MG) * RESOLUTION_MG
        if outside:
            return f"{name} {outside}"
        if name == "Z":
            return "Z A"
        return f"ZI {status}" if name == "ZI" else f"{name} {status} {_weight(self._tare_mg)}"


def _weight(mass_mg: float) -> str:
    """Ten characters, the last digit at its right, and the unit."""
    shown = round(mass_mg / RESOLUTION_MG) * RESOLUTION_MG / 1000
    return f"{shown + 0.0:10.4f} g"
