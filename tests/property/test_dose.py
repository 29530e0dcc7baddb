"""Dose arithmetic for any doses and syringes, on both Pythons."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import dose
from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("dose")
STEP_FL = st.integers(1_000_000, (1 << 30) - 1) | st.sampled_from([4_335_000, 40_867_000])


@BOUNDED
@given(
    st.lists(
        st.tuples(STEP_FL, st.integers(0, 2_000_000), st.integers(1, 40)), min_size=1, max_size=5
    )
)
def test_no_dose_is_lost_or_made(rows: list[tuple[int, int, int]]) -> None:
    VECTORS.run("shots", rows)


@BOUNDED
@given(st.integers(0, 20_000_000), STEP_FL)
def test_volumes_and_steps_are_each_others_inverse(volume_nl: int, step_fl: int) -> None:
    VECTORS.run("volume", volume_nl, step_fl)


@given(st.integers(0, 264_000), st.integers(1, 41_000_000))
def test_a_volume_is_worked_out_in_parts_exactly(steps: int, step_fl: int) -> None:
    assert dose.volume_nl(steps, step_fl) == (steps * step_fl + 500_000) // 1_000_000
    assert dose.whole_nl(steps, step_fl) == steps * step_fl // 1_000_000


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_no_dose_is_lost_or_made()
        test_volumes_and_steps_are_each_others_inverse()
    VECTORS.on_micropython(tmp_path)
