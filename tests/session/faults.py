"""The scenarios of faults, run on each layer, and the rows of figures that they give."""

from collections.abc import Sequence
from pathlib import Path

from mesohost.cli.scenario import Outcome, play
from mesohost.cli.virtual import CPYTHON, program_text
from mesosim.process import interpreter
from mesosim.scenario import read_scenario
from tests.bench.rows import HIGHER, LOWER, Row

FOLDER = Path(__file__).parents[1] / "scenarios" / "faults"
# What the board reads off its inputs is found so soon; what a motion must first go wrong by, later.
AT_ONCE_US = 10_000
_US = {"ms": 1_000, "s": 1_000_000}
STILL_US = 5_000


def files() -> list[Path]:
    """All of them."""
    return sorted(FOLDER.glob("*.toml"))


def run(path: Path, layer: str = CPYTHON) -> Outcome:
    """How one goes on a layer."""
    scenario = read_scenario(path)
    return play(scenario, program_text(scenario), layer)


def not_expressible() -> dict[str, str]:
    """Those that cannot run on MicroPython, and why."""
    told: dict[str, str] = {}
    for path in files():
        steps = read_scenario(path).in_process
        if steps:
            told[path.stem] = "reaches into memory or firmware: " + ", ".join(steps)
    return told


def expressible() -> list[Path]:
    """Those that can."""
    no = not_expressible()
    return [path for path in files() if path.stem not in no]


def _at_once(detect: str) -> bool:
    number, _, unit = detect.partition(" ")
    return bool(detect) and float(number) * _US[unit] <= AT_ONCE_US


def rows(paths: Sequence[Path] = (), micropython: bool = False) -> list[Row]:
    """Run `paths` (all where there are none) in process, and where asked for on MicroPython too:
    how many, how many that did not go as they say, and the slowest stops."""
    ran, missed = 0, []
    stop_us, fault_us = 0, 0
    layers = [CPYTHON] + ["micropython"] * (micropython and interpreter() is not None)
    for path in paths or files():
        for layer in layers:
            if layer != CPYTHON and path.stem in not_expressible():
                continue
            out = run(path, layer)
            ran += layer == CPYTHON
            if out.failure:
                missed.append(f"{path.stem} on {layer}: {out.failure}")
            for by_stop, took_us in out.still_us:
                if by_stop:
                    stop_us = max(stop_us, took_us)
                elif _at_once(out.scenario.detect):
                    fault_us = max(fault_us, took_us)
    by = "; ".join(missed) or f"on {' and '.join(layers)}"
    shown = "virtual gun: from the input to the pulses' end"
    return [
        Row("fault_scenarios", ran, "", HIGHER, 60),
        Row("fault_scenarios_missed", len(missed), "", LOWER, 0, note=by),
        Row("estop_to_still_us", stop_us, "µs", LOWER, STILL_US, note=shown),
        Row("fault_to_still_us", fault_us, "µs", LOWER, STILL_US, note=shown),
    ]
