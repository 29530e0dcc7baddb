"""The examples as drafts of protocols: figures that show the format, for a clinic to make its own
of and to approve. No dosing advice.
"""

from collections.abc import Iterator
from pathlib import Path

from mesohost.clinic import coursedata
from mesohost.clinic.coursedata import CourseData

AUTHOR = "example, no dosing advice"
_PACKAGED = Path(__file__).with_name("examples")
_CHECKED_OUT = Path(__file__).parents[3] / "examples"

# The face's zones, as several examples name them.
_FACE = {
    "Forehead": "forehead",
    "Cheek left": "cheek_left",
    "Cheek right": "cheek_right",
}
# How many sessions and how far apart is DOMAIN.md's, where that says something of the technique,
# else 5 (estimate). A zone that names no place is not on the body pictures.
COURSES: tuple[CourseData, ...] = (
    CourseData("dermo-hypodermic", 5, 14, areas={"Thigh left, outside": "thigh_front_left",
               "Thigh right, outside": "thigh_front_right"}),
    CourseData("dry", 5, 14, areas={"Stretch marks, hip": "hip_left"}),
    CourseData("epidermic", 5, 7, areas=_FACE),
    CourseData("face-nappage", 5, 7,
               areas={**_FACE, "Around the mouth": "mouth", "Neck, dry": "neck_front"}),
    CourseData("ha-booster", 3, 21, areas={"Cheek left": "cheek_left",
               "Cheek right": "cheek_right", "Neck": "neck_front"}),
    CourseData("italian-intradermal", 5, 7,
               areas={"Neck": "neck_back", "Shoulder": "shoulder_back_left"}),
    CourseData("italian-slanted", 5, 7, areas={"Beside the spine, left": "upper_back",
               "Beside the spine, right": "upper_back"}),
    CourseData("papules", 5, 7, areas={"Lumbar left": "lower_back",
               "Lumbar right": "lower_back", "Sacrum": "lower_back"}),
    CourseData("perfusion", 5, 14,
               areas={"Abdomen left": "abdomen", "Abdomen right": "abdomen"}),
    CourseData("point-by-point", 5, 7, areas={"Knee medial": "knee_right",
               "Knee lateral": "knee_right", "Above the kneecap": "knee_right"}),
    CourseData("scalp", 3, 35, areas={"Hairline": "scalp_front", "Crown": "scalp_crown"}),
    CourseData("water-light", 4, 21, areas=_FACE),
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """(name, text) of each example with its course data."""
    folder = _PACKAGED if _PACKAGED.is_dir() else _CHECKED_OUT
    for course in COURSES:
        program = (folder / f"{course.name}.toml").read_text(encoding="utf-8")
        yield course.name, f"{program.rstrip()}\n\n{coursedata.written(course)}"
