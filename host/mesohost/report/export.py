"""A report for other programs: one row a shot as CSV, all of it as JSON."""

import csv
import io
from collections.abc import Callable

import msgspec

from mesofw.core import errors
from mesohost.report import units
from mesohost.report.model import Report, ShotRow

# A spreadsheet would run a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# (column, its value); None becomes an empty cell.
COLUMNS: tuple[tuple[str, Callable[[ShotRow], object]], ...] = (
    ("record", lambda row: row.record),
    ("session", lambda row: row.session),
    ("shot", lambda row: row.shot),
    ("zone", lambda row: row.zone),
    ("zone_name", lambda row: _text(row.zone_name)),
    ("zone_shot", lambda row: row.zone_shot),
    ("mode", lambda row: row.mode),
    ("outcome", lambda row: row.outcome),
    ("dry", lambda row: int(row.dry)),
    ("training", lambda row: int(row.training)),
    ("stopped_code", lambda row: row.stopped or None),
    ("stopped_by", lambda row: errors.name(row.stopped) if row.stopped else None),
    ("boot", lambda row: row.when.boot),
    ("at_ms", lambda row: row.when.at_ms),
    ("running_s", lambda row: f"{row.when.running_s:.3f}"),
    ("utc", lambda row: units.iso(row.when) or None),
    ("clock_quality_ms", lambda row: row.when.quality_ms),
    ("duration_ms", lambda row: row.duration_ms),
    ("depth_commanded_um", lambda row: row.depth_commanded_um),
    ("depth_stepped_um", lambda row: row.depth_stepped_um),
    ("depth_measured_um", lambda row: row.depth_measured_um),
    ("volume_commanded_nl", lambda row: row.volume_commanded_nl),
    ("volume_stepped_nl", lambda row: row.volume_stepped_nl),
    ("volume_measured_nl", lambda row: row.volume_measured_nl),
    ("volume_uncertain_at_most_nl", lambda row: row.uncertain_nl),
    ("force_peak_mn", lambda row: row.force_peak_mn),
    ("syringe_left_nl", lambda row: row.volume_left_nl),
    ("session_counted_nl", lambda row: row.counted_nl),
    ("program", lambda row: f"{row.program:08x}"),
    ("calibration", lambda row: row.calibration),
)


def to_csv(report: Report) -> str:
    """One line a shot below a header that names each column with its unit; lines end in CR LF."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow([name for name, _ in COLUMNS])
    for row in report.shots:
        cells = [value(row) for _, value in COLUMNS]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return page.getvalue()


def to_json(report: Report) -> bytes:
    """The whole report as one JSON object, its fields as in `mesohost.report.model`."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
