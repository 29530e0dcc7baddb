"""The hardware page says what the firmware drives, and nothing else."""

from pathlib import Path

from mesofw.core import parts
from mesofw.core.machine import AXES

PAGE = (Path(__file__).parents[1] / "hardware" / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def number(value: float) -> str:
    return f"{value:g}"


def test_the_axes():
    assert rows("Axes") == [
        [
            axis.name,
            number(axis.step_nm / 1000) + " µm",
            number(axis.count_nm / 1000) + " µm",
            number(axis.speed_hz * axis.step_nm / 1e6) + " mm/s",
            number(axis.accel_hz_s * axis.step_nm / 1e9) + " m/s²",
            number(axis.travel_steps * axis.step_nm / 1e6) + " mm",
        ]
        for axis in AXES
    ]


def test_the_syringes():
    expected = [
        [name, number(parts.SYRINGES[name][0] / 1000) + " mm"] for name in parts.SYRINGE_NAMES
    ]
    assert rows("Syringes") == expected


def test_the_needles():
    expected = [[name, f"{parts.NEEDLES[name]} µm"] for name in parts.NEEDLE_NAMES]
    assert rows("Needles") == expected
