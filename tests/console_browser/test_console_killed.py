"""The console, the browser, the gun's process are killed at each step of a day: nothing is lost,
nothing is doubled, and the page comes back where it was."""

from typing import Any

import pytest
from clinics import NAME, PASSWORD, begun
from consoles import QUESTIONS, Console, Person, until

from mesohost.archive import Archive
from mesohost.clinic import bodies, course, entries, patients
from mesohost.console.training import HANDS
from mesohost.console.virtual import VirtualGun

HAND = {hand.name: hand for hand in HANDS}


@pytest.fixture
def archive(tmp_path) -> Archive:
    return begun(tmp_path / "archive")


@pytest.fixture
def gun(tmp_path):
    one = VirtualGun(tmp_path / "gun", 3.0)
    one.start()
    yield one
    one.stop()


class Day:
    """One console over the archive and the gun, and who works there."""

    def __init__(self, chromium: Any, archive: Archive, gun: VirtualGun):
        self._chromium = chromium
        self.gun = gun
        self.console = Console("--archive", str(archive.folder), "--port", gun.port)
        self.console.start()
        self.person = self._come()

    def _come(self) -> Person:
        person = Person(self._chromium, self.console.url)
        person.page.goto(self.console.url + "/login")
        person.page.fill("#name", NAME)
        person.page.fill("#password", PASSWORD)
        person.page.click("button.primary")
        person.page.wait_for_selector(".ways")
        return person

    def crash(self) -> None:
        """Console and browser die, and somebody starts them again."""
        self.console.kill()
        self.person.close()
        self.console.start()
        self.person = self._come()

    def hand(self, name: str) -> None:
        """The gun's hands do something, to its end."""
        self.gun.do(HAND[name])
        until(lambda: not self.gun.busy, 90)
        assert self.gun.said == ""

    def state(self, name: str) -> None:
        """Wait for a state of the gun on the page."""
        self.person.page.wait_for_selector(f".gun-chip.state-{name}", timeout=60_000)


def test_a_day_with_a_crash_at_every_step(chromium, archive, gun):
    day = Day(chromium, archive, gun)
    try:
        _prepare(day, archive)
        _session(day, archive, gun)
        _after(day, archive)
    finally:
        day.console.kill()


def _prepare(day: Day, archive: Archive) -> None:
    day.person.go("/prepare")
    day.person.type("reference", "P-0042")
    begun = course.of_patient(archive, 1)[0].number
    day.person.tap(f"course-{begun}")
    day.person.page.wait_for_selector("[data-testid=step-patient].done")
    day.crash()
    day.person.go("/prepare")
    day.person.page.wait_for_selector("[data-testid=step-patient].done")
    day.person.tap("next")
    for question in QUESTIONS:
        day.person.tap(f"{question}-no")
    day.person.page.wait_for_selector("[data-testid=step-screening].done")
    day.crash()
    day.person.go("/prepare")
    assert day.person.at("pregnancy-no").get_attribute("aria-checked") == "true"
    day.person.tap("next")
    day.person.type("lot-1", "LOT-7")
    day.person.type("expiry-1", "2090-12-31")
    day.person.page.wait_for_selector("[data-testid=step-products].done")
    day.crash()
    day.person.go("/prepare")
    assert day.person.at("lot-1").input_value() == "LOT-7"
    day.person.tap("step-rehearse", "rehearse")
    day.person.page.wait_for_selector("img.rehearsal", timeout=60_000)
    day.crash()
    day.person.go("/prepare")
    day.person.page.wait_for_selector("img.rehearsal")
    day.person.tap("load")
    day.person.page.wait_for_url("**/session")
    # Loaded again after a crash, it is the same session.
    day.crash()
    day.person.go("/prepare")
    day.person.tap("load")
    day.person.page.wait_for_url("**/session")
    assert len(entries.read(archive, bodies.Session)) == 1
    assert len(entries.read(archive, bodies.Screening)) == 1


def _session(day: Day, archive: Archive, gun: VirtualGun) -> None:
    one = entries.read(archive, bodies.Session)[0]
    kept = patients.kept_program(archive, one.body.program_sha256)
    assert kept
    gun.program(kept.program.text)
    day.hand("confirm")
    day.hand("fit")
    day.state("ready")
    gun.do(HAND["hold"])
    day.state("shooting")
    day.crash()
    # The gun went on meanwhile, and the page is where the gun is.
    day.person.go("/session")
    day.person.sees("Zone")
    day.hand("let_go")
    day.person.type("note-text", "a note before the power fails")
    day.person.tap("write-note")
    day.person.sees("before the power fails")
    gun.kill()
    day.state("lost")
    day.person.page.wait_for_selector(".alarm")
    gun.start()
    gun.program(kept.program.text)
    day.state("idle")
    day.hand("confirm")
    day.hand("carry_on")
    day.state("idle")


def _after(day: Day, archive: Archive) -> None:
    day.person.go("/after")
    day.person.page.get_by_role("link", name="Open the report").wait_for()
    day.crash()
    day.person.go("/after")
    day.person.sees("a note before the power fails")
    day.person.tap("end-done")
    day.person.sees("session 2 of 4")
    day.crash()
    day.person.go("/after")
    day.person.sees("session 2 of 4")
    assert len(entries.read(archive, bodies.Session)) == 1
    assert len(entries.read(archive, bodies.Ended)) == 1
    assert len(entries.read(archive, bodies.Note)) == 1
    assert entries.verify(archive) == []
    (board,) = archive.boards()
    shots = [held.record for held in archive.log(board).records() if held.record.is_shot]
    places = [(shot.zone, shot.zone_shots) for shot in shots]
    assert len(places) == len(set(places)) == 40


def test_two_consoles_for_one_archive_or_gun(chromium, archive, gun, tmp_path, capfd):
    del chromium
    with Console("--archive", str(archive.folder), "--port", gun.port):
        for arguments in (
            ("--archive", str(archive.folder), "--port", "socket://127.0.0.1:1"),
            ("--archive", str(tmp_path / "other"), "--port", gun.port),
        ):
            with pytest.raises(AssertionError):
                Console(*arguments).start()
            assert "another console" in capfd.readouterr().err
