"""From calibration files to the calibration that a gun holds: which files count, what they make of
it, and what is still missing."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from mesohost.calibration import goals, merging, record
from mesohost.calibration.record import OVERDUE, Calibration
from mesohost.troubles import ArchiveTrouble

Record = Mapping[str, int]
# Which session tells a field, where it is not the volume's.
_TELLS = {"foot_um": "depth", "carriage_ppm": "depth", "empty_um": "empty"}
# The session of each kind, as it is called.
_RUN = {
    "depth": "mesogun calibration run depth --key FILE",
    "empty": "mesogun calibration run empty --key FILE",
    "motor": "mesogun calibration run motor --key FILE",
    "volume": "mesogun calibration run volume --key FILE",
}


def of_board(calibrations: Iterable[Calibration], board: str) -> list[Calibration]:
    """The newest accepted ones of a gun, of each kind and `of`, that tell a field."""
    own = [one for one in calibrations if one.board == board]
    return [one for one in record.latest(own) if one.fields]


def check(calibrations: Sequence[Calibration], board: str, today: datetime.date) -> None:
    """Raises ArchiveTrouble unless all are this gun's, accepted, in date and within the bounds of
    the gun's table."""
    for one in calibrations:
        named = f"{one.kind} {one.of}, {one.ended[:10]}"
        again = f"run it again: {_RUN.get(one.kind, one.kind)}"
        if one.board != board:
            raise ArchiveTrouble(
                f"{named}: of gun {one.board}; this is gun {board}",
                ["name calibrations of this gun: mesogun calibration show"],
            )
        if not one.accepted:
            raise ArchiveTrouble(f"{named}: was not accepted", [again])
        if one.standing(today) == OVERDUE:
            raise ArchiveTrouble(f"{named}: was valid until {one.valid_until}", [again])
        if not one.fields:
            raise ArchiveTrouble(f"{named}: tells nothing that the gun holds", ["leave it away"])
        for name, value in one.fields.items():
            low, high = goals.BOUNDS.get(name, (1, 0))
            if not low <= value <= high:
                allowed = f"{low} to {high}" if low <= high else "no such field of the gun"
                raise ArchiveTrouble(f"{named}: {name} is {value}; allowed: {allowed}", [again])


def changes(
    calibrations: Sequence[Calibration], held: Record, today: datetime.date
) -> dict[str, int]:
    """What storing them changes on a gun that holds `held` (nothing: it has no calibration), with a
    new id and today's date; empty where they change nothing. Raises ArchiveTrouble where the gun
    has no calibration and fields would be missing."""
    told = merging.fields_of(calibrations)
    changed = {name: value for name, value in told.items() if held.get(name) != value}
    lacking = missing({**held, **told})
    if lacking:
        raise ArchiveTrouble(
            "the gun has no calibration yet, and a first one needs every field; "
            f"not known: {', '.join(lacking)}",
            sessions(lacking),
        )
    if not changed:
        return {}
    return {"id": next_id(held), "date": ymd(today), **changed}


def missing(fields: Record) -> list[str]:
    """What sessions have to tell and these fields lack."""
    return [name for name in goals.BOUNDS if name not in ("id", "date") and name not in fields]


def sessions(lacking: Sequence[str]) -> list[str]:
    """The commands of the sessions that tell these fields."""
    wanted: dict[str, list[str]] = {}
    for name in lacking:
        kind, of = _TELLS.get(name, "volume"), _syringe(name)
        parts = wanted.setdefault(kind, [])
        if of and of not in parts:
            parts.append(of)
    return [
        _RUN[kind] + (f" (for each of: {', '.join(parts)})" if parts else "")
        for kind, parts in wanted.items()
    ]


def next_id(held: Record) -> int:
    """The number after that of the calibration that is held; 1 for the first, and after the last
    that there is."""
    low, high = goals.BOUNDS["id"]
    number = held.get("id", low - 1) + 1
    return low if number > high else number


def ymd(day: datetime.date) -> int:
    """A day as the gun keeps it: 20260131."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(date_ymd: int) -> datetime.date:
    """A day as the gun keeps it, turned round. Raises ValueError for none."""
    return datetime.date(date_ymd // 10_000, date_ymd // 100 % 100, date_ymd % 100)


def _syringe(name: str) -> str:
    """The syringe whose scale or compliance a field is; empty for another field."""
    words = name.split("_")
    return f"{words[1]} mL" if words[0] in ("syringe", "compliance") else ""
