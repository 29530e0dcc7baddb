"""Any zone with anything fitted: it is planned as it was said, or refused; on both Pythons."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import parts, program
from mesofw.core.modes import MODES
from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("aim")

HEAD = st.fixed_dictionaries(
    {
        "format": st.just(1),
        "syringe": st.sampled_from(parts.SYRINGE_NAMES),
        "needle": st.sampled_from(parts.NEEDLE_NAMES),
        "length_um": st.integers(parts.NEEDLE_MIN_UM, parts.NEEDLE_MAX_UM),
        "pins": st.sampled_from([1, 1, 1, 2, 3, 5, 9]),
        "viscosity_upa_s": st.just(1_000) | st.integers(500, 5_000) | st.integers(500, 100_000),
    }
)
FIGURES = {
    "depth_um": st.integers(0, parts.DEPTH_MAX_UM),
    "angle_deg": st.just(90) | st.integers(15, 90),
    "rate_per_min": st.integers(1, 120) | st.integers(1, program.RATE_MAX_PER_MIN),
    "flow_nl_s": st.just(program.FLOW_MAX_NL_S)
    | st.integers(program.FLOW_MIN_NL_S, program.FLOW_MAX_NL_S),
    "dwell_ms": st.just(0) | st.integers(0, 10_000),
}
WET = st.fixed_dictionaries(
    {
        **FIGURES,
        "mode": st.sampled_from([mode for mode in MODES if mode != "dry"]),
        "volume_nl": st.integers(1_000, 50_000) | st.integers(1_000, program.SHOT_MAX_NL),
    }
)
DRY = st.fixed_dictionaries({**FIGURES, "mode": st.just("dry"), "volume_nl": st.just(0)})
# scale_ppm, friction in mN, compliance_ppm, filled_nl, foot_um, step_pm.
GUN = st.tuples(
    st.just(1_000_000) | st.integers(400_000, 3_000_000),
    st.integers(0, 15_000),
    st.just(1_000_000) | st.integers(500_000, 2_000_000),
    st.integers(0, 1_120_000),
    st.just(1_000) | st.integers(600, 3_000),
    st.just(5_000_000) | st.integers(4_500_000, 5_500_000),
).map(list)


@BOUNDED
@given(HEAD, WET | WET | WET | DRY, GUN)
def test_a_shot_is_planned_as_it_was_said_or_refused(
    head: dict[str, Any], zone: dict[str, Any], gun: list[int]
) -> None:
    VECTORS.run("take", head, zone, gun)


def test_shots_and_refusals_are_among_those_tried() -> None:
    if not VECTORS.count:
        test_a_shot_is_planned_as_it_was_said_or_refused()
    assert VECTORS.results("take", lambda result: isinstance(result[0], int)) >= 30
    assert VECTORS.results("take", lambda result: isinstance(result[0], str)) >= 30


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_a_shot_is_planned_as_it_was_said_or_refused()
    VECTORS.on_micropython(tmp_path)
