"""The report of a session that the firmware itself recorded, on the virtual gun."""

import datetime
from pathlib import Path

import msgspec
import pytest

from mesohost.archive import Archive
from mesohost.gun import Gun
from mesohost.keeping import keep
from mesohost.program import Program, check_program, load_program
from mesohost.report import Report, build_report, log_of, summary
from mesohost.report.page import to_html
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("face-nappage", "italian-slanted", "perfusion", "water-light")
TODAY = datetime.date(2026, 3, 1)


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
    archive = Archive(folder)
    log = log_of(archive.log(keep(gun, archive).board))
    return build_report(log.held, program, log.header, damage=log.damage, torn=log.torn), gun


@pytest.mark.parametrize("name", NAMES)
def test_a_session_is_reported_as_it_was_run(name: str, tmp_path: Path):
    program = load_program(EXAMPLES / f"{name}.toml", TODAY).program
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
    assert not report.training
    assert not report.gun.hardware_verified
    page = to_html(report)
    assert "HARDWARE NOT VERIFIED" in page
    assert ("<small>over 5 pins, 2.4 µL each</small>" in page) == (program.pins == 5)


def test_a_training_session_is_told_as_one_that_gave_nothing(tmp_path: Path):
    text = (EXAMPLES / "water-light.toml").read_text(encoding="utf-8")
    text = text.replace("patient =", 'purpose = "training"\npatient =')
    text = text.replace("shots = 70", "shots = 3")
    program = check_program(text.encode(), "training.toml", TODAY).program
    assert program
    assert program.training
    report, gun = run(program, tmp_path)
    total = report.total
    assert report.training
    assert report.state == "ended"
    assert (total.shots, total.complete, gun.status().given_nl) == (9, 9, 0)
    assert total.commanded_nl == total.stepped_nl == total.measured_nl == total.uncertain_nl == 0
    assert (report.counted_nl, report.primed_nl, total.off_dose) == (0, 0, 0)
    assert total.measured_um is None
    assert all(row.training and row.depth_measured_um is None for row in report.shots)
    assert not report.notes
    assert report.program
    uses = [use for product in report.program.products for use in product.ingredients]
    assert not any(use.given_most_ug for use in uses)
    assert "<strong>TRAINING.</strong>" in to_html(report)
    assert summary.heading(report).startswith("TRAINING session 1 on ")
    assert summary.remarks(report)[0].startswith("TRAINING: nothing moved")
