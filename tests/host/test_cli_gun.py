"""The command line with a gun: load, watch and pull over TCP from a virtual gun."""

import datetime
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from benches import add_records, core_of, gun_of, idle_world

from mesohost import cli
from mesohost.archive import Archive
from mesohost.cli.exits import Exit
from mesohost.cli.load import started
from mesohost.program import load_program
from mesosim.link import Clear
from mesosim.serve import Server, Tcp
from mesosim.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
FINE = str(EXAMPLES / "papules.toml")
TODAY = ["--today", "2026-03-01"]


class Served:
    """A virtual gun whose time passes only while a host asks, served by a thread of its own."""

    def __init__(self, world: World):
        self.world = world
        self._body = Tcp(0)
        self._server = Server(world, self._body, 0, Clear(), Clear())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self) -> str:
        return self._body.name

    def _serve(self) -> None:
        while not self._ended.is_set():
            self._server.serve(0.01)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._server.close()


@pytest.fixture
def world() -> World:
    return idle_world()


@pytest.fixture
def port(world: World, monkeypatch) -> Iterator[str]:
    served = Served(world)
    monkeypatch.setenv("MESOGUN_PORT", served.port)
    yield served.port
    served.close()


@pytest.mark.usefixtures("port")
def test_load_says_what_to_do_on_the_gun(world: World, capsys):
    assert cli.run(["load", FINE, *TODAY]) == Exit.FINE
    captured = capsys.readouterr()
    assert "Papules, lumbar spine: 3 zones, 64 shots, 2400 µL" in captured.out
    assert "patient P-0107" in captured.out
    assert f"loaded into gun {world.board.board_id}" in captured.out
    assert "hardware is not verified" in captured.out
    assert "press the knob" in captured.out
    assert captured.err.startswith("loading: ")
    wanted = load_program(FINE, datetime.date(2026, 3, 1)).program
    assert wanted is not None
    assert core_of(world).slots.load() == wanted.text
    assert core_of(world).clock.epoch_s > 1_700_000_000


def test_load_as_json(world: World, port: str, capsys):
    assert cli.run(["load", FINE, *TODAY, "--json", "--port", port]) == Exit.FINE
    told = json.loads(capsys.readouterr().out)
    assert told["board"] == world.board.board_id
    assert told["program"]["shots"] == 64


@pytest.mark.usefixtures("port")
def test_a_stopped_gun_takes_no_program(world: World, capsys):
    world.plant.stop = 1
    world.touch()
    assert cli.run(["watch"]) == Exit.STOPPED
    assert "the emergency stop was pressed" in capsys.readouterr().err
    assert cli.run(["load", FINE, *TODAY]) == Exit.REFUSED
    error = capsys.readouterr().err
    assert "the gun refuses load" in error
    assert "fault: the emergency stop was pressed" in error


def test_a_gun_that_was_just_switched_on_is_waited_for():
    gun = gun_of(World(1))
    assert gun.status().state in ("boot", "self_test", "homing")
    assert started(gun).state == "idle"


@pytest.mark.usefixtures("port")
def test_watch_prints_plain_lines_or_json(capsys):
    assert cli.run(["watch", "--until", "idle"]) == Exit.FINE
    assert "s  idle; [No program mesogun load]" in capsys.readouterr().out
    assert cli.run(["watch", "--until", "idle", "--json"]) == Exit.FINE
    assert json.loads(capsys.readouterr().out)["state"] == "idle"


def test_pull_fills_the_archive_once(tmp_path: Path, capsys):
    world = idle_world()
    add_records(world, 600)
    served = Served(world)
    try:
        line = ["pull", "--port", served.port, "--archive", str(tmp_path)]
        assert cli.run(line) == Exit.FINE
        out = capsys.readouterr().out
        last = core_of(world).journal.last
        assert f"{last} new records, 1 to {last}" in out
        assert cli.run(line) == Exit.FINE
        assert "nothing new" in capsys.readouterr().out
        assert cli.run([*line, "--json"]) == Exit.FINE
        told = json.loads(capsys.readouterr().out)
        assert (told["new"], told["last"], told["gaps"]) == (0, last, [])
        other = ["pull", "--port", served.port, "--archive", str(tmp_path / "other")]
        assert cli.run(other) == Exit.REFUSED
        error = capsys.readouterr().err
        assert "paired with another archive" in error
        assert "missing: records 1 to" not in error
    finally:
        served.close()
    assert len(list(Archive(tmp_path).log(world.board.board_id).records())) == last


def test_pull_tells_of_gaps(tmp_path: Path, capsys):
    world = idle_world()
    add_records(world, 1_200)
    archive = Archive(tmp_path)
    core = core_of(world)
    core.memory.acknowledge(1_100, bytes.fromhex(archive.id))
    core.store.forget(1_100)
    served = Served(world)
    try:
        line = ["pull", "--port", served.port, "--archive", str(tmp_path)]
        assert cli.run(line) == Exit.DAMAGED
    finally:
        served.close()
    assert "missing: records 1 to 1023" in capsys.readouterr().err
