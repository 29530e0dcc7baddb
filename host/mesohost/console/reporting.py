"""A session's report out of the archive, made where it keeps nobody waiting."""

from mesohost.archive import Archive
from mesohost.clinic import patients, sessions
from mesohost.report import Report, build_report, log_of


def report_of(archive: Archive, session: int) -> Report | None:
    """The report of a session that a gun did, None where its records are not there yet. Raises
    Trouble."""
    story = sessions.story(archive, session)
    if not story.pulled:
        return None
    pulled = story.pulled[-1]
    log = log_of(archive.log(pulled.board, pulled.part))
    kept = patients.kept_program(archive, story.session.body.program_sha256)
    program = kept.program if kept and not kept.erased else None
    return build_report(log.held, program, log.header, session=pulled.gun_session,
                        damage=log.damage, torn=log.torn)  # fmt: skip


def html(archive: Archive, session: int) -> str | None:
    """The report as a page of its own."""
    from mesohost.report.page import to_html  # What draws takes its time to import.

    report = report_of(archive, session)
    return to_html(report) if report else None


def csv(archive: Archive, session: int) -> str | None:
    """The shots as a table."""
    from mesohost.report import to_csv

    report = report_of(archive, session)
    return to_csv(report) if report else None
