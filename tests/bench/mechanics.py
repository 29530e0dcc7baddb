"""Rows of the mechanics: the handpiece's mass by its CAD, the torque that is left with it, and how
many combinations of syringe, needle and fluid are supported."""

from dataclasses import replace
from importlib.util import find_spec
from itertools import product

from hardware.mechanics import layout
from mesosim.physics import cycle, skin
from mesosim.physics.cycle import Fit
from mesosim.physics.gun import Gun, load
from mesosim.sizing import DEEPEST_MM, DEPTH_MM, VISCOSITIES_MPA_S
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row, Unavailable

_DEPTHS_MM = (DEPTH_MM, 4.0, 10.0, DEEPEST_MM)


def mass_g(place: Place) -> list[Row]:
    """The handpiece without syringe, by its heaviest cradle. Raises Unavailable without the CAD."""
    found = place.once(_masses_g)
    heaviest = max(found, key=lambda name: found[name][1])
    note = ", ".join(f"{name}: {rides:.1f} g ride" for name, (rides, _) in found.items())
    return [Row("mass_g", found[heaviest][1], "g", LOWER, 300, note=note)]


def torque_margin_min(place: Place) -> list[Row]:
    """The least torque margin of both axes over what is supported: the moves that the firmware
    makes, moving what rides by the CAD. Raises Unavailable without it."""
    gun = load(layout.GUN_FILE)
    built = {name: _with_riding(gun, rides) for name, (rides, _) in place.once(_masses_g).items()}
    fits = place.once(_supported)
    carriage = min(_carriage(gun, built[fit.syringe.name], fit) for fit in fits)
    plunger = min(_plunger(gun, fit) for fit in fits)
    note = f"carriage {carriage:.3f}, plunger {plunger:.3f} over {len(fits)} combinations"
    return [Row("torque_margin_min", round(min(carriage, plunger), 6), "", HIGHER, 0.3, note=note)]


def supported_combinations(place: Place) -> list[Row]:
    """Syringe × needle × viscosity that the gun takes, and those that it refuses."""
    count, whole = len(place.once(_supported)), len(_fits(load(layout.GUN_FILE)))
    note = f"of {whole}: syringe × needle × 1, 5, 20, 100 mPa·s"
    return [
        Row("supported_combinations", count, "", HIGHER, note=note),
        Row("refused_combinations", whole - count, "", LOWER, note="hardware/sizing.md names why"),
    ]


def _masses_g(place: Place) -> dict[str, tuple[float, float]]:  # noqa: ARG001
    """By syringe, what rides and what the handpiece weighs without it."""
    if find_spec("build123d") is None:
        raise Unavailable("it takes build123d; `make hardware` installs it")
    from hardware.mechanics import assembly, masses

    gun = load(layout.GUN_FILE)
    items = assembly.items(layout.of(gun))
    found = {item.name: masses.masses(gun, items, item.name) for item in gun.syringes}
    return {
        name: (masses.riding_g(parts), masses.handpiece_g(parts)) for name, parts in found.items()
    }


def _fits(gun: Gun) -> list[Fit]:
    every = product(gun.syringes, gun.needles, VISCOSITIES_MPA_S)
    return [Fit(syringe, needle, viscosity) for syringe, needle, viscosity in every]


def _supported(place: Place) -> list[Fit]:  # noqa: ARG001
    gun = load(layout.GUN_FILE)
    return [fit for fit in _fits(gun) if not cycle.refusal(gun, fit)]


def _with_riding(gun: Gun, riding_g: float) -> Gun:
    """The gun with another mass on its carriage."""
    drive_g = gun.number("plunger", "motor", "mass_g") + gun.number("plunger", "screw", "mass_g")
    handpiece = {**gun.part("handpiece"), "riding_g": {"by_cad": riding_g - drive_g}}
    return replace(gun, raw={**gun.raw, "handpiece": handpiece})


def _carriage(gun: Gun, built: Gun, fit: Fit) -> float:
    """Accelerations are those of gun.toml's mass, as the firmware has them."""
    puncture_n = skin.puncture_n(fit.needle.outer_um)
    found: list[float] = []
    for depth_mm in _DEPTHS_MM:
        travel_mm = gun.number("carriage", "foot_mm") + depth_mm
        out = cycle.advance(gun, fit.syringe, puncture_n, travel_mm)
        found.append(cycle.carriage_margin(built, fit.syringe, puncture_n, travel_mm, out))
    return min(found)


def _plunger(gun: Gun, fit: Fit) -> float:
    return cycle.plunger_margin(gun, fit, cycle.highest_flow(gun, fit).flow_nl_s)
