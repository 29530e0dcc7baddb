"""The complete session between processes: the host's commands, a pty or TCP, MicroPython."""

import json

import pytest

from mesohost.archive import Archive
from mesohost.gun import Gun
from mesohost.records import verify
from tests import needs
from tests.session.layers import EXAMPLES, example, mesogun, served

PROGRAM = EXAMPLES / "face-nappage.toml"
HANDS = EXAMPLES / "scenarios" / "face-nappage.toml"
BODIES = {"pty": (), "tcp": ("--socket", 0)}


def until_idle(gun):
    """Wait, by reading the port, until the gun has homed."""
    for _ in range(200):
        if gun.status().state == "idle":
            return
        gun.wait(0.05)
    raise AssertionError("the gun did not get idle")


def run(*arguments):
    ended = mesogun(*arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("firmware", ["micropython", "cpython"])
@pytest.mark.parametrize("body", BODIES)
def test_a_whole_session_by_the_commands_of_an_operator(body, firmware, tmp_path):
    if firmware == "micropython":
        needs.micropython()
    program = example("face-nappage")
    archive = tmp_path / "archive"
    arguments = ("--pace", 60, "--firmware", firmware, "--scenario", HANDS, *BODIES[body])
    with served(*arguments) as port:
        assert "press the knob" in run("load", PROGRAM, "--port", port)
        assert "idle" in run("watch", "--port", port, "--interval", 0.05)
        assert "new records" in run("pull", "--port", port, "--archive", archive)
        assert "nothing new" in run("pull", "--port", port, "--archive", archive)
        page = tmp_path / "report.html"
        run("report", "--archive", archive, "--program", PROGRAM, "--out", page)
    (board,) = Archive(archive).boards()
    held = [one.raw for one in Archive(archive).log(board).records()]
    assert verify(held) is None
    report = json.loads(run("report", "--archive", archive, "--program", PROGRAM, "--json"))
    assert json.dumps(report).count(program.zones[0].name) >= 1
    assert "NOT VERIFIED" in page.read_text().upper()


def test_a_link_with_faults_between_processes_loads_and_pulls_exactly(tmp_path):
    needs.micropython()
    program = example("scalp")
    with served("--pace", 20, "--faults", 10, "--state", tmp_path / "gun") as port:
        gun = Gun.open(port)
        gun.hello()
        until_idle(gun)
        assert gun.load(program.text).sha256 == program.sha256
        raw = list(gun.pull(1))
        gun.close()
    assert verify(raw) is None


def test_the_gun_keeps_program_and_log_from_one_start_to_the_next(tmp_path):
    needs.micropython()
    program = example("papules")
    logs = []
    for start in range(2):
        with served("--pace", 20, "--state", tmp_path / "gun") as port:
            gun = Gun.open(port)
            assert gun.hello().boot == start + 1
            until_idle(gun)
            if start == 0:
                gun.load(program.text)
            info = gun.program()
            assert info
            assert info.sha256 == program.sha256
            logs.append(list(gun.pull(1)))
            gun.close()
    assert logs[1][: len(logs[0])] == logs[0]
    assert verify(logs[1]) is None


def test_rehearse_prints_each_zone_and_draws(tmp_path):
    picture = tmp_path / "course.svg"
    told = run("rehearse", PROGRAM, "--picture", picture)
    for zone in example("face-nappage").zones:
        assert zone.name in told
    assert "syringes: 1" in told
    assert picture.read_text().startswith("<?xml")
    outcome = json.loads(run("rehearse", PROGRAM, "--json"))
    assert outcome["shots"] == example("face-nappage").shots
    assert outcome["stopped"] == ""


@pytest.mark.parametrize("firmware", ["micropython", "cpython"])
def test_a_new_gun_holds_its_engineers_key_and_nothing_else(firmware, tmp_path):
    if firmware == "micropython":
        needs.micropython()
    key = tmp_path / "gun.key"
    run("key", key)
    with served("--pace", 60, "--firmware", firmware, "--key", key, "--new") as port:
        with Gun.open(port) as gun:
            until_idle(gun)
            hello = gun.hello()
            assert (hello.calibration, hello.commissioned) == (0, False)
            assert gun.record("settings")
            assert gun.record("commissioning") == {}
        # It knows the key: what nobody allows at the gun is refused for that alone.
        ended = mesogun("jog", "--port", port, "--key", key)
    assert "not_allowed" in ended.stderr
    assert ended.returncode == 4
