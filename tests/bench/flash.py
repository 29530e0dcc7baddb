"""The rows of flashing: a whole firmware, and one that is there already, against mpremote's copy of
the same files, over the same pseudo terminal to the same interpreter. All in this process, so that
no start of a program is measured."""

import contextlib
import io
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from mesohost.flashing.board import Board
from mesohost.flashing.install import install
from mesohost.flashing.looks import check, look
from mesohost.flashing.plan import main_is_ours, plan
from mesohost.flashing.release import Release, release
from mesosim.compiled import BUNDLE
from mesosim.process import interpreter
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable

_ROUNDS = 5


def _measured(place: Place) -> tuple[float, float, float]:
    """s for the whole firmware, for nothing to be done, for mpremote's copy; the best of some, one
    after the other."""
    if interpreter() is None:
        raise Unavailable("MicroPython is not installed")
    from tests.host.flash.desk import DeskBoard

    wanted = release()
    files = place.fresh() / "firmware"
    files.mkdir()
    for name, data in {**wanted.beside, BUNDLE: wanted.bundle}.items():
        (files / name).write_bytes(data)
    whole: list[float] = []
    again: list[float] = []
    copied: list[float] = []
    for _ in range(_ROUNDS):
        folder = place.fresh()
        with DeskBoard(folder / "ours.img") as desk:
            whole.append(_took_s(lambda port=desk.port: _flash(port, wanted)))
            again.append(_took_s(lambda port=desk.port: _flash(port, wanted)))
        with DeskBoard(folder / "peer.img") as desk:
            copied.append(_took_s(lambda port=desk.port: _copy(port, files)))
    return min(whole), min(again), min(copied)


def _took_s(act: Callable[[], None]) -> float:
    began_s = time.monotonic()
    act()
    return time.monotonic() - began_s


def _flash(port: str, wanted: Release) -> None:
    from tests.host.flash.desk import DESK

    with Board(port) as board:
        looks = look(board)
        check(looks, main_is_ours(looks, wanted), DESK)
        install(board, wanted, plan(board, looks, wanted))


def _copy(port: str, files: Path) -> None:
    """What `mpremote connect PORT resume fs cp -r FILES :` does."""
    from mpremote.commands import do_filesystem_recursive_cp
    from mpremote.main import State
    from mpremote.transport_serial import SerialTransport

    state = State()
    state.transport = SerialTransport(port)
    state.ensure_raw_repl(soft_reset=False)
    with contextlib.redirect_stdout(io.StringIO()):
        do_filesystem_recursive_cp(state, str(files), ":", False, True)
    state.transport.exit_raw_repl()
    state.transport.close()


def _peer() -> str:
    return f"mpremote {version('mpremote')} fs cp -r"


def flash_ratio(place: Place) -> list[Row]:
    """A whole firmware onto a blank board. Raises Unavailable."""
    whole_s, _, copied_s = place.once(_measured)
    note = f"best of {_ROUNDS}, read back and switched over, against {_peer()}"
    return [
        Row("flash_ratio", whole_s / copied_s, "", LOWER, 1.0, note=note),
        Row("flash_s", whole_s, "s", LOWER, None, _peer(), copied_s),
    ]


def reflash_ratio(place: Place) -> list[Row]:
    """The same firmware once more, against copying it. Raises Unavailable."""
    _, again_s, copied_s = place.once(_measured)
    note = f"best of {_ROUNDS}: {again_s * 1000:.0f} ms to find that every byte is there"
    return [Row("reflash_ratio", again_s / copied_s, "", LOWER, 0.2, note=note)]
