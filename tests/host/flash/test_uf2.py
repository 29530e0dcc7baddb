"""A Pico in its boot loader is found by its drive, and given an image for its chip only."""

import struct
from pathlib import Path

import pytest

from mesohost.flashing import uf2
from mesohost.troubles import BoardTrouble, FileTrouble

INFO = "UF2 Bootloader v2.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n"
RP2040, RP2350 = 0xE48BFF56, 0xE48BFF59


def image(path: Path, family: int = RP2040, magic: int = 0x0A324655) -> Path:
    head = struct.pack("<8I", magic, 0x9E5D5157, 0x2000, 0x10000000, 256, 0, 1, family)
    path.write_bytes(head.ljust(512, b"\0"))
    return path


def drive(folder: Path, info: str = INFO) -> Path:
    folder.mkdir()
    (folder / "INFO_UF2.TXT").write_text(info)
    return folder


def test_the_drive_is_known_by_what_it_says(tmp_path: Path) -> None:
    pico = drive(tmp_path / "one")
    drive(tmp_path / "two", INFO.replace("RPI-RP2", "RP2350"))
    (tmp_path / "three").mkdir()
    assert uf2.the_drive(tmp_path.iterdir()) == pico


def test_the_image_is_copied(tmp_path: Path) -> None:
    pico, file = drive(tmp_path / "pico"), image(tmp_path / "RPI_PICO.uf2")
    uf2.copy(file, pico)
    assert (pico / file.name).read_bytes() == file.read_bytes()


def test_without_one_it_is_told_how_to_get_there(tmp_path: Path) -> None:
    with pytest.raises(BoardTrouble, match="no Pico") as told:
        uf2.the_drive(tmp_path.iterdir())
    assert "BOOTSEL" in str(told.value)
    pair = [drive(tmp_path / name) for name in ("one", "two")]
    with pytest.raises(BoardTrouble, match="more than one"):
        uf2.the_drive(pair)


@pytest.mark.parametrize(
    ("family", "magic", "why"),
    [(RP2350, 0x0A324655, "another chip"), (RP2040, 0, "no UF2"), (0, 0, "no UF2")],
)
def test_another_file_is_not_copied(tmp_path: Path, family: int, magic: int, why: str) -> None:
    pico, file = drive(tmp_path / "pico"), image(tmp_path / "x.uf2", family, magic)
    with pytest.raises(FileTrouble, match=why) as told:
        uf2.copy(file, pico)
    assert "micropython.org" in str(told.value)
    assert not (pico / file.name).exists()
    with pytest.raises(FileTrouble):
        uf2.check(tmp_path / "none.uf2")
