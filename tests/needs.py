"""What tests need besides the project: where it is missing they are left out, in CI they fail."""

import os
from typing import NoReturn

import pytest

from mesosim.process import interpreter


def missing(reason: str) -> NoReturn:
    """Leave the calling test out, with the reason; where CI=true it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def micropython() -> list[str]:
    """The command that starts MicroPython; where there is none, the test is `missing` it."""
    command = interpreter()
    if command is None:
        missing("MicroPython is not installed: python -m pip install 'mesogun[micropython]'")
    return command
