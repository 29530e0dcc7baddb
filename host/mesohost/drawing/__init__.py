"""Pictures of a session: its course over time, its zones, its doses; as SVG or PNG.

Colours keep apart for colour-blind eyes, every axis has its unit, and equal data give equal bytes.
Drawing sets matplotlib's parameters for the moment, so draw in one thread at a time.
"""

from mesohost.drawing.bars import ZoneBar, draw_zones
from mesohost.drawing.course import CourseZone, Mark, draw_course
from mesohost.drawing.doses import Dose, draw_doses
from mesohost.drawing.style import Target

__all__ = [
    "CourseZone",
    "Dose",
    "Mark",
    "Target",
    "ZoneBar",
    "draw_course",
    "draw_doses",
    "draw_zones",
]
