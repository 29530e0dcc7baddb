"""Syringe, stopper and needle as one elastic volume behind one resistance, in closed form.

The plunger sweeps volume; what it has swept more than has left is `stored_nl` and presses with
p = stored / compliance; the flow is p / resistance (Hagen-Poiseuille), so with a constant sweep the
stored volume goes exponentially to its steady value with τ = resistance × compliance. Where the
plunger has drawn back further than the stored volume, `stored_nl` is negative: a gap, no flow.
"""

import math
from dataclasses import dataclass

PA_PER_BAR = 1e5
# A hub's and bevel's worth of channel beyond the free length of the needle.
HUB_M = 0.012


def needle_resistance_bar_s_nl(inner_um: float, length_um: float, viscosity_mpa_s: float) -> float:
    """Hagen-Poiseuille: 128 μ L / (π d⁴), in bar·s/nl, for a needle with its hub."""
    length_m = length_um * 1e-6 + HUB_M
    pa_s_m3 = 128 * viscosity_mpa_s * 1e-3 * length_m / (math.pi * (inner_um * 1e-6) ** 4)
    return pa_s_m3 / PA_PER_BAR * 1e-12


@dataclass
class Fluid:
    """The fluid path of one fitted syringe. `given_nl` is all that has left the needle."""

    tau_s: float
    compliance_nl_bar: float
    stored_nl: float
    given_nl: float = 0.0
    peak_nl: float = 0.0

    def pass_time(self, duration_s: float, swept_nl: float) -> None:
        """`swept_nl` (signed) at a constant rate over `duration_s`."""
        if duration_s <= 0.0:
            self.stored_nl += swept_nl
            return
        rate = swept_nl / duration_s
        if self.stored_nl < 0.0:
            if self.stored_nl + swept_nl <= 0.0:
                self.stored_nl += swept_nl
                return
            closing_s = -self.stored_nl / rate
            duration_s -= closing_s
            self.stored_nl = 0.0
        steady = rate * self.tau_s
        before = self.stored_nl
        after = steady + (before - steady) * math.exp(-duration_s / self.tau_s)
        if after < 0.0:
            # Rate is negative here: the store empties, then a gap opens.
            empty_s = self.tau_s * math.log((before - steady) / -steady)
            self.given_nl += before + rate * empty_s
            self.stored_nl = rate * (duration_s - empty_s)
            return
        self.given_nl += before - after + rate * duration_s
        self.stored_nl = after
        if after > self.peak_nl:
            self.peak_nl = after

    def time_to(self, stored_nl: float, rate_nl_s: float) -> float | None:
        """Seconds until the stored volume reaches a higher level at a constant sweep, or None."""
        if self.stored_nl >= stored_nl or rate_nl_s <= 0.0:
            return None
        wait_s = 0.0
        start = self.stored_nl
        if start < 0.0:
            if stored_nl <= 0.0:
                return (stored_nl - start) / rate_nl_s
            wait_s = -start / rate_nl_s
            start = 0.0
        steady = rate_nl_s * self.tau_s
        if steady <= stored_nl:
            return None
        return wait_s + self.tau_s * math.log((steady - start) / (steady - stored_nl))
