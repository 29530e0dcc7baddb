"""What differs between two versions of a protocol, in plain words."""

from collections.abc import Iterator, Mapping

from mesofw.core import fields
from mesohost.clinic.coursedata import CourseData
from mesohost.clinic.protocols import Version
from mesohost.program import Program
from mesohost.program.model import records
from mesohost.program.tables import Record

_COURSE = {
    "sessions": "sessions",
    "interval_days": "interval in days",
    "test_wait_days": "wait after the test injection in days",
}
_WHERE = {"program": "", "hard": "hard limit: ", "soft": "soft limit: "}


def differences(old: Version, new: Version) -> list[str]:
    """A line for each difference: `Cheek left: depth: 1.8 mm -> 1.5 mm`; none where the two say the
    same, be it in other words."""
    return [
        *_changed(_sections(old.program), _sections(new.program)),
        *_of_course(old.course, new.course),
    ]


def _sections(program: Program) -> dict[str, Record]:
    """Each section by what a reader calls it. Zones, products and ingredients go by their names."""
    found: dict[str, Record] = {}
    product = ""
    for kind, record in records(program):
        name = str(record.get("name", ""))
        if kind == "product":
            product = name
        if kind == "ingredient":
            name = f"{product}, {name}"
        label = _WHERE.get(kind, f"{kind} {name}: ")
        while label in found:
            label = label.removesuffix(": ") + " (again): "
        found[label] = record
    return found


def _changed(old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[str]:
    for label in old.keys() - new.keys():
        yield f"{label}left out"
    for label, record in new.items():
        before = old.get(label)
        if before is None:
            yield f"{label}added: {_told(record)}"
            continue
        for name, value in record.items():
            if before[name] != value:
                yield f"{label}{_words(name)}: {_show(name, before[name])} -> {_show(name, value)}"
    shared = [label for label in new if label in old]
    if shared != [label for label in old if label in new]:
        yield "zones or products stand in another order"


def _of_course(old: CourseData, new: CourseData) -> Iterator[str]:
    for name, words in _COURSE.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"course: {words}: {before} -> {after}"
    for zone in sorted(old.areas.keys() | new.areas.keys()):
        before, after = old.areas.get(zone, "nowhere"), new.areas.get(zone, "nowhere")
        if before != after:
            yield f"body picture: {zone}: {before} -> {after}"


def _told(record: Record) -> str:
    shown = [
        f"{_words(name)} {_show(name, value)}"
        for name, value in record.items()
        if name != "name" and value not in (0, "")
    ]
    return ", ".join(shown)


def _words(name: str) -> str:
    return name.removesuffix(fields.unit_suffix(name)).replace("_", " ")


def _show(name: str, value: int | str) -> str:
    return value if isinstance(value, str) else fields.show(name, value)
