"""A session's report out of the archive, in each form in which the page gives it."""

from mesohost.archive import Archive
from mesohost.clinic import bodies, sessions
from mesohost.report import Report
from mesohost.report.byhand import ByHand
from mesohost.report.whole import report_of_entry


def report_of(archive: Archive, session: int) -> Report | ByHand | None:
    """The report of a session, None where the gun gave it and its records are not there yet.
    Raises Trouble."""
    story = sessions.story(archive, session)
    if story.session.body.how == bodies.GUN and not story.pulled:
        return None
    return report_of_entry(archive, session)


def html(report: Report | ByHand) -> str | None:
    """The report as a page of its own."""
    from mesohost.report import page  # What draws takes its time to import.

    return page.by_hand_to_html(report) if isinstance(report, ByHand) else page.to_html(report)


def pdf(report: Report | ByHand) -> bytes | None:
    """The same on paper."""
    from mesohost.report import pdf as paper

    return paper.by_hand_to_pdf(report) if isinstance(report, ByHand) else paper.to_pdf(report)


def csv(report: Report | ByHand) -> str | None:
    """The shots as a table; None where no gun recorded any."""
    from mesohost.report import to_csv

    return None if isinstance(report, ByHand) else to_csv(report)
