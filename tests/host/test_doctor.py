"""The doctor at a gun that is well: every check, the record on the computer and on the gun; and
what keeps a gun from being commissioned."""

import datetime
import json
from pathlib import Path

import msgspec
import pytest
from benches import idle_world
from patients import Engineer, after, case_of, examined, first_failed, keyed_world
from test_cli_gun import Served
from test_keys import allow, refuse
from test_keys import file as file  # an engineer's key

from mesofw.core import errors
from mesohost import cli
from mesohost.cli import doctor
from mesohost.cli.exits import Exit
from mesohost.doctor import record, table
from mesohost.doctor.hands_checks import HANDS
from mesohost.doctor.model import MOVES, NOT_DONE, OK, STAGES
from mesohost.doctor.record import Record
from mesohost.troubles import GunRefused, Trouble
from mesosim.hands import Hands

TODAY = datetime.date(2026, 3, 1)


def test_each_check_says_what_is_allowed_and_the_stages_come_in_order():
    ids = [check.id for check in table.CHECKS]
    assert len(set(ids)) == len(ids)
    stages = [STAGES.index(check.stage) for check in table.CHECKS]
    assert stages == sorted(stages)
    for check in table.CHECKS:
        assert check.title
        assert check.allowed
        assert check.causes
        assert bool(check.blocks) == bool(check.why), check.id
        assert all(cause.what and cause.do for cause in check.causes), check.id


def test_a_gun_that_is_well_passes_every_check_and_is_commissioned(file: Path, tmp_path: Path):
    world = keyed_world(file)
    case = case_of(world, Engineer(world), file, moves=True)
    held = case.gun.record("commissioning")
    path = tmp_path / "record.json"
    assert doctor.look(case, path, "bench 2", as_json=False) == Exit.FINE
    kept = msgspec.json.decode(path.read_bytes(), type=Record)
    assert {line.verdict for line in kept.checks} == {OK}
    assert [line.id for line in kept.checks] == [check.id for check in table.CHECKS]
    hello = case.known
    assert (kept.board, kept.firmware, kept.build) == (hello.board, hello.firmware, hello.build)
    assert (kept.complete, kept.operator, kept.id) == (True, "bench 2", held["id"] + 1)
    assert case.gun.record("commissioning") == {
        "date": int(kept.at[:10].replace("-", "")),
        "id": held["id"] + 1,
    }
    assert case.gun.status().state == "idle"
    assert not world.board.errors


def test_where_the_record_is_refused_at_the_gun_the_computer_keeps_its_own(
    file: Path, tmp_path: Path
):
    world = keyed_world(file)
    answers = iter([allow, refuse])
    case = case_of(
        world, Engineer(world), file, moves=True, answer=lambda hands: next(answers)(hands)
    )
    held = case.gun.record("commissioning")
    path = tmp_path / "record.json"
    with pytest.raises(GunRefused) as told:
        doctor.look(case, path, "bench 2", as_json=False)
    assert told.value.code == errors.NOT_ALLOWED
    assert case.gun.record("commissioning") == held
    kept = msgspec.json.decode(path.read_bytes(), type=Record)
    assert (kept.complete, kept.id) == (True, 0)


def test_a_virtual_gun_stays_unverified(file: Path, tmp_path: Path):
    world = keyed_world(file)
    case = case_of(world, Engineer(world), file, moves=True)
    doctor.look(case, tmp_path / "record.json", "bench 2", as_json=False)
    assert case.gun.hello().hardware_verified is False
    assert json.loads((tmp_path / "record.json").read_text())["hardware_verified"] is False


def test_the_figures_of_the_moving_checks_are_in_their_lines(file: Path):
    world = keyed_world(file)
    course = examined(case_of(world, key=file, moves=True))
    figures = {line.id: line.figures for line in course.lines}
    assert 0 < float(figures["spring"]["ms"]) <= 200
    assert float(figures["repeat"]["carriage_um"]) <= 50
    assert float(figures["link"]["retries_pct"]) == 0
    assert 20_000 < int(figures["supply"]["supply_mv"]) < 28_000


def test_without_the_moving_checks_and_hands_all_else_is_done(file: Path):
    course = examined(case_of(keyed_world(file), key=file))
    left = {line.id for line in course.lines if line.verdict == NOT_DONE}
    moving = {check.id for check in table.CHECKS if check.stage == MOVES}
    assert left == moving | {hand.id for hand in HANDS}
    assert not course.failed
    assert not course.complete


@pytest.mark.parametrize("left_out", ["hands", "moves"])
def test_a_gun_is_not_commissioned_by_half(left_out: str, file: Path, tmp_path: Path):
    world = keyed_world(file)
    case = case_of(world, Engineer(world, hands=left_out != "hands"), file, left_out != "moves")
    held = case.gun.record("commissioning")
    path = tmp_path / "record.json"
    assert doctor.look(case, path, "bench 2", as_json=False) == Exit.FINE
    assert case.gun.record("commissioning") == held
    kept = msgspec.json.decode(path.read_bytes(), type=Record)
    assert (kept.complete, kept.id) == (False, 0)
    with pytest.raises(Trouble, match="not commissioned"):
        record.store(case, examined(case), TODAY)


def test_a_gun_that_is_not_well_is_not_commissioned(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    world = after(keyed_world(file), "fail display")
    case = case_of(world, Engineer(world), file, moves=True)
    held = case.gun.record("commissioning")
    assert doctor.look(case, tmp_path / "record.json", "bench 2", as_json=False) == Exit.FAILED
    assert case.gun.record("commissioning") == held
    told = capsys.readouterr().out
    assert "FAILED    parts: fails: the display" in told
    assert f"{len(table.CHECKS) - 1} ok, 1 failed, 0 not done" in told
    assert json.loads((tmp_path / "record.json").read_text())["complete"] is False


def test_nothing_moves_unless_the_engineer_lets_it(file: Path):
    world = keyed_world(file)
    before = world.plant.step_counts()
    course = examined(case_of(world, Engineer(world, hands=False, moves=False), file, moves=True))
    assert world.plant.step_counts() == before
    moves = {line.seen for line in course.lines if line.stage == MOVES}
    assert moves == {"the engineer did not let the axes move"}


def test_nothing_moves_unless_it_is_allowed_at_the_gun(file: Path):
    world = keyed_world(file)
    before = world.plant.step_counts()
    course = examined(case_of(world, key=file, moves=True, answer=refuse))
    assert world.plant.step_counts() == before
    failed = first_failed(course)
    assert failed.id == "let_in"
    assert failed.causes[0].what == "it was not allowed at the gun"


def test_nothing_moves_with_a_syringe_in_the_gun(file: Path):
    world = after(keyed_world(file), "seat 1 mL filled 1 mL with 30G 4 mm")
    before = world.plant.step_counts()
    failed = first_failed(examined(case_of(world, key=file, moves=True)))
    assert world.plant.step_counts() == before
    assert (failed.id, failed.causes[0].do) == ("let_in", "take it out, with its needle")


def test_a_press_in_mid_move_ends_it_and_the_gun_is_left_idle(file: Path):
    world = keyed_world(file)
    case = case_of(world, key=file, moves=True)
    bench = case.gun.bench()
    assert case.enter()
    boot = case.known.boot
    Hands(world).click()
    with pytest.raises(GunRefused):
        bench.home()
    case.leave()
    assert case.known.boot == boot + 1
    assert case.at_rest().state == "idle"


def test_what_is_asked_of_hands_is_seen_switch_by_switch(file: Path):
    world = keyed_world(file)
    engineer = Engineer(world)
    course = examined(case_of(world, engineer, file))
    assert engineer.asked == [text for hand in HANDS for text in (hand.do, hand.undo) if text]
    verdicts = {line.id: line.verdict for line in course.lines}
    assert {verdicts[hand.id] for hand in HANDS} == {OK}


@pytest.mark.parametrize(
    ("steps", "id_", "sign"),
    [
        (["stick trigger at 0"], "trigger", "the trigger's wire is broken"),
        (["stick pedal at 0"], "pedal", "the pedal's wire is broken"),
        (["stick seat at 0"], "seat", "the seat's wire is broken"),
        (["stick foot at 0"], "foot", "the foot's wire is broken"),
        (["stick stop at 0"], "stop", "the stop's second contact sticks"),
    ],
)
def test_a_switch_that_does_not_change_is_named(steps: list[str], id_: str, sign: str, file: Path):
    world = after(keyed_world(file), *steps)
    failed = first_failed(examined(case_of(world, Engineer(world), file)))
    assert failed.id == id_
    assert failed.seen == "nothing changed within 60 s"
    assert failed.causes[0].what.startswith(sign)


@pytest.mark.parametrize(("part", "id_"), [("knob", "knob"), ("foot", "foot"), ("stop", "stop")])
def test_nothing_moves_where_what_stops_it_does_not_work(part: str, id_: str, file: Path):
    world = after(keyed_world(file), f"stick {part} at 0")
    course = examined(case_of(world, Engineer(world), file, moves=True))
    assert first_failed(course).id == id_
    moves = {line.seen for line in course.lines if line.stage == MOVES}
    assert len(moves) == 1
    assert moves.pop().endswith("what stops an axis has to work before one is moved")


def test_as_json_it_tells_every_check(file: Path, capsys: pytest.CaptureFixture[str]):
    assert doctor.look(case_of(keyed_world(file)), None, "bench 2", as_json=True) == Exit.FINE
    whole = json.loads(capsys.readouterr().out)
    assert [line["id"] for line in whole["checks"]] == [check.id for check in table.CHECKS]
    assert {line["verdict"] for line in whole["checks"]} == {OK, NOT_DONE}


def test_the_command_line_looks_at_a_gun_on_a_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    served = Served(idle_world())
    monkeypatch.setenv("MESOGUN_PORT", served.port)
    path = tmp_path / "record.json"
    try:
        cli.run(["doctor", "--no-hands", "--operator", "bench 2", "--record", str(path)])
    finally:
        served.close()
    told = capsys.readouterr().out
    assert f"port: {served.port} opens" in told
    assert "not commissioned" in told
    assert f"{path}: the record" in told
    kept = msgspec.json.decode(path.read_bytes(), type=Record)
    assert kept.operator == "bench 2"
    # How quickly it answers is this computer's business here.
    assert {line.id for line in kept.checks if line.verdict == "failed"} <= {"link"}


def test_a_record_that_cannot_be_written_is_told_before_the_gun_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "none" / "record.json"
    assert cli.run(["doctor", "--record", str(path), "--port", "none"]) == Exit.UNUSABLE
    assert "is no folder" in capsys.readouterr().err


def test_no_gun_ends_it_at_the_port(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["doctor", "--port", "socket://127.0.0.1:1"]) == Exit.FAILED
    told = capsys.readouterr().out
    assert "FAILED    port: socket://127.0.0.1:1" in told
    assert "likeliest: no virtual gun is served there" in told
    assert "without a port, nothing more can be looked at" in told
    assert f"0 ok, 1 failed, {len(table.CHECKS) - 1} not done" in told
