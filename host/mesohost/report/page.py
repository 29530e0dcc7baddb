"""A report as one HTML page that needs nothing else: style and pictures are in it."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mesohost import telling
from mesohost.report import units
from mesohost.report.body import body_pictures, off_pictures, spots_of
from mesohost.report.byhand import ByHand
from mesohost.report.model import Report
from mesohost.report.pictures import pictures

_FILTERS: tuple[Callable[..., str], ...] = (
    units.counted,
    units.depth,
    units.duration,
    units.running,
    units.spread,
    units.utc,
    units.volume,
)


def to_html(report: Report) -> str:
    """The page. Every text of the log and the program is escaped; it loads and runs nothing."""
    drawn = {name: Markup(svg) for name, svg in pictures(report).items()}
    spots = spots_of(report)
    body = {name: Markup(svg) for name, svg in body_pictures(spots, report.places).items()}
    off = off_pictures(spots, report.places)
    page = _environment().get_template("report.html")
    return page.render(report=report, clinic=report.clinic, pictures=drawn, body=body, off=off)


def by_hand_to_html(session: ByHand) -> str:
    """The page of a session that no gun recorded."""
    body = body_pictures(session.spots, session.clinic.places)
    drawn = {name: Markup(svg) for name, svg in body.items()}
    off = off_pictures(session.spots, session.clinic.places)
    page = _environment().get_template("byhand.html")
    return page.render(session=session, clinic=session.clinic, body=drawn, off=off)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mesohost.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loose = cast(Any, environment)  # its tables are only partly typed
    loose.filters.update({write.__name__: write for write in _FILTERS})
    loose.globals.update(estimate=units.estimate, each=telling.each_nl)
    return environment
