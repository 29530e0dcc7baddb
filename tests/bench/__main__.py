"""Measures the rows named as arguments, or all: prints a table, writes `build/bench.json`.

Rows that are not measured stay in the file as they were. The exit code is 0 whatever the figures
are, 1 where a row could not be measured because something failed, 2 for a name that is unknown.
"""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import (
    archive,
    chip,
    console,
    cycles,
    doses,
    edges,
    firmware,
    flash,
    hardware,
    heap,
    mechanics,
    profiles,
    pull,
    tables,
    timing,
    trace,
    upload,
    weighing,
)
from tests.bench.place import Place
from tests.bench.rows import Row, Unavailable, merge, table

OUT = Path(__file__).resolve().parents[2] / "build" / "bench.json"

# Each gives its own row, and rows of detail that its measurement brings along.
ROWS: dict[str, Callable[[Place], list[Row]]] = {
    "rehearse_1000_s": timing.rehearse_1000_s,
    "check_s": timing.check_s,
    "cycle_over_bound": cycles.cycle_over_bound,
    "rate_nappage": cycles.rate_nappage,
    "dose_error_mean_pct_25ul": doses.dose_error_mean_pct_25ul,
    "dose_error_over_tolerance": doses.dose_error_over_tolerance,
    "depth_error_um": doses.depth_error_um,
    "drip_ratio": doses.drip_ratio,
    "drift_nl": doses.drift_nl,
    "profile_time_ratio": profiles.profile_time_ratio,
    "profile_error_usteps": profiles.profile_error_usteps,
    "table_bytes": tables.table_bytes,
    "edge_error_cycles": edges.edge_error_cycles,
    "edge_error_ideal_us": edges.edge_error_ideal_us,
    "step_rate_max_khz": edges.step_rate_max_khz,
    "firmware_kb": firmware.firmware_kb,
    "flash_ratio": flash.flash_ratio,
    "reflash_ratio": flash.reflash_ratio,
    "upload_ratio": upload.upload_ratio,
    "pull_ratio": pull.pull_ratio,
    "import_shots_per_s": archive.import_shots_per_s,
    "report_s": archive.report_s,
    "trace_samples_per_s": trace.trace_samples_per_s,
    "volume_cal_error_pct": weighing.volume_cal_error_pct,
    "coverage_pct": weighing.coverage_pct,
    "cal_at_gun_error_pct": weighing.cal_at_gun_error_pct,
    "mass_g": mechanics.mass_g,
    "torque_margin_min": mechanics.torque_margin_min,
    "supported_combinations": mechanics.supported_combinations,
    "heap_free_kb": heap.heap_free_kb,
    "heap_growth_b": heap.heap_growth_b,
    "bom_eur": hardware.bom_eur,
    "pins_checked": hardware.pins_checked,
    "plan_ms": chip.plan_ms,
    "trigger_to_edge_us": chip.trigger_to_edge_us,
    "chip_estop_to_still_us": chip.chip_estop_to_still_us,
    "step_max_us": chip.step_max_us,
    "chip_heap_free_kb": chip.chip_heap_free_kb,
    "chip_shot_alloc_b": chip.chip_shot_alloc_b,
    "chip_boot_s": chip.chip_boot_s,
    "chip_trace_samples_per_s": chip.chip_trace_samples_per_s,
    "console_start_s": console.console_start_s,
    "live_lag_ms": console.live_lag_ms,
}


def main(names: Sequence[str]) -> int:
    """Measure; the exit code."""
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        print(f"no such row: {', '.join(unknown)}; known: {', '.join(ROWS)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    failed = False
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="mesogun-bench-"))
        place = Place(stack, Path(folder))
        for name in names or ROWS:
            began_s = time.monotonic()
            try:
                measured = ROWS[name](place)
            except Unavailable as why:
                print(f"{name}: not measured: {why}", file=sys.stderr)
                continue
            except Exception:
                traceback.print_exc()
                failed = True
                continue
            rows += measured
            print(f"{name}: {time.monotonic() - began_s:.0f} s", file=sys.stderr)
    if rows:
        merge(OUT, rows)
        print(table(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    # What a row has started ends with it, also when the bench is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
