"""`mesogun flash` on an emulated Pico: from stock MicroPython to a gun that answers, and mended."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesofw.core import door
from mesohost import cli
from mesohost.cli.exits import Exit
from mesohost.flashing.board import Board
from mesohost.flashing.install import install
from mesohost.flashing.looks import look
from mesohost.flashing.plan import plan
from mesohost.flashing.release import Release, release
from mesohost.gun import Gun
from mesohost.troubles import NoAnswer
from mesosim import bundled
from mesosim.compiled import BUNDLE
from tests.whole_chip import disk
from tests.whole_chip.chip import Chip, image

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def blank(possible: None) -> Iterator[Chip]:  # noqa: ARG001
    """A Pico with MicroPython only."""
    with Chip(disk.micropython(image())) as chip:
        yield chip


@pytest.fixture
def damaged(possible: None) -> Iterator[Chip]:  # noqa: ARG001
    """A gun whose firmware in force is damaged: the other one runs, which shoots nothing."""
    whole = disk.firmware_files()[BUNDLE]
    with Chip(disk.flash(image(), bundles=(disk.damaged(), whole))) as chip:
        yield chip


def mesogun(*arguments: str) -> Exit:
    """Run a command line."""
    return Exit(cli.run(arguments))


def test_a_blank_pico_becomes_a_gun(
    blank: Chip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(tmp_path / "gun.key")
    assert mesogun("flash", "--port", blank.port, "--dry-run") == Exit.FINE
    assert "no firmware" in capsys.readouterr().out
    assert mesogun("flash", "--port", blank.port) == Exit.REFUSED
    assert "--key FILE" in capsys.readouterr().err
    assert mesogun("flash", "--port", blank.port, "--key", key) == Exit.FINE
    assert "runs it" in capsys.readouterr().out
    with Gun.open(blank.port) as gun:
        hello = gun.hello()
        assert (hello.build, hello.hardware_verified) == (disk.build_told(), False)
    assert mesogun("flash", "--port", blank.port) == Exit.FINE
    assert "runs it already" in capsys.readouterr().out
    # Nothing hangs on its pins, so it is in a fault: then it is left as it is.
    assert mesogun("firmware", "verify", "--port", blank.port, "--key", key) == Exit.REFUSED


def _until_it_answers(port: str) -> None:
    for _ in range(10):
        with Gun.open(port) as gun, contextlib.suppress(NoAnswer):
            gun.hello()
            return
    raise AssertionError("the gun does not come up")


def test_a_gun_in_a_fault_is_got_hold_of_as_it_starts(
    possible: None,  # noqa: ARG001
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing hangs on its pins. The chip starts as the port is opened first."""
    with Chip(disk.flash(image())) as chip:
        key = str(tmp_path / "gun.key")
        assert mesogun("flash", "--port", chip.port, "--at-start", "--key", key) == Exit.FINE
        told = capsys.readouterr().out
        assert "switch the gun off and on" in told
        assert "all is there" in told
        assert mesogun("flash", "--port", chip.port) == Exit.FINE


def test_a_release_that_turns_out_wrong_is_taken_back(
    possible: None,  # noqa: ARG001
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = str(tmp_path / "gun.key")
    both = (disk.next_release(), disk.firmware_files()[BUNDLE])
    with Chip(disk.flash(image(), bundles=both)) as chip:
        rollback = ("firmware", "rollback", "--port", chip.port, "--at-start", "--key", key)
        assert mesogun(*rollback) == Exit.FINE
        told = capsys.readouterr().out
        assert f"runs 0.1.0, build {disk.build_told()}" in told
        with Gun.open(chip.port) as gun:
            assert gun.hello().build == disk.build_told()


class UnpluggedError(Exception):
    """The cable is pulled."""


def test_broken_off_in_the_middle_the_old_one_stays_in_force(blank: Chip) -> None:
    first = release()
    modules = bundled.places(first.bundle)
    at = max(begin for begin, _ in modules.values())
    held = {f"mesofw/core/other{number}.mpy": bytes(9_000) for number in range(3)}
    second = Release(bundled.bundle({**held, "mesofw/z.mpy": first.bundle[at:]}, "9.9.9"), {})
    with Board(blank.port) as board:
        install(board, first, plan(board, look(board), first))

        def unplug(done: int, total: int) -> None:
            if done > total // 2:
                raise UnpluggedError

        with pytest.raises(UnpluggedError):
            install(board, second, plan(board, look(board), second), unplug)
    with Board(blank.port) as board:
        looks = look(board)
        assert looks.runs is looks.first
        assert looks.first.head is not None
        assert looks.first.head.build == first.build
        assert not looks.other.whole
        install(board, second, plan(board, looks, second))
        looks = look(board)
        assert looks.runs is looks.first
        assert looks.first.head is not None
        assert (looks.first.head.build, looks.first.head.version) == (second.build, "9.9.9")


def test_a_damaged_one_is_mended_without_the_key(
    damaged: Chip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _until_it_answers(damaged.port)
    with Gun.open(damaged.port) as gun:
        while gun.status().state in ("boot", "self_test"):
            gun.wait(0.1)
        assert gun.status().state == "fault"
        assert gun.health().faulty & door.PART_FIRMWARE
    assert mesogun("firmware", "show", "--port", damaged.port) == Exit.FINE
    assert "in place of a damaged one" in capsys.readouterr().out
    assert mesogun("firmware", "verify", "--port", damaged.port) == Exit.DAMAGED
    told = capsys.readouterr().out
    assert "a: 0.1.0" in told
    assert "damaged, in force" in told
    assert mesogun("flash", "--port", damaged.port, "--key", str(tmp_path / "gun.key")) == Exit.FINE
    with Gun.open(damaged.port) as gun:
        assert gun.hello().build == disk.build_told()
        assert not gun.health().faulty & door.PART_FIRMWARE
