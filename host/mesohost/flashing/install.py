"""Carries a plan out: the bundle into its place, what lies beside it, then the switch."""

import base64
import hashlib
import zlib
from collections.abc import Iterator

from mesofw.core import slots
from mesohost.flashing.board import Board
from mesohost.flashing.looks import GUN_FOLDER, KEY, MAIN, NOW
from mesohost.flashing.plan import Part, Plan, all_sent
from mesohost.flashing.release import Release
from mesohost.troubles import BoardTrouble
from mesohost.upload import Progress

# Compressed and written at once: the window that the board unpacks with.
CHUNK_BYTES = 4096
_WINDOW_BITS = -12
_NEXT = ".next"


def install(board: Board, release: Release, plan: Plan, progress: Progress | None = None) -> None:
    """Carry the plan out. `progress(done, total)` counts the bytes that are sent. Raises NoAnswer,
    BoardTrouble; then what ran before still does."""
    # What an earlier run has left behind.
    board.run(f"[remove('/' + name) for name in names('/') if name.endswith({_NEXT!r})]")
    if plan.parts:
        _bundle(board, release, plan, progress)
    loaders = [name for name in plan.beside if name != MAIN]
    for name in loaders:
        replace(board, f"/{name}", release.beside[name])
    if plan.switch:
        switch(board, plan.target.letter)
    if MAIN in plan.beside:
        # The last, since it is what a blank board starts.
        replace(board, f"/{MAIN}", release.beside[MAIN])


def switch(board: Board, letter: str) -> None:
    """Bring a place's bundle in force, in one step. Raises NoAnswer, BoardTrouble."""
    replace(board, NOW, letter.encode() + b"\n")


def replace(board: Board, path: str, data: bytes) -> None:
    """Put a file in the place of another, in one step. Raises NoAnswer, BoardTrouble."""
    aside = path + _NEXT
    board.run(f"begin({aside!r})")
    for text in _packed(data):
        board.run(text)
    board.run("end()")
    _verify(board, aside, data)
    board.run(f"os.rename({aside!r}, {path!r})")


def store_key(board: Board, text: bytes) -> None:
    """Give a board that has none its engineer's key (64 hex digits), as the gun stores it. Raises
    NoAnswer, BoardTrouble."""
    board.run(f"folder({GUN_FOLDER!r})")
    replace(board, f"{GUN_FOLDER}/{KEY}.a", text + slots.trailer(1, len(text), zlib.crc32(text)))


def _bundle(board: Board, release: Release, plan: Plan, progress: Progress | None) -> None:
    for parts in (plan.parts, all_sent(plan.parts)):
        path = plan.target.path
        board.run(f"remove({path!r})\nbegin({path!r})")
        total = sum(len(part.piece.data) for part in parts if part.held_at < 0)
        done = 0
        for code, count in _writing(parts, plan.source.path if plan.source else ""):
            board.run(code)
            done += count
            if progress and count:
                progress(done, total)
        board.run("end()")
        if _same(board, path, release.bundle):
            return
    board.run(f"remove({path!r})")
    raise _worn()


def _writing(parts: tuple[Part, ...], source: str) -> Iterator[tuple[str, int]]:
    """Code that writes the parts one after the other, and how many bytes each of it sends."""
    waiting = b""
    for part in parts:
        if part.held_at < 0:
            waiting += part.piece.data
            while len(waiting) >= CHUNK_BYTES:
                yield _put(waiting[:CHUNK_BYTES]), CHUNK_BYTES
                waiting = waiting[CHUNK_BYTES:]
            continue
        if waiting:
            yield _put(waiting), len(waiting)
            waiting = b""
        yield f"copy({source!r}, {part.held_at}, {part.held_at + len(part.piece.data)})", 0
    if waiting:
        yield _put(waiting), len(waiting)


def _packed(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), CHUNK_BYTES):
        yield _put(data[at : at + CHUNK_BYTES])


def _put(data: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, _WINDOW_BITS)
    return f'put("{base64.b64encode(packer.compress(data) + packer.flush()).decode()}")'


def _verify(board: Board, path: str, data: bytes) -> None:
    if not _same(board, path, data):
        board.run(f"remove({path!r})")
        raise _worn()


def _same(board: Board, path: str, data: bytes) -> bool:
    return board.call("sha", path) == hashlib.sha256(data).hexdigest()


def _worn() -> BoardTrouble:
    return BoardTrouble(
        "what was written does not read back: the board's flash memory may be worn out",
        ["run the command again; where that fails too, use another board"],
    )
