"""`hardware/sizing.md` from `hardware/gun.toml`: `python -m mesosim.sizing` rewrites the page.

What stands between a pair of markers is generated; the rest is prose and stays.
"""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mesosim.physics import cycle, heat, moves, needle, screw, skin, stepper, syringe
from mesosim.physics.cycle import Fit
from mesosim.physics.gun import Gun, Needle, Syringe, load

HARDWARE = Path(__file__).parents[2] / "hardware"
VISCOSITIES_MPA_S = (1.0, 5.0, 20.0, 100.0)
DOSE_NL = 10_000.0
DEPTH_MM = 2.0
DEEPEST_MM = 13.0
STAMP_MM = 0.6
SESSION_S = 50 * 60.0
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def masses(gun: Gun) -> str:
    """Mass that rides, as the screw sees it with rotor, and of the handpiece."""
    mover = gun.screw("carriage")
    rows: list[list[str]] = []
    for fitted in gun.syringes:
        axis = cycle.carriage(gun, fitted)
        rotor_g = screw.reflected_g(axis.inertia_gcm2, mover.lead_mm)
        rows.append(
            [
                fitted.name,
                f"{axis.mass_g:.0f}",
                f"{rotor_g:.0f}",
                f"{gun.mass_g(fitted):.0f}",
                f"{gun.number('handpiece', 'mass_limit_g'):.0f}",
            ]
        )
    head = ["syringe", "riding g", "rotor and screw seen at the nut g", "handpiece g", "limit g"]
    return table(head, rows)


def screws(gun: Gun) -> str:
    """Efficiency both ways and resolution of the axes."""
    rows: list[list[str]] = []
    for name in ("carriage", "plunger"):
        mover = gun.screw(name)
        lead_mm = mover.lead_mm
        counts = gun.number(name, "encoder_counts_turn")
        step_um = stepper.step_um(lead_mm, int(gun.number(name, "microsteps")))
        error_um = stepper.step_error_um(lead_mm, gun.number(name, "motor", "step_error_share"))
        rows.append(
            [
                name,
                f"{screw.efficiency(mover):.0%}",
                "locks itself"
                if screw.is_self_locking(mover)
                else f"{screw.back_efficiency(mover):.0%}",
                f"{step_um:g}",
                f"{lead_mm * 1000 / counts:g}",
                f"± {error_um:.2g}",
                f"{gun.number(name, 'screw', 'backlash_um'):g}",
            ]
        )
    head = ["axis", "efficiency", "driven back", "step µm", "count µm", "step error µm"]
    return table([*head, "backlash µm"], rows)


def doses(gun: Gun) -> str:
    """Resolution in volume and what gives way, by syringe."""
    step_um = stepper.step_um(
        gun.number("plunger", "lead_mm"), int(gun.number("plunger", "microsteps"))
    )
    rows: list[list[str]] = []
    for fitted in gun.syringes:
        barrel = fitted.barrel
        area = syringe.area_mm2(barrel.bore_um)
        most_n = min(
            cycle.plunger_push_n(gun, 0.0),
            syringe.force_n(fitted.pressure_bar, barrel.bore_um, fitted.break_n),
        )
        rows.append(
            [
                fitted.name,
                f"{area:.2f}",
                f"{step_um * area:.2f}",
                f"{cycle.smallest_dose_nl(gun, fitted) / 1000:.1f}",
                f"{fitted.glide_n:g} / {fitted.break_n:g}",
                f"{cycle.play_nl(gun, fitted) / area:.0f}",
                f"{cycle.compliance_nl_bar(fitted, 0.1):.0f} / "
                f"{cycle.compliance_nl_bar(fitted):.0f}",
                f"{most_n:.1f}",
                f"{syringe.pressure_at_force_bar(most_n, barrel.bore_um, fitted.break_n):.1f}",
            ]
        )
    head = ["syringe", "nl per µm", "nl per step", "smallest dose µL", "glide / break-loose N"]
    more = ["play µm", "nl/bar, a tenth full / full", "most force N", "pressure then bar"]
    return table([*head, *more], rows)


def torque(gun: Gun) -> str:
    """Least torque margin along the carriage's moves, and of the plunger, by syringe."""
    rows: list[list[str]] = []
    widest = max(gun.needles, key=lambda item: item.outer_um)
    foot_mm = gun.number("carriage", "foot_mm")
    for fitted in gun.syringes:
        cells = [fitted.name]
        for depth_mm in (DEPTH_MM, 4.0, 10.0, DEEPEST_MM):
            puncture_n = skin.puncture_n(widest.outer_um)
            out = cycle.advance(gun, fitted, puncture_n, foot_mm + depth_mm)
            found = cycle.carriage_margin(gun, fitted, puncture_n, foot_mm + depth_mm, out)
            cells.append(f"{found:.0%}")
        cells.append(f"{cycle.worst_plunger_margin(gun, fitted, VISCOSITIES_MPA_S):.0%}")
        cells.append(f"{cycle.return_s(gun, fitted, DEEPEST_MM) * 1000:.0f}")
        rows.append(cells)
    head = ["syringe", "carriage 2 mm", "4 mm", "10 mm", "13 mm", "plunger"]
    return table([*head, "spring's return from 13 mm, ms"], rows)


def pins(gun: Gun) -> str:
    """Acceleration towards the skin by needle and pins, 0.6 and 4 mm deep, with a 1 mL syringe."""
    foot_mm = gun.number("carriage", "foot_mm")
    rows: list[list[str]] = []
    for item in gun.needles:
        cells = [item.name]
        for count in gun.part("needle")["pins"]:
            force_n = skin.puncture_n(item.outer_um, count)
            fastest = [
                cycle.advance(gun, gun.syringe("1 mL"), force_n, foot_mm + deep).up_m_s2
                for deep in (STAMP_MM, 4.0)
            ]
            least = gun.number("carriage", "advance_least_m_s2")
            told = [f"{up:.1f}" if up >= least else "refused" for up in fastest]
            cells.append(" / ".join(told))
        rows.append(cells)
    head = ["needle", *(f"{count} pin{'s' * (count > 1)}" for count in gun.part("needle")["pins"])]
    return table(head, rows)


def needles(gun: Gun) -> str:
    """Each needle at 3 bar of water, by its smallest, nominal and widest bore."""
    rows: list[list[str]] = []
    for item in gun.needles:
        flows = [needle.flow_nl_s(gun.tube(item, off=off), 1.0, 3.0) for off in (-1, 0, 1)]
        tube = gun.tube(item)
        reynolds = needle.reynolds(tube, 1.0, flows[1])
        kinetic = needle.kinetic_bar_s2_nl2(tube) * flows[1] ** 2 / 3.0
        rows.append(
            [
                item.name,
                f"{item.inner_um:g} ± {item.tolerance_um:g}",
                " / ".join(f"{flow / 1000:.0f}" for flow in flows),
                f"{kinetic:.0%}",
                f"{reynolds:.0f}"
                + (" (above 2000)" if needle.is_turbulent(tube, 1.0, flows[1]) else ""),
                f"{skin.puncture_n(item.outer_um):.2f}",
            ]
        )
    head = ["needle, 4 mm", "bore µm", "µL/s of water at 3 bar, smallest / nominal / widest bore"]
    return table([*head, "kinetic share", "Re", "puncture N"], rows)


def cell(gun: Gun, fit: Fit) -> str:
    """What a combination is: refused with the limiting part, or its rate, flow and limit."""
    refused = cycle.refusal(gun, fit)
    if refused:
        return "refused: " + refused
    dose_nl = max(DOSE_NL, cycle.smallest_dose_nl(gun, fit.syringe))
    shot = cycle.shortest(gun, fit, DEPTH_MM, dose_nl)
    rate = min(shot.per_min, gun.number("process", "rate_most_per_min"))
    flow = cycle.highest_flow(gun, fit)
    turbulent = needle.is_turbulent(cycle.tube(gun, fit), fit.viscosity_mpa_s, flow.flow_nl_s)
    return f"{rate:.0f}/min, {flow.flow_nl_s / 1000:.3g} µL/s ({flow.limit})" + (
        ", Re > 2000" if turbulent else ""
    )


def combinations(gun: Gun) -> str:
    """Syringe × needle × viscosity: highest rate at 10 µL and 2 mm, highest flow, what limits."""
    out: list[str] = []
    for fitted in gun.syringes:
        smallest = cycle.smallest_dose_nl(gun, fitted) / 1000
        out.append(f"\n**{fitted.name}**, smallest dose {smallest:.1f} µL\n\n")
        rows = [
            [item.name, *(cell(gun, Fit(fitted, item, value)) for value in VISCOSITIES_MPA_S)]
            for item in gun.needles
        ]
        out.append(table(["needle", *(f"{value:g} mPa·s" for value in VISCOSITIES_MPA_S)], rows))
    return "".join(out)


def nappage(gun: Gun) -> str:
    """The rate benchmark's shot, phase by phase, through both walls of 30G, nominal and narrow."""
    rows: list[list[str]] = []
    fitted = gun.syringe("1 mL")
    for name, off, bore in (
        ("30G thin", 0, "nominal"),
        ("30G thin", -1, "smallest"),
        ("30G", 0, "nominal"),
        ("30G", -1, "smallest"),
    ):
        shot = cycle.shortest(gun, Fit(fitted, gun.needle(name), 1.0, off=off), DEPTH_MM, DOSE_NL)
        parts = (
            shot.advance_s,
            shot.dispense_s,
            shot.dwell_s,
            shot.withdraw_s,
            shot.back_off_s,
            shot.turnaround_s,
        )
        cells = [f"{name}, {bore} bore", *(f"{part * 1000:.1f}" for part in parts)]
        rows.append([*cells, f"{shot.flow_nl_s / 1000:.0f}", f"{shot.per_min:.0f}"])
    head = ["needle", "advance ms", "dispense", "dwell", "withdraw", "back-off"]
    return table([*head, "turnaround", "µL/s", "shots/min"], rows)


def decays(gun: Gun) -> str:
    """Time until 1 % of 10 µL is left, after the highest flow of water and of 5 mPa·s."""
    rows: list[list[str]] = []
    for item in gun.needles:
        cells = [item.name]
        for fitted in gun.syringes:
            for viscosity in (1.0, 5.0):
                cells.append(f"{_decay_s(gun, fitted, item, viscosity) * 1000:.0f}")
        rows.append(cells)
    head = [f"{fitted.name}, {value:g} mPa·s" for fitted in gun.syringes for value in (1, 5)]
    return table(["needle", *head], rows)


def _decay_s(gun: Gun, fitted: Syringe, item: Needle, viscosity: float) -> float:
    fit = Fit(fitted, item, viscosity)
    return syringe.decay_s(
        cycle.tube(gun, fit),
        viscosity,
        cycle.highest_flow(gun, fit).flow_nl_s,
        cycle.compliance_nl_bar(fitted),
        gun.number("process", "residual_share") * DOSE_NL,
    )


def heats(gun: Gun) -> str:
    """Motors and drivers in continuous nappage at 10 µL: mean power and rise."""
    fit = Fit(gun.syringe("1 mL"), gun.needle("30G thin"), 1.0)
    shot = cycle.shortest(gun, fit, DEPTH_MM, DOSE_NL)
    moving = {
        "carriage": shot.advance_s + shot.withdraw_s,
        "plunger": shot.dispense_s + shot.back_off_s,
    }
    hold = gun.number("driver", "hold_share")
    rows: list[list[str]] = []
    for name, moving_s in moving.items():
        row = gun.part(name, "motor")
        winding = gun.winding(name)
        duty = moving_s / shot.whole_s
        power = heat.mean_w(heat.copper_w(winding.current_a, winding.resistance_ohm), duty, hold)
        chip = heat.mean_w(
            heat.driver_w(winding.current_a, gun.number("driver", "bridge_ohm"), 0.0), duty, hold
        )
        rise = heat.rise_after_k(power, row["heat_k_w"], row["heat_j_k"], SESSION_S)
        idle = gun.number("driver", "idle_w")
        cells = [name, f"{duty:.0%}", f"{power:.1f}", f"{rise:.0f}", f"{chip + idle:.2f}"]
        rows.append(cells)
    head = ["axis", "moving", "motor W", "rise after 50 min K", "driver W"]
    return table(head, rows)


def curves(gun: Gun) -> str:
    """The torque curves as they stand in gun.toml."""
    kept = gun.number("process", "torque_margin")
    rows: list[list[str]] = []
    for name in ("carriage", "plunger"):
        row = gun.part(name, "motor")
        points = ", ".join(f"{at:.0f}: {value:g}" for at, value in row["curve"])
        top = stepper.rpm(gun.number(name, "speed_mm_s"), gun.number(name, "lead_mm"))
        push_n = moves.push_n(gun.axis(name, 0.0), gun.number(name, "speed_mm_s"), kept)
        on_12_v = stepper.winding_mnm(gun.winding(name), 12.0, top, row["running_share"])
        cells = [name, row["part"], points, f"{top:.0f}", f"{push_n:.1f}", f"{on_12_v:.1f}"]
        rows.append(cells)
    head = ["axis", "motor", "rpm: mN·m", "top rpm", "push at top speed with the margin kept, N"]
    return table([*head, "mN·m there on 12 V"], rows)


BLOCKS: dict[str, Callable[[Gun], str]] = {
    block.__name__: block
    for block in (
        masses,
        screws,
        curves,
        torque,
        doses,
        pins,
        needles,
        decays,
        nappage,
        combinations,
        heats,
    )
}


def render(page: str, gun: Gun) -> str:
    """The page with every generated block written anew. Raises KeyError for an unknown block."""
    return _BLOCK.sub(lambda found: found[1] + "\n" + BLOCKS[found[2]](gun) + "\n" + found[3], page)


def main() -> int:
    """Rewrite the page; 1 where it was stale."""
    page = HARDWARE / "sizing.md"
    before = page.read_text(encoding="utf-8")
    after = render(before, load(HARDWARE / "gun.toml"))
    page.write_text(after, encoding="utf-8")
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main())
