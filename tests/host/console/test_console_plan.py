"""A plan is a program in the making: the same to the byte, checked by core, never lost."""

import datetime
from pathlib import Path

import pytest

from mesofw.core import errors
from mesohost.console import plan as plans
from mesohost.console.body import path
from mesohost.console.products import used
from mesohost.program import load_program
from mesohost.troubles import FileTrouble

TODAY = datetime.date(2026, 11, 22)
EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))


def planned(file: Path) -> plans.Plan:
    """A plan with the lots of an example filled in."""
    program = load_program(file, TODAY).program
    assert program
    plan = plans.from_program(program)
    plan.patient = program.patient
    for product, known in zip(plan.products, program.products, strict=True):
        day = str(known.expiry)
        product.lot, product.expiry = known.lot, f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return plan


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_plan_from_a_program_is_that_program(file):
    program = load_program(file, TODAY).program
    loaded = plans.checked(planned(file), TODAY)
    assert loaded.faults == ()
    assert loaded.program.text == program.text


def test_what_is_missing_or_wrong_is_told_with_its_place():
    plan = planned(EXAMPLES[0])
    plan.patient = ""
    plan.zones[0].depth_um = 20_000
    plan.products[0].lot = ""
    plan.products[0].expiry = "2020-01-01"
    told = {fault.at: fault.code for fault in plans.checked(plan, TODAY).faults}
    assert told["patient"] == errors.NOT_TEXT
    assert "zones[1].depth" in told
    assert told["products[1].lot"] == errors.MISSING
    assert told["products[1].expiry"] == errors.EXPIRED


def test_a_soft_limit_is_a_warning():
    plan = planned(EXAMPLES[0])
    plan.soft["session_nl"] = 1_000
    loaded = plans.checked(plan, TODAY)
    assert loaded.program
    assert [one.code for one in loaded.warnings] == [errors.BEYOND_SESSION_LIMIT]


def test_a_plan_is_found_again_as_it_was(tmp_path):
    plan = planned(EXAMPLES[0])
    plan.answers["pregnancy"] = False
    plan.step = plans.ZONES
    plans.keep(plan, tmp_path)
    assert plans.kept(tmp_path) == plan


def test_a_torn_file_is_a_new_plan(tmp_path):
    (tmp_path / plans.FILE).write_bytes(b'{"patient": "P-')
    assert plans.kept(tmp_path) == plans.Plan()


def test_where_nothing_can_be_written_it_is_said(tmp_path):
    (tmp_path / plans.FILE).mkdir()
    with pytest.raises(FileTrouble, match="cannot be written"):
        plans.keep(plans.Plan(), tmp_path)


def test_products_count_once_lot_and_expiry_are_known():
    plan = planned(EXAMPLES[0])
    whole = len(plan.products)
    assert len(used(plan)) == whole
    plan.products[0].lot = ""
    assert len(used(plan)) == whole - 1


def test_a_closed_line_goes_through_all_its_points():
    drawn = path([(0, 0), (10, 0), (10, 10)])
    assert drawn.startswith("M0 0C")
    assert drawn.endswith("Z")
    assert drawn.count("C") == 3
