"""What a protocol's file says beside its program: the tables `protocol`, `course` and `areas`.

[protocol]
name = "face-nappage"
[course]
sessions = 5
interval = "7 days"
test_wait = "3 days"
[areas]
Forehead = "forehead"       # the program's zone: the place on the body picture
"""

import re
import tomllib
from typing import Any, cast

import msgspec

from mesohost.clinic import areas
from mesohost.clinic.refusing import ClinicTrouble

TABLES = ("protocol", "course", "areas")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
# DOMAIN.md: 3 to 15 sessions, mostly one a week; "a few days" of wait after a test injection.
SESSIONS, INTERVAL_DAYS = 3, 7
TEST_WAIT_DAYS = 3  # estimate: the least that "a few days" can mean
SESSIONS_MAX, INTERVAL_DAYS_MAX, WAIT_DAYS_MAX = 30, 365, 30
_DAYS = re.compile(r"\s*(\d{1,3})\s*(day|days|week|weeks)\s*")


class CourseData(msgspec.Struct, frozen=True):
    """A protocol's name, and its course: how many sessions, how far apart, how long after a test
    injection; `areas` says where on the body pictures the program's zones are."""

    name: str
    sessions: int = SESSIONS
    interval_days: int = INTERVAL_DAYS
    test_wait_days: int = TEST_WAIT_DAYS
    areas: dict[str, str] = {}


def read(text: str, file: str, zones: tuple[str, ...]) -> CourseData:
    """The tables of a file's text, whose program has the `zones` named. Raises ClinicTrouble with
    all that is wrong."""
    tables = tomllib.loads(text)
    wrong: list[str] = []
    told = {name: _table(tables, name, wrong) for name in TABLES}
    name = told["protocol"].pop("name", "")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        wrong.append("protocol.name: small letters, digits and hyphens, as in face-nappage")
    course = told["course"]
    found = CourseData(
        name=str(name),
        sessions=_count(course, "sessions", SESSIONS, SESSIONS_MAX, wrong),
        interval_days=_days(course, "interval", INTERVAL_DAYS, INTERVAL_DAYS_MAX, wrong),
        test_wait_days=_days(course, "test_wait", TEST_WAIT_DAYS, WAIT_DAYS_MAX, wrong),
        areas=_areas(told["areas"], zones, wrong),
    )
    for name in ("protocol", "course"):
        wrong += [f"{name}.{key}: there is no such key" for key in told[name]]
    if wrong:
        raise ClinicTrouble(f"{file}: " + "; ".join(wrong), ["mend the file, and import it again"])
    return found


def written(data: CourseData) -> str:
    """The tables as a file's text."""
    lines = ["[protocol]", f'name = "{data.name}"', "", "[course]", f"sessions = {data.sessions}"]
    lines += [
        f'interval = "{data.interval_days} days"',
        f'test_wait = "{data.test_wait_days} days"',
    ]
    if data.areas:
        lines += ["", "[areas]"]
        # A TOML text is a JSON text, as far as these go.
        lines += [
            f"{msgspec.json.encode(zone).decode()} = {msgspec.json.encode(place).decode()}"
            for zone, place in data.areas.items()
        ]
    return "\n".join(lines) + "\n"


def _table(tables: dict[str, Any], name: str, wrong: list[str]) -> dict[str, Any]:
    table = tables.get(name, {})
    if isinstance(table, dict):
        return dict(cast(dict[str, Any], table))
    wrong.append(f"{name}: it is no table")
    return {}


def _count(table: dict[str, Any], key: str, default: int, most: int, wrong: list[str]) -> int:
    value = table.pop(key, default)
    if type(value) is int and 0 < value <= most:
        return value
    wrong.append(f"course.{key}: a whole number, 1 to {most}")
    return default


def _days(table: dict[str, Any], key: str, default: int, most: int, wrong: list[str]) -> int:
    value = table.pop(key, f"{default} days")
    match = _DAYS.fullmatch(value) if isinstance(value, str) else None
    days = int(match[1]) * (7 if match[2].startswith("week") else 1) if match else -1
    least = 1 if key == "interval" else 0
    if least <= days <= most:
        return days
    wrong.append(f'course.{key}: {least} to {most} days, as in "14 days" or "2 weeks"')
    return default


def _areas(table: dict[str, Any], zones: tuple[str, ...], wrong: list[str]) -> dict[str, str]:
    known = areas.everywhere()
    found: dict[str, str] = {}
    for zone, place in table.items():
        if zone not in zones:
            wrong.append(f"areas.{zone}: the program has no zone of this name")
        elif not isinstance(place, str) or place not in known:
            wrong.append(f"areas.{zone}: {place} is no place of the body pictures")
        else:
            found[zone] = place
    return found
