"""Pictures: the same bytes each time, well-formed, no shot lost when points are thinned."""

import io
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesohost.drawing import CourseZone, Dose, Mark, ZoneBar, draw_course, draw_doses, draw_zones
from mesohost.drawing.shapes import ADVANCE, DISPENSE, DWELL, WITHDRAW, _phases, typical
from mesohost.drawing.style import fitted
from mesohost.drawing.thin import course_of, shots_of, thinned

AWKWARD = '<b>&"$x_{$ \\frac ]]> 皮膚'


def shot_points(at_s, depth_um, volume_nl, fluid_nl=0.0):
    """A shot of 200 ms: 50 ms each to advance, dispense, dwell, withdraw."""
    return [
        (at_s, 0.0, fluid_nl),
        (at_s + 0.05, depth_um, fluid_nl),
        (at_s + 0.10, depth_um, fluid_nl + volume_nl),
        (at_s + 0.15, depth_um, fluid_nl + volume_nl),
        (at_s + 0.20, 0.0, fluid_nl + volume_nl),
    ]


def session(count, depth_um=4000.0, volume_nl=20_000.0, every_s=0.5):
    points = []
    for number in range(count):
        points += shot_points(number * every_s, depth_um, volume_nl, number * volume_nl)
    return points


ZONES = [CourseZone(1, AWKWARD, 0.0, 10.0), CourseZone(2, "Thigh", 10.0, 20.0)]
MARKS = [
    Mark(5.0, "syringe 2"),
    Mark(5.1, AWKWARD, grave=True),
    Mark(19.9, "occlusion", grave=True),
]
BARS = [
    ZoneBar(AWKWARD, 60, (50, 3, 1), 300_000, (250_000, 9_000, 5_000)),
    ZoneBar("unplanned", None, (1, 0, 0), None, (5_000, 0, 0)),
    ZoneBar("dry", 4, (4, 0, 0), 0, (0, 0, 0)),
]
DOSES = [Dose(5_000, 5_000 + error, 1_000) for error in range(-1_500, 1_500, 100)]
DRAWN = {
    "course": lambda page, kind: draw_course(
        session(40), ZONES, page, marks=MARKS, title=AWKWARD, kind=kind
    ),
    "course of one shot": lambda page, kind: draw_course(session(1), [], page, kind=kind),
    "course of nothing": lambda page, kind: draw_course([], [], page, kind=kind),
    "course of dry shots": lambda page, kind: draw_course(
        session(3, volume_nl=0.0), ZONES[:1], page, kind=kind
    ),
    "zones": lambda page, kind: draw_zones(BARS, page, kind=kind),
    "too many zones": lambda page, kind: draw_zones(BARS * 70, page, kind=kind),
    "no zones": lambda page, kind: draw_zones([], page, kind=kind),
    "doses": lambda page, kind: draw_doses(DOSES, page, kind=kind),
    "equal doses": lambda page, kind: draw_doses(DOSES[:1] * 9, page, kind=kind),
    "no doses": lambda page, kind: draw_doses([], page, kind=kind),
}


def bytes_of(draw, kind):
    page = io.BytesIO()
    draw(page, kind)
    return page.getvalue()


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_svg_is_well_formed_and_the_same_each_time(draw):
    svg = bytes_of(draw, "svg")
    assert ET.fromstring(svg).tag.endswith("svg")
    assert svg == bytes_of(draw, "svg")
    assert b"<dc:date>" not in svg
    assert b"<script" not in svg


@pytest.mark.filterwarnings("error")
def test_names_in_any_script_are_drawn_without_a_warning():
    assert AWKWARD.split()[-1] in bytes_of(DRAWN["course"], "svg").decode()


def test_png_by_suffix_and_unknown_suffixes(tmp_path: Path):
    draw_doses(DOSES, tmp_path / "doses.PNG")
    data = (tmp_path / "doses.PNG").read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1500
    assert height > 300
    draw_doses(DOSES, tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == data
    with pytest.raises(ValueError, match=r"\.svg or \.png, not \.gif"):
        draw_doses(DOSES, tmp_path / "doses.gif")
    assert not (tmp_path / "doses.gif").exists()


def test_a_long_session_stays_a_small_file():
    points = session(10_000)
    assert len(points) == 50_000
    svg = bytes_of(lambda page, kind: draw_course(points, [], page, kind=kind), "svg")
    assert len(svg) < 400_000
    assert b"10000 shots, 200 mL given" in svg


def test_axes_name_their_units():
    drawn = bytes_of(DRAWN["course"], "svg").decode() + bytes_of(DRAWN["doses"], "svg").decode()
    drawn += bytes_of(DRAWN["zones"], "svg").decode()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    for label in (
        "needle depth (mm)",
        "volume given (µL)",
        "time (s)",
        "time in the shot (ms)",
        "dose (µL)",
        "volume, measured at the plunger (µL)",
    ):
        assert label in texts


def test_only_what_leaves_in_the_skin_is_given():
    priming = [(0.0, -3000.0, 0.0), (1.0, -3000.0, 60_000.0)]
    drop = [(3.0, -3000.0, 65_000.0), (4.0, -3000.0, 65_400.0)]
    course = course_of(priming + shot_points(2.0, 1500.0, 5_000.0, 60_000.0) + drop)
    assert course.given_nl[-1] == pytest.approx(5_000.0)
    assert course.depth_um.min() == 0.0


def test_the_skin_is_crossed_between_two_points():
    course = course_of([(0.0, -1000.0, 0.0), (1.0, 3000.0, 0.0), (2.0, -1000.0, 0.0)])
    assert list(zip(course.at_s, course.depth_um, strict=True)) == [
        (0.0, 0.0),
        (0.25, 0.0),
        (1.0, 3000.0),
        (1.75, 0.0),
        (2.0, 0.0),
    ]
    assert [float(shot.at_s[0]) for shot in shots_of(course)] == [0.25]


@given(
    st.lists(st.tuples(st.floats(0.001, 2.0), st.sampled_from([0.0, 800.0, 4000.0])), min_size=1),
    st.integers(1, 12),
)
def test_thinning_keeps_the_ends_and_each_columns_deepest(steps, columns):
    at_s = np.cumsum([step for step, _ in steps])
    course = course_of([(at, depth, 0.0) for at, (_, depth) in zip(at_s, steps, strict=True)])
    thin = thinned(course, columns)
    assert len(thin.at_s) <= max(len(course.at_s), 4 * columns)
    assert (thin.at_s[0], thin.at_s[-1]) == (course.at_s[0], course.at_s[-1])
    assert list(thin.at_s) == sorted(thin.at_s)
    span = course.at_s[-1] - course.at_s[0] or 1.0
    for values in ((course, thin), (thin, course)):
        columns_of = [
            np.minimum((part.at_s - course.at_s[0]) * columns / span, columns - 1).astype(int)
            for part in values
        ]
        deepest = [
            {int(c): float(part.depth_um[found == c].max()) for c in found}
            for part, found in zip(values, columns_of, strict=True)
        ]
        assert deepest[0] == deepest[1]


@settings(max_examples=30)
@given(st.integers(0, 400))
def test_every_shot_is_found(count):
    assert len(shots_of(course_of(session(count)))) == count


def test_a_shots_phases():
    # The plunger builds pressure first: 20 ms without fluid still belong to the dispense.
    points = [
        (0.00, 0.0, 0.0),
        (0.03, 1500.0, 0.0),
        (0.05, 1500.0, 0.0),
        (0.10, 1500.0, 5000.0),
        (0.12, 1500.0, 5000.0),
        (0.15, 0.0, 5000.0),
    ]
    shot = course_of(points)
    phases = _phases(shot, (shot.at_s * 1000).round(6).tolist())
    assert phases == [
        (0.0, 30.0, ADVANCE),
        (30.0, 100.0, DISPENSE),
        (100.0, 120.0, DWELL),
        (120.0, 150.0, WITHDRAW),
    ]


def test_single_shots_are_one_of_each_kind():
    points = session(4) + [(at + 10, d, v) for at, d, v in session(4)]
    points += [(at + 20, d / 2, v) for at, d, v in session(4)]
    zones = [
        CourseZone(1, "A", 0, 9),
        CourseZone(2, "B", 10, 19),
        CourseZone(3, "C", 20, 29),
        CourseZone(4, "never begun", 30, 39),
    ]
    found = typical(shots_of(course_of(points)), zones)
    assert [name for name, _ in found] == ["A", "C"]


@pytest.mark.parametrize(
    ("text", "most_in", "shown"),
    [("Cheek", 1.0, "Cheek"), ("Around the mouth", 0.7, "Around th…"), ("Cheek left", 0.3, "")],
)
def test_texts_are_cut_to_their_room(text, most_in, shown):
    assert fitted(text, most_in) == shown
