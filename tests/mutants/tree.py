"""A copy of the project in which defects are planted; the work tree stays as it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

from tests.safety.data import ROOT, Mutant

# What tests read; environments, builds and version control are not copied.
PARTS = ("firmware", "host", "sim", "tests", "hardware", "examples", "docs")
FILES = ("pyproject.toml", "README.md", "Makefile")
_CORE = Path("firmware", "mesofw", "core")
# A defect may make a test wait for ever: it is found then, too.
TEST_S = 30
RUN_S = 300


class Tree:
    """One copy in `folder`; runs tests there, one run at a time."""

    def __init__(self, folder: Path):
        self.folder = folder / "tree"
        ignore = shutil.ignore_patterns("__pycache__")
        for part in PARTS:
            shutil.copytree(ROOT / part, self.folder / part, ignore=ignore)
        for name in FILES:
            shutil.copy2(ROOT / name, self.folder / name)
        roots = [self.folder / part for part in ("firmware", "host", "sim")]
        self._environment = {
            **os.environ,
            # Before what is installed: the copies count, not what they were copied from.
            "PYTHONPATH": os.pathsep.join(map(str, [*roots, self.folder])),
            # What is compiled for MicroPython goes with the copy.
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def source(self, mutant: Mutant) -> str:
        """What the defect's file holds in this copy."""
        return self._path(mutant).read_text(encoding="utf-8")

    @contextmanager
    def planted(self, mutant: Mutant) -> Iterator[None]:
        """The defect is in the copy for as long as this lasts. Raises ValueError where its text is
        not there just once."""
        path = self._path(mutant)
        whole = self.source(mutant)
        self._write(path, mutant.planted(whole))
        try:
            yield
        finally:
            self._write(path, whole)

    def run(self, *arguments: str) -> tuple[int | None, str]:
        """Run pytest with these arguments; its exit code, None where it did not end in time, and
        what it printed."""
        command = [sys.executable, "-m", "pytest", "-rf", "--tb=no", f"--timeout={TEST_S}"]
        command += ["-p", "no:hypothesispytest"]  # which takes a third of a start, for a report
        try:
            done = subprocess.run(
                [*command, *arguments],
                cwd=self.folder,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=RUN_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, ""
        return done.returncode, done.stdout

    def _path(self, mutant: Mutant) -> Path:
        return self.folder / _CORE / mutant.file

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Compiled files are told apart by second and size only, and a defect may change neither.
        Path(cache_from_source(str(path))).unlink(missing_ok=True)


def failed_in(printed: str) -> Sequence[str]:
    """The tests that pytest's output names as failed."""
    lines = [line for line in printed.splitlines() if line.startswith("FAILED ")]
    return [line.split(" - ")[0].removeprefix("FAILED ") for line in lines]
