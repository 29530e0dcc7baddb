"""Draws the sheets and the wiring into `hardware/pictures`, and writes KiCad's netlist.

`python -m hardware.electronics [OUT]`: the netlist goes to OUT, otherwise to
`build/hardware/electronics`. The exit code is 1 where the electrical rule check or another check
finds something, or where a tool is missing.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from hardware import consistency, design
from hardware.electronics.sheets import PARTS, SHEETS

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "hardware" / "pictures"
OUT = ROOT / "build" / "hardware" / "electronics"
NO_DOT = "the wiring is drawn by Graphviz's `dot`, which is missing: apt-get install graphviz"


def main(arguments: Sequence[str]) -> int:
    """Check, draw, export."""
    if not shutil.which("dot"):
        print(NO_DOT, file=sys.stderr)
        return 1
    try:
        from hardware.electronics import drawing, harness, skidl_netlist
    except ModuleNotFoundError as why:
        print(f"{why.name} is missing: `make hardware` installs mesogun[hardware]", file=sys.stderr)
        return 1
    circuit = skidl_netlist.circuit(PARTS)
    faults = consistency.faults(design.load()) + skidl_netlist.said(circuit)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    out = Path(arguments[0]) if arguments else OUT
    skidl_netlist.write(circuit, out / "gun.net")
    for sheet in SHEETS:
        drawing.write(sheet, PICTURES)
    harness.write(PICTURES)
    print(f"{len(PARTS)} parts, no fault; netlist in {out}, pictures in {PICTURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
