"""What the gun says on a real MicroPython interpreter with hardly any heap left."""

from tests.micropython import process


def test_what_is_said_where_memory_is_full() -> None:
    outcome = process.run("tests.micropython.little_memory")
    assert (outcome.passed, outcome.failed) == (4, 0), outcome.text
