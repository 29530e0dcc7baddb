"""A clinic for tests: its archive, people, a protocol in use, and days."""

import atexit
import datetime
import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mesohost.archive import Archive
from mesohost.clinic import drafts, patients, protocols, users
from mesohost.clinic.patients import Patient
from mesohost.clinic.protocols import Version
from mesohost.clinic.users import User

FIRST = datetime.date(2026, 3, 1)
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
PASSWORD = "needles and pins"


def day(after: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=after)


def noon(after: int) -> datetime.datetime:
    return NOON + datetime.timedelta(days=after)


@dataclass
class Clinic:
    """An approver, an operator who is none, one patient, and one draft."""

    archive: Archive
    chief: User
    operator: User
    patient: Patient
    draft: Version

    def approved(self) -> Version:
        """The draft, approved."""
        return protocols.approve(self.archive, self.draft, by=self.chief.id, at=NOON)


def text_of(name: str = "face-nappage") -> str:
    return dict(drafts.texts())[name]


def clinic(folder: Path) -> Clinic:
    """A clinic in a folder: made once, and copied for each test."""
    made = _made()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(made.archive.path, folder)
    return replace(made, archive=Archive(folder))


@cache
def _made() -> Clinic:
    folder = TemporaryDirectory(prefix="mesogun-clinic-")
    atexit.register(folder.cleanup)
    archive = Archive(Path(folder.name))
    chief = users.add(archive, "Chief", "operator", PASSWORD, approver=True, at=NOON)
    operator = users.add(archive, "Operator", "operator", PASSWORD, by=chief.id, at=NOON)
    patient = patients.register(archive, "P-0042", by=operator.id, at=NOON)
    draft = protocols.add(archive, text_of(), by=operator.id, at=NOON)
    return Clinic(archive, chief, operator, patient, draft)
