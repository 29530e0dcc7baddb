"""Every screen of the gun, drawn by the display's own driver, as a picture in `build/screens`."""

import json
import struct
import zlib

import pytest

from mesofw.core import errors, states
from mesofw.core.door import SCREEN_COLUMNS, SCREEN_LINES
from tests.board.chips.ssd1306 import COLUMNS, PAGES, Ssd1306
from tests.micropython import process

OUT = process.ROOT / "build" / "screens"
ENLARGED = 4
BORDER = 8
# Lit pixels, unlit ones, and the rim, as (red, green, blue).
LIT, DARK, RIM = b"\xb8\xe0\xff", b"\x0a\x0c\x14", b"\x30\x34\x3c"
# What the font has is drawn; a question mark is never meant.
NO_GLYPH = "?"


@pytest.fixture(scope="module")
def screens() -> "dict[str, tuple[list[str], bytes]]":
    """(lines, memory) of each screen by name."""
    outcome = process.run("tests.board.device.screens", heap="8m")
    said = [line for line in outcome.text.splitlines() if not line.startswith("SCREEN ")]
    assert outcome.failed == 0, "\n".join(said)
    found: dict[str, tuple[list[str], bytes]] = {}
    for line in outcome.text.splitlines():
        if line.startswith("SCREEN "):
            _, name, lines, memory = line.split(" ")
            assert name not in found
            found[name] = (json.loads(lines.replace("\0", " ")), bytes.fromhex(memory))
    return found


def picture(memory: bytes) -> "list[list[int]]":
    chip = Ssd1306()
    chip.memory[:] = memory
    return chip.picture()


def png(rows: "list[list[int]]") -> bytes:
    """The pixels, enlarged, with a rim."""
    rim_row = RIM * (2 * BORDER + ENLARGED * len(rows[0]))
    lines = [rim_row] * BORDER
    for row in rows:
        inner = b"".join((LIT if pixel else DARK) * ENLARGED for pixel in row)
        lines += [RIM * BORDER + inner + RIM * BORDER] * ENLARGED
    lines += [rim_row] * BORDER

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    size = struct.pack(">IIBBBBB", len(rim_row) // 3, len(lines), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + line for line in lines))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_every_screen_is_drawn_as_a_picture(screens: "dict[str, tuple[list[str], bytes]]"):
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    for name, (_, memory) in screens.items():
        assert any(memory), name
        (OUT / f"{name}.png").write_bytes(png(picture(memory)))
    assert len(list(OUT.glob("*.png"))) == len(screens)


def test_there_is_a_screen_for_every_state_that_lasts_and_every_refusal_and_fault(screens):
    for state in states.STATES[states.HOMING :]:
        assert any(name.startswith(state) for name in screens), state
    for code, name in errors.names().items():
        if 300 <= code < 400:
            assert f"refused-{code}-{name}" in screens
        if 400 <= code < 600:
            assert f"fault-{code}-{name}" in screens


def test_each_character_is_in_its_cell_and_has_a_glyph(screens):
    for name, (lines, memory) in screens.items():
        assert len(lines) <= SCREEN_LINES
        for row in range(PAGES):
            text = lines[row] if row < len(lines) else ""
            assert len(text) <= SCREEN_COLUMNS
            for column, char in enumerate(text.ljust(SCREEN_COLUMNS)):
                at = COLUMNS * row + 8 * column
                drawn = any(memory[at : at + 8])
                assert drawn == (char != " "), (name, text)


def test_screens_that_mean_different_things_look_different(screens):
    looks: dict[bytes, set[str]] = {}
    for name, (_, memory) in screens.items():
        looks.setdefault(memory, set()).add(name)
    alike = [names for names in looks.values() if len(names) > 1]
    # Ending the session is the same question wherever it is asked.
    assert alike == [{"loading-end", "priming-menu-end"}]
