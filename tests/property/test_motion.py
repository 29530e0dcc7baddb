"""Any move under any limits: exact, within a step of the ideal, on both Pythons."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("motion")
PULSES = st.integers(1, 40) | st.integers(1, 400) | st.integers(1, 6_000) | st.integers(1, 264_000)
SPEEDS = st.integers(1, 100_000)
ANY = st.integers(1_000_000, 20_000_000)
# Out, home, and the plunger's ramps; then whatever a gun may have.
RAMPS = (
    st.tuples(st.integers(1_000_000, 2_200_000), st.just(9_000_000))
    | st.just((8_000_000, 4_000_000))
    | st.integers(12_000_000, 17_200_000).map(lambda both: (both, both))
    | st.tuples(ANY, ANY)
)


@BOUNDED
@given(PULSES, SPEEDS, RAMPS)
def test_a_move_keeps_its_limits(pulses: int, speed_hz: int, ramps: tuple[int, int]) -> None:
    VECTORS.run("move", pulses, speed_hz, *ramps)


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_a_move_keeps_its_limits()
    VECTORS.on_micropython(tmp_path)
