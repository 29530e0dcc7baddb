"""Rows of a shot's whole cycle: over its lower bound, and how often it can be repeated."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from mesofw.core import aim, shot
from mesofw.core.aim import Aim
from mesohost.gun import Gun
from mesosim.firmware import InProcess
from mesosim.operator import Operator
from mesosim.physics import cycle, skin
from mesosim.physics import gun as gun_file
from mesosim.physics.cycle import Fit
from mesosim.physics.moves import Limits
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import doses
from tests.bench.bound import lower_bound
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row

GUN = gun_file.load(Path(__file__).resolve().parents[2] / "hardware" / "gun.toml")
# (depth in µm, dose in nl)
_SHOTS = ((2_000, 10_000), (4_000, 20_000), (10_000, 50_000))
_SYRINGE, _NEEDLE, _THIN = "1 mL", "30G", "30G thin"
_GUNS = 50
_RUN = 90


def _head(length_um: int, needle: str) -> dict[str, object]:
    return {
        "syringe": _SYRINGE, "needle": needle, "length_um": length_um, "pins": 1,
        "viscosity_upa_s": 1_000,
    }  # fmt: skip


def planned(depth_um: int, volume_nl: int, needle: str = _NEEDLE) -> Aim:
    """The shot that core plans on a nominal gun with a full syringe of water.

    Raises RuntimeError where it refuses it.
    """
    fit = shot.nominal(_head(13_000 if depth_um > 4_000 else 4_000, needle))
    zone = {
        "mode": "burst", "depth_um": depth_um, "angle_deg": 90, "volume_nl": volume_nl,
        "rate_per_min": 1, "flow_nl_s": 500_000, "dwell_ms": 0,
    }  # fmt: skip
    asked = Aim()
    steps = volume_nl * 1_000_000 // fit.step_fl
    fault = asked.take(zone, fit, shot.NOMINAL_FOOT_UM, shot.NOMINAL_STEP_PM, steps)
    if fault:
        raise RuntimeError(f"{fault.at}: {fault.found}, {fault.allowed}")
    return asked


def cycle_over_bound(place: Place) -> list[Row]:
    """From a shot's first edge to its last, over the bound, for three shots."""
    del place
    rows: list[Row] = []
    for depth_um, volume_nl in _SHOTS:
        asked = planned(depth_um, volume_nl)
        table = shot.Timetable()
        shot.plan(table, asked)
        length_mm = 13.0 if depth_um > 4_000 else 4.0
        fit = Fit(GUN.syringe(_SYRINGE), GUN.needle(_NEEDLE), 1.0, length_mm)
        bound = lower_bound(GUN, fit, depth_um / 1e3, volume_nl)
        ratio = table.duration_us / 1e6 / bound.whole_s
        again_s = 60 / aim.most_per_min(table.duration_us)
        note = (
            f"{table.duration_us / 1e3:.1f} ms over {bound.whole_s * 1e3:.1f} ms; with the "
            f"{aim.RATE_MARGIN_US / 1e3:g} ms between two shots {again_s / bound.whole_s:.3f}"
        )
        name = f"cycle_over_bound_{depth_um // 1000}mm_{volume_nl // 1000}ul"
        rows.append(Row(name, ratio, "×", LOWER, 1.05, "lower bound", 1.0, note))
    return rows


def rate_nappage(place: Place) -> list[Row]:
    """The highest rate of the nappage shot that torque, mass, drip and the fluid allow, run on
    virtual guns that each know their needle only by their own priming."""
    del place
    fastest = [highest(seed) for seed in range(1, _GUNS + 1)]
    nominal = min(fastest, key=lambda one: abs(one.bore_um - GUN.needle(_THIN).inner_um))
    for found in (nominal, min(fastest), max(fastest)):
        check(found)
    asked = planned(2_000, 10_000, _THIN)
    limit = "the needle" if asked.dose_ticks() > asked.moves_ticks() else "the carriage"
    narrow, wide = min(fastest), max(fastest)
    note = (
        f"30G with a thin wall, gun {nominal.seed} of {_GUNS} with the bore nearest to nominal; "
        f"{narrow.per_min} at {narrow.bore_um:.0f} µm to {wide.per_min} at {wide.bore_um:.0f} µm, "
        f"planned nominal {aim.most_per_min(asked.lasts_us)}; {limit} limits, a regular wall "
        f"allows {aim.most_per_min(planned(2_000, 10_000).lasts_us)}"
    )
    return [Row("rate_nappage", nominal.per_min, "/min", HIGHER, 540, note=note)]


@dataclass(frozen=True, order=True)
class Fastest:
    """The rate that one gun allows once it is primed, and the bore of the needle it then has."""

    per_min: int
    seed: int
    bore_um: float


def highest(seed: int) -> Fastest:
    """What a gun allows with a full 1 mL syringe of water, by what it learned of its needle."""
    world, operator = _fitted(seed, rate_per_min=1, shots=1)
    firmware = operator.world.firmware
    seated = world.plant.cartridge.seated
    assert isinstance(firmware, InProcess)
    assert seated is not None
    per_min = aim.most_per_min(firmware.gun.session.aim.lasts_us)
    return Fastest(per_min, seed, seated.tube.inner_um)


def check(found: Fastest) -> None:
    """Run 90 shots at that rate. Raises RuntimeError where they come slower, steps are lost, a
    shot drips more than 1 % of its dose, or margins of torque or mass are not kept."""
    world, operator = _fitted(found.seed, found.per_min, _RUN)
    began = len(world.plant.given)
    operator.carry_on()
    given = world.plant.given[began:]
    took_us = given[-1].at_us - given[0].at_us
    per_min = (len(given) - 1) * 60e6 / took_us
    lost = world.plant.lost_steps()
    drip_nl = sum(one.drip_nl + one.withdraw_nl for one in given) / len(given)
    fitted = GUN.syringe(_SYRINGE)
    puncture_n = skin.puncture_n(GUN.needle(_THIN).outer_um)
    travel_mm = GUN.number("carriage", "foot_mm") + 2.0
    out_m_s2 = shot.nominal(_head(4_000, _THIN)).out_mm_s2(round(travel_mm * 1000)) / 1000
    limits = cycle.advance(GUN, fitted, puncture_n, travel_mm)
    margin = cycle.carriage_margin(
        GUN, fitted, puncture_n, travel_mm, Limits(limits.speed_mm_s, out_m_s2, limits.down_m_s2)
    )
    kept = {
        "all shots": len(given) == _RUN,
        "rate": per_min >= found.per_min * 0.999,
        "no lost step": not any(lost),
        "drip": drip_nl <= 100,
        "torque margin": margin >= GUN.number("process", "torque_margin"),
        "mass": GUN.mass_g(fitted) <= GUN.number("handpiece", "mass_limit_g"),
    }
    missed = [name for name, holds in kept.items() if not holds]
    if missed:
        raise RuntimeError(f"gun {found.seed} at {found.per_min}/min: {', '.join(missed)}")


def _fitted(seed: int, rate_per_min: int, shots: int) -> tuple[World, Operator]:
    """A virtual gun, its program loaded, primed and armed, its operator ready to shoot."""
    wanted = doses.program(
        _SYRINGE, _THIN, 4_000, 1_000, 2_000, 10_000, shots, rate_per_min, "nappage"
    )
    world = World(seed)
    gun = Gun(WorldPort(world))
    sections = msgspec.to_builtins(wanted)
    operator = Operator(world, sections, sections["zones"])
    operator.hands.until("idle")
    gun.load(wanted.text)
    operator.hands.confirm()
    operator.hands.fit(_SYRINGE, _THIN, 4_000)
    return world, operator
