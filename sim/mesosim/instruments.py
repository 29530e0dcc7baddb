"""What stands around a virtual gun on the calibration bench: balance, dial indicator, clamp meter.

They read the gun's world as it truly is, each with an error of its own; its time is theirs. The
vessel is that of `vessel`. Figures of the instruments are estimates.
"""

import random

from mesofw.core import parts
from mesofw.core.machine import AXES
from mesosim import hardware
from mesosim.vessel import Vessel
from mesosim.world import World

_NEEDLE = "27G"
_NEEDLE_UM = 40_000
_FILL_SHARE = 0.95
_DIAL_NOISE_UM = 1.0
_CURRENT_SPREAD = 0.02
# Of a syringe's collar in its cradle.
_SEAT_SPREAD_UM = 5.0


class Instruments:
    """The bench around one gun. `at_s` is its world's time."""

    def __init__(self, world: World, seed: int = 1):
        self._world = world
        self._rng = random.Random(seed + 6_000_011)
        self._current = [1 + self._rng.gauss(0.0, _CURRENT_SPREAD) for _ in AXES]
        self.vessel = Vessel(self._rng, _NEEDLE, world.plant.fluid_nl)
        self.balance = self.vessel.balance(seed, self.at_s)
        self._given_nl = world.plant.fluid_nl()

    @property
    def at_s(self) -> float:
        """Time, in s."""
        return self._world.now_us / 1e6

    def dial_um(self) -> float:
        """What a dial indicator under the foot shows: set to zero at the foot's plane."""
        return round(self._world.plant.depth_um() + self._rng.gauss(0.0, _DIAL_NOISE_UM))

    def current_ma(self, axis: int) -> float:
        """What the clamp meter shows on an axis's motor: nothing where its driver is off."""
        if not self._world.plant.drivers.on[axis]:
            return 0.0
        rated_a = hardware.gun().number(AXES[axis].name, "motor", "current_a")
        return round(rated_a * 1000 * self._current[axis])

    def seat_full(self, syringe: str) -> None:
        """A syringe full of water, with a few bubbles that nobody saw and its needle."""
        fill_nl = round(_FILL_SHARE * parts.SYRINGES[syringe].volume_nl)
        air_nl = self._rng.uniform(0.0, 5.0)
        self._world.plant.seat(
            syringe, fill_nl, _NEEDLE, _NEEDLE_UM, viscosity_mpa_s=1.0, air_nl=air_nl
        )
        self._world.touch()

    def seat_empty(self, syringe: str, block_um: float) -> None:
        """An empty syringe with a gauge block on its stopper."""
        plant = self._world.plant
        plant.seat(syringe, 0, _NEEDLE, _NEEDLE_UM)
        if plant.cartridge.stopper:
            off_um = self._rng.gauss(0.0, _SEAT_SPREAD_UM)
            plant.cartridge.stopper.stands_um = plant.truth.empty_um - block_um + off_um
        self._world.touch()

    def cap(self, on: bool) -> None:
        """Close the needle, or open it again."""
        self._world.plant.cartridge.block(on)
        self._world.touch()

    def flowed(self) -> bool:
        """Whether anything has left the needle, or gone into it, since this was last asked."""
        before_nl, self._given_nl = self._given_nl, self._world.plant.fluid_nl()
        return self._given_nl != before_nl


class WorldBalance:
    """The computer's end of the balance at a gun's world: reading lets the world's time pass."""

    def __init__(self, world: World, instruments: Instruments):
        self._world = world
        self._instruments = instruments

    def write(self, data: bytes) -> None:
        """Bytes to the balance."""
        at_s = self._instruments.at_s
        if self._instruments.flowed():
            self._instruments.balance.disturb(at_s)
        self._instruments.balance.write(data, at_s)

    def read(self, timeout_s: float) -> bytes:
        """What has come from the balance; lets at most `timeout_s` of virtual time pass for it."""
        world, balance = self._world, self._instruments.balance
        until_us = world.now_us + round(timeout_s * 1e6)
        while True:
            out = balance.read(self._instruments.at_s)
            if out or world.now_us >= until_us:
                return out
            next_s = balance.next_s()
            # A hair later, so that what is due then is not missed by rounding.
            due_us = until_us if next_s is None else min(until_us, int(next_s * 1e6) + 2)
            world.run_until(max(world.now_us, due_us))

    def close(self) -> None:
        """The computer goes away; the balance stays."""
