"""The fields of a gun's calibration that its newest accepted calibrations say, taken together."""

from collections.abc import Sequence

import msgspec

from mesohost.calibration import goals, record
from mesohost.calibration.model import VolumeResult
from mesohost.calibration.record import Calibration
from mesohost.troubles import ArchiveTrouble


def fields_of(calibrations: Sequence[Calibration]) -> dict[str, int]:
    """By the names of core's table; those that no calibration tells are left out. Raises
    ArchiveTrouble for none that was accepted, and for several guns."""
    newest = record.latest(calibrations)
    boards = sorted({one.board for one in newest})
    if len(boards) != 1:
        what = "none of these was accepted" if not boards else f"several guns: {', '.join(boards)}"
        raise ArchiveTrouble(what, ["name the accepted calibrations of one gun"])
    fields: dict[str, int] = {}
    weighed: list[tuple[str, VolumeResult]] = []
    for one in newest:
        if one.kind == "volume":
            weighed.append((one.of, msgspec.convert(one.result, VolumeResult)))
        else:
            fields.update(one.fields)
    fields.update(goals.volume_fields(weighed))
    return {name: fields[name] for name in goals.BOUNDS if name in fields}


def text(fields: dict[str, int]) -> str:
    """The fields as a file."""
    return msgspec.json.format(msgspec.json.encode(fields), indent=2).decode() + "\n"
