"""What holds for all tests: those that name safety requirements are held to them, and what is left
out is said."""

import pytest
from hypothesis import settings

from tests.safety import data
from tests.safety.witness import Witness

# No test is timed: a busy machine fails none.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Have the requirements witnessed."""
    wanted = [one.id for one in data.active()]
    config.pluginmanager.register(Witness(config, wanted, data.requirements()), "safety-witness")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, also in CI, why the whole chip was left out."""
    from tests.whole_chip.chip import left_out  # Much to read in for each start of a few tests.

    why = left_out()
    if why:
        terminalreporter.write_line(f"whole chip left out: {why}")
