"""Nothing clashes over the carriage's and the plunger's whole ways with any syringe and needle, and
what rides is no heavier than the firmware's accelerations count on. Run by `make hardware`."""

from dataclasses import replace

import pytest

from hardware.mechanics import assembly, layout, masses, printed
from hardware.mechanics.assembly import Item
from hardware.mechanics.layout import Layout
from hardware.mechanics.printed import CARRIAGE, FIXED, PLUNGER
from mesosim.physics.gun import load

GUN = load(layout.GUN_FILE)
LAYOUT = layout.nominal()


@pytest.fixture(scope="module")
def every() -> list[Item]:
    return assembly.items(LAYOUT)


@pytest.mark.timeout(600)
def test_nothing_clashes_over_the_whole_travel(every: list[Item]):
    assert [clash.fault() for clash in assembly.clashes(LAYOUT, every)] == []


def some(changed: Layout, *keys: str) -> list[Item]:
    return [item for item in assembly.items(changed) if item.key in keys]


def test_a_cradle_2_mm_beside_its_place_clashes():
    keys = ("cradle-10ml", "syringe 10 mL", "carriage")
    beside = replace(LAYOUT, cradle_shift_mm=2.0)
    found = assembly.clashes(beside, some(beside, *keys))
    assert {(clash.one, clash.other) for clash in found} >= {("cradle-10ml", "syringe 10 mL")}
    assert "allowed are 0.3 mm³" in found[0].fault()


def test_a_clash_at_the_far_end_of_a_way_only_is_found():
    """The carriage's motor raised by 3 mm is met by the plunger's encoder far out."""
    raised = replace(LAYOUT, carriage_y_mm=LAYOUT.carriage_y_mm + 3.0)
    found = assembly.clashes(raised, some(raised, "carriage motor", "plunger encoder"))
    assert [(clash.one, clash.other) for clash in found] == [("plunger encoder", "carriage motor")]
    assert found[0].carriage_mm > LAYOUT.travel_mm / 2


def test_the_stand_holds_the_gun_without_clashing(every: list[Item]):
    still = [item for item in every if item.moves == FIXED]
    for key in ("stand-ring", "stand-fork"):
        part = next(part for part in printed.printed(LAYOUT) if part.key == key)
        arm = Item(key, part.make(LAYOUT), FIXED, True)
        found = [assembly.clashes(LAYOUT, [arm, item]) for item in still]
        assert [clash.fault() for clashes in found for clash in clashes] == []


def test_groups_move_as_the_axes_do():
    assert assembly.offset_mm(FIXED, 5.0, 7.0, 1.0) == 0.0
    assert assembly.offset_mm(CARRIAGE, 5.0, 7.0, 1.0) == -5.0
    assert assembly.offset_mm(PLUNGER, 5.0, 7.0, 1.0) == -12.0


@pytest.mark.parametrize("syringe", LAYOUT.bodies)
def test_what_rides_is_what_gun_toml_counts(every: list[Item], syringe: str):
    rides_g = masses.riding_g(masses.masses(GUN, every, syringe))
    assert 0.85 * masses.budget_g(GUN) <= rides_g <= masses.budget_g(GUN)


@pytest.mark.parametrize("syringe", LAYOUT.bodies)
def test_the_handpiece_is_light(every: list[Item], syringe: str):
    found = masses.masses(GUN, every, syringe)
    assert masses.handpiece_g(found) <= GUN.number("handpiece", "mass_limit_g")


def test_the_handpiece_balances_at_the_grip(every: list[Item]):
    for syringe in LAYOUT.bodies:
        barrel = next(item for item in every if item.key == f"syringe {syringe}")
        parts = masses.masses(GUN, every, syringe)
        ahead_mm, _ = masses.balance_mm(parts, GUN.syringe(syringe), barrel.solid)
        assert abs(ahead_mm) <= 25.0


def test_a_carriage_too_heavy_is_found(every: list[Item]):
    heavier = [replace(item, moves=CARRIAGE) if item.key == "front-cap" else item for item in every]
    found = masses.faults(GUN, heavier)
    assert any("riding mass" in fault and "98.5 g" in fault for fault in found)


def test_the_bought_mechanics_are_cheap_and_sourced():
    assert masses.cost_eur() <= 25.0
    for row in masses.bought():
        assert row["source"].startswith("estimate"), row["key"]
        assert row["priced"] == "2026-11"
        assert row["moves"] in (FIXED, CARRIAGE, PLUNGER)
