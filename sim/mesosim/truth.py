"""What is true of one virtual gun, drawn from tolerances and hidden from `core`.

Each draw is a normal one cut at three sigma, so that a seed gives the same gun for ever.
"""

import random
from dataclasses import dataclass

from mesofw.core import parts


@dataclass
class Truth:
    """True values of one gun. Lengths in µm, volumes in nl, times in s, forces in mN."""

    carriage_step_um: float
    plunger_step_um: float
    foot_um: float
    empty_um: float
    switch_um: float
    bore_scale: dict[str, float]
    needle_scale: float
    compliance_nl_bar: float
    friction_mn: float
    spring_return_s: float
    plunger_start_um: float
    counts_phase: tuple[float, float]
    supply_mv: int
    temperature_dc: int

    @staticmethod
    def draw(seed: int) -> "Truth":
        """The gun of this seed."""
        rng = random.Random(seed)

        def near(nominal: float, tolerance: float) -> float:
            """`nominal` within ± `tolerance`, three sigma of a normal draw."""
            while True:
                off = rng.gauss(0.0, 1.0 / 3.0)
                if 0.0 < abs(off) <= 1.0:
                    return nominal + off * tolerance

        return Truth(
            carriage_step_um=near(5.0, 0.005),
            plunger_step_um=near(0.25, 0.00025),
            foot_um=near(1000.0, 30.0),
            empty_um=near(63_000.0, 100.0),
            switch_um=near(20.0, 8.0),
            bore_scale={name: near(1.0, 0.015) for name in parts.SYRINGE_NAMES},
            needle_scale=near(1.0, 0.06),
            compliance_nl_bar=near(1_000.0, 300.0),
            friction_mn=near(5_000.0, 1_500.0),
            spring_return_s=near(0.12, 0.03),
            plunger_start_um=near(3_000.0, 2_000.0),
            counts_phase=(rng.random(), rng.random()),
            supply_mv=round(near(12_000.0, 200.0)),
            temperature_dc=round(near(250.0, 30.0)),
        )
