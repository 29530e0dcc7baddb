"""A vessel of water on a virtual balance, in a room: what the balance carries as the needle gives.

Water and air follow other formulas than the calibration's own. The needle's tip is under water:
what is given comes onto the balance, what is drawn in leaves it. Figures are estimates.
"""

import dataclasses
import math
import random
from collections.abc import Callable

from mesosim import hardware
from mesosim.balance import VirtualBalance

VESSEL_MM = 25.0
_VESSEL_MG = 30_000.0


@dataclasses.dataclass(frozen=True)
class Room:
    """The room as it is: water and air in °C, pressure in hPa, humidity in %."""

    water_c: float
    air_c: float
    hpa: float
    percent: float


class Vessel:
    """`room` is the truth, drawn from `rng`; `read_room` is what the instruments say. `given_nl`
    tells what has left the needle so far, `drop_mg` is what fell in or splashed out."""

    def __init__(self, rng: random.Random, needle: str, given_nl: Callable[[], float]):
        self._rng = rng
        self._given_nl = given_nl
        room = Room(
            rng.uniform(18.0, 26.0), 0.0, rng.uniform(940.0, 1030.0), rng.uniform(30.0, 70.0)
        )
        self.room = dataclasses.replace(room, air_c=room.water_c + rng.uniform(-0.5, 0.5))
        self._evaporates_mg_s = rng.uniform(2.0, 40.0) / 3600
        self.drop_mg = 0.0
        self._glass_mg = 0.0
        needle_mm2 = (hardware.gun().needle(needle).outer_um / 1000) ** 2
        rises = 1 + needle_mm2 / (VESSEL_MM**2 - needle_mm2)
        air_mg_nl = self._air_mg_nl()
        self._shown_mg_nl = (self._water_mg_nl() - air_mg_nl) * rises / (1 - air_mg_nl / 8e-3)

    def balance(self, seed: int, now_s: float) -> VirtualBalance:
        """The balance of a seed, switched on with an empty pan; the vessel is put onto it then."""
        balance = VirtualBalance(seed, self._load_mg)
        self._glass_mg = _VESSEL_MG
        balance.disturb(now_s)
        return balance

    def read_room(self) -> Room:
        """What thermometers, barometer and hygrometer say."""
        gauss, room = self._rng.gauss, self.room
        return Room(
            room.water_c + gauss(0.0, 0.1), room.air_c + gauss(0.0, 0.2),
            room.hpa + gauss(0.0, 2.0), room.percent + gauss(0.0, 3.0),
        )  # fmt: skip

    def _load_mg(self, at_s: float) -> float:
        given_mg = self._given_nl() * self._shown_mg_nl
        return self._glass_mg + given_mg - self._evaporates_mg_s * at_s + self.drop_mg

    def _water_mg_nl(self) -> float:
        """G. S. Kell, J. Chem. Eng. Data 20 (1975) 97-105: another formula than the calibration's
        own, which it agrees with to 1e-5."""
        t = self.room.water_c
        top = 999.83952 + t * (
            16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * (
                105.56302e-9 - t * 280.54253e-12)))
        )  # fmt: skip
        return top / (1 + 16.879850e-3 * t) * 1e-6

    def _air_mg_nl(self) -> float:
        """The gas law for air with vapour; vapour's pressure after Magnus (WMO No. 8, annex)."""
        room = self.room
        kelvin = room.air_c + 273.15
        vapour = room.percent / 100 * 6.112 * math.exp(17.62 * room.air_c / (243.12 + room.air_c))
        dry = (room.hpa - vapour) * 100 / (287.05 * kelvin)
        return (dry + vapour * 100 / (461.5 * kelvin)) * 1e-6
