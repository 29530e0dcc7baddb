"""The ways that the mechanics give, against those that firmware and gun.toml want. No CAD."""

from dataclasses import dataclass

from hardware.mechanics.layout import Layout


@dataclass(frozen=True)
class Way:
    """A way along the axis in mm: what the parts give, what is wanted, and what to change."""

    part: str
    given_mm: float
    wanted_mm: float
    change: str

    @property
    def missing_mm(self) -> float:
        """What is missing; nothing or less where the way suffices."""
        return round(self.wanted_mm - self.given_mm, 6)

    def fault(self) -> str:
        """What is wrong in words; empty where nothing is."""
        if self.missing_mm <= 0:
            return ""
        return (
            f"{self.part}: gives {self.given_mm:.1f} mm, wanted are {self.wanted_mm:.1f} mm, "
            f"{self.missing_mm:.1f} mm are missing; {self.change}"
        )


def ways(layout: Layout, carriage_mm: float, plunger_mm: float) -> list[Way]:
    """All ways; `carriage_mm` and `plunger_mm` are the travels that the firmware counts on."""
    spare = layout.spare_mm
    found = [
        Way(
            "carriage screw",
            layout.screw_mm - layout.coupled_mm - layout.carriage_nut_mm,
            carriage_mm + layout.carriage_nut_spare_mm + spare,
            "take a longer screw or a shorter nut, or lower travel_mm",
        ),
        Way(
            "carriage layout",
            layout.travel_mm,
            carriage_mm,
            "set travel_mm of the carriage in hardware/gun.toml as core/machine.py has it",
        ),
        Way(
            "carriage, needle and foot",
            layout.travel_mm,
            layout.foot_mm + max(layout.needles_mm) + spare,
            "lower foot_mm or the longest needle, or raise travel_mm",
        ),
        Way(
            "plunger screw",
            layout.plunger_screw_mm - layout.coupled_mm - layout.nut_mm + layout.nut_over_mm,
            plunger_mm + spare,
            "take a longer screw or a thinner nut, or lower travel_mm",
        ),
        Way(
            "plunger layout",
            layout.plunger_travel_mm,
            plunger_mm,
            "set travel_mm of the plunger in hardware/gun.toml as core/machine.py has it",
        ),
        Way(
            "plunger past an empty syringe",
            layout.plunger_travel_mm,
            layout.empty_mm + spare,
            "lower empty_mm in hardware/mechanics/layout.py",
        ),
        Way(
            "body",
            layout.body_back_mm,
            layout.rear_mm + spare,
            "raise body_back_mm in hardware/mechanics/layout.py or take shorter syringes",
        ),
    ]
    found += [
        Way(
            f"{name} syringe, full",
            layout.empty_mm,
            stroke_mm + spare,
            "take a syringe of a shorter stroke, or a longer plunger screw",
        )
        for name, stroke_mm in layout.strokes_mm.items()
    ]
    found += [
        Way(
            f"{name} rod cap",
            layout.cap_mm(name),
            layout.cap_least_mm,
            "take a shorter syringe: its rod stands out too far",
        )
        for name in layout.bodies
    ]
    return found


def faults(layout: Layout, carriage_mm: float, plunger_mm: float) -> list[str]:
    """What is missing, each naming part and millimetres."""
    return [said for way in ways(layout, carriage_mm, plunger_mm) if (said := way.fault())]


def stack(layout: Layout) -> list[tuple[str, float, float]]:
    """The stack-up along the axis at home: what, from and to in mm behind the foot's plane."""
    last = layout.pusher_home_mm
    rows = [
        ("needle, longest", layout.foot_mm, layout.foot_mm + max(layout.needles_mm)),
        ("Luer collar", layout.collar_front_mm, layout.shoulder_mm),
        ("plunger motor", layout.motor_face_mm - layout.motor_mm, layout.motor_face_mm),
        ("plunger screw", layout.screw_front_mm, layout.screw_back_mm),
        ("pusher's face, home to end", last - layout.plunger_travel_mm, last),
        (
            "carriage motor",
            layout.carriage_motor_face_mm - layout.carriage_motor_mm,
            layout.carriage_motor_face_mm,
        ),
        ("carriage screw", layout.carriage_motor_face_mm + 5.5, layout.carriage_screw_back_mm),
    ]
    for name in layout.bodies:
        rows.append((f"{name} barrel", layout.shoulder_mm, layout.flange_mm(name)))
        rows.append((f"{name} rod cap", layout.thumb_mm(name), layout.pusher_empty_mm))
    return rows
