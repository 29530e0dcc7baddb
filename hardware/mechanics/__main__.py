"""`python -m hardware.mechanics [OUT]`: STEP and STL of all printed parts and of the assembly, the
pictures, and every check. Exits with 1 where a check fails."""

import sys
from collections.abc import Sequence
from pathlib import Path

from hardware.mechanics import assembly, checks, layout, masses, pictures, printed, travel
from hardware.mechanics.assembly import Item
from hardware.mechanics.shapes import write_step
from mesofw.core import machine
from mesosim.physics.gun import Gun, load

OUT = Path("build/hardware/mechanics")
SHOWN = "3 mL"


def main(arguments: Sequence[str]) -> int:
    """Write, check, tell."""
    out = Path(arguments[0]) if arguments else OUT
    out.mkdir(parents=True, exist_ok=True)
    gun = load(layout.GUN_FILE)
    machine_layout = layout.of(gun)
    wanted = [axis.travel_steps * axis.step_nm / 1e6 for axis in machine.AXES]
    faults = travel.faults(machine_layout, *wanted)
    print(f"{'part':22} {'g':>6} {'size mm':>22} {'wall mm':>8}")
    for item in printed.printed(machine_layout):
        found = checks.part(machine_layout, item, out / f"{item.key}.stl")
        laid = printed.laid(item, item.make(machine_layout))
        write_step([laid], out / f"{item.key}.step")
        size = " × ".join(f"{side:.1f}" for side in found.size_mm)
        print(f"{found.key:22} {found.mass_g:6.2f} {size:>22} {found.wall_mm:8.2f}")
        faults += found.faults
    every = assembly.items(machine_layout)
    longest = max(machine_layout.needles_mm)
    shown = assembly.fitted(every, SHOWN, longest)
    write_step((assembly.at(item, 0, 0) for item in shown), out / "assembly.step")
    for syringe in machine_layout.bodies:
        _tell_masses(gun, every, syringe)
    faults += masses.faults(gun, every)
    faults += [clash.fault() for clash in assembly.clashes(machine_layout, every)]
    for fault in faults:
        print(fault, file=sys.stderr)
    # Last, for it takes a display library that not every machine has.
    pictures.draw_all(machine_layout, every, out / "pictures")
    return int(bool(faults))


def _tell_masses(gun: Gun, every: list[Item], syringe: str) -> None:
    found = masses.masses(gun, every, syringe)
    barrel = next(item for item in every if item.key == f"syringe {syringe}")
    ahead, high = masses.balance_mm(found, gun.syringe(syringe), barrel.solid)
    print(
        f"{syringe}: riding {masses.riding_g(found):.1f} of {masses.budget_g(gun):.1f} g, "
        f"handpiece {masses.handpiece_g(found):.1f} g, balances {-ahead:.0f} mm before the grip's "
        f"middle, {-high:.0f} mm under the needle's axis"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
