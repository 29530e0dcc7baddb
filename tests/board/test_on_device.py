"""The board's modules that need MicroPython, on its desktop interpreter."""

import pytest

from tests.micropython import process


@pytest.mark.parametrize("module", ["display", "interrupts", "loop", "pico"])
def test_module_on_micropython(module: str) -> None:
    outcome = process.run("tests.board.device." + module, heap="4m")
    assert outcome.failed == 0, outcome.text
    assert outcome.passed >= 5, outcome.text
    assert outcome.code == 0, outcome.text
