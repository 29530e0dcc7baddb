"""One chip for each file of tests, and what is said where none can be emulated."""

from collections.abc import Iterator

import pytest

from tests.whole_chip import disk
from tests.whole_chip.chip import Chip, left_out


@pytest.fixture(scope="module")
def chip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chip]:
    """A chip that was just switched on; skips where there can be none."""
    why = left_out()
    if why:
        pytest.skip(why)
    with Chip(disk.make(tmp_path_factory.mktemp("chip"))) as one:
        yield one


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, also in CI, why the whole chip was left out."""
    why = left_out()
    if why:
        terminalreporter.write_line(f"whole chip left out: {why}")
