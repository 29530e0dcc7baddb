# pyright: strict
"""`hardware/gun.toml` as objects: what the physics here and the sizing page work on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesosim.physics import screw, stepper
from mesosim.physics.moves import Axis, Limits
from mesosim.physics.needle import Tube
from mesosim.physics.screw import Screw
from mesosim.physics.spring import Spring
from mesosim.physics.stepper import Winding
from mesosim.physics.syringe import Barrel

# Whose shape the consistency tests hold: a table as read.
Table = Mapping[str, Any]


@dataclass(frozen=True)
class Syringe:
    """A syringe of the table: lengths in µm, forces in N, the pressure that it is held to,
    and the plunger's acceleration that keeps the torque margin with it."""

    name: str
    barrel: Barrel
    break_n: float
    glide_n: float
    drive_n_mm: float
    filled_g: float
    plunger_m_s2: float
    pressure_bar: float


@dataclass(frozen=True)
class Needle:
    """A needle of the table: bore and its tolerance, outer diameter in µm."""

    gauge: str
    wall: str
    inner_um: float
    outer_um: float
    tolerance_um: float

    @property
    def name(self) -> str:
        """Gauge, and the wall where it is not the regular one."""
        return self.gauge if self.wall == "regular" else f"{self.gauge} {self.wall}"


@dataclass(frozen=True)
class Gun:
    """The whole file; `raw` is it as read."""

    raw: Table
    syringes: tuple[Syringe, ...]
    needles: tuple[Needle, ...]
    spring: Spring

    def part(self, *names: str) -> Table:
        """A table of the file by its path."""
        found: Any = self.raw
        for name in names:
            found = found[name]
        return found

    def number(self, *names: str) -> float:
        """A number of the file by its path."""
        return float(self.part(*names[:-1])[names[-1]])

    def syringe(self, name: str) -> Syringe:
        """A syringe by its name. Raises StopIteration where there is none."""
        return next(item for item in self.syringes if item.name == name)

    def needle(self, name: str) -> Needle:
        """A needle by gauge and wall. Raises StopIteration where there is none."""
        return next(item for item in self.needles if item.name == name)

    def tube(self, needle: Needle, length_mm: float = 4.0, pins: int = 1, off: int = 0) -> Tube:
        """The tube of a needle with its hub; `off` -1 or 1 for its smallest or widest bore."""
        length_um = (length_mm + self.number("needle", "hub_tube_mm")) * 1000
        return Tube(needle.inner_um + off * needle.tolerance_um, length_um, pins)

    def screw(self, axis: str) -> Screw:
        """The lead screw of an axis."""
        row = self.part(axis, "screw")
        return Screw(
            row["lead_mm"], row["pitch_mm"], row["length_mm"], row["flank_deg"], row["friction"]
        )

    def winding(self, axis: str) -> Winding:
        """The winding of an axis's motor."""
        row = self.part(axis, "motor")
        return Winding(
            row["current_a"], row["resistance_ohm"], row["inductance_mh"], row["holding_mnm"]
        )

    def riding_g(self, syringe: Syringe) -> float:
        """Mass that the carriage moves, with a filled syringe, in g."""
        parts = sum(self.part("handpiece", "riding_g").values())
        drive = self.number("plunger", "motor", "mass_g") + self.number(
            "plunger", "screw", "mass_g"
        )
        return parts + drive + syringe.filled_g

    def mass_g(self, syringe: Syringe) -> float:
        """Mass of the whole handpiece with a filled syringe, in g."""
        fixed = sum(self.part("handpiece", "fixed_g").values())
        for part in ("motor", "screw", "spring"):
            fixed += self.number("carriage", part, "mass_g")
        return fixed + self.riding_g(syringe)

    def axis(self, name: str, mass_g: float) -> Axis:
        """An axis with what it pushes."""
        mover = self.screw(name)
        turning = self.number(name, "motor", "rotor_gcm2") + screw.inertia_gcm2(mover)
        curve = [(float(at), float(torque)) for at, torque in self.part(name, "motor")["curve"]]
        return Axis(curve, mover, turning, mass_g)

    def withdraw(self) -> Limits:
        """Limits of the carriage on its way home."""
        row = self.part("carriage", "withdraw_m_s2")
        return Limits(self.number("carriage", "speed_mm_s"), row["up"], row["down"])

    def plunger(self, syringe: Syringe) -> Limits:
        """Limits of the plunger in a syringe."""
        accel = syringe.plunger_m_s2
        return Limits(self.number("plunger", "speed_mm_s"), accel, accel)

    def curve_of_winding(self, axis: str) -> list[tuple[float, float]]:
        """The torque curve that winding and supply give, at the speeds of the file's curve."""
        share = self.number(axis, "motor", "running_share")
        volts = self.number("supply", "volts")
        winding = self.winding(axis)
        speeds = [float(point[0]) for point in self.part(axis, "motor")["curve"]]
        return [(at, stepper.winding_mnm(winding, volts, at, share)) for at in speeds]


def load(path: Path) -> Gun:
    """Read the file. Raises KeyError where a table or figure is missing."""
    raw: Table = tomllib.loads(path.read_text(encoding="utf-8"))
    spring = raw["carriage"]["spring"]
    return Gun(
        raw,
        tuple(_syringe(row) for row in raw["syringes"]),
        tuple(_needle(row) for row in raw["needles"]),
        Spring(spring["preload_n"], spring["rate_n_mm"]),
    )


def _syringe(row: Table) -> Syringe:
    barrel = Barrel(
        row["bore_um"],
        row["wall_um"],
        row["stroke_mm"] * 1000,
        row["barrel_mpa"],
        row["stopper_um"],
        row["stopper_mpa"],
    )
    return Syringe(
        row["name"],
        barrel,
        row["break_n"],
        row["glide_n"],
        row["drive_n_mm"],
        row["filled_g"],
        row["plunger_m_s2"],
        row["pressure_bar"],
    )


def _needle(row: Table) -> Needle:
    return Needle(row["gauge"], row["wall"], row["inner_um"], row["outer_um"], row["tolerance_um"])
