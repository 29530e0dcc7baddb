"""The long hunts named as arguments, or all: prints a table, merges its rows into
`build/bench.json`.

Each is bounded in time. The exit code is 1 where a hunt found something or failed, 2 for a name
that is unknown.
"""

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mesosim.process import in_folder, interpreter
from tests.bench.rows import HIGHER, LOWER, Row, Unavailable, merge, table
from tests.explore import full as explored
from tests.hunts import cuts, full, fuzz, links, soak, written
from tests.hunts.tape import some
from tests.session import faults

OUT = Path(__file__).resolve().parents[2] / "build" / "bench.json"
MINUTE_S = 60.0
SEED = 20_260_101


def say(*lines: str) -> None:
    """Tell what was found at once."""
    for line in lines:
        print(line, file=sys.stderr)


def power_cuts() -> list[Row]:
    """Every byte of the journal memory's writes, a share of the flash's, and of what starts after a
    cut store."""
    parts, rows = written.whole_session()
    out = cuts.hunt(parts, rows, some(0.05, SEED), 20 * MINUTE_S)
    until = time.monotonic() + 5 * MINUTE_S
    for part, known in cuts.recoveries(parts, rows, 5):
        if time.monotonic() < until:
            cuts.hunt([part], known, some(0.003, SEED, 0.3), MINUTE_S, out)
    say(*out.losses[:20])
    note = ", ".join(f"{count:,} {kind}" for kind, count in out.by_kind.items())
    return [
        Row("power_cuts", out.tried, "", HIGHER, 20_000, note=note),
        Row("power_cut_losses", len(out.losses), "", LOWER, 0),
    ]


def log_full() -> list[Row]:
    """What the log holds before the gun refuses a shot, and what its files wear."""
    held = full.filled(full.PICO_BLOCKS)
    worn = full.wear(20, 100)
    note = f"{worn.shots:,} shots in sessions of 100, each pulled; {worn.most} of one block"
    return [
        Row("log_records", len(held.rows), "", HIGHER, full.CAPACITY, note="none pulled"),
        Row("log_erases", worn.erases * 1_000 / worn.shots, "/1,000", LOWER, None, note=note),
    ]


def fuzz_lines() -> list[Row]:
    """Bad lines in every state and all through shots, on both Pythons."""
    lines: dict[str, int] = {"CPython": 0, "MicroPython": 0}
    faults = 0
    for layer, wanted, shoots in (("CPython", 1_050_000, 20), ("MicroPython", 110_000, 2)):
        until = time.monotonic() + 8 * MINUTE_S
        run = 0
        while lines[layer] < wanted and time.monotonic() < until:
            with TemporaryDirectory() as folder:
                where = fuzz.InProcess if layer == "CPython" else in_folder(Path(folder))
                found = fuzz.rounds(SEED + run, 10_000, run < shoots, where)
            lines[layer] += found.lines
            faults += len(found.faults)
            say(*found.faults)
            run += 1
        if layer == "CPython" and interpreter() is None:
            break
    note = f"seeds from {SEED}; on MicroPython {lines['MicroPython']:,}"
    return [
        Row("fuzz_lines", sum(lines.values()), "", HIGHER, 1_000_000, note=note),
        Row("fuzz_lines_micropython", lines["MicroPython"], "", HIGHER, 100_000),
        Row("fuzz_faults", faults, "", LOWER, 0),
    ]


def link_faults() -> list[Row]:
    """Whole sessions over bad links, and every line of every dialogue struck by each fault."""
    until = time.monotonic() + 8 * MINUTE_S
    whole = losses = struck = faults = 0
    for seed, wrong, found in links.sessions(1_050):
        whole += 1
        faults += found
        losses += bool(wrong)
        if wrong:
            say(f"session {seed}: {wrong}")
        if time.monotonic() > until:
            break
    until = time.monotonic() + 8 * MINUTE_S
    for which, wrong in links.dialogues():
        struck += 1
        losses += bool(wrong)
        if wrong:
            say(f"{which}: {wrong}")
        if time.monotonic() > until:
            say("not all dialogues were tried: the time is up")
            break
    return [
        Row("link_fault_sessions", whole, "", HIGHER, 1_000, note=f"{faults:,} faults"),
        Row("link_fault_dialogues", struck, "", HIGHER, None, note="one line, one fault each"),
        Row("link_losses", losses, "", LOWER, 0),
    ]


def soak_shots() -> list[Row]:
    """A million shots of one virtual gun."""
    out = soak.Soak(1_000_000).run(30 * MINUTE_S)
    if out.wrong:
        raise RuntimeError(out.wrong)
    note = f"{out.records:,} records pulled and checked, {out.seconds:.0f} s"
    drift_nl = out.drift_fl / soak.FL_PER_NL
    return [
        Row("soak_shots", out.shots, "", HIGHER, 1_000_000, note=note),
        Row("soak_drift_nl", drift_nl, "nL", LOWER, 0, note="pulses and remainder, the worst"),
    ]


def soak_heap() -> list[Row]:
    """What MicroPython's heap holds more after 100,000 shots."""
    if interpreter() is None:
        raise Unavailable("it takes MicroPython")
    early, late = soak.ZONE_SHOTS, 100_700
    with TemporaryDirectory() as folder:
        out = soak.Soak(102_600, in_folder(Path(folder)), (early, late)).run(20 * MINUTE_S)
    if out.wrong or late not in out.free_b:
        raise RuntimeError(out.wrong or f"only {out.shots:,} shots in {out.seconds:.0f} s")
    note = f"from shot {early:,} to shot {late:,}"
    grown_b = out.free_b[early] - out.free_b[late]
    return [Row("soak_heap_growth_b", grown_b, "B", LOWER, 256, note=note)]


HUNTS: dict[str, Callable[[], list[Row]]] = {
    "power_cuts": power_cuts,
    "log_full": log_full,
    "fuzz": fuzz_lines,
    "link_faults": link_faults,
    "soak": soak_shots,
    "soak_heap": soak_heap,
    "states": explored.rows,
    "faults": lambda: faults.rows(micropython=True),
}


def main(names: Sequence[str]) -> int:
    """Hunt; the exit code."""
    unknown = [name for name in names if name not in HUNTS]
    if unknown:
        print(f"no such hunt: {', '.join(unknown)}; known: {', '.join(HUNTS)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    failed = False
    for name in names or HUNTS:
        began_s = time.monotonic()
        try:
            rows += HUNTS[name]()
        except Unavailable as why:
            say(f"{name}: not measured: {why}")
        except Exception:
            traceback.print_exc()
            failed = True
        say(f"{name}: {time.monotonic() - began_s:.0f} s")
        # What is known is kept, also where a later hunt is broken off.
        merge(OUT, rows)
    print(table(rows))
    return 1 if failed or not all(row.reached for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
