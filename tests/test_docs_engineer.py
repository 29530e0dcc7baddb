"""docs/engineer.md, gone through with a virtual gun: every command, every message, in order.

A `console` block is what an engineer sees: behind `$` a command, behind `gun>`, `jog>` and `move>`
what is typed into it, the rest what it prints, in this order, where … stands for anything.
"""

import datetime
import io
import json
import re
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mesohost import cli, keys, udev
from mesohost.calibration import record
from mesohost.calibration.record import Calibration
from mesohost.cli.exits import Exit
from mesohost.doctor.hands_checks import HANDS
from mesosim.link import Clear
from mesosim.provision import workshop_records
from mesosim.serve import Server, Tcp
from mesosim.stage import Stage
from mesosim.verbs import do
from mesosim.world import World
from tests.docpages import docs, plain

PAGE = docs("engineer")
CONSOLES = [fence for fence in PAGE.fences if fence.info == "console"]
_TYPED = re.compile(r"(?:gun|jog|move)> (.*)")
# Between two looks at the host so much virtual time passes, however busy this computer is.
BETWEEN_US = 100_000
LOOK_S = 0.002
# So often a command is run again where this computer was too busy for it.
BUSY = 5
# What hands do for what the doctor asks for, as steps of a scenario.
DOES = {
    "trigger": (["press trigger"], ["release trigger"]),
    "pedal": (["press pedal"], ["release pedal"]),
    "knob": (["press knob"], ["release knob"]),
    "turn": (["turn 2"], []),
    "foot": (["place"], ["lift"]),
    "seat": (["seat 1 mL filled 0.2 mL with 30G 4 mm"], ["unseat"]),
    "stop": (["press stop", "wait 200 ms"], ["free stop", "wait 200 ms", "click"]),
}


class Engineer(io.StringIO):
    """Somebody at the gun who reads the computer's screen, and does what it says."""

    def __init__(self, world: World):
        super().__init__()
        self._stage = Stage(world, None, lambda: None)
        self._asked: list[str] = []
        self._left: list[tuple[str, list[str]]] = []

    def begin(self) -> "Engineer":
        """An empty screen, and nothing done yet of what the doctor will ask for."""
        self.truncate(0)
        self.seek(0)
        self._left = [
            (text, steps)
            for hand in HANDS
            for text, steps in zip((hand.do, hand.undo), DOES[hand.id], strict=True)
            if text
        ]
        return self

    def write(self, text: str) -> int:
        self._asked += re.findall(r"^at the gun: (.*)$", text, re.MULTILINE)
        return super().write(text)

    def act(self) -> None:
        """What is to be done now, at the gun."""
        world = self._stage.world
        if "Turn: refuse" in world.plant.screen:
            do(self._stage, "click")
        while self._asked:
            asked = self._asked.pop(0)
            if self._left and asked == self._left[0][0]:
                for step in self._left.pop(0)[1]:
                    do(self._stage, step)


class Workshop:
    """A new gun on a port, and an engineer at it."""

    def __init__(self, key: bytes):
        self.world = World(1, commissioned=False, key=key)
        self.world.run_for(30_000_000)
        self.engineer = Engineer(self.world)
        self._body = Tcp(0)
        self._server = Server(self.world, self._body, 0, Clear(), Clear())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self) -> str:
        return self._body.name

    def _serve(self) -> None:
        while not self._ended.is_set():
            self._server.serve(LOOK_S)
            self.world.run_for(BETWEEN_US)
            self.engineer.act()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._server.close()


class Typed(io.StringIO):
    """What is typed; as on a terminal, the answer to a prompt ends its line."""

    def __init__(self, lines: list[str], screen: io.StringIO):
        super().__init__("".join(line + "\n" for line in lines))
        self._screen = screen

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        self._screen.write(line)
        return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engineer")


@pytest.fixture(scope="module")
def workshop(folder: Path) -> Iterator[Workshop]:
    key = folder / "held.key"
    keys.create(key)
    opened = Workshop(key.read_bytes().strip())
    yield opened
    opened.close()


def runs() -> Iterator[tuple[str, list[str], list[str]]]:
    """(command, what is typed, what is printed) of all console blocks, in the page's order."""
    for fence in CONSOLES:
        command, typed, printed = "", [], []
        for line in fence.lines:
            if line.startswith("$ "):
                if command:
                    yield command, typed, printed
                command, typed, printed = line[2:], [], []
            elif match := _TYPED.fullmatch(line):
                typed.append(match[1])
            else:
                printed.append(line)
        yield command, typed, printed


RUNS = list(runs())


def keep_calibrations(world: World) -> None:
    """Keep what the page's sessions find at this gun (`tests/host/calibration` goes through them):
    an accepted file that tells all fields."""
    told = json.loads(workshop_records(world.truth, world.truth.seed)["calibration"])
    day = datetime.datetime.now(datetime.UTC)
    until = day.date() + datetime.timedelta(days=record.VALID_DAYS)
    fields = {name: value for name, value in told.items() if name not in ("id", "date")}
    one = Calibration(
        format=record.FORMAT, kind="depth", version=1, board=world.board.board_id, of="carriage",
        begun=day.isoformat(), ended=day.isoformat(), valid_until=until.isoformat(), accepted=True,
        operator="bench 2", fields=fields, figures=(), verdicts=(), lines=(), result={}, answers={},
    )  # fmt: skip
    record.keep(record.default_folder(), one)


def test_the_page_goes_as_it_says(
    folder: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setenv("MESOGUN_PORT", workshop.port)
    for command, typed, printed in RUNS:
        words = shlex.split(command.replace("PORT", workshop.port))[1:]
        if words[:2] == ["calibration", "store"]:
            keep_calibrations(workshop.world)
        for _ in range(BUSY):
            out = workshop.engineer.begin()
            monkeypatch.setattr("sys.stdin", Typed(typed, out))
            monkeypatch.setattr("sys.stdout", out)
            monkeypatch.setattr("sys.stderr", out)
            ended = cli.run(words)
            if "FAILED    link" not in out.getvalue():
                break  # else this computer was busy, which the doctor tells as a slow link
        if words[0] == "key":
            # The gun's is the one that it was given; the page's is only shown.
            Path("gun.key").write_bytes((folder / "held.key").read_bytes())
        said = out.getvalue()
        # A session whose questions nobody answers is broken off, to be gone on with.
        assert ended in (Exit.FINE, Exit.FAULTS, Exit.REFUSED, Exit.BROKEN_OFF), (command, said)
        _compare(command, printed, said)


def _compare(command: str, printed: list[str], said: str) -> None:
    lines = iter(click.unstyle(said).splitlines())
    for wanted in printed:
        shape = ".*".join(map(re.escape, wanted.split("…")))
        assert any(re.fullmatch(shape, line.rstrip()) for line in lines), (command, wanted, said)


def test_the_udev_rule_of_the_page_is_the_doctors():
    text = PAGE.text
    assert f"echo '{udev.RULE}' | sudo tee {udev.RULE_FILE}\n" in text
    assert f"{udev.RELOAD}\n" in text


def test_every_command_for_engineers_is_on_the_page():
    told = PAGE.text
    for name in ("devices", "key", "flash", "firmware", "selftest", "doctor", "jog", "shell",
                 "trace", "settings", "calibration"):  # fmt: skip
        assert f"mesogun {name}" in told


def test_the_exit_codes_of_the_page_are_the_commands():
    assert f"Exit code {int(Exit.STOPPED)}: it stopped on a fault; {int(Exit.FAILED)}: a part" in (
        PAGE.prose
    )


def test_each_way_of_leaving_is_told_with_its_command():
    for row in PAGE.table("8. Later").rows:
        assert "mesogun" in plain(row[1])
