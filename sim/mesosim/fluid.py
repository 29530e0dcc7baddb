"""The fluid between stopper and needle's tip: what is stored, what flows, exact between events.

The stopper sweeps volume; what it has swept more than has left is `stored_nl` and presses with
p = stored / compliance, which drives p = R Q + k Q |Q| through the needle. Below zero pressure the
same holds inwards: what is at the tip is drawn in, and leaves again first, for in a tube of a tenth
of a millimetre nothing mixes. Sources: `physics.needle`, `physics.relax`. Volume is conserved:
out - drawn = swept - stored.
"""

import math
from dataclasses import dataclass

from mesosim.physics import relax

# Less than this is nothing: a millionth of a nanolitre.
_NOTHING_NL = 1e-6


@dataclass(slots=True)
class Fluid:
    """One fluid path. Resistance in bar·s/nl, its kinetic part in bar·s²/nl², volumes in nl.

    `out_nl` is all that ever went out, of which `returned_nl` had been drawn in before; `drawn_nl`
    all that was drawn in; `held_nl` what is still in of it.
    """

    linear: float
    square: float
    compliance: float
    stored_nl: float = 0.0
    flow: float = 0.0
    out_nl: float = 0.0
    drawn_nl: float = 0.0
    returned_nl: float = 0.0

    @property
    def held_nl(self) -> float:
        """What was drawn in and is still in."""
        return self.drawn_nl - self.returned_nl

    def bar(self) -> float:
        """The pressure above that of the air."""
        return self.stored_nl / self.compliance

    def set_path(self, linear: float, square: float, compliance: float) -> None:
        """Another needle, viscosity or filling; what is stored stays stored."""
        self.linear, self.square, self.compliance = linear, square, compliance
        self.flow = relax.flow_at(linear, square, self.bar())

    def jump(self, swept_nl: float) -> None:
        """Sweep a volume at once."""
        self.stored_nl += swept_nl
        self.flow = relax.flow_at(self.linear, self.square, self.bar())

    def pass_time(self, duration_s: float, swept_nl: float) -> None:
        """`swept_nl` (signed) at a constant rate over `duration_s`."""
        if duration_s <= 0.0:
            if swept_nl:
                self.jump(swept_nl)
        elif swept_nl < 0.0 or self.flow < 0.0:
            self._pass_either_way(duration_s, swept_nl / duration_s)
        elif swept_nl or self.stored_nl:
            self.pass_outwards(duration_s, swept_nl)

    def until_s(self, sweep: float, bar: float) -> float:
        """How long a sweep inwards takes to bring the pressure down to `bar` < 0; infinite where
        it never does."""
        linear, square, compliance, flow = self.linear, self.square, self.compliance, self.flow
        end = relax.flow_at(linear, square, bar)
        if flow <= end:
            return 0.0
        if sweep >= end:
            return math.inf
        turn_s = 0.0
        if flow > 0.0:
            turn_s = relax.until_s(linear, square, compliance, flow, sweep, 0.0)
            flow = 0.0
        return turn_s + relax.until_s(linear, square, compliance, -flow, -sweep, -end)

    def pass_outwards(self, duration_s: float, swept_nl: float) -> None:
        """As `pass_time`, where flow goes out all the time and it takes some time."""
        linear, square, compliance = self.linear, self.square, self.compliance
        sweep = swept_nl / duration_s
        flow = relax.flow_after(linear, square, compliance, self.flow, sweep, duration_s)
        stored_nl = compliance * (linear + square * flow) * flow
        if stored_nl < _NOTHING_NL and not swept_nl:
            flow = stored_nl = 0.0
        out_nl = self.stored_nl + swept_nl - stored_nl
        self.out_nl += out_nl
        if self.drawn_nl != self.returned_nl:
            self.returned_nl = min(self.drawn_nl, self.returned_nl + out_nl)
        self.flow = flow
        self.stored_nl = stored_nl

    def _pass_either_way(self, duration_s: float, sweep: float) -> None:
        """As `pass_outwards`, with a part in which flow goes in."""
        linear, square, compliance = self.linear, self.square, self.compliance
        if self.flow * sweep < 0.0:
            sign = 1.0 if self.flow > 0 else -1.0
            turn_s = relax.until_s(linear, square, compliance, sign * self.flow, sign * sweep, 0.0)
            if turn_s < duration_s:
                moved_nl = self.stored_nl + sweep * turn_s
                self._leave(moved_nl) if sign > 0 else self._draw(-moved_nl)
                self.flow = self.stored_nl = 0.0
                duration_s -= turn_s
        if self.flow > 0.0 or (self.flow == 0.0 and sweep > 0.0):
            self.pass_outwards(duration_s, sweep * duration_s)
            return
        flow = -relax.flow_after(linear, square, compliance, -self.flow, -sweep, duration_s)
        stored_nl = compliance * (linear - square * flow) * flow
        if not sweep and stored_nl > -_NOTHING_NL:
            flow = stored_nl = 0.0
        self._draw(stored_nl - self.stored_nl - sweep * duration_s)
        self.flow = flow
        self.stored_nl = stored_nl

    def _leave(self, out_nl: float) -> None:
        self.out_nl += out_nl
        held_nl = self.drawn_nl - self.returned_nl
        if held_nl:
            self.returned_nl = min(self.drawn_nl, self.returned_nl + out_nl)

    def _draw(self, in_nl: float) -> None:
        self.drawn_nl += in_nl
