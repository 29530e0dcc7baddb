"""The rows of archive and report: records into SQLite, chain verified; a session as a page."""

import time
from statistics import median

from mesohost.archive import FORMAT, Archive, Header, Held, jsonl
from mesohost.archive.importing import import_log
from mesohost.records import decode
from mesohost.report import build_report
from mesohost.report.clinicfacts import PlaceTaken
from mesohost.report.page import to_html
from tests.bench import programs
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row
from tests.host.benches import chained
from tests.host.shotlogs import LogMaker

_RECORDS = 50_000
_SHOTS = 1_000
_ROUNDS = 3
_AREAS = ("forehead", "mouth", "scalp_crown", "lower_back")
_HEADER = Header(
    format=FORMAT, archive="ab" * 16, created="2026-03-01T08:00:00+00:00", board="bench",
    firmware="0.1.0", build="0011223344556677", hardware_verified=False,
)  # fmt: skip


def import_shots_per_s(place: Place) -> list[Row]:
    """An exported log into a new archive: each record checked, chained, durable."""
    held = [Held(n, decode(raw), raw) for n, raw in enumerate(chained(_RECORDS), 1)]
    path = jsonl.write(place.fresh(), _HEADER, held, [])
    took_s: list[float] = []
    for _ in range(_ROUNDS):
        archive = Archive(place.fresh())
        _ = archive.id
        began_s = time.perf_counter()
        done = import_log(archive, path)
        took_s.append(time.perf_counter() - began_s)
        if done.new != _RECORDS:
            raise RuntimeError(f"{done.new} records of {_RECORDS}")
    note = f"{_RECORDS:,} records of 96 bytes from a file, median of {_ROUNDS}"
    rate = _RECORDS / median(took_s)
    return [Row("import_shots_per_s", rate, "/s", HIGHER, 20_000, note=note)]


def report_s(place: Place) -> list[Row]:
    """The page of a session of 1,000 shots in four zones, from its records to HTML, with program
    and body picture."""
    del place
    zones = (_SHOTS // len(_AREAS),) * len(_AREAS)
    program = programs.burst(*zones, depth_um=1_500, volume_nl=5_000, rate_per_min=240)
    places = [PlaceTaken(zone.name, area) for zone, area in zip(program.zones, _AREAS, strict=True)]
    log = LogMaker(program=int(program.sha256[:8], 16))
    log.start()
    log.begin()
    log.fit(9_000_000)
    for zone, shots in enumerate(zones, 1):
        log.arm(zone, shots)
        for _ in range(shots):
            log.shot()
    log.end()
    held = log.held()
    took_s: list[float] = []
    for _ in range(_ROUNDS):
        began_s = time.perf_counter()
        page = to_html(build_report(held, program, _HEADER, places=places))
        took_s.append(time.perf_counter() - began_s)
        if f"{_SHOTS} of {_SHOTS}</b>shots" not in page or "250/250" not in page:
            raise RuntimeError("the page tells of other shots")
    note = f"{_SHOTS:,} shots, {len(page) // 1000} kB, median of {_ROUNDS}"
    return [Row("report_s", median(took_s), "s", LOWER, 1.5, note=note)]
