"""The doctor at a gun on an emulated Pico: every switch by hand, every axis moved, commissioned."""

import datetime
from pathlib import Path

import pytest
from patients import Engineer, case_of, examined

from mesohost.doctor import record, table
from mesohost.doctor.model import OK
from mesosim.hands import Hands
from tests.whole_chip import disk
from tests.whole_chip.worlds import on_chip

pytestmark = pytest.mark.timeout(900)


def test_a_gun_passes_every_check_and_is_commissioned(
    possible: None,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    key = tmp_path / "gun.key"
    key.touch(0o600)
    key.write_text(disk.KEY.hex() + "\n")
    with on_chip() as made:
        world = made.world
        Hands(world).until("idle")
        case = case_of(world, Engineer(world), key, moves=True)
        held = case.gun.record("commissioning")
        course = examined(case)
        bad = [
            f"{line.id}: {line.verdict}: {line.seen}" for line in course.lines if line.verdict != OK
        ]
        assert not bad
        assert [line.id for line in course.lines] == [check.id for check in table.CHECKS]
        record.store(case, course, datetime.date(2026, 1, 15))
        assert case.gun.record("commissioning") != held
