"""A session with the gun from protocol to report: its records, its entries, its pages."""

from pathlib import Path

import msgspec
import pytest
from clinics import FIRST, NOON, Clinic, clinic, day

from mesohost.cli import run
from mesohost.clinic import bodies, course, entries, patients, protocols, reporting, sessions
from mesohost.clinic.refusing import ClinicTrouble
from mesohost.gun import Gun
from mesohost.keeping import keep
from mesohost.report import log_of, to_json
from mesohost.report.body import body_pictures, off_pictures, spots_of
from mesohost.report.model import Report
from mesohost.report.page import to_html
from mesohost.report.pdf import to_pdf
from mesohost.report.whole import whole_report
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World

SCRIPT = "<script>alert(1)</script>"


class Day:
    """One session, prepared, shot on the virtual gun, pulled, and written up."""

    def __init__(self, here: Clinic):
        self.here = here
        version = here.approved()
        taken = tuple(
            bodies.Used(product.name, "LOT-7", day(300), gtin="09501101530003")
            for product in version.program.products
        )
        begun = course.begin(here.archive, here.patient.id, version, FIRST, by=here.operator.id)
        self.program = protocols.program_for(version, "P-0042", taken)
        patients.keep_program(here.archive, self.program, here.patient.id)
        placed = tuple(
            bodies.Placed(zone.name, version.course.areas.get(zone.name, ""), zone.shots, 0)
            for zone in self.program.zones
        )
        body = bodies.Session(
            how="gun", day=FIRST, program_sha256=self.program.sha256,
            protocol_sha256=version.sha256, planned=placed, products=taken,
        )  # fmt: skip
        self.course = begun.number
        self.session = sessions.prepare(
            here.archive, here.patient.id, body, by=here.operator.id, course=begun.number
        ).number
        self.board = ""

    def shoot(self) -> None:
        """The whole session at the gun, pulled."""
        world = World(1)
        gun = Gun(WorldPort(world))
        sections = msgspec.to_builtins(self.program)
        operator = Operator(world, sections, sections["zones"], None)
        operator.hands.until("idle")
        gun.hello()
        gun.load(self.program.text)
        operator.session()
        self.board = keep(gun, self.here.archive, now_s=lambda: NOON.timestamp()).board

    def write_up(self) -> None:
        """What the operator enters after it."""
        for body in (
            bodies.Override("session volume", "890 µL", "500 µL", f"asked for {SCRIPT}"),
            bodies.AdverseEffect("bruise", "mild", FIRST, "left cheek"),
            bodies.Note(text="Sensitive around the muoth"),
            bodies.AfterCare(text="No sauna for two days"),
            bodies.Ended(how="done"),
        ):
            made = entries.write(self.here.archive, self.here.operator.id, body, about=self.session)
            if isinstance(body, bodies.Note):
                entries.write(
                    self.here.archive, self.here.chief.id,
                    bodies.Note(text="Sensitive around the mouth"), corrects=made.number,
                )  # fmt: skip
        sessions.pulled(self.here.archive, self.session, self.board, by=self.here.operator.id)

    def report(self) -> Report:
        return whole_report(self.here.archive, log_of(self.here.archive.log(self.board)))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Day:
    today = Day(clinic(tmp_path_factory.mktemp("day")))
    with pytest.raises(ClinicTrouble, match="no records of this session's program"):
        sessions.pulled(today.here.archive, today.session, "5157000000000001", by=1)
    today.shoot()
    today.write_up()
    return today


def test_a_session_points_to_its_records_once(done: Day):
    archive = done.here.archive
    story = sessions.story(archive, done.session)
    (pulled,) = story.pulled
    records = [one.record for one in archive.log(done.board).records(pulled.first, pulled.last)]
    assert sum(record.is_shot for record in records) == done.program.shots
    head = entries.head(archive)
    sessions.pulled(archive, done.session, done.board, by=1)
    assert entries.head(archive) == head
    assert sessions.of_gun(archive, done.board, pulled.gun_session) == done.session
    (counted,) = sessions.done(archive, done.course)
    assert counted.given_nl == done.program.total_nl


def test_the_report_has_all_that_the_archive_knows(done: Day):
    report = done.report()
    assert report.chain.whole
    assert report.total.shots == report.planned_shots == done.program.shots
    clinic = report.clinic
    assert clinic
    assert clinic.course.endswith("session 1 of 5, every 7 days")
    assert clinic.protocol == "face-nappage version 1"
    assert [remark.words for remark in clinic.notes] == ["Sensitive around the mouth"]
    assert clinic.notes[0].corrected
    assert clinic.notes[0].by == "Operator"
    assert clinic.journal_whole
    reached = {limit.name: limit.reached for limit in report.limits}
    assert reached["volume of the session"] == "890 µL"
    assert b'"journal_head"' in to_json(report)


def test_the_body_picture_counts_points_where_they_were_given(done: Day):
    report = done.report()
    drawn = body_pictures(spots_of(report), report.places)
    assert list(drawn) == ["front", "face"]
    for count in ("60/60", "50/50", "30/30"):
        assert count in drawn["face"]
    assert off_pictures(spots_of(report), report.places) == []
    without = reporting.places_of(done.program, ())
    assert {place.zone for place in without} == {
        "Forehead", "Cheek left", "Cheek right", "Around the mouth",
    }  # fmt: skip


def test_the_page_says_it_and_runs_nothing(done: Day):
    page = to_html(done.report())
    for words in (
        "On the body", "LOT-7", "09501101530003", "Limits and overrides", "left cheek",
        "No sauna for two days", "face-nappage version 1", "HARDWARE NOT VERIFIED",
        done.program.sha256, "chain whole", "Calibration in force", "P-0042",
    ):  # fmt: skip
        assert words in page, words
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_the_pdf_is_one(done: Day):
    data = to_pdf(done.report())
    assert data.startswith(b"%PDF-1.")
    assert data.rstrip().endswith(b"%%EOF")
    assert data.count(b"/Type /Page\n") >= 2


def test_the_command_finds_program_and_entries_by_itself(
    done: Day, tmp_path: Path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(done.here.archive.folder))
    assert run(["report", "--out", "r.html", "--pdf", "r.pdf"]) == 0
    out = capsys.readouterr().out
    assert "Nappage of face and neck, P-0042" in out
    assert out.splitlines()[-2:] == ["written: r.html", "written: r.pdf"]
    assert "From the clinic's journal" in Path("r.html").read_text(encoding="utf-8")
    assert Path("r.pdf").read_bytes().startswith(b"%PDF")


def test_a_session_by_hand_is_reported_as_it_was_entered(
    done: Day, tmp_path: Path, monkeypatch, capsys
):
    here = done.here
    planned = (bodies.Placed("Forehead", "forehead", 20, 10_000, 1_500),)
    given = (
        bodies.Placed("Forehead", "forehead", 18, 10_000, 1_500),
        bodies.Placed("Chin <b>", "chin", 4, 5_000),
    )
    body = bodies.Session(how="needle_free", day=day(7), nth=2, planned=planned)
    made = sessions.prepare(here.archive, here.patient.id, body, by=1, course=done.course)
    entries.write(here.archive, 1, bodies.Ended("broken_off", given, "tired"), about=made.number)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(here.archive.folder))
    entry = str(made.number)
    assert run(["report", "--entry", entry, "--out", "r.html", "--pdf", "r.pdf"]) == 0
    out = capsys.readouterr().out
    assert "needle-free, broken off: tired" in out
    assert "1 Forehead  20  18  200 µL  180 µL  1.5 mm" in out
    page = Path("r.html").read_text(encoding="utf-8")
    for words in ("ENTERED BY HAND", "1: 18/20", "Chin &lt;b&gt;", "200 µL, as entered"):
        assert words in page, words
    assert Path("r.pdf").read_bytes().startswith(b"%PDF")
    assert run(["report", "--entry", entry, "--csv", "r.csv"]) == 2
    assert run(["report", "--entry", str(done.session), "--json"]) == 0
    assert '"board"' in capsys.readouterr().out
    assert run(["report", "--entry", "9999"]) == 4


def test_after_erasing_the_report_is_the_same_without_the_reference(done: Day):
    before = done.report()
    patients.erase(done.here.archive, done.here.patient.id, "asked for", by=done.here.chief.id)
    report = done.report()
    assert report.program
    assert report.clinic
    assert (report.program.patient, report.clinic.patient) == ("erased", "erased")
    assert report.program.sha256 == done.program.sha256
    assert report.zones == before.zones
    assert report.clinic.journal_whole
    assert "P-0042" not in to_html(report)
    assert b"P-0042" not in to_json(report)
