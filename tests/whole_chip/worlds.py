"""Worlds whose firmware runs on an emulated chip, and runs of them two at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from mesosim.world import World
from tests.whole_chip import chip, disk
from tests.whole_chip.emulator import Emulator
from tests.whole_chip.gun_on_pins import GunOnPins, on_pins
from tests.whole_chip.levels import Broken

# The emulator takes nearly a processor each.
AT_ONCE = 2


@dataclass
class OnChip:
    """A world on an emulated chip: what may be broken of it, and each life of its firmware."""

    emulator: Emulator
    broken: Broken = field(default_factory=Broken)
    lives: list[GunOnPins] = field(default_factory=list[GunOnPins])
    # Set as the firmware has started.
    world: World = None  # type: ignore[assignment]

    @property
    def gun(self) -> GunOnPins:
        """The life of now."""
        return self.lives[-1]


@contextmanager
def on_chip(
    seed: int = 1, broken: Broken | None = None, main: str | None = disk.WATCHED_MAIN
) -> Iterator[OnChip]:
    """The gun of a seed, commissioned, switched on. Raises NotBooted."""
    flash = disk.flash(chip.image(), seed, main)
    with chip.emulated(flash) as emulator:
        made = OnChip(emulator, broken or Broken())
        watched = main == disk.WATCHED_MAIN
        start = on_pins(emulator, chip.font(), made.broken, made.lives.append, watched)
        made.world = World(seed, start)
        try:
            yield made
        finally:
            if made.world.on:
                made.world.switch_off()


def begin_all(
    request: pytest.FixtureRequest, name: str, run: Callable[[Any], Any]
) -> Iterator[dict[Any, "Future[Any]"]]:
    """Run `run` for the parameter `name` of each test of this module that was chosen, two at a
    time; gives what is to come by parameter."""
    own = [item for item in request.session.items if getattr(item, "module", 0) is request.module]
    values = [item.callspec.params[name] for item in own if hasattr(item, "callspec")
              and name in item.callspec.params]  # fmt: skip
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {value: pool.submit(run, value) for value in values}
        pool.shutdown(cancel_futures=True)
