"""Where everything stands along and around the needle's axis, from `hardware/gun.toml`.

Frame: z runs backwards from the foot's plane (z = 0: the longest needle's foot, pressed in), y up,
x to the right, all in mm; carriage and plunger at home. No CAD is imported here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from mesosim.physics.gun import Gun, load

GUN_FILE = Path(__file__).parents[1] / "gun.toml"


@dataclass(frozen=True)
class SyringeBody:
    """A syringe beyond what gun.toml says: lengths and widths in mm.

    `barrel_mm` from shoulder to flange; `rest_mm` from the flange's back to the thumb rest's back
    with the stopper at the end; `rod_mm` the rod's width.
    """

    barrel_mm: float
    flange_mm: tuple[float, float]
    thumb_mm: float
    rest_mm: float
    rod_mm: float
    empty_g: float


# estimate: three-part Luer lock syringes as remembered; to be measured on the make that is bought.
# A cradle is printed for the make, so a figure that is off changes a cradle and nothing else.
BODIES: Mapping[str, SyringeBody] = MappingProxyType(
    {
        "1 mL": SyringeBody(70.0, (23.0, 8.5), 9.0, 7.0, 4.0, 2.5),
        "3 mL": SyringeBody(66.0, (23.0, 12.0), 11.5, 8.0, 7.5, 3.5),
        "5 mL": SyringeBody(66.0, (26.0, 15.5), 14.5, 9.0, 10.0, 6.0),
        "10 mL": SyringeBody(80.0, (30.0, 18.5), 18.0, 9.0, 12.0, 9.0),
    }
)
FLANGE_THICK_MM = 2.0
THUMB_THICK_MM = 2.0


@dataclass(frozen=True)
class Layout:
    """The machine's dimensions in mm. Figures of gun.toml come in through `of`; the defaults here
    are the mechanics' own."""

    travel_mm: float
    plunger_travel_mm: float
    foot_mm: float
    foot_face_mm: float
    screw_mm: float
    plunger_screw_mm: float
    needles_mm: tuple[float, ...]
    strokes_mm: Mapping[str, float]
    barrels_mm: Mapping[str, float]
    bodies: Mapping[str, SyringeBody] = field(default_factory=lambda: BODIES)

    # Needle and Luer lock (estimate: hub as remembered).
    hub_out_mm: float = 8.0
    collar_mm: float = 8.5
    collar_wide_mm: float = 10.5
    # The pusher's way from home to an empty syringe: what core counts from is calibrated, and the
    # virtual gun's is the same.
    empty_mm: float = 63.0
    # What must stay free at the ends of a way.
    spare_mm: float = 0.5
    # The plunger's drive.
    nut_mm: float = 5.0
    coupled_mm: float = 5.0
    nut_over_mm: float = 2.0
    nut_behind_mm: float = 3.0
    motor_mm: float = 30.0
    # The carriage's drive.
    carriage_motor_mm: float = 42.0
    carriage_nut_mm: float = 10.0
    carriage_nut_back_mm: float = 116.0
    carriage_nut_spare_mm: float = 2.0
    # The foot: joint of tip and sleeve, its way, and how wide the hole for the needle is.
    joint_mm: float = 16.0
    foot_way_mm: float = 1.0
    bore_mm: float = 6.0
    # Printed walls.
    wall_mm: float = 1.0
    thin_mm: float = 0.8
    gap_mm: float = 0.2
    # Where drives, rods and walls stand around the axis.
    plunger_y_mm: float = -21.0
    carriage_y_mm: float = -43.2
    rod_x_mm: float = 14.0
    rod_y_mm: float = -24.0
    guide_x_mm: float = 11.65
    guide_y_mm: float = -12.0
    inside_x_mm: float = 17.2
    body_back_mm: float = 210.0
    # For the seeded faults of the tests: moves every cradle along x.
    cradle_shift_mm: float = 0.0

    @property
    def collar_front_mm(self) -> float:
        """The Luer collar's front; every cradle brings it to the same place."""
        return self.foot_mm + max(self.needles_mm) + self.hub_out_mm

    @property
    def shoulder_mm(self) -> float:
        """The barrel's shoulder, behind the collar."""
        return self.collar_front_mm + self.collar_mm

    def plane_mm(self, needle_mm: float) -> float:
        """The plane of the foot's tip for a needle: its point stands `foot_mm` behind at home."""
        return max(self.needles_mm) - needle_mm

    def reach_mm(self, needle_mm: float) -> float:
        """How far the carriage goes with a needle: core refuses what is deeper than its length."""
        return min(self.travel_mm, self.foot_mm + needle_mm)

    def flange_mm(self, syringe: str) -> float:
        """The front of a syringe's flange."""
        return self.shoulder_mm + self.bodies[syringe].barrel_mm

    def thumb_mm(self, syringe: str) -> float:
        """The back of the thumb rest with the stopper at the barrel's end."""
        return self.flange_mm(syringe) + FLANGE_THICK_MM + self.bodies[syringe].rest_mm

    @property
    def pusher_empty_mm(self) -> float:
        """The pusher's face at an empty syringe, the same for all: rod caps make up the rest."""
        return max(self.thumb_mm(name) for name in self.bodies) + self.cap_least_mm

    @property
    def cap_least_mm(self) -> float:
        """The shortest rod cap: clip and disc."""
        return 5.0

    def cap_mm(self, syringe: str) -> float:
        """From the thumb rest's back to the pusher's face."""
        return self.pusher_empty_mm - self.thumb_mm(syringe)

    @property
    def pusher_home_mm(self) -> float:
        """The pusher's face at home."""
        return self.pusher_empty_mm + self.empty_mm

    @property
    def rear_mm(self) -> float:
        """The back of what rides: the plate behind the pusher at home."""
        return self.pusher_home_mm + 19.0

    @property
    def motor_face_mm(self) -> float:
        """The plunger motor's face: the nut comes to the coupling as the way ends."""
        nut_at_end = self.pusher_home_mm - self.plunger_travel_mm + self.nut_behind_mm
        return nut_at_end - 11.0

    @property
    def screw_front_mm(self) -> float:
        """Where the plunger's thread begins, inside its coupling."""
        return self.motor_face_mm + 5.5

    @property
    def screw_back_mm(self) -> float:
        """Where it ends."""
        return self.screw_front_mm + self.plunger_screw_mm

    @property
    def carriage_screw_back_mm(self) -> float:
        """Where the carriage's thread ends: behind the nut at home."""
        return self.carriage_nut_back_mm + self.carriage_nut_spare_mm

    @property
    def carriage_motor_face_mm(self) -> float:
        """The carriage motor's face, in front of its screw."""
        return self.carriage_screw_back_mm - self.screw_mm - 5.5

    def plungers_mm(self, syringe: str) -> tuple[float, float]:
        """The plunger's places with a full and with an empty syringe, from home."""
        return self.empty_mm - self.strokes_mm[syringe], self.empty_mm


def of(gun: Gun) -> Layout:
    """The layout of a gun."""
    return Layout(
        travel_mm=gun.number("carriage", "travel_mm"),
        plunger_travel_mm=gun.number("plunger", "travel_mm"),
        foot_mm=gun.number("carriage", "foot_mm"),
        foot_face_mm=gun.number("skin", "foot_diameter_mm"),
        screw_mm=gun.number("carriage", "screw", "length_mm"),
        plunger_screw_mm=gun.number("plunger", "screw", "length_mm"),
        needles_mm=tuple(gun.part("needle")["lengths_mm"]),
        strokes_mm={item.name: item.barrel.stroke_um / 1000 for item in gun.syringes},
        barrels_mm={
            item.name: (item.barrel.bore_um + 2 * item.barrel.wall_um) / 1000
            for item in gun.syringes
        },
    )


def nominal() -> Layout:
    """The layout of `hardware/gun.toml`. Raises OSError where the file is missing."""
    return of(load(GUN_FILE))
