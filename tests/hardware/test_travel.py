"""The mechanics have the travel that the firmware counts on, and every syringe's stroke; a part
that is too short or too long is found, by its name and the millimetres that are missing."""

from dataclasses import replace

import pytest

from hardware.mechanics import layout, travel
from hardware.mechanics.layout import Layout, SyringeBody
from mesofw.core import machine, parts
from mesofw.core.settings import CALIBRATION

LAYOUT = layout.nominal()
CARRIAGE_MM, PLUNGER_MM = (axis.travel_steps * axis.step_nm / 1e6 for axis in machine.AXES)


def faults(changed: Layout) -> list[str]:
    return travel.faults(changed, CARRIAGE_MM, PLUNGER_MM)


def with_body(syringe: str, body: SyringeBody) -> Layout:
    return replace(LAYOUT, bodies={**LAYOUT.bodies, syringe: body})


def test_the_mechanics_give_what_the_firmware_counts_on():
    assert faults(LAYOUT) == []


def test_every_syringe_that_the_firmware_knows_has_its_cradle_and_its_stroke():
    assert tuple(LAYOUT.bodies) == parts.SYRINGE_NAMES
    assert tuple(LAYOUT.strokes_mm) == parts.SYRINGE_NAMES


@pytest.mark.parametrize("syringe", LAYOUT.bodies)
def test_a_syringe_is_full_and_empty_within_the_plungers_way(syringe):
    full, empty = LAYOUT.plungers_mm(syringe)
    assert 0 < full < empty < PLUNGER_MM
    # Every size is empty at the same place: core has one figure for all of them.
    assert LAYOUT.thumb_mm(syringe) + LAYOUT.cap_mm(syringe) == LAYOUT.pusher_empty_mm


def test_where_a_syringe_is_empty_can_be_told_to_the_gun():
    field = next(field for field in CALIBRATION if field.name == "empty_um")
    assert field.low <= LAYOUT.empty_mm * 1000 <= field.high


@pytest.mark.parametrize("needle_mm", LAYOUT.needles_mm)
def test_a_needles_point_stands_behind_the_foot_and_reaches_its_whole_length(needle_mm):
    point_mm = LAYOUT.collar_front_mm - LAYOUT.hub_out_mm - needle_mm
    assert point_mm - LAYOUT.plane_mm(needle_mm) == LAYOUT.foot_mm
    assert LAYOUT.reach_mm(needle_mm) == LAYOUT.foot_mm + needle_mm <= CARRIAGE_MM


def test_the_foot_is_of_the_size_that_the_skins_figures_are_for():
    assert LAYOUT.foot_face_mm == 15.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            replace(LAYOUT, plunger_screw_mm=LAYOUT.plunger_screw_mm - 10),
            "plunger screw: gives 57.0 mm, wanted are 66.5 mm, 9.5 mm are missing",
        ),
        (
            replace(LAYOUT, screw_mm=LAYOUT.screw_mm - 13),
            "carriage screw: gives 17.0 mm, wanted are 18.5 mm, 1.5 mm are missing",
        ),
        (
            replace(LAYOUT, nut_mm=LAYOUT.nut_mm + 3),
            "plunger screw: gives 64.0 mm, wanted are 66.5 mm, 2.5 mm are missing",
        ),
        (
            replace(LAYOUT, strokes_mm={**LAYOUT.strokes_mm, "10 mL": 66.0}),
            "10 mL syringe, full: gives 63.0 mm, wanted are 66.5 mm, 3.5 mm are missing",
        ),
        (
            with_body("10 mL", replace(LAYOUT.bodies["10 mL"], barrel_mm=90.0)),
            "body: gives 210.0 mm, wanted are 219.0 mm, 9.0 mm are missing",
        ),
        (
            replace(LAYOUT, needles_mm=(4.0, 16.0)),
            "carriage, needle and foot: gives 16.0 mm, wanted are 17.5 mm, 1.5 mm are missing",
        ),
        (
            replace(LAYOUT, travel_mm=15.0),
            "carriage layout: gives 15.0 mm, wanted are 16.0 mm, 1.0 mm are missing",
        ),
        (
            replace(LAYOUT, plunger_travel_mm=60.0),
            "plunger layout: gives 60.0 mm, wanted are 66.0 mm, 6.0 mm are missing",
        ),
    ],
    ids=["screw", "carriage-screw", "nut", "stroke", "barrel", "needle", "travel", "plunger"],
)
def test_a_part_that_does_not_fit_is_found(changed, said):
    found = faults(changed)
    assert any(fault.startswith(said) for fault in found), found
    assert all("; " in fault for fault in found), "what to change is said"


def test_a_travel_that_the_mechanics_do_not_have_is_found():
    found = travel.faults(LAYOUT, CARRIAGE_MM + 12, PLUNGER_MM + 5)
    assert [fault.split(":")[0] for fault in found] == [
        "carriage screw",
        "carriage layout",
        "plunger screw",
        "plunger layout",
    ]
