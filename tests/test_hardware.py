"""The machine's page says what the firmware drives, and nothing else."""

from pathlib import Path

from mesofw.core import machine, parts
from mesofw.core.door import CARRIAGE, PLUNGER

PAGE = (Path(__file__).parents[1] / "hardware" / "machine.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def number(value: float) -> str:
    return f"{value:g}"


def accel(steps_s2: int, axis: machine.Axis) -> str:
    return number(steps_s2 * axis.step_nm / 1e9) + " m/s²"


def test_the_axes():
    assert rows("Axes")[: len(machine.AXES)] == [
        [
            axis.name,
            number(axis.step_nm / 1000) + " µm",
            number(axis.count_nm / 1000) + " µm",
            number(axis.speed_hz * axis.step_nm / 1e6) + " mm/s",
            number(axis.travel_steps * axis.step_nm / 1e6) + " mm",
        ]
        for axis in machine.AXES
    ]


def test_the_moves():
    told = [row[1:] for row in rows("Axes")[-3:]]
    moves = ((CARRIAGE, True), (CARRIAGE, False), (PLUNGER, True))
    assert told == [
        [accel(ramp, machine.AXES[axis]) for ramp in machine.ramps(axis, forward)]
        for axis, forward in moves
    ]


def test_the_syringes():
    assert rows("Syringes") == [
        [
            name,
            number(syringe.bore_um / 1000) + " mm",
            number(syringe.least_nl / 1000) + " µL",
            number(syringe.pressure_mbar / 1000) + " bar",
            number(syringe.force_mn / 1000) + " N",
            number(syringe.press_mm_s2 / 1000) + " m/s²",
        ]
        for name, syringe in ((name, parts.SYRINGES[name]) for name in parts.SYRINGE_NAMES)
    ]


def test_the_needles():
    assert rows("Needles") == [
        [name, f"{needle.bore_um} µm", number(needle.puncture_mn / 1000) + " N"]
        for name, needle in ((name, parts.NEEDLES[name]) for name in parts.NEEDLE_NAMES)
    ]
