"""One chip at its REPL for each file, where a whole chip can be emulated."""

from collections.abc import Iterator

import pytest

from tests.whole_chip.chip import Chip, left_out, with_firmware


@pytest.fixture(scope="session")
def possible() -> None:
    """Skips where there can be no chip."""
    why = left_out()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="module")
def chip(possible: None) -> Iterator[Chip]:  # noqa: ARG001
    """A chip that was just switched on, with the firmware's modules and core's tests."""
    with with_firmware() as one:
        yield one
