"""What holds for all tests: those that name safety requirements are held to them."""

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
