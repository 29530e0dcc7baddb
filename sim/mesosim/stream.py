"""Time passing through the fluid: along the slices of a run, or at rest."""

from mesosim.carriage import Return
from mesosim.cartridge import Cartridge
from mesosim.course import Slice
from mesosim.fluid import Fluid
from mesosim.ledger import INSIDE, RESTING, Ledger
from mesosim.skin import Skin


class Stream:
    """The fluid's part of the plant. Times in µs; `foot_um` is where the foot's plane is."""

    def __init__(self, cartridge: Cartridge, ledger: Ledger, skin: Skin, foot_um: float):
        self._cartridge = cartridge
        self._ledger = ledger
        self._skin = skin
        self._foot_um = foot_um
        self._slices: list[Slice] = []
        self._next = 0
        self._where = RESTING
        self._fluid: Fluid | None = None
        self._out_nl: float = 0.0
        self._returned_nl: float = 0.0
        self._drawn_nl: float = 0.0

    def take(self, slices: list[Slice]) -> None:
        """The slices of the run from now on."""
        self._slices = slices
        self._next = 0

    def ahead(self) -> list[Slice]:
        """The slices that are not over."""
        return self._slices[self._next :]

    def flow(self, from_us: int, to_us: int) -> None:
        """Pass through the slices of a run."""
        at_us = float(from_us)
        slices, cartridge = self._slices, self._cartridge
        where = RESTING
        while self._next < len(slices):
            end_us, speed, where, _, _ = slices[self._next]
            over = end_us <= to_us
            lasts_us = (end_us if over else to_us) - at_us
            if lasts_us > 0.0:
                if where != self._where:
                    self._come(where)
                if speed:
                    cartridge.move(at_us, lasts_us, speed * lasts_us)
                else:
                    cartridge.stand(at_us, lasts_us)
            if not over:
                at_us = to_us
                break
            if end_us > at_us:
                at_us = end_us
            self._next += 1
        self._skin.inside = where == INSIDE
        # A run's last pulse ends on a fraction of a µs.
        if to_us > at_us:
            self._stand(at_us, to_us - at_us, where)

    def rest(self, from_us: int, to_us: int, back: Return | None) -> None:
        """No run: what is stored flows on, and the spring may take the needle out of the skin."""
        at_us = float(from_us)
        skin = self._skin
        if skin.inside and back:
            out_us = back.reach_us(self._foot_um)
            if out_us is not None and out_us <= to_us:
                if out_us > at_us:
                    self._stand(at_us, out_us - at_us, INSIDE)
                    at_us = out_us
                skin.inside = False
        self._stand(at_us, to_us - at_us, INSIDE if skin.inside else RESTING)

    def _stand(self, at_us: float, lasts_us: float, where: int) -> None:
        """The plunger stands, the tip is in a place."""
        if where != self._where:
            self._come(where)
        self._cartridge.stand(at_us, lasts_us)

    def _come(self, where: int) -> None:
        """The tip comes to another place; with no fluid there is nothing to tell apart."""
        if self._cartridge.fluid:
            self.settle()
            self._where = where

    def settle(self) -> None:
        """Book what has flowed since the tip came to where it is."""
        fluid = self._cartridge.fluid
        if not fluid:
            return
        if fluid is not self._fluid:
            self._fluid = fluid
            self._out_nl = self._returned_nl = self._drawn_nl = 0.0
        if fluid.out_nl != self._out_nl or fluid.drawn_nl != self._drawn_nl:
            fresh_nl = fluid.out_nl - self._out_nl - (fluid.returned_nl - self._returned_nl)
            self._ledger.book(self._where, fresh_nl, fluid.drawn_nl - self._drawn_nl)
            self._out_nl, self._returned_nl = fluid.out_nl, fluid.returned_nl
            self._drawn_nl = fluid.drawn_nl
