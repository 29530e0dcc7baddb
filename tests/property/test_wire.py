"""Lines on a bad wire, on both Pythons."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.property.vectors import BOUNDED, Vectors

VECTORS = Vectors("wire")
# MicroPython reads a character beyond 16 bits as the two halves that it travels as.
TEXT = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
VALUE = st.none() | st.booleans() | st.integers(-(1 << 40), 1 << 40) | TEXT
MESSAGE = st.dictionaries(
    TEXT,
    VALUE | st.lists(VALUE, max_size=4) | st.dictionaries(TEXT, VALUE, max_size=3),
    max_size=6,
)
SMALL = st.fixed_dictionaries(
    {"s": st.just("abc"), "i": st.integers(0, 1 << 30), "r": st.sampled_from(["status", "pull"])}
)


@BOUNDED
@given(MESSAGE)
def test_a_message_comes_back_as_it_went(message: dict[str, Any]) -> None:
    VECTORS.run("roundtrip", message)


@BOUNDED
@given(st.integers(0, 1 << 30), st.binary(max_size=300))
def test_bytes_come_back_as_they_went(offset: int, payload: bytes) -> None:
    VECTORS.run("data", offset, payload.hex())


@BOUNDED
@given(SMALL, st.lists(st.tuples(st.integers(0, 479), st.integers(0, 255)), max_size=6))
def test_a_damaged_line_is_refused_or_equal(
    message: dict[str, Any], changes: list[tuple[int, int]]
) -> None:
    VECTORS.run("corrupted", message, changes)


@BOUNDED
@given(st.lists(st.binary(max_size=200) | st.just(b"\n"), max_size=8), SMALL)
def test_after_any_bytes_and_a_newline_a_message_is_read(
    pieces: list[bytes], message: dict[str, Any]
) -> None:
    VECTORS.run("soup", [piece.hex() for piece in pieces], message)


def test_micropython_gets_the_same(tmp_path: Path) -> None:
    if not VECTORS.count:
        test_a_message_comes_back_as_it_went()
        test_bytes_come_back_as_they_went()
        test_a_damaged_line_is_refused_or_equal()
        test_after_any_bytes_and_a_newline_a_message_is_read()
    VECTORS.on_micropython(tmp_path)
