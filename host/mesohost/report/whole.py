"""A session's report with all that its archive knows: program, course, entries, calibrations."""

import datetime
from typing import TYPE_CHECKING

from mesohost.calibration import record
from mesohost.program import Program
from mesohost.records import ShotRecord
from mesohost.report.build import build_report
from mesohost.report.byhand import ByHand, by_hand
from mesohost.report.chain import is_whole
from mesohost.report.clinicfacts import CalibrationFile
from mesohost.report.inforce import calibrations_in_force
from mesohost.report.model import Report
from mesohost.report.reading import Log, log_of
from mesohost.report.sessions import session_records

if TYPE_CHECKING:
    from mesohost.archive import Archive


def whole_report(
    archive: "Archive", log: Log, session: int | None = None, program: Program | None = None
) -> Report:
    """The report of a session of a gun's log: `session`, or the last one. `program` is the one that
    was loaded; left out, it is the one that the archive kept. Raises what `build_report` raises,
    and ArchiveTrouble."""
    from mesohost.clinic import patients, reporting

    own = [one.record for one in log.held if is_whole(one)]
    own = session_records(own, session) if own else own
    ids = {record.program for record in own if record.is_shot}
    sha256 = ""
    if program is None and len(ids) == 1:
        kept = patients.kept_program(archive, f"{ids.pop():08x}")
        if kept:
            program, sha256 = kept.program, kept.sha256
    clinic = None
    files: list[CalibrationFile] = []
    if log.header and own:
        number = next((one.session for one in own if one.is_shot), own[-1].session)
        clinic = reporting.facts_of_gun(archive, log.header.board, number, log.header.part)
        files = calibrations_in_force(record.default_folder(), log.header.board, _day(log, own))
    places = reporting.places_of(program, clinic.places if clinic else ()) if program else ()
    return build_report(
        log.held,
        program,
        log.header,
        session=session,
        damage=log.damage,
        torn=log.torn,
        loaded_sha256=sha256,
        places=places,
        calibration_files=files,
        clinic=clinic,
    )


def _day(log: Log, own: list[ShotRecord]) -> datetime.date:
    """The day of a session's records, where it is known; else today."""
    numbers = {record.number for record in own}
    told = [one.unix_ms for one in log.held if one.unix_ms is not None and one.number in numbers]
    if not told:
        return datetime.date.today()
    return datetime.datetime.fromtimestamp(told[-1] / 1000, datetime.UTC).date()


def report_of_entry(archive: "Archive", session: int) -> Report | ByHand:
    """The report of a session by the number of its entry in the clinic's journal: of the gun's
    records where it has pulled any, else of what was entered. Raises ClinicTrouble where there is
    no such session, ArchiveTrouble, and what `build_report` raises."""
    from mesohost.clinic import reporting, sessions

    story = sessions.story(archive, session)
    if story.pulled:
        pulled = story.pulled[-1]
        log = log_of(archive.log(pulled.board, pulled.part))
        return whole_report(archive, log, pulled.gun_session)
    return by_hand(story.session.body, story.ended, reporting.facts(archive, session))
