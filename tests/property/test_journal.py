"""The shot log under any script of shots, moves, restarts and power cuts, on both Pythons."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("journal")
ACT = (
    st.tuples(st.just("shot"), st.integers(0, 2_000_000))
    | st.tuples(st.just("event"), st.integers(0, (1 << 30) - 1))
    | st.tuples(st.just("cut"), st.integers(0, 140))
    | st.tuples(st.sampled_from(["move", "restart"]), st.just(0))
)


@pytest.mark.requirement("SR-152")
@BOUNDED
@given(st.integers(4, 12), st.lists(ACT, max_size=30))
def test_no_record_is_lost_doubled_or_invented(slots: int, acts: list[tuple[str, int]]) -> None:
    VECTORS.run("script", slots, acts)


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_no_record_is_lost_doubled_or_invented()
    VECTORS.on_micropython(tmp_path)
