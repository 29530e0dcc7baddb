"""A session's report from its records: pure computation, nothing is read or written."""

from collections.abc import Sequence

from mesofw.core import errors
from mesohost.archive import Header, Held
from mesohost.program.model import Program
from mesohost.records import ShotRecord
from mesohost.report import model
from mesohost.report.chain import check_chain, is_whole
from mesohost.report.clinicfacts import CalibrationFile, ClinicFacts, PlaceTaken
from mesohost.report.figures import figures, is_dry, outcome
from mesohost.report.kinds import in_session, is_event, is_pause
from mesohost.report.limits import limit_uses
from mesohost.report.mixture import check_program_is, program_facts
from mesohost.report.model import GunFacts, Report, ShotRow
from mesohost.report.notes import notes
from mesohost.report.sessions import session_records
from mesohost.report.syringes import primed_nl, syringes
from mesohost.report.times import Timeline, end_ms
from mesohost.report.words import happenings
from mesohost.report.zones import mode_name, zone_name, zone_reports
from mesohost.troubles import RecordsBroken


def build_report(
    held: Sequence[Held],
    program: Program | None,
    header: Header | None,
    *,
    session: int | None = None,
    damage: Sequence[str] = (),
    torn: bool = False,
    loaded_sha256: str = "",
    places: Sequence[PlaceTaken] = (),
    calibration_files: Sequence[CalibrationFile] = (),
    clinic: ClinicFacts | None = None,
) -> Report:
    """The report of one session: `session`, or the log's last one.

    `held` is the whole log in its order, `header` its head, `program` the one that the session was
    run with or None; `damage` and `torn` are what was wrong with the log where it was read. Records
    whose checksum does not fit are left out, and the chain's result says so.
    `loaded_sha256` is the hash of the program as it was loaded, where its own is another since the
    patient's reference was erased from it. `places`, `calibration_files` and `clinic` are put into
    the report as they are.
    Raises NoSession, ProgramMismatch for another program, RecordsBroken where no record is whole.
    """
    good = [one for one in held if is_whole(one)]
    if not good and (held or damage):
        raise RecordsBroken(
            "the log holds no record that is whole",
            ["restore it from a backup", "use the mesogun that it was pulled with"],
        )
    own = session_records([one.record for one in good], session)
    shots = [record for record in own if record.is_shot]
    ids = {record.program for record in own if record.is_shot or in_session(record)}
    sha256 = ""
    if program:
        sha256 = loaded_sha256 or program.sha256
        check_program_is(program, sha256, ids)
    timeline = Timeline(good, own)
    total = figures(shots, _count(own, errors.EVENT_REFUSED))
    began, ended = timeline.at(own[0]), timeline.at(own[-1], end_ms(own[-1]))
    state = _state(own[-1], good[-1].record)
    chain = check_chain(held, damage)

    def name(number: int) -> str:
        return f"zone {number} {zone_name(program, number)}".rstrip()

    return Report(
        format=model.FORMAT,
        gun=_gun(header),
        session=shots[0].session if shots else own[-1].session,
        training=any(record.training for record in own),
        state=state,
        program_id=", ".join(f"{number:08x}" for number in sorted(ids)),
        program=program_facts(program, sha256, total, began) if program else None,
        calibrations=tuple(sorted({record.calibration for record in shots or own})),
        began=began,
        ended=ended,
        planned_shots=program.shots if program else None,
        planned_nl=program.total_nl if program else None,
        total=total,
        counted_nl=own[-1].session_nl,
        primed_nl=primed_nl(own),
        pauses=sum(is_pause(record) for record in own),
        faults=_count(own, errors.EVENT_FAULT),
        overrides=_count(own, errors.EVENT_OVERRIDE),
        zones=zone_reports(own, program, timeline.at),
        syringes=syringes(own, timeline.at),
        happenings=tuple(happenings(own, timeline.at, name)),
        chain=chain,
        notes=tuple(notes(own, total, chain, state, began, program, torn=torn)),
        shots=tuple(_row(shot, program, timeline) for shot in shots),
        limits=limit_uses(program, own) if program else (),
        places=tuple(places),
        calibration_files=tuple(calibration_files),
        clinic=clinic,
    )


def _state(last: ShotRecord, newest: ShotRecord) -> str:
    """How the session stands whose last record is `last`, in a log that goes up to `newest`."""
    if is_event(last, errors.EVENT_ENDED):
        return model.ENDED
    return model.OPEN if last.number == newest.number else model.REPLACED


def _count(records: Sequence[ShotRecord], code: int) -> int:
    return sum(is_event(record, code) for record in records)


def _gun(header: Header | None) -> GunFacts:
    if header is None:
        return GunFacts("", "", "", hardware_verified=False)
    return GunFacts(header.board, header.firmware, header.build, header.hardware_verified)


def _row(shot: ShotRecord, program: Program | None, timeline: Timeline) -> ShotRow:
    came = outcome(shot)
    over = came != model.INTERRUPTED
    known = over and not shot.training
    return ShotRow(
        record=shot.number,
        when=timeline.at(shot),
        duration_ms=end_ms(shot) - shot.began_ms if over else None,
        session=shot.session,
        shot=shot.shot,
        zone=shot.zone,
        zone_name=zone_name(program, shot.zone),
        zone_shot=shot.zone_shots,
        mode=mode_name(shot.code),
        outcome=came,
        dry=is_dry(shot),
        training=shot.training,
        stopped=shot.stopped,
        depth_commanded_um=shot.depth_um,
        depth_stepped_um=shot.depth_stepped_um if known else None,
        depth_measured_um=shot.depth_measured_um if known else None,
        volume_commanded_nl=shot.volume_nl,
        volume_stepped_nl=shot.volume_stepped_nl if known else None,
        volume_measured_nl=shot.volume_measured_nl if known else None,
        force_peak_mn=shot.force_peak_mn if known else None,
        volume_left_nl=shot.volume_left_nl,
        counted_nl=shot.session_nl,
        program=shot.program,
        calibration=shot.calibration,
    )
