"""A disk that fills up while somebody works: each page says so in words, nothing is stored in part,
and the same pages go on once there is room."""

import sys
from pathlib import Path

import pytest
from clinics import NAME, PASSWORD, begun
from consoles import QUESTIONS, Console, Person

from mesohost.archive import Archive
from mesohost.archive.backup import examine
from mesohost.clinic import bodies, course, entries

if sys.platform != "linux":
    pytest.skip("only Linux limits the files of another process", allow_module_level=True)
import resource

KINDS = (bodies.Screening, bodies.Session, bodies.Note, bodies.Ended)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return begun(tmp_path / "archive")


class Clinic:
    """Somebody at a console whose disk can be full."""

    def __init__(self, console: Console, person: Person, archive: Archive):
        self._console = console
        self.person = person
        self._archive = archive

    def room(self, there: bool) -> None:
        """Let the console's process write, or not a byte more."""
        most = resource.RLIM_INFINITY if there else 0
        limits = (most, resource.RLIM_INFINITY)
        resource.prlimit(self._console.process.pid, resource.RLIMIT_FSIZE, limits)

    def refused(self, name: str) -> None:
        """What is tapped while the disk is full is refused in words and stores nothing; then there
        is room again."""
        before = self.counts()
        self.room(False)
        self.person.tap(name)
        self.person.sees("check the free space")
        for word in ("Traceback", "sqlalchemy", "Errno"):
            assert self.person.page.get_by_text(word).count() == 0
        self.room(True)
        assert self.counts() == before

    def counts(self) -> list[int]:
        """How many entries of each kind there are."""
        return [len(entries.read(self._archive, kind)) for kind in KINDS]


def test_a_full_disk_is_told_and_the_page_goes_on(chromium, archive):
    with Console("--archive", str(archive.folder), "--port", "socket://127.0.0.1:1") as console:
        person = Person(chromium, console.url)
        person.page.goto(console.url + "/login")
        person.page.fill("#name", NAME)
        person.page.fill("#password", PASSWORD)
        person.page.click("button.primary")
        person.page.wait_for_selector(".ways")
        clinic = Clinic(console, person, archive)
        _prepare(clinic, archive)
        _note(clinic)
        _page(clinic)
        _end(clinic)
        assert clinic.counts() == [1, 1, 1, 1]
        person.close()
    examine(archive.path)
    assert entries.verify(archive) == []


def _prepare(clinic: Clinic, archive: Archive) -> None:
    person = clinic.person
    person.go("/prepare")
    person.type("reference", "P-0042")
    person.tap("how-by_hand", f"course-{course.of_patient(archive, 1)[0].number}")
    person.page.wait_for_selector("[data-testid=step-patient].done")
    person.tap("next", *(f"{question}-no" for question in QUESTIONS), "next")
    person.type("lot-1", "LOT-7")
    clinic.room(False)
    person.type("expiry-1", "2090-12-31")
    person.sees("make room on the disk")
    clinic.room(True)
    person.tap("step-rehearse")
    person.page.wait_for_selector("[data-testid=step-products].done")
    clinic.refused("load")
    person.tap("load")
    person.page.wait_for_url("**/after?session=*")


def _note(clinic: Clinic) -> None:
    person = clinic.person
    person.type("note-text", "left temple")
    clinic.refused("write-note")
    assert person.at("note-text").input_value() == "left temple", "what was typed stays"
    person.tap("write-note")
    person.page.locator(".notes li").first.wait_for()


def _page(clinic: Clinic) -> None:
    person = clinic.person
    clinic.room(False)
    person.page.reload()
    person.sees("cannot be shown now")
    person.look("full-disk")
    clinic.room(True)
    person.page.get_by_role("link", name="Try again").click()
    person.page.locator(".notes li").first.wait_for()
    assert person.faults == []


def _end(clinic: Clinic) -> None:
    clinic.refused("end-done")
    clinic.person.tap("end-done")
    clinic.person.sees("session 2 of 4")
