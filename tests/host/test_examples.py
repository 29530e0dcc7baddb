"""Every technique has an example; each checks, keeps to its technique's figures, and rehearses."""

import datetime
from functools import cache
from pathlib import Path

import pytest

from mesohost.program import Program, load_program
from mesohost.rehearsal import rehearse
from tests.docpages import docs, plain

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
TODAY = datetime.date(2026, 3, 1)

# technique: (its example, modes, depths in µm, doses in nl, dry ones left out)
TECHNIQUES = {
    "epidermic": ("epidermic", {"microdrop"}, (100, 499), (1_000, 10_000)),
    "nappage": ("face-nappage", {"nappage", "dry"}, (500, 2_000), (1_000, 10_000)),
    "papule": ("papules", {"single"}, (1_000, 2_000), (10_000, 50_000)),
    "Italian intradermal": ("italian-intradermal", {"single"}, (4_000, 4_000), (100_000, 200_000)),
    "Italian, slanted": ("italian-slanted", {"single"}, (2_000, 4_000), (100_000, 200_000)),
    "point by point": ("point-by-point", {"single", "burst"}, (4_000, 12_000), (1_000, 50_000)),
    "dermo-hypodermic": ("dermo-hypodermic", {"single"}, (4_000, 10_000), (100_000, 2_000_000)),
    "HA booster": ("ha-booster", {"burst"}, (2_000, 4_000), (20_000, 20_000)),
    "water-light": ("water-light", {"burst"}, (400, 1_200), (5_000, 20_000)),
    "scalp": ("scalp", {"burst", "single"}, (3_500, 4_000), (10_000, 50_000)),
    "perfusion": ("perfusion", {"perfusion"}, (4_000, 13_000), (200_000, 2_000_000)),
    "dry": ("dry", {"dry"}, (500, 13_000), (0, 0)),
}  # fmt: skip


@cache
def program(name: str) -> Program:
    """An example, checked."""
    path = next(path for path in EXAMPLES if path.stem == name)
    loaded = load_program(path, TODAY)
    assert loaded.faults == (), "\n".join(map(str, loaded.faults))
    assert loaded.warnings == ()
    assert loaded.program
    return loaded.program


def test_every_technique_has_its_example():
    assert sorted(name for name, *_ in TECHNIQUES.values()) == [path.stem for path in EXAMPLES]
    rows = docs("programs").table("Techniques").rows
    told = [(plain(row[0]), plain(row[1])) for row in rows]
    assert told == [(name, f"examples/{case[0]}.toml") for name, case in TECHNIQUES.items()]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_an_example_keeps_to_the_figures_of_its_technique(technique):
    name, modes, depths_um, doses_nl = TECHNIQUES[technique]
    for zone in program(name).zones:
        assert zone.mode in modes
        assert depths_um[0] <= zone.depth_um <= depths_um[1]
        assert zone.mode == "dry" or doses_nl[0] <= zone.volume_nl <= doses_nl[1]
    assert program(name).total_nl <= 6_000_000


def test_the_examples_show_what_a_program_can_say():
    every = [program(path.stem) for path in EXAMPLES]
    zones = [zone for one in every for zone in one.zones]
    assert {zone.mode for zone in zones} == {
        "single", "burst", "nappage", "dry", "microdrop", "perfusion",
    }  # fmt: skip
    assert any(zone.angle_deg < 90 for zone in zones)
    assert any(zone.per_pull for zone in zones)
    assert any(one.pins > 1 for one in every)
    assert any(one.viscosity_upa_s > 1_000 for one in every)
    assert any(one.fillings.syringes > 1 for one in every)
    assert all(product.expiry > 2030_00_00 for one in every for product in one.products)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_rehearses_cleanly_and_as_planned(path):
    asked = program(path.stem)
    outcome = rehearse(asked, traced=False)
    assert outcome.stopped == ""
    assert [zone.shots for zone in outcome.zones] == [zone.shots for zone in asked.zones]
    assert outcome.volume_nl == asked.total_nl
    plan = asked.fillings
    assert outcome.syringes == plan.syringes
    for changed, planned in zip(outcome.changes, plan.changes, strict=True):
        assert abs(changed - planned) <= 2  # a virtual gun's syringe is a little off the nominal
