"""Any program: what the check lets pass keeps every limit, seen from outside; on both Pythons."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import parts, program
from mesofw.core.fields import Field
from mesofw.core.modes import MODE
from tests.core.cases.program import KINDS
from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("program")
NAMES = st.sampled_from(["Thigh", "Arm", "lidocaine", "A"])
SHARES = st.sampled_from([1_000_000, 500_000, 250_000, 400_000, 600_000])


def near(field: Field) -> st.SearchStrategy[Any]:
    """Values of a field: good ones mostly, else just beyond its bounds or of another kind."""
    wrong = st.sampled_from([None, True, 1.5, "x" * 60, [], -1])
    if field.kind == "integer":
        spread = st.integers(field.low, min(field.high, field.low + 40_000))
        edge = st.sampled_from([field.low, field.high, field.low - 1, field.high + 1])
        return st.integers(field.low, field.high) | spread | spread | edge | wrong
    if field.kind == "choice":
        good = st.sampled_from(field.choices)
        return good | good | good | wrong
    if field.kind == "date":
        return st.sampled_from([20260630, 20290228, 20270229, 20300101]) | wrong
    return NAMES | NAMES | NAMES | wrong


def some(table: tuple[Field, ...], **fixed: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Records of a table, with these fields drawn as told and at most one field off."""
    good = {field.name: sane(field) for field in table if field.name not in fixed}
    plain = st.fixed_dictionaries({**good, **fixed})
    odd = st.sampled_from(table).flatmap(
        lambda field: st.fixed_dictionaries({**good, **fixed, field.name: near(field)})
    )
    return plain | plain | plain | odd


def sane(field: Field) -> st.SearchStrategy[Any]:
    """Values of a field that most programs could hold."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "depth_um": st.sampled_from([400, 1_500, 2_000, 4_000, 4_001, 9_000]),
        "angle_deg": st.sampled_from([90, 90, 60, 30]),
        "viscosity_upa_s": st.sampled_from([1_000, 1_000, 3_000, 50_000]),
        "volume_nl": st.sampled_from([0, 1_000, 5_000, 20_000, 200_000]),
        "shots": st.integers(1, 60),
        "rate_per_min": st.sampled_from([1, 10, 30, 120]),
        "flow_nl_s": st.sampled_from([20_000, 100_000, 300_000]),
        "dwell_ms": st.sampled_from([0, 20, 300]),
        "length_um": st.sampled_from([4_000, 6_000, 13_000]),
        "limit_ug": st.sampled_from([100, 5_000, 100_000]),
        "strength_ug_ml": st.sampled_from([500, 10_000]),
        "share_ppm": SHARES,
        "format": st.just(1),
        "pins": st.just(1),
        "syringe": st.sampled_from(parts.SYRINGE_NAMES),
        "expiry": st.sampled_from([20260630, 20300101]),
    }
    if field.name in values:
        return values[field.name]
    if field.kind == "integer":
        return st.integers(field.low, field.high)
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    return NAMES


LIMITS = some(
    program.LIMITS,
    shot_nl=st.sampled_from([10_000, 200_000, 2_000_000]),
    zone_nl=st.sampled_from([200_000, 20_000_000]),
    session_nl=st.sampled_from([500_000, 20_000_000]),
    needle_shots=st.sampled_from([40, 16_000]),
)
SECTION = {
    "program": some(program.PROGRAM),
    "hard": LIMITS,
    "soft": LIMITS,
    "product": some(program.PRODUCT),
    "ingredient": some(program.INGREDIENT),
    "zone": some(program.ZONE),
}


def sections(kind: str, most: int) -> st.SearchStrategy[list[tuple[str, dict[str, Any]]]]:
    """Up to `most` sections of a kind."""
    return st.lists(st.tuples(st.just(kind), SECTION[kind]), max_size=most)


def fitting(zone: dict[str, Any]) -> dict[str, Any]:
    """The same zone, its depth and volume made to fit its mode, its layer its depth."""
    mode = MODE[zone["mode"]]
    depth_um = min(zone["depth_um"], mode.deepest_um)
    deep = [name for name in parts.LAYER_NAMES if parts.LAYERS[name] >= depth_um]
    volume_nl = min(max(8_000, zone["volume_nl"]), mode.most_nl)
    return {**zone, "depth_um": depth_um, "layer": deep[0], "volume_nl": volume_nl}


HEAD = st.fixed_dictionaries({field.name: sane(field) for field in program.PROGRAM})
ZONE = st.fixed_dictionaries({field.name: sane(field) for field in program.ZONE}).map(fitting)
MIXTURE = st.sampled_from([[1_000_000], [400_000, 600_000], [500_000, 250_000, 250_000]]).flatmap(
    lambda shares: st.tuples(
        *[
            st.tuples(st.just("product"), some(program.PRODUCT, share_ppm=st.just(share)))
            for share in shares
        ]
    )
)
SOUND = st.tuples(
    HEAD.map(lambda head: [("program", {**head, "length_um": 13_000})]),
    sections("soft", 1),
    MIXTURE,
    sections("ingredient", 2),
    st.lists(st.tuples(st.just("zone"), ZONE), min_size=1, max_size=4),
).map(lambda groups: [row for group in groups for row in group])
PROGRAM = SOUND | st.tuples(
    st.lists(st.tuples(st.just("program"), SECTION["program"]), min_size=1, max_size=1),
    sections("hard", 1),
    sections("soft", 1),
    st.lists(st.tuples(st.just("product"), SECTION["product"]), max_size=2),
    sections("ingredient", 2),
    st.lists(st.tuples(st.just("zone"), SECTION["zone"]), min_size=1, max_size=4),
).map(lambda groups: [row for group in groups for row in group])


@pytest.mark.requirement("SR-066")
@BOUNDED
@given(PROGRAM, st.sampled_from([0, 20260701]))
def test_what_passes_the_check_keeps_every_limit(
    rows: list[tuple[str, dict[str, Any]]], today: int
) -> None:
    VECTORS.run("check", rows, today)


@pytest.mark.requirement("SR-079")
@BOUNDED
@given(st.lists(st.sampled_from(KINDS).flatmap(lambda kind: sections(kind, 2)), max_size=6))
def test_sections_in_any_order_are_judged(
    groups: list[list[tuple[str, dict[str, Any]]]],
) -> None:
    VECTORS.run("check", [row for group in groups for row in group], 0)


def test_good_programs_are_among_those_tried() -> None:
    if not VECTORS.count:
        test_what_passes_the_check_keeps_every_limit()
    assert VECTORS.results("check", lambda result: not result[0]) >= 10


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_what_passes_the_check_keeps_every_limit()
        test_sections_in_any_order_are_judged()
    VECTORS.on_micropython(tmp_path)
