"""What is true of one virtual gun, drawn from tolerances and hidden from `core`.

Nominal values are those of `hardware/gun.toml`, read through `hardware.gun`. Each draw is a normal
one cut at three sigma and never the nominal value itself, so that a seed gives the same gun for
ever. Tolerances that gun.toml does not state are estimates.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from mesosim import hardware
from mesosim.physics import stepper

POINTINGS = ("down", "level", "up")
AXIS_NAMES = ("carriage", "plunger")
Near = Callable[[float, float], float]


@dataclass
class Truth:
    """True values of one gun; pairs are (carriage, plunger). Scales are true over nominal.

    Lengths in µm, forces in N, supply in mV, temperature in tenths of a °C. `step_error_um` is the
    amplitude of the motor's periodic step error and `step_phase` its phase in turns of the period.
    """

    seed: int
    carriage_step_um: float
    plunger_step_um: float
    step_error_um: tuple[float, float]
    step_phase: tuple[float, float]
    torque_scale: tuple[float, float]
    heat_scale: tuple[float, float]
    foot_um: float
    empty_um: float
    switch_um: float
    plunger_start_um: float
    plunger_backlash_um: float
    bore_scale: dict[str, float]
    compliance_scale: dict[str, float]
    drive_scale: float
    spring_scale: float
    drag_scale: float
    puncture_scale: float
    skin_n_mm: float
    modulus_kpa: float
    push_n: float
    pointing: str
    counts_phase: tuple[float, float]
    supply_mv: int
    temperature_dc: int

    @staticmethod
    def draw(seed: int) -> "Truth":
        """The gun of this seed."""
        rng = random.Random(seed)
        near = near_by(rng)
        gun = hardware.gun()

        def step_um(axis: str) -> float:
            row = gun.part(axis)
            return near_share(near, stepper.step_um(row["lead_mm"], row["microsteps"]), 0.001)

        def error_um(axis: str) -> float:
            share = gun.number(axis, "motor", "step_error_share")
            most_um = stepper.step_error_um(gun.number(axis, "lead_mm"), share)
            return most_um * near(0.7, 0.3)

        def pair(tolerance: float) -> tuple[float, float]:
            return near(1.0, tolerance), near(1.0, tolerance)

        backlash_um = gun.number("plunger", "screw", "backlash_um")
        names = [fitted.name for fitted in gun.syringes]
        return Truth(
            seed=seed,
            carriage_step_um=step_um("carriage"),
            plunger_step_um=step_um("plunger"),
            step_error_um=(error_um("carriage"), error_um("plunger")),
            step_phase=(rng.random(), rng.random()),
            torque_scale=pair(0.10),
            heat_scale=pair(0.15),
            foot_um=near(gun.number("carriage", "foot_mm") * 1000, 30.0),
            empty_um=near(63_000.0, 100.0),
            switch_um=near(20.0, 8.0),
            plunger_start_um=near(3_000.0, 2_000.0),
            plunger_backlash_um=near_share(near, backlash_um, 0.4),
            bore_scale={name: near(1.0, 0.015) for name in names},
            compliance_scale={name: near(1.0, 0.15) for name in names},
            drive_scale=near(1.0, 0.05),
            spring_scale=near(1.0, 0.05),
            drag_scale=near(1.0, 0.20),
            puncture_scale=near(1.0, 0.20),
            skin_n_mm=near_share(near, gun.number("skin", "stiffness_n_mm"), 0.20),
            modulus_kpa=near_share(near, gun.number("skin", "modulus_kpa"), 0.20),
            push_n=near(2.5, 1.5),
            pointing=rng.choice(POINTINGS),
            counts_phase=(rng.random(), rng.random()),
            supply_mv=whole(near, round(gun.number("supply", "volts") * 1000), 240.0),
            temperature_dc=whole(near, 250, 30.0),
        )


def near_by(rng: random.Random) -> Near:
    """Draws of a nominal value within ± a tolerance, three sigma of a normal draw."""

    def near(nominal: float, tolerance: float) -> float:
        while True:
            off = rng.gauss(0.0, 1.0 / 3.0)
            if 0.0 < abs(off) <= 1.0:
                return nominal + off * tolerance

    return near


def whole(near: Near, nominal: int, tolerance: float) -> int:
    """A draw in whole units that is not the nominal value."""
    while True:
        found = round(near(nominal, tolerance))
        if found != nominal:
            return found


def near_share(near: Near, nominal: float, share: float) -> float:
    """A draw within ± a share of the nominal value."""
    return near(nominal, nominal * share)
