"""A program into the gun against `mpremote` writing a file of the same bytes, bytes/s.

Ours ends with the program stored, read back, checked by the gun and its reply here; theirs with the
file closed. What `fs cp` does around it is noted beside.
"""

from pathlib import Path
from typing import Any

from mesohost.gun import Gun
from tests.bench import programs
from tests.bench.ours import served
from tests.bench.peer import FLASH, copy, prompt
from tests.bench.place import Place
from tests.bench.rows import HIGHER, Row
from tests.bench.turns import turns

_PEER = "mpremote fs_writefile"
_FILE = FLASH + "/program"
# Above it, a program's products are many too.
_PLAIN_BYTES = 10_000
# (name of the row, bytes of text, rounds, times in a row)
_SIZES = (("upload_4k_kb_s", 4_000, 41, 5), ("upload_40k_kb_s", 40_000, 21, 1))


def upload_ratio(place: Place) -> list[Row]:
    """The lower of the ratios at 4 kB and 40 kB, then each in kB/s."""
    with served(place.fresh()) as gun, prompt(place.fresh()) as transport:
        details = [_detail(place.fresh(), gun, transport, *size) for size in _SIZES]
    lowest = min(row.ratio or 0.0 for row in details)
    note = "the lower of the two sizes; ours also reads back and checks"
    return [Row("upload_ratio", lowest, "×", HIGHER, 3, _PEER, 1.0, note), *details]


def _detail(
    folder: Path, gun: Gun, transport: Any, name: str, size: int, rounds: int, times: int
) -> Row:
    text = programs.long_text(size, mixed=size > _PLAIN_BYTES)
    source = folder / "program"
    source.write_bytes(text)

    def load() -> None:
        info = gun.load(text)
        if info.length != len(text):
            raise RuntimeError(f"the gun took {info.length} bytes of {len(text)}")

    def write() -> None:
        transport.fs_writefile(_FILE, text)

    def copied() -> None:
        copy(transport, source, _FILE)

    ways = [load, write, copied]
    for way in ways:
        way()
    ours_s, theirs_s, whole_s = turns(ways, rounds, times)
    kb = len(text) / 1000
    note = (
        f"{len(text):,} bytes, median of {rounds} rounds in turns; "
        f"whole fs cp: {kb / whole_s:.0f} kB/s, ratio {whole_s / ours_s:.2f}"
    )
    return Row(name, kb / ours_s, "kB/s", HIGHER, None, _PEER, kb / theirs_s, note)
