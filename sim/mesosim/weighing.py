"""A virtual gun on a calibration bench: its plunger, its syringe, a vessel of water on a balance.

The syringe is that of `cartridge`, the gun's truth that of `truth`, with scales up to 5 % off, so
that a calibration has something to find; the vessel is that of `vessel`. Figures are estimates.
"""

import dataclasses
import random

from mesofw.core import parts
from mesosim.axis import Axis
from mesosim.balance import VirtualBalance
from mesosim.cartridge import Cartridge, Seated
from mesosim.stopper import Stopper
from mesosim.truth import Truth
from mesosim.vessel import VESSEL_MM as VESSEL_MM
from mesosim.vessel import Room, Vessel

SCALE_OFF = 0.05
_NEEDLE = "27G"
_NEEDLE_UM = 4_000.0
# Slow enough that no stopper's clip lets go while water is drawn in.
_FLOW_NL_S = 40_000.0
# From the last pulse until the pressure has gone.
_REST_S = 1.0
# Between reading and stroke, until a command is sent and carried out.
_HAND_S = 0.5
_CELL_MN = 10.0
_PLUNGER = 1
_WATER_MPA_S = 1.0
_FILL_SHARE = 0.95
# What is left of `empty_um` to err in.
_EMPTY_UM = 20.0


class PulledPlug(Exception):
    """The gun's supply went in the middle of a stroke."""


class WeighingBench:
    """One gun of a seed with a syringe seated and its tip under water.

    `now_s` is the bench's time. `pull_at` and `drop_at` number the strokes in which the plug is
    pulled, and in which a drop falls in, or splashes out.
    """

    def __init__(
        self, seed: int, syringe: str, *, pull_at: int | None = None, drop_at: int | None = None
    ):
        rng = self._rng = random.Random(seed + 4_000_037)
        drawn = Truth.draw(seed)
        off = {name: 1 + rng.uniform(-SCALE_OFF, SCALE_OFF) for name in drawn.bore_scale}
        self.truth = dataclasses.replace(drawn, bore_scale=off)
        self.syringe = syringe
        self._steps = [0, 0]
        self._axis = Axis(
            "plunger", _PLUNGER, self.truth, self._steps, [0.0, 0.0], self.truth.plunger_start_um
        )
        self._cartridge = Cartridge(self.truth)
        volume_nl = parts.SYRINGES[syringe].volume_nl
        self._cartridge.seat(
            syringe, _FILL_SHARE * volume_nl, _NEEDLE, _NEEDLE_UM, 1, _WATER_MPA_S,
            rng.uniform(0.0, 5.0), self._axis.um(),
        )  # fmt: skip
        self._empty_um = self.truth.empty_um + rng.uniform(-_EMPTY_UM, _EMPTY_UM)
        self._vessel = Vessel(rng, _NEEDLE, self._cartridge.given_nl)
        self._pull_at, self._drop_at = pull_at, drop_at
        self._strokes = 0
        self._powered = True
        self.now_s = 0.0
        self.balance: VirtualBalance = self._vessel.balance(seed, self.now_s)

    @property
    def room(self) -> Room:
        """The room as it truly is."""
        return self._vessel.room

    @property
    def true_step_fl(self) -> float:
        """The true volume of a step with the seated syringe."""
        return self.truth.plunger_step_um * self._seated.area_mm2 * 1e6

    @property
    def true_play_um(self) -> float:
        """The stopper's true play."""
        return 2 * self._stopper.rod.half_um

    @property
    def true_compliance_nl_bar(self) -> float:
        """What truly gives way at the present filling."""
        self._cartridge.refresh()
        return self._cartridge.compliance_nl_bar()

    def read_room(self) -> Room:
        """What thermometers, barometer and hygrometer say."""
        return self._vessel.read_room()

    def home(self) -> None:
        """Draw the plunger back; the gun has its supply again."""
        self._powered = True
        self._steps[_PLUNGER] = 0

    def prepare(self, steps: int) -> None:
        """Home, seek the stopper, and press a stroke of so many steps forward."""
        cartridge, stopper = self._cartridge, self._stopper
        self.home()
        cartridge.stopper = Stopper(
            stopper.rod, stopper.stands_um, self._axis.um(), random.Random(self._rng.random())
        )
        gap_um = stopper.stands_um - self._axis.um()
        self._go(max(0, round(gap_um / self.truth.plunger_step_um)) + steps)

    def stroke(self, steps: int) -> int:
        """Move the plunger by signed steps and let the pressure fall; the steps that the encoder
        saw. Raises PulledPlug."""
        if not self._powered:
            raise PulledPlug("the gun has no supply")
        self._strokes += 1
        if self._strokes == self._pull_at:
            self._go(round(steps * self._rng.random()))
            self._powered = False
            raise PulledPlug("the gun has lost its supply")
        self._go(steps)
        if self._strokes == self._drop_at:
            self._vessel.drop_mg = self._rng.choice((-1, 1)) * self._rng.uniform(1.0, 5.0)
        return steps

    def wait(self, seconds: float) -> None:
        """Nothing happens for a while."""
        self.now_s += seconds

    def force_mn(self) -> int:
        """What the force cell reads; it feels no pull."""
        return max(0, round(self._cartridge.force_mn() + self._rng.gauss(0.0, _CELL_MN)))

    def left_um(self) -> int:
        """Travel left to the empty syringe, as the gun reckons it."""
        return round(self._empty_um - self._axis.um())

    def cap(self, on: bool) -> None:
        """Close the needle, or open it again."""
        self._cartridge.block(on)
        self.wait(30.0)

    @property
    def _seated(self) -> Seated:
        seated = self._cartridge.seated
        assert seated
        return seated

    @property
    def _stopper(self) -> Stopper:
        stopper = self._cartridge.stopper
        assert stopper
        return stopper

    def _go(self, steps: int) -> None:
        cartridge, before_um = self._cartridge, self._axis.um()
        self.now_s += _HAND_S
        self._steps[_PLUNGER] += steps
        travel_um = self._axis.um() - before_um
        lasts_s = abs(travel_um) * self._seated.area_mm2 / _FLOW_NL_S
        if travel_um:
            cartridge.move(self.now_s * 1e6, lasts_s * 1e6, travel_um)
        self.now_s += lasts_s
        cartridge.stand(self.now_s * 1e6, _REST_S * 1e6)
        self.now_s += _REST_S
        cartridge.refill()
        self.balance.disturb(self.now_s)


class BalancePort:
    """The computer's end of the bench's balance: reading lets the bench's time pass."""

    def __init__(self, bench: WeighingBench):
        self._bench = bench

    def write(self, data: bytes) -> None:
        """Bytes to the balance."""
        self._bench.balance.write(data, self._bench.now_s)

    def read(self, timeout_s: float) -> bytes:
        """What has come from the balance; lets at most `timeout_s` pass for it."""
        bench = self._bench
        until_s = bench.now_s + timeout_s
        while True:
            out = bench.balance.read(bench.now_s)
            if out or bench.now_s >= until_s:
                return out
            next_s = bench.balance.next_s()
            # A hair later, so that what is due then is not missed by rounding.
            bench.now_s = min(until_s, until_s if next_s is None else next_s + 1e-6)

    def close(self) -> None:
        """The computer goes away; the balance stays."""
