"""The library of protocols: versions with their hash, author and approval, none of them ever
edited. A protocol is a program's TOML with course data beside it (`coursedata`).

What a version stands at: a draft until somebody who may approves it; the newest approved version is
the one that is used; an approval can be taken back.
"""

import datetime
import hashlib
import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

import msgspec

from mesofw.core import errors
from mesohost.archive import Archive
from mesohost.clinic import bodies, coursedata, entries, users
from mesohost.clinic.coursedata import CourseData
from mesohost.clinic.entries import Entry
from mesohost.clinic.refusing import ClinicTrouble
from mesohost.program import Program, check_program, from_text
from mesohost.program.lines import find_lines

DRAFT, APPROVED, WITHDRAWN = "draft", "approved", "withdrawn"
# Whom a protocol is for.
NOBODY = "-"
_PATIENT = re.compile(r"\s*patient\s*=\s*(\"[^\"]*\"|'[^']*')\s*(#.*)?")


class Version(msgspec.Struct, frozen=True):
    """A version of a protocol. `entry` is the journal's; `approved_by` and `approved_at` are None
    unless `state` is APPROVED."""

    entry: int
    name: str
    version: int
    author: str
    sha256: str
    text: str
    program: Program
    course: CourseData
    state: str
    approved_by: int | None = None
    approved_at: datetime.datetime | None = None


class Checked(msgspec.Struct, frozen=True):
    """A protocol's text that has no faults."""

    program: Program
    course: CourseData
    sha256: str


@lru_cache(maxsize=256)
def check(text: str, file: str) -> Checked:
    """Check a protocol's text. Expiry is not judged: lots are those of an example. Raises
    ClinicTrouble with all faults."""
    loaded = check_program(text.encode(), file, datetime.date.min, coursedata.TABLES)
    if loaded.program is None:
        faults = "\n".join(str(fault) for fault in loaded.faults)
        raise ClinicTrouble(f"{file} has faults:\n{faults}", ["mend the file, and import it again"])
    zones = tuple(zone.name for zone in loaded.program.zones)
    course = coursedata.read(text, file, zones)
    return Checked(loaded.program, course, sha256_of(text))


def without_patient(text: str, file: str) -> str:
    """A protocol's text that is nobody's: what is kept for good names no patient. Raises
    ClinicTrouble where the patient stands elsewhere than on a line of its own."""
    lines = text.splitlines()
    at = find_lines(text).by_path.get("patient")
    if at is None:
        return f'patient = "{NOBODY}"\n{text}'
    if not _PATIENT.fullmatch(lines[at - 1]):
        raise ClinicTrouble(
            f"{file}:{at}: the patient stands on a line of its own",
            [f'write it alone on a line: patient = "{NOBODY}"'],
        )
    lines[at - 1] = f'patient = "{NOBODY}"'
    return "\n".join(lines) + "\n"


def sha256_of(text: str) -> str:
    """The hash of a protocol's text, in lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def add(
    archive: Archive,
    text: str,
    *,
    by: int,
    file: str = "protocol",
    author: str = "",
    at: datetime.datetime | None = None,
) -> Version:
    """Add a protocol as a draft: the first version of its name, or the next. A text that is there
    already is not added again. Raises ClinicTrouble."""
    text = without_patient(text, file)
    checked = check(text, file)
    for version in versions(archive, checked.course.name):
        if version.sha256 == checked.sha256:
            return version
    # Also those count that this release refuses.
    told = [entry.body for entry in entries.read(archive, bodies.Protocol)]
    older = [body.version for body in told if body.name == checked.course.name]
    body = bodies.Protocol(
        name=checked.course.name,
        version=1 + max(older, default=0),
        author=author or users.of_id(archive, by).name,
        sha256=checked.sha256,
        text=text,
    )
    made = entries.write(archive, by, body, at=at)
    return _version(made, checked, [])


def approve(
    archive: Archive, version: Version, *, by: int, at: datetime.datetime | None = None
) -> Version:
    """Approve a version. Raises NotAllowed for who may not, ClinicTrouble where its text does not
    pass the check any more."""
    users.approver(archive, by)
    check(version.text, f"{version.name} version {version.version}")
    if version.state != APPROVED:
        body = bodies.Approval(sha256=version.sha256)
        entries.write(archive, by, body, about=version.entry, at=at)
    return _again(archive, version)


def withdraw(
    archive: Archive,
    version: Version,
    reason: str,
    *,
    by: int,
    at: datetime.datetime | None = None,
) -> Version:
    """Take an approval back, for a reason. Raises NotAllowed, ClinicTrouble."""
    users.approver(archive, by)
    if version.state != APPROVED or not reason.strip():
        raise ClinicTrouble("only an approved version can be withdrawn, and only for a reason")
    body = bodies.Withdrawal(sha256=version.sha256, reason=reason)
    entries.write(archive, by, body, about=version.entry, at=at)
    return _again(archive, version)


def versions(archive: Archive, name: str | None = None) -> list[Version]:
    """All versions, of one protocol where it is named, in order of name and version; without those
    that `refused` tells of."""
    told = entries.read(archive, bodies.Protocol)
    marks: dict[int, list[Entry[Any]]] = {}
    for kind in (bodies.Approval, bodies.Withdrawal):
        for entry in entries.read(archive, kind):
            marks.setdefault(entry.about or 0, []).append(entry)
    found: list[Version] = []
    for entry in told:
        if name is None or entry.body.name == name:
            with suppress(ClinicTrouble):
                checked = check(entry.body.text, entry.body.name)
                found.append(_version(entry, checked, marks.get(entry.number, [])))
    return sorted(found, key=lambda version: (version.name, version.version))


def refused(archive: Archive) -> list[str]:
    """Versions whose text passed the check when it was added, and does not pass that of this
    release: what is wrong with each, in words."""
    told: list[str] = []
    for entry in entries.read(archive, bodies.Protocol):
        try:
            check(entry.body.text, f"{entry.body.name} version {entry.body.version}")
        except ClinicTrouble as trouble:
            told.append(str(trouble))
    return told


def one(archive: Archive, name: str, version: int | None = None) -> Version:
    """A version of a protocol: the one named, else the newest. Raises ClinicTrouble."""
    found = versions(archive, name)
    if version is not None:
        found = [each for each in found if each.version == version]
    if not found:
        what = name if version is None else f"{name} version {version}"
        raise ClinicTrouble(
            f"there is no protocol {what}", ["see those there are: mesogun protocol list"]
        )
    return found[-1]


def usable(archive: Archive, name: str | None = None) -> list[Version]:
    """The newest approved version of each protocol."""
    newest = {
        version.name: version for version in versions(archive, name) if version.state == APPROVED
    }
    return list(newest.values())


def program_for(
    version: Version,
    patient: str,
    products: tuple[bodies.Used, ...] = (),
    *,
    training: bool = False,
) -> Program:
    """The program of an approved version for a patient, with the lots at hand in place of the
    protocol's: products are matched by their names. Raises ClinicTrouble where the version is not
    approved, a product is missing or not of the protocol, or the gun would not take the program;
    `sessions.prepare` judges expiry."""
    if version.state != APPROVED and not training:
        raise ClinicTrouble(
            f"{version.name} version {version.version} is {_a(version.state)}, not for use",
            [f"have it approved: mesogun protocol approve {version.name} --by NAME"],
        )
    program = version.program
    if products:
        at_hand = {used.name: used for used in products}
        wanted = {product.name for product in program.products}
        if at_hand.keys() != wanted:
            odd = ", ".join(sorted(at_hand.keys() ^ wanted))
            raise ClinicTrouble(
                f"products and protocol do not fit: {odd}",
                ["name each product as the protocol does"],
            )
        mixed = tuple(
            msgspec.structs.replace(
                product,
                lot=at_hand[product.name].lot,
                expiry=int(at_hand[product.name].expiry.strftime("%Y%m%d")),
            )
            for product in program.products
        )
        program = msgspec.structs.replace(program, products=mixed)
    purpose = "training" if training else program.purpose
    program = msgspec.structs.replace(program, patient=patient, purpose=purpose)
    try:
        return from_text(program.text)
    except errors.Refused as refused:
        fault = refused.fault
        raise ClinicTrouble(
            f"the gun would not take this: {fault.at}: {errors.cause(fault.code)} "
            f"(found {fault.found}, allowed {fault.allowed})",
            [errors.remedy(fault.code)],
        ) from refused


def _a(state: str) -> str:
    return "a draft" if state == DRAFT else state


def _again(archive: Archive, version: Version) -> Version:
    return one(archive, version.name, version.version)


def _version(entry: Entry[bodies.Protocol], checked: Checked, marks: list[Entry[Any]]) -> Version:
    body = entry.body
    # A mark counts only for the text that it was made for.
    valid = [mark for mark in marks if mark.body.sha256 == checked.sha256 == body.sha256]
    last = max(valid, key=lambda mark: mark.number, default=None)
    approved = last is not None and isinstance(last.body, bodies.Approval)
    return Version(
        entry=entry.number,
        name=body.name,
        version=body.version,
        author=body.author,
        sha256=body.sha256,
        text=body.text,
        program=checked.program,
        course=checked.course,
        state=APPROVED if approved else WITHDRAWN if last else DRAFT,
        approved_by=last.by if last and approved else None,
        approved_at=last.at if last and approved else None,
    )
