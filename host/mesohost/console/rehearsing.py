"""A rehearsal in a process of its own, so that the page and the gun's link go on meanwhile.

Run as `python -m mesohost.console.rehearsing PICTURE`: a program's canonical text comes in, JSON of
the rehearsal goes out, and the picture (SVG) is written.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from mesohost.nearness import Near
from mesohost.program import Program, from_text
from mesohost.troubles import FileTrouble, Trouble

_LONGEST_S = 300


class Rehearsed(msgspec.Struct, frozen=True):
    """What a rehearsal found; see `mesohost.rehearsal.Rehearsal`."""

    shots: int
    volume_nl: int
    primed_nl: int
    left_nl: int
    syringes: int
    duration_s: float
    stopped: str
    near: tuple[Near, ...]
    changes: tuple[int, ...]


async def rehearse(program: Program, picture: Path) -> Rehearsed:
    """Rehearse a program and draw it. Raises Trouble that says why it could not be."""
    try:
        picture.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileTrouble(
            f"{picture.parent} cannot be written: {error.strerror}",
            ["make room on the disk, or check the folder's permissions"],
        ) from error
    command = [sys.executable, "-m", "mesohost.console.rehearsing", str(picture)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(_LONGEST_S):
            out, err = await process.communicate(program.text)
    except TimeoutError as error:
        process.kill()
        raise Trouble("the rehearsal took too long", ["plan fewer shots"]) from error
    if process.returncode:
        raise Trouble(err.decode(errors="replace").strip().rpartition("\n")[2])
    return msgspec.json.decode(out, type=Rehearsed)


def main(picture: Path) -> None:
    """The process."""
    from mesohost.cli.rehearse import draw
    from mesohost.rehearsal import rehearse as run

    program = from_text(sys.stdin.buffer.read())
    outcome = run(program)
    draw(outcome, program, picture)
    sys.stdout.buffer.write(msgspec.json.encode(outcome.as_json()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
