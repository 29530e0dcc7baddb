"""The library of protocols: versions never edited, approved before use, compared in words."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from clinics import NOON, PASSWORD, Clinic, clinic, day, text_of

from mesohost.cli import run
from mesohost.clinic import bodies, coursedata, differing, drafts, protocols
from mesohost.clinic.coursedata import CourseData
from mesohost.clinic.refusing import ClinicTrouble

CHANGED = text_of().replace('"1.8 mm"', '"1.6 mm"').replace("sessions = 5", "sessions = 6")


@pytest.fixture
def here(tmp_path: Path) -> Clinic:
    return clinic(tmp_path)


def test_the_examples_are_drafts_without_faults(here: Clinic):
    examples = {path.stem for path in (Path(__file__).parents[3] / "examples").glob("*.toml")}
    assert {name for name, _ in drafts.texts()} == examples
    for name, text in drafts.texts():
        version = protocols.add(here.archive, text, by=here.operator.id, author=drafts.AUTHOR)
        assert (version.name, version.state) == (name, protocols.DRAFT)


def test_the_wheel_carries_each_example():
    root = Path(__file__).parents[3]
    wheel = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    included = wheel["targets"]["wheel"]["force-include"]
    for name, _ in drafts.texts():
        assert included[f"examples/{name}.toml"] == f"mesohost/clinic/examples/{name}.toml"


def test_a_draft_is_not_for_use_but_for_training(here: Clinic):
    with pytest.raises(ClinicTrouble, match="is a draft, not for use"):
        protocols.program_for(here.draft, "P-0042")
    assert protocols.program_for(here.draft, "P-0042", training=True).training
    assert protocols.usable(here.archive) == []


def test_an_approved_version_makes_the_patients_program(here: Clinic):
    version = here.approved()
    assert (version.state, version.approved_by, version.approved_at) == (
        protocols.APPROVED, here.chief.id, NOON,
    )  # fmt: skip
    taken = tuple(
        bodies.Used(product.name, f"LOT-{n}", day(400))
        for n, product in enumerate(version.program.products)
    )
    program = protocols.program_for(version, "P-0042", taken)
    assert program.patient == "P-0042"
    assert [product.lot for product in program.products] == ["LOT-0", "LOT-1"]
    assert {product.expiry for product in program.products} == {20270405}
    assert program.zones == version.program.zones
    long = (taken[0], msgspec.structs.replace(taken[1], lot="L" * 99))
    with pytest.raises(ClinicTrouble, match=r"would not take this: products\[2\].lot"):
        protocols.program_for(version, "P-0042", long)
    with pytest.raises(ClinicTrouble, match="do not fit: Vitamin complex"):
        protocols.program_for(version, "P-0042", taken[:1])


def test_a_change_makes_a_new_version_and_the_old_one_stays(here: Clinic):
    first = here.approved()
    assert protocols.add(here.archive, text_of(), by=here.operator.id) == first
    second = protocols.add(here.archive, CHANGED, by=here.operator.id)
    assert (second.version, second.state) == (2, protocols.DRAFT)
    assert [each.version for each in protocols.usable(here.archive)] == [1]
    protocols.approve(here.archive, second, by=here.chief.id)
    assert [each.version for each in protocols.usable(here.archive)] == [2]
    assert protocols.one(here.archive, "face-nappage", 1) == first
    assert differing.differences(first, second) == [
        "zone Cheek left: depth: 1.8 mm -> 1.6 mm",
        "zone Cheek right: depth: 1.8 mm -> 1.6 mm",
        "course: sessions: 5 -> 6",
    ]


def test_what_is_added_and_left_out_is_told(here: Clinic):
    text = text_of().replace('name = "Cheek right"', 'name = "Temple"').replace(
        '"Cheek right" = "cheek_right"\n', ""
    )  # fmt: skip
    new = protocols.add(here.archive, text, by=here.operator.id)
    told = differing.differences(here.draft, new)
    assert "zone Cheek right: left out" in told
    assert any(line.startswith("zone Temple: added: mode nappage") for line in told)
    assert "body picture: Cheek right: cheek_right -> nowhere" in told


def test_an_approval_that_is_taken_back_ends_the_use(here: Clinic):
    version = here.approved()
    with pytest.raises(ClinicTrouble, match="only for a reason"):
        protocols.withdraw(here.archive, version, " ", by=here.chief.id)
    gone = protocols.withdraw(here.archive, version, "bruises", by=here.chief.id)
    assert gone.state == protocols.WITHDRAWN
    with pytest.raises(ClinicTrouble, match="is withdrawn"):
        protocols.program_for(gone, "P-0042")
    assert protocols.approve(here.archive, gone, by=here.chief.id).state == protocols.APPROVED


def test_no_patient_gets_into_the_library(here: Clinic):
    text = text_of("papules")
    assert 'patient = "P-0107"' in text
    version = protocols.add(here.archive, text, by=here.operator.id)
    assert version.program.patient == protocols.NOBODY
    assert b"P-0107" not in here.archive.path.read_bytes()
    without = text.replace('patient = "P-0107"\n', "")
    assert protocols.add(here.archive, without, by=1).program.patient == protocols.NOBODY
    odd = text.replace('patient = "P-0107"', 'patient = """\nP-0107"""')
    with pytest.raises(ClinicTrouble, match="on a line of its own"):
        protocols.add(here.archive, odd, by=1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "face-nappage"', 'name = "Face Nappage"', "protocol.name: small letters"),
        ("sessions = 5", "sessions = 0", "course.sessions: a whole number, 1 to 30"),
        ("sessions = 5", 'sessions = "5"', "course.sessions"),
        ('"7 days"', '"7"', 'course.interval: 1 to 365 days, as in "14 days"'),
        ('"3 days"', '"99 days"', "course.test_wait: 0 to 30 days"),
        ('"mouth"', '"snout"', "areas.Around the mouth: snout is no place"),
        ('"Around the mouth" =', '"Elsewhere" =', "areas.Elsewhere: the program has no zone"),
        ("sessions = 5", "sessions = 5\npace = 1", "course.pace: there is no such key"),
        ('depth = "1.8 mm"', 'depth = "18 mm"', r"zones\[2\].depth"),
    ],
)
def test_a_file_with_faults_is_refused_with_all_of_them(here: Clinic, old, new, told: str):
    text = text_of()
    assert old in text
    with pytest.raises(ClinicTrouble, match=told):
        protocols.add(here.archive, text.replace(old, new), by=here.operator.id)
    assert len(protocols.versions(here.archive)) == 1


def test_course_data_are_written_as_they_are_read():
    data = CourseData("x-1", 4, 28, 2, {'Cheek "left"': "cheek_left"})
    read = coursedata.read(coursedata.written(data), "x", ('Cheek "left"',))
    assert read == data
    assert coursedata.read('[protocol]\nname="x"\n[course]\ninterval="2 weeks"', "x", ()) == (
        CourseData("x", interval_days=14)
    )


def test_the_library_by_the_command(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("MESOGUN_PASSWORD", PASSWORD)
    monkeypatch.setenv("MESOGUN_USER", "Chief")
    monkeypatch.chdir(tmp_path)
    here = clinic(tmp_path / "archive")
    assert run(["protocol", "list"]) == 0
    assert "face-nappage  version 1  draft" in capsys.readouterr().out
    assert run(["protocol", "export", "face-nappage", "face.toml"]) == 0
    text = Path("face.toml").read_text(encoding="utf-8")
    assert protocols.sha256_of(text) == here.draft.sha256
    Path("face.toml").write_text(text.replace('"1.8 mm"', '"1.6 mm"'), encoding="utf-8")
    assert run(["protocol", "import", "face.toml"]) == 0
    assert "face-nappage version 2: draft" in capsys.readouterr().out
    assert run(["protocol", "diff", "face-nappage", "1", "2"]) == 0
    assert "zone Cheek left: depth: 1.8 mm -> 1.6 mm" in capsys.readouterr().out
    assert run(["protocol", "approve", "face-nappage", "--by", "Operator"]) == 4
    assert "may not approve" in capsys.readouterr().err
    assert run(["protocol", "approve", "face-nappage"]) == 0
    assert run(["protocol", "show", "face-nappage"]) == 0
    assert "approved by Chief" in capsys.readouterr().out
    assert run(["protocol", "withdraw", "face-nappage", "--reason", "bruises"]) == 0
    assert "withdrawn" in capsys.readouterr().out
    assert run(["protocol", "show", "none"]) == 4
    assert run(["protocol", "import"]) == 2
