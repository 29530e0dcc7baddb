"""Core's check of a whole program, over sections of which some fields are not known.

An unsure field is lent the value least likely to be refused, so that its neighbours are judged all
the same, and only on what is known of them.
"""

from mesofw.core import errors, modes, parts
from mesohost.program import quantity
from mesohost.program.faults import Flaw
from mesohost.program.sections import Draft, Section
from mesohost.program.tables import (
    HEAD,
    INGREDIENT,
    LIMITS,
    NEEDLE,
    PRODUCT,
    ZONE,
    Column,
    Judge,
    core,
    section_line,
)

_COLUMNS: dict[str, tuple[Column, ...]] = {
    "program": HEAD + NEEDLE,
    "hard": LIMITS,
    "soft": LIMITS,
    "product": PRODUCT,
    "ingredient": INGREDIENT,
    "zone": ZONE,
}
# Fields that bound others: the higher, the less is refused. All others: the lower.
_BOUNDS = {"length_um", "limit_ug", "angle_deg", *(column.name for column in LIMITS)}
_LAST_DAY = 2199_12_31
# What core says of the whole where an array is not known in full.
_MOOT = {"zones": errors.NO_ZONES, "products": errors.SHARES}

# What core says of a shot as a whole: moot where any of what makes the shot is not known.
_OF_THE_SHOT = (
    errors.RATE_UNREACHABLE,
    errors.SHOT_TOO_LONG,
    errors.DOSE_TOO_SMALL,
    errors.PUNCTURE_TOO_HARD,
    errors.PRESSURE_STAYS,
    errors.BEYOND_DEVICE,
)
# What core says of needle, syringe and fluid: moot where one of these is not known.
_OF_THE_HEAD = (errors.NOT_SIZED, errors.BEYOND_NEEDLE_LIFE)
_FITTED = {"syringe", *(column.name for column in NEEDLE), "viscosity_upa_s"}


class Verdict:
    """What core says: flaws and soft-limit warnings, each with its path in the file."""

    def __init__(self) -> None:
        self.flaws: list[tuple[str, Flaw]] = []
        self.warnings: list[tuple[str, Flaw]] = []


def judge(draft: Draft, today: int) -> Verdict:
    """Check a draft as a whole; `today` is yyyymmdd, or 0 where expiry is not to be judged."""
    verdict = Verdict()
    checker = Judge(today)
    moot = {_MOOT[key] for key in draft.incomplete if key in _MOOT}
    if any("share_ppm" in section.unsure for section in draft.sections):
        moot.add(errors.SHARES)
    moot_head = bool(draft.sections[0].unsure & _FITTED)
    if moot_head:
        moot.update(_OF_THE_HEAD)
    if any("volume_nl" in section.unsure for section in draft.sections):
        moot.add(errors.BEYOND_NEEDLE_LIFE)
    for section in draft.sections:
        _lend(section)
        checker.add(section.kind, section.record, section.at)
        _check_size(section, verdict)
    checker.finish()
    unsure = {section.at + column.key for section, column in _unsure(draft)}
    shaky = {section.at for section in draft.sections if section.unsure}
    hints = _Hints(draft, checker.limits("hard")["shot_nl"])
    for fault in checker.faults:
        if fault.code in _OF_THE_SHOT and (moot_head or _zone(fault.at) in shaky):
            continue
        told = (fault.at, hints.flaw(fault))
        # Several zones may ask too much of the same needle.
        if fault.code not in moot and fault.at not in unsure and told not in verdict.flaws:
            verdict.flaws.append(told)
    for fault in checker.warnings:
        verdict.warnings.append((fault.at, Flaw(fault.code, fault.found, fault.allowed)))
    return verdict


def _zone(path: str) -> str:
    return path[: path.rfind(".") + 1]


def _unsure(draft: Draft) -> list[tuple[Section, Column]]:
    return [
        (section, column)
        for section in draft.sections
        for column in _COLUMNS[section.kind]
        if column.name in section.unsure
    ]


def _lend(section: Section) -> None:
    """Put a value that core accepts in place of each unsure one."""
    record, unsure = section.record, section.unsure
    for column in _COLUMNS[section.kind]:
        if column.name in unsure:
            record[column.name] = _lent(column)
    if section.kind == "zone" and "mode" in unsure:
        record["mode"] = modes.SINGLE if record["volume_nl"] else modes.DRY


def _lent(column: Column) -> int | str:
    if column.choices:
        # Syringes and layers stand in order of size, the widest needle comes first; what a mode
        # allows is settled by the caller.
        return column.choices[0 if column.name == "needle" else -1]
    if column.kind == "text":
        return "?"
    if column.kind == "date":
        return _LAST_DAY
    return column.high if column.name in _BOUNDS else column.low


def _check_size(section: Section, verdict: Verdict) -> None:
    """The gun takes a section as one line of bounded length; only texts can make it too long."""
    size = len(section_line(section.kind, section.record))
    if size <= core.SECTION_MAX_BYTES:
        return
    longest = max(
        (column for column in _COLUMNS[section.kind] if column.kind == "text"),
        key=lambda column: len(section_line("zone", {"": section.record[column.name]})),
    )
    found = f"texts that make {size} bytes for the gun"
    allowed = f"up to {core.SECTION_MAX_BYTES} bytes"
    verdict.flaws.append((section.at + longest.key, Flaw(errors.NOT_TEXT, found, allowed)))


class _Hints:
    """Turns core's faults to flaws, and adds a hint where a volume looks a thousand times off."""

    def __init__(self, draft: Draft, shot_nl: int) -> None:
        self._zones = {
            section.at + "volume": section.record
            for section in draft.sections
            if section.kind == "zone"
        }
        head = draft.sections[0].record
        syringe_nl = parts.SYRINGES[str(head["syringe"])].volume_nl
        self._most_nl = min(shot_nl, syringe_nl)

    def flaw(self, fault: errors.Fault) -> Flaw:
        """The fault as a flaw."""
        hint = ""
        zone = self._zones.get(fault.at)
        if zone and fault.code in (errors.BEYOND_SHOT_LIMIT, errors.BEYOND_SYRINGE):
            volume_nl = int(zone["volume_nl"])
            hint = quantity.slip("volume_nl", volume_nl, core.SHOT_MIN_NL, self._most_nl)
        return Flaw(fault.code, fault.found, fault.allowed, hint)
