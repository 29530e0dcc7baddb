"""Any move under any limits: exact, within a step of the ideal, on both Pythons."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mesofw.core.machine import AXES
from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("motion")


@BOUNDED
@given(
    st.integers(1, 400) | st.integers(1, 6_000),
    st.integers(1, 40_000),
    st.sampled_from([axis.accel_hz_s for axis in AXES]) | st.integers(200_000, 4_000_000),
)
def test_a_move_keeps_its_limits(pulses: int, speed_hz: int, accel_hz_s: int) -> None:
    VECTORS.run("move", pulses, speed_hz, accel_hz_s)


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_a_move_keeps_its_limits()
    VECTORS.on_micropython(tmp_path)
