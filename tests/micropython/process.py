"""The runner in a MicroPython process, and what to do where there is none."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import needs

ROOT = Path(__file__).resolve().parents[2]
RUNNER = Path(__file__).with_name("runner.py")
# The firmware alone has 384 kB in a process of its own; here compiler, tests and the memory that
# stands in for a board take theirs too.
HEAP = "448k"


@dataclass
class Outcome:
    """What the runner's last line says, and all that it printed."""

    passed: int
    failed: int
    code: int
    text: str


def run(module: str, vectors: Path | None = None, heap: str = HEAP) -> Outcome:
    """Run a module's tests, or its cases with these vectors, on MicroPython.

    Skips the calling test where the interpreter is not installed, and fails it where CI=true.
    """
    roots = ":".join(str(root) for root in (ROOT, ROOT / "firmware"))
    more = [str(vectors)] if vectors else []
    done = subprocess.run(
        [*needs.micropython(), "-X", "heapsize=" + heap, str(RUNNER), roots, module, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    words = done.stdout.strip().rsplit("\n", 1)[-1].split()
    if len(words) == 4 and words[1::2] == ["passed,", "failed"]:
        return Outcome(int(words[0]), int(words[2]), done.returncode, done.stdout)
    return Outcome(0, 0, done.returncode, done.stdout)
