"""Rows of what a virtual gun really gives: dose, depth, drip, and what adds up.

Fifty guns, each with its own truth, calibrated with an engineer's error of measurement; each
fits a syringe and a needle of its own, primes and gives twenty shots. What reached tissue is the
dose.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import dose, fit
from mesofw.core.dose import Doser
from mesohost.gun import Gun
from mesohost.program import Program
from mesohost.program.model import Limits, Zone
from mesosim.operator import Operator
from mesosim.plant import Given
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row

GUNS = 50
SHOTS = 20
# syringe, needle, its length in µm, viscosity in µPa·s, depth in µm, dose in nl
CORNERS: tuple[tuple[str, str, int, int, int, int], ...] = (
    ("1 mL", "27G", 4_000, 1_000, 2_000, 1_000),
    ("1 mL", "32G", 13_000, 5_000, 4_000, 1_000),
    ("1 mL", "27G", 13_000, 1_000, 10_000, 200_000),
    ("1 mL", "32G", 4_000, 5_000, 4_000, 10_000),
    ("3 mL", "27G", 4_000, 5_000, 4_000, 3_000),
    ("3 mL", "32G", 4_000, 5_000, 2_000, 10_000),
    ("3 mL", "30G", 13_000, 1_000, 4_000, 200_000),
    ("5 mL", "27G", 4_000, 1_000, 4_000, 10_000),
    ("5 mL", "30G", 4_000, 5_000, 4_000, 100_000),
    ("10 mL", "27G", 13_000, 1_000, 10_000, 200_000),
)
_WIDE = Limits(shot_nl=2_000_000, zone_nl=20_000_000, session_nl=20_000_000, needle_shots=16_000)


@dataclass(frozen=True)
class Shot:
    """What one shot was to be and what it was: volumes in nl, depths in µm."""

    wanted_nl: int
    wanted_um: int
    given: Given


def program(
    syringe: str, needle: str, length_um: int, viscosity_upa_s: int, depth_um: int, volume_nl: int,
    shots: int = SHOTS, rate_per_min: int = 1, mode: str = "burst",
) -> Program:  # fmt: skip
    """One zone of shots."""
    zone = Zone(
        name="Zone", mode=mode, layer="deep", depth_um=depth_um, angle_deg=90,
        volume_nl=volume_nl, shots=shots, rate_per_min=rate_per_min, per_pull=0, flow_nl_s=500_000,
        dwell_ms=0,
    )  # fmt: skip
    return Program(
        format=1, title="Bench", patient="P-0042", syringe=syringe, needle=needle,
        length_um=length_um, pins=1, viscosity_upa_s=viscosity_upa_s, purpose="treatment",
        hard=_WIDE, soft=_WIDE, products=(), zones=(zone,),
    )  # fmt: skip


def carried_out(wanted: Program, seed: int) -> list[Shot]:
    """The shots of one gun's session. Raises RuntimeError where it does not do them all."""
    world = World(seed)
    gun = Gun(WorldPort(world))
    sections = msgspec.to_builtins(wanted)
    operator = Operator(world, sections, sections["zones"])
    operator.hands.until("idle")
    gun.load(wanted.text)
    operator.session()
    zone = wanted.zones[0]
    shots = [
        Shot(zone.volume_nl, zone.depth_um, given)
        for given in world.plant.given
        if given.depth_um > 0
    ]
    if len(shots) != zone.shots:
        raise RuntimeError(f"gun {seed} gave {len(shots)} of {zone.shots} shots")
    return shots


def many(wanted: Program) -> list[Shot]:
    """The shots of all guns."""
    return [shot for seed in range(1, GUNS + 1) for shot in carried_out(wanted, seed)]


def off_nl(shot: Shot) -> float:
    """How far a shot was off, signed."""
    return shot.given.tissue_nl - shot.wanted_nl


def dose_error_mean_pct_25ul(place: Place) -> list[Row]:
    """The mean of the errors' size at 25 µL."""
    del place
    shots = many(program("1 mL", "30G", 4_000, 1_000, 4_000, 25_000))
    percent = sum(abs(off_nl(shot)) for shot in shots) / len(shots) / 250
    note = f"mean size of the error of {len(shots):,} shots of {GUNS} virtual guns, 1 mL, 30G"
    return [Row("dose_error_mean_pct_25ul", percent, "%", LOWER, 1.0, note=note)]


def dose_error_over_tolerance(place: Place) -> list[Row]:
    """The worst of each corner's shots over the larger of 1 µL and 5 %."""
    del place
    rows: list[Row] = []
    for corner in CORNERS:
        syringe, needle, length_um, viscosity_upa_s, depth_um, volume_nl = corner
        shots = many(program(*corner))
        tolerance_nl = max(1_000, volume_nl // 20)
        worst = max(shots, key=lambda shot: abs(off_nl(shot)))
        name = f"{syringe.replace(' ', '').lower()}_{needle.lower()}_{volume_nl / 1000:g}ul"
        note = (
            f"{length_um / 1000:g} mm, {viscosity_upa_s / 1000:g} mPa·s, "
            f"{depth_um / 1000:g} mm deep; worst {off_nl(worst):+.0f} nL of {len(shots):,}"
        )
        ratio = abs(off_nl(worst)) / tolerance_nl
        rows.append(Row(f"dose_error_over_tolerance_{name}", ratio, "×", LOWER, 1.0, note=note))
    return rows


def depth_error_um(place: Place) -> list[Row]:
    """The deepest point of the tip below the foot's plane against the depth that was set."""
    del place
    worst = 0.0
    for depth_um, length_um in ((2_000, 4_000), (13_000, 13_000)):
        wanted = program("1 mL", "30G", length_um, 1_000, depth_um, 10_000, SHOTS // 2)
        worst = max(worst, *(abs(shot.given.depth_um - shot.wanted_um) for shot in many(wanted)))
    note = (
        f"worst of {GUNS * SHOTS:,} shots of {GUNS} virtual guns, 2 and 13 mm; foot effects apart"
    )
    return [Row("depth_error_um", worst, "µm", LOWER, 50, note=note)]


def _no_wait(fitted: fit.Fit, flow_nl_s: int, volume_nl: int) -> int:
    del fitted, flow_nl_s, volume_nl
    return 0


def _hardly_back(fitted: fit.Fit) -> None:
    fitted.backoff_steps = 1


@contextmanager
def _careless() -> Iterator[None]:
    """Core's planner without wait and back-off, as if a gun had none."""
    fits: Any = fit.Fit
    keeps = (fits.decay_us, fits.settle)
    fits.decay_us, fits.settle = _no_wait, _hardly_back
    try:
        yield
    finally:
        fits.decay_us, fits.settle = keeps


def drip_ratio(place: Place) -> list[Row]:
    """What leaves the needle outside tissue, over the same without back-off and dwell."""
    del place
    wanted = program("1 mL", "30G thin", 4_000, 1_000, 2_000, 10_000)

    def lost_nl() -> float:
        shots = many(wanted)
        lost = sum(shot.given.withdraw_nl + shot.given.drip_nl for shot in shots)
        return lost / len(shots)

    kept = lost_nl()
    with _careless():
        careless = lost_nl()
    note = f"{kept:.0f} nL a shot of 10 µL against {careless:.0f} nL, {GUNS * SHOTS:,} shots"
    return [Row("drip_ratio", kept / careless, "×", LOWER, 0.1, "without", 1.0, note)]


def drift_nl(place: Place) -> list[Row]:
    """What a million shots were to give against what their whole steps and the carried remainder
    add up to, for the step volumes of all syringes."""
    del place
    worst_nl = 0
    shots = 1_000_000
    for volume_nl, step_fl in ((1_001, 4_334_657), (10_007, 14_472_101), (25_003, 40_868_333)):
        doser = Doser(step_fl)
        doser.set_dose(volume_nl)
        steps = sum(doser.next_steps() for _ in range(shots))
        given_fl = steps * step_fl + doser.carry_fl
        worst_nl = max(
            worst_nl, abs(given_fl - volume_nl * shots * dose.FL_PER_NL) // dose.FL_PER_NL
        )
    note = f"{shots:,} shots, steps and remainder; a remainder is less than one step"
    return [Row("drift_nl", float(worst_nl), "nL", LOWER, 0, note=note)]
