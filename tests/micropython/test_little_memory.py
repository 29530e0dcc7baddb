"""The gun's texts on a real MicroPython interpreter with hardly any heap left."""

from tests.micropython import process


def test_texts_where_memory_is_full() -> None:
    outcome = process.run("tests.micropython.little_memory")
    assert (outcome.passed, outcome.failed) == (2, 0), outcome.text
