"""Calibrations onto a gun: which of them count, what is stored, and that the gun shoots by it."""

import datetime
from pathlib import Path

import msgspec
import pytest

from mesofw.core import errors, settings
from mesofw.core.machine import CARRIAGE, PLUNGER
from mesofw.core.program import parse_line
from mesohost.calibration import goals, record, storing
from mesohost.calibration.record import Calibration
from mesohost.cli import at_bench
from mesohost.keys import KeyFile
from mesohost.program import load_program
from mesohost.records import decode
from mesohost.troubles import ArchiveTrouble, GunRefused
from mesosim.operator import Operator
from tests.host.calibration.at_bench import Bench, Worker, refuse

DAY = datetime.date(2026, 1, 31)
SYRINGES = ("1 mL", "3 mL", "5 mL", "10 mL")
EXAMPLE = Path(__file__).parents[3] / "examples" / "papules.toml"
BOARD = "5157000000000001"


def calibration(**changed):
    """An accepted depth calibration of a gun, with something changed."""
    sound = Calibration(
        format=1, kind="depth", version=1, board=BOARD, of="carriage",
        begun=f"{DAY}T10:00:00+00:00", ended=f"{DAY}T10:15:00+00:00", valid_until="2027-01-31",
        accepted=True, operator="OP2", fields={"carriage_ppm": 1_000_500, "foot_um": 985},
        figures=(), verdicts=(), lines=(), result={}, answers={},
    )  # fmt: skip
    return msgspec.structs.replace(sound, **changed)


def held(**changed):
    """What a gun holds that has been calibrated before."""
    fields = {name: low for name, (low, _) in goals.BOUNDS.items()}
    return {**fields, "date": 20250101, "id": 7, **changed}


def test_what_is_new_is_stored_with_the_next_number_and_the_day():
    changed = storing.changes([calibration()], held(foot_um=985), DAY)
    assert changed == {"id": 8, "date": 20260131, "carriage_ppm": 1_000_500}


def test_what_is_held_already_changes_nothing():
    fields = held(foot_um=985, carriage_ppm=1_000_500)
    assert storing.changes([calibration()], fields, DAY) == {}


@pytest.mark.parametrize(("number", "following"), [(1, 2), (65_534, 65_535), (65_535, 1)])
def test_numbers_go_on_within_their_bounds(number, following):
    assert storing.next_id({"id": number}) == following


def test_the_first_has_number_one():
    assert storing.next_id({}) == 1


def test_a_first_calibration_needs_every_field():
    with pytest.raises(ArchiveTrouble) as told:
        storing.changes([calibration()], {}, DAY)
    text = str(told.value)
    assert "empty_um" in text
    assert "foot_um" not in text
    assert "mesogun calibration run empty --key FILE" in text
    assert "mesogun calibration run volume --key FILE (for each of: 1 mL, 3 mL, 5 mL" in text
    assert "run depth" not in text


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"board": "b00c2"}, "of gun b00c2; this is gun 5157000000000001"),
     ({"accepted": False}, "not accepted"),
     ({"valid_until": "2026-01-30"}, "valid until 2026-01-30"),
     ({"fields": {"foot_um": 3_001}}, "600 to 3000"),
     ({"fields": {"foot_mm": 1}}, "no such field"),
     ({"kind": "motor", "of": "motors", "fields": {}}, "tells nothing")],
)  # fmt: skip
def test_a_file_that_does_not_count_is_told(changed, why):
    with pytest.raises(ArchiveTrouble, match=why):
        storing.check([calibration(**changed)], BOARD, DAY)


def test_of_a_folder_the_newest_accepted_of_this_gun_count():
    old = calibration(ended="2025-06-01T10:00:00+00:00")
    poor = calibration(ended="2026-02-01T10:00:00+00:00", accepted=False)
    other = calibration(board="b00c2")
    motor = calibration(kind="motor", of="motors", fields={})
    sound = calibration()
    assert storing.of_board([old, poor, other, motor, sound], BOARD) == [sound]


def test_days_are_kept_as_the_gun_keeps_them():
    assert storing.day_of(storing.ymd(DAY)) == DAY


def store(bench, *files, today=DAY):
    """`mesogun calibration store`, as of a day on which what was run today is in date."""
    at_bench.stored(bench.gun, KeyFile(bench.key), files, bench.folder, today)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path, seed=4)


def test_a_new_depth_is_stored_and_the_rest_stays(bench, capsys):
    before = bench.gun.record("calibration")
    bench.run("depth")
    bench.settle()
    store(bench)
    after = bench.gun.record("calibration")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"id", "date", "foot_um", "carriage_ppm"}
    assert after["id"] == before["id"] + 1
    assert after["date"] == 20260131
    assert bench.gun.hello().calibration == after["id"]
    said = capsys.readouterr().out
    assert f"id: {before['id']} -> {after['id']}\n" in said
    assert "press the knob" in said
    store(bench)
    assert "nothing to change" in capsys.readouterr().out
    assert bench.gun.record("calibration") == after


def test_it_is_there_when_the_gun_starts_anew(bench):
    bench.run("depth")
    bench.settle()
    store(bench)
    after = bench.gun.record("calibration")
    bench.world.switch_off()
    bench.world.switch_on()
    bench.settle()
    assert bench.gun.record("calibration") == after


def test_what_is_refused_at_the_gun_is_not_stored(tmp_path):
    bench = Bench(tmp_path)
    bench.run("depth")
    bench.settle()
    bench.port._answer = refuse
    before = bench.gun.record("calibration")
    with pytest.raises(GunRefused) as told:
        store(bench)
    assert told.value.code == errors.NOT_ALLOWED
    assert bench.gun.record("calibration") == before


def test_the_file_of_another_gun_is_refused(bench, tmp_path):
    path = record.keep(tmp_path / "other", calibration(board="b00c2"))
    before = bench.gun.record("calibration")
    with pytest.raises(ArchiveTrouble, match="of gun b00c2"):
        store(bench, path)
    assert bench.gun.record("calibration") == before


def test_a_gun_without_files_is_told_which_sessions_there_are(bench):
    with pytest.raises(ArchiveTrouble) as told:
        store(bench)
    for kind in ("depth", "empty", "volume"):
        assert f"mesogun calibration run {kind}" in str(told.value)


def shoot(bench):
    """A session of the example on the gun; its shots' records."""
    loaded = load_program(str(EXAMPLE), DAY)
    assert loaded.program
    bench.gun.load(loaded.program.text)
    sections = [parse_line(line) for line in loaded.program.text.splitlines()]
    head = next(section for kind, section in sections if kind == "program")
    zones = [section for kind, section in sections if kind == "zone"]
    bench.world.plant.unseat()
    bench.world.touch()
    Operator(bench.world, head, zones).session()
    bench.world.run_for(5_000_000)
    raws = [decode(raw) for raw in bench.gun.pull(1)]
    return [one for one in raws if one.is_shot]


def test_a_new_gun_is_calibrated_from_nothing_and_shoots_by_it(tmp_path):
    bench = Bench(tmp_path, 5, commissioned=False)
    assert bench.gun.hello().calibration == 0
    bench.run("depth")
    bench.run("empty")
    for syringe in SYRINGES:
        with pytest.raises(ArchiveTrouble, match="a first one needs every field"):
            store(bench)
        bench.settle()
        bench.run("volume", Worker(bench, syringe=syringe))
    bench.settle()
    store(bench)
    found = bench.gun.record("calibration")
    assert found["id"] == 1
    agrees(found, bench.world.truth)
    key = KeyFile(bench.key)
    bench.gun.keyed(key).store("commissioning", {"date": 20260131, "id": 1}, {})
    shots = shoot(bench)
    assert len(shots) == 64
    assert {shot.calibration for shot in shots} == {1}


def agrees(found, truth):
    """What the gun holds is true of it, within what the sessions allow."""
    assert set(found) == {field.name for field in settings.CALIBRATION}
    assert found["foot_um"] == pytest.approx(truth.foot_um - truth.switch_um, abs=25)
    true_ppm = truth.carriage_step_um * 1e9 / CARRIAGE.step_nm
    assert found["carriage_ppm"] == pytest.approx(true_ppm, rel=0.005)
    empty_um = (truth.empty_um - truth.switch_um) / truth.plunger_step_um * PLUNGER.step_nm / 1000
    assert found["empty_um"] == pytest.approx(empty_um, abs=50)
    assert found["backlash_nm"] / 1000 == pytest.approx(truth.plunger_backlash_um, abs=10)
    step_ppm = truth.plunger_step_um * 1e9 / PLUNGER.step_nm
    for syringe in SYRINGES:
        number = syringe.split()[0]
        # Syringes of a lot differ by 0.3 %.
        true_ppm = step_ppm * truth.bore_scale[syringe]
        assert found[f"syringe_{number}_ppm"] == pytest.approx(true_ppm, rel=0.008)
        true_share = truth.compliance_scale[syringe]
        assert found[f"compliance_{number}_ppm"] == pytest.approx(1e6 * true_share, rel=0.1)


def test_what_is_in_force_is_shown_beside_the_files(bench, capsys):
    day = datetime.date(2026, 6, 1)
    assert at_bench.shown(bench.gun, bench.folder, day)
    said = capsys.readouterr()
    number = bench.gun.record("calibration")["id"]
    assert f"gun {bench.board}: calibration {number} of 2026-01-01, valid, until" in said.out
    assert said.err == ""
    bench.run("depth")
    capsys.readouterr()
    assert not at_bench.shown(bench.gun, bench.folder, day)
    said = capsys.readouterr()
    (foot,) = (line for line in said.out.splitlines() if "foot_um" in line)
    assert foot.endswith("differs")
    assert "mesogun calibration store" in said.err
    bench.settle()
    store(bench)
    assert at_bench.shown(bench.gun, bench.folder, day)


def test_a_calibration_that_is_overdue_is_shown_as_that(bench, capsys):
    assert not at_bench.shown(bench.gun, bench.folder, datetime.date(2027, 2, 1))
    assert "of 2026-01-01, overdue, since 2027-01-01" in capsys.readouterr().out


def test_a_gun_that_has_none_is_shown(tmp_path, capsys):
    bench = Bench(tmp_path, 5, commissioned=False)
    assert not at_bench.shown(bench.gun, bench.folder, DAY)
    assert "no calibration; it will not shoot" in capsys.readouterr().out
