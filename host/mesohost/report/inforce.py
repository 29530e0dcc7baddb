"""The calibrations that were in force when a session was done, of the files that are kept."""

import datetime
from pathlib import Path

from mesohost.calibration import record
from mesohost.report.clinicfacts import CalibrationFile
from mesohost.troubles import Trouble


def calibrations_in_force(folder: Path, board: str, day: datetime.date) -> list[CalibrationFile]:
    """Of each kind the newest accepted calibration of a gun that had ended by `day`; a file that
    cannot be read is passed over, for a report is of a session and not of files."""
    read: list[record.Calibration] = []
    for path in record.held(folder):
        try:
            one = record.read(path)
        except Trouble:
            continue
        if one.board == board and one.ended[:10] <= day.isoformat():
            read.append(one)
    return [
        CalibrationFile(
            kind=one.kind,
            of=one.of,
            ended=one.ended[:10],
            valid_until=one.valid_until,
            overdue=one.valid_until < day.isoformat(),
        )
        for one in record.latest(read)
    ]
