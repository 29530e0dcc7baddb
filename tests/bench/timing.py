"""Rows of wall time on CPython: a rehearsal, and the start of the command line."""

import gc
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from mesohost.rehearsal import rehearse
from tests.bench import programs
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "face-nappage.toml"
_SHOTS = 1_000
_REHEARSALS = 7
_STARTS = 10


def rehearse_1000_s(place: Place) -> list[Row]:
    """1,000 shots of 4 mm and 20 µL at 2/s, syringe changes and log included, in one thread."""
    del place
    program = programs.burst(_SHOTS, depth_um=4_000, volume_nl=20_000, rate_per_min=120)
    took_s: list[float] = []
    session_s = 0.0
    for _ in range(_REHEARSALS):
        gc.collect()
        began_s = time.perf_counter()
        result = rehearse(program, traced=False)
        took_s.append(time.perf_counter() - began_s)
        if result.stopped or result.shots != _SHOTS:
            raise RuntimeError(f"the rehearsal did {result.shots} shots; {result.stopped}")
        session_s = result.duration_s
    note = (
        f"{session_s:.0f} s of session, median of {_REHEARSALS}; "
        "published: Klipper 0.65 to 0.9 s, without physics"
    )
    return [Row("rehearse_1000_s", median(took_s), "s", LOWER, reach=0.6, note=note)]


def check_s(place: Place) -> list[Row]:
    """The whole process of `mesogun check` of an example, in turns with `mpremote --help`."""
    del place
    ours = [_script("mesogun"), "check", str(EXAMPLE)]
    theirs = [_script("mpremote"), "--help"]
    ours_s: list[float] = []
    theirs_s: list[float] = []
    for _ in range(_STARTS):
        ours_s.append(_run_s(ours))
        theirs_s.append(_run_s(theirs))
    row = Row(
        "check_s", median(ours_s), "s", LOWER, reach=0.4,
        peer="mpremote --help", peer_value=median(theirs_s),
        note=f"whole process, median of {_STARTS} in turns",
    )  # fmt: skip
    return [row]


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _run_s(command: list[str]) -> float:
    began_s = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began_s
