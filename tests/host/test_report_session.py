"""The report of a session that the firmware itself recorded, on the virtual gun."""

import datetime
from pathlib import Path

import msgspec
import pytest

from mesohost.archive import Archive
from mesohost.gun import Gun
from mesohost.keeping import keep
from mesohost.program import Program, load_program
from mesohost.report import Report, build_report, read_log
from mesohost.report.page import to_html
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


def run(program: Program, folder: Path) -> tuple[Report, Gun]:
    """Run a whole session, pull its log into an archive, and report it."""
    world = World(1)
    gun = Gun(WorldPort(world))
    sections = msgspec.to_builtins(program)
    operator = Operator(world, sections, sections["zones"], None)
    operator.hands.until("idle")
    gun.hello()
    gun.clock(lambda: 1_772_353_800 + world.now_us / 1e6)
    gun.load(program.text)
    operator.session()
    kept = keep(gun, Archive(folder))
    log = read_log(Path(kept.path))
    return build_report(log.held, program, log.header, damage=log.damage, torn=log.torn), gun


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_reported_as_it_was_run(path: Path, tmp_path: Path):
    program = load_program(path, datetime.date(2026, 3, 1)).program
    assert program
    report, gun = run(program, tmp_path)
    status = gun.status()
    assert report.chain.whole
    assert report.state == "ended"
    assert report.total.complete == report.total.shots == program.shots == status.shots
    assert report.total.commanded_nl == report.counted_nl == program.total_nl == status.given_nl
    assert report.total.measured_nl == pytest.approx(program.total_nl, rel=0.01)
    assert report.total.off_dose == 0
    for zone, planned in zip(report.zones, program.zones, strict=True):
        assert (zone.name, zone.done.shots) == (planned.name, planned.shots)
        assert zone.done.measured_um
        assert zone.done.measured_um.mean == pytest.approx(planned.depth_um, abs=30)
    assert report.began.unix_s == pytest.approx(1_772_353_800, abs=30)
    assert not report.notes
    assert not report.gun.hardware_verified
    assert "HARDWARE NOT VERIFIED" in to_html(report)
