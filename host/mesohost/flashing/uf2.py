"""A Pico in its boot loader: a drive that takes MicroPython's image (.uf2)."""

import os
import shutil
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from mesohost.troubles import BoardTrouble, FileTrouble

INFO = "INFO_UF2.TXT"
BOARD = "RPI-RP2"
HOW = (
    "hold the BOOTSEL button as you plug the Pico in: it then shows up as a drive "
    f"{BOARD}; run the command again with --uf2 FILE"
)
# https://github.com/microsoft/uf2: a block of 512 bytes begins with two magic numbers, and tells
# in its eighth word the family of processors that it is for, where flag 0x2000 is set.
_BLOCK = struct.Struct("<8I")
_MAGIC = (0x0A324655, 0x9E5D5157)
_HAS_FAMILY, _RP2040 = 0x2000, 0xE48BFF56
_BLOCK_BYTES = 512


def drives(places: Iterable[Path] | None = None) -> list[Path]:
    """Drives of a Pico's boot loader, by what their INFO_UF2.TXT says; looked for in `places`, by
    default where this computer mounts drives."""
    return [place for place in (_places() if places is None else places) if _board(place) == BOARD]


def copy(image: Path, drive: Path) -> None:
    """Copy MicroPython's image onto the drive; the Pico then starts it. Raises FileTrouble where it
    is no image for an RP2040, or cannot be copied."""
    check(image)
    try:
        shutil.copyfile(image, drive / image.name)
    except OSError as error:
        # The drive goes as soon as it has the last block, which some systems take for a failure.
        if drive.exists():
            raise FileTrouble(f"{drive}: cannot be written: {error.strerror or error}") from error


def check(image: Path) -> None:
    """Raises FileTrouble where a file is no UF2 image for the RP2040."""
    try:
        with image.open("rb") as file:
            head = file.read(_BLOCK_BYTES)
    except OSError as error:
        raise FileTrouble(f"{image}: cannot be read: {error.strerror or error}") from error
    words = _BLOCK.unpack_from(head) if len(head) == _BLOCK_BYTES else (0,) * 8
    if words[:2] != _MAGIC:
        raise FileTrouble(f"{image}: this is no UF2 image", _GET)
    if words[2] & _HAS_FAMILY and words[7] != _RP2040:
        raise FileTrouble(f"{image}: this image is for another chip than the Pico's RP2040", _GET)


def the_drive(places: Iterable[Path] | None = None) -> Path:
    """The only Pico in its boot loader. Raises BoardTrouble where there is none, or more."""
    found = drives(places)
    if len(found) == 1:
        return found[0]
    if not found:
        raise BoardTrouble("no Pico is in its boot loader", [HOW])
    names = ", ".join(map(str, found))
    raise BoardTrouble(f"more than one Pico is in its boot loader: {names}", ["unplug the others"])


_GET = ["get the image of MicroPython for the Pico (RPI_PICO, .uf2) from micropython.org"]


def _board(drive: Path) -> str:
    try:
        text = (drive / INFO).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    told = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return told.get("Board-ID", "").strip()


def _places() -> Iterator[Path]:
    if sys.platform == "win32":
        yield from (Path(f"{letter}:/") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ")
        return
    user = os.environ.get("USER", "")
    for root in ("/Volumes", "/media", f"/media/{user}", f"/run/media/{user}", "/mnt"):
        try:
            yield from sorted(Path(root).iterdir())
        except OSError:
            continue
