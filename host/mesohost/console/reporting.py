"""A session's report out of the archive, in each form in which the page gives it."""

from mesohost.archive import Archive
from mesohost.clinic import sessions
from mesohost.report import Report, log_of
from mesohost.report.whole import whole_report


def report_of(archive: Archive, session: int) -> Report | None:
    """The report of a session that a gun did, None where its records are not there yet. Raises
    Trouble."""
    story = sessions.story(archive, session)
    if not story.pulled:
        return None
    pulled = story.pulled[-1]
    return whole_report(archive, log_of(archive.log(pulled.board, pulled.part)), pulled.gun_session)


def html(report: Report) -> str:
    """The report as a page of its own."""
    from mesohost.report.page import to_html  # What draws takes its time to import.

    return to_html(report)


def pdf(report: Report) -> bytes:
    """The same on paper."""
    from mesohost.report.pdf import to_pdf

    return to_pdf(report)


def csv(report: Report) -> str:
    """The shots as a table."""
    from mesohost.report import to_csv

    return to_csv(report)
