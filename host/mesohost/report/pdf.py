"""A report as a PDF, with what the page has."""

import io
from collections.abc import Callable, Sequence

from mesohost.report import units
from mesohost.report.body import Spot, body_pictures, off_pictures, spots_of
from mesohost.report.byhand import ByHand
from mesohost.report.clinicfacts import ClinicFacts, PlaceTaken, Remark
from mesohost.report.model import ENDED, Figures, Report, Spread, ZoneReport
from mesohost.report.pictures import drawn
from mesohost.report.sheet import Sheet

Drawn = dict[str, io.BytesIO]


def to_pdf(report: Report) -> bytes:
    """The document. It holds texts of log, program and journal as they are."""
    sheet = Sheet(_title(report), _foot(report))
    pictures = dict(drawn(report, "png"))
    sheet.title(f"mesogun {'training' if report.training else 'session'} report", _title(report))
    for section in _SECTIONS:
        section(sheet, report, pictures)
    return sheet.done()


def by_hand_to_pdf(session: ByHand) -> bytes:
    """The document of a session that no gun recorded."""
    clinic = session.clinic
    sheet = Sheet(session.title, f"session entered as {clinic.session_entry}, {clinic.how}")
    sheet.title("mesogun session report", session.title)
    sheet.paragraph(f"patient {clinic.patient}; {session.day}; {clinic.how}, {clinic.ended}")
    sheet.banner("ENTERED BY HAND. No gun recorded this session.")
    heads = ("Zone", "Points planned", "done", "Volume planned", "given", "Depth")
    sheet.table(heads, session.rows(), (3, 1.4, 1, 1.6, 1.4, 1.2), right=range(1, 6))
    _draw_body(sheet, session.spots, clinic.places)
    _taken(sheet, clinic)
    _tell_journal(sheet, clinic)
    sheet.facts([("Clinic's journal", _journal(clinic))])
    return sheet.done()


def _title(report: Report) -> str:
    return report.program.title if report.program else f"Session {report.session}"


def _foot(report: Report) -> str:
    verified = str(report.gun.hardware_verified).lower()
    return (
        f"gun {report.gun.board or 'not named'}, session {report.session}, "
        f"records {report.chain.first} to {report.chain.last}; hardware_verified: {verified}"
    )


def _head(sheet: Sheet, report: Report, _: Drawn) -> None:
    told = report.clinic or report.program
    patient = told.patient if told else ""
    began = units.utc(report.began) or "clock not set"
    state = "ended" if report.state == ENDED else "not ended"
    total = report.total
    sheet.paragraph(
        "; ".join(
            filter(
                None,
                (
                    f"patient {patient}" if patient else "",
                    f"session {report.session}, {state}",
                    f"began {began}",
                    f"running time {units.duration(report.ended.running_s)}",
                ),
            )
        )
    )
    if report.training:
        sheet.banner("TRAINING. Nothing moved and nothing was given in this session.")
    if not report.gun.hardware_verified:
        sheet.banner(
            "HARDWARE NOT VERIFIED. This gun has not been commissioned on real hardware "
            "(hardware_verified: false). Its figures must not be relied on for treatment."
        )
    if not report.chain.whole:
        problems = "\n".join(report.chain.problems)
        sheet.banner(f"THE LOG IS NOT WHOLE.\n{problems}", wrong=True)
    planned = "" if report.planned_shots is None else f" of {report.planned_shots}"
    given = units.estimate(total.measured_nl, total.delivered_most_nl)
    wanted = "" if report.planned_nl is None else f", planned {units.volume(report.planned_nl)}"
    sheet.paragraph(
        f"{total.shots}{planned} shots; delivered (estimate) {given}{wanted}; {total.partial} "
        f"partial, {total.interrupted} uncertain, {total.refused} refused; "
        f"{units.counted(report.faults, 'fault')}; "
        f"{units.counted(len(report.syringes), 'syringe')}, "
        f"primed {units.volume(report.primed_nl)}",
        bold=True,
    )


def _doubts(sheet: Sheet, report: Report, _: Drawn) -> None:
    if report.notes:
        sheet.heading("To be borne in mind")
        for note in report.notes:
            sheet.paragraph(f"• {note}")


def _zones(sheet: Sheet, report: Report, pictures: Drawn) -> None:
    sheet.heading("Zones: planned and done")
    _draw(sheet, pictures, "zones")
    heads = (
        "Zone",
        "planned",
        "done",
        "compl.",
        "partial",
        "unc.",
        "refused",
        "planned",
        "measured",
    )
    rows = [
        (f"{zone.number} {zone.name}: {zone.standing}", _or_dash(zone.planned.shots),
         *_counts(zone.done), units.volume(zone.planned.total_nl), _measured(zone.done))
        for zone in report.zones
    ]  # fmt: skip
    rows.append(
        ("Session", _or_dash(report.planned_shots), *_counts(report.total),
         units.volume(report.planned_nl), _measured(report.total))
    )  # fmt: skip
    widths = (4, 1.3, 1, 1.2, 1.2, 1, 1.3, 1.6, 2)
    sheet.table(heads, rows, widths, right=range(1, 9), bold_last=True)
    heads = ("Zone", "Mode", "Depth planned", "Depth measured", "Dose planned", "Dose measured")
    rows = [_depths(zone) for zone in report.zones]
    sheet.table(heads, rows, (3, 1.4, 1.4, 2.6, 1.4, 2.6), right=range(2, 6))


def _depths(zone: ZoneReport) -> tuple[str, ...]:
    planned, done = zone.planned, zone.done
    return (
        f"{zone.number} {zone.name}",
        planned.mode or "–",
        units.depth(planned.depth_um),
        _spread(done.measured_um, "mm"),
        "no fluid" if planned.volume_nl == 0 else units.volume(planned.volume_nl),
        _spread(done.dose_measured_nl, "µL"),
    )


def _body(sheet: Sheet, report: Report, _: Drawn) -> None:
    _draw_body(sheet, spots_of(report), report.places)


def _draw_body(sheet: Sheet, spots: Sequence[Spot], places: Sequence[PlaceTaken]) -> None:
    body = body_pictures(spots, places)
    if not body:
        return
    sheet.heading("On the body")
    high_mm = 90.0 if "front" in body or "back" in body else 62.0
    sheet.pictures([svg.encode() for svg in body.values()], 43.0, high_mm)
    off = ", ".join(f"{spot.number} {spot.name}" for spot in off_pictures(spots, places))
    told = "A zone's number, and where there is room its points done of those planned."
    sheet.paragraph(told + (f" Not on the pictures: {off}." if off else ""), grey=True)


def _course(sheet: Sheet, report: Report, pictures: Drawn) -> None:
    for name, heading in (("course", "The session over time"), ("doses", "Doses")):
        if name in pictures:
            sheet.heading(heading)
            _draw(sheet, pictures, name)
    total = report.total
    if "doses" in pictures:
        sheet.paragraph(
            f"Complete shots with fluid: commanded {units.spread(total.dose_commanded_nl, 'µL')}, "
            f"measured {units.spread(total.dose_measured_nl, 'µL')} a shot (mean, least to most). "
            f"{units.counted(total.off_dose, 'dose')} measured further off than the larger of 1 µL "
            f"and 5 %. Highest force at the plunger: {total.force_peak_mn / 1000:.1f} N."
        )


def _fluids(sheet: Sheet, report: Report, _: Drawn) -> None:
    sheet.heading("Syringes and products")
    rows = [
        (str(n), units.running(one.when), units.volume(one.found_nl), units.volume(one.primed_nl),
         str(one.shots), units.volume(one.left_nl))
        for n, one in enumerate(report.syringes, 1)
    ]  # fmt: skip
    heads = ("Syringe", "Fitted at", "Held", "Primed with", "Shots", "Left")
    sheet.table(heads, rows, (1, 1, 1, 1, 1, 1), right=range(1, 6))
    if report.program:
        rows = [
            (product.name, product.lot, product.expiry + (" EXPIRED" if product.expired else ""),
             f"{product.share_ppm / 10_000:g} %",
             "; ".join(f"{use.name}: ≤ {use.given_most_ug / 1000:.3g} mg, limit "
                       f"{use.limit_ug / 1000:g} mg" for use in product.ingredients))
            for product in report.program.products
        ]  # fmt: skip
        heads = ("Product", "Lot", "Expiry", "Share", "Ingredients (estimate)")
        sheet.table(heads, rows, (2, 1.2, 1.2, 0.8, 4), right=(3,))
        sheet.paragraph(
            f"Program: syringe {report.program.syringe}, needle {report.program.needle}."
        )
    if report.clinic:
        _taken(sheet, report.clinic)


def _taken(sheet: Sheet, clinic: ClinicFacts) -> None:
    if clinic.products:
        rows = [
            (taken.name, taken.lot, taken.expiry, taken.gtin or "typed", taken.serial or "–")
            for taken in clinic.products
        ]
        heads = ("Product as taken", "Lot", "Expiry", "GTIN", "Serial")
        sheet.table(heads, rows, (2, 1.2, 1.2, 1.8, 1.5))


def _limits(sheet: Sheet, report: Report, _: Drawn) -> None:
    if report.limits:
        sheet.heading("Limits and overrides")
        rows = [
            (one.name, one.reached + (" (soft limit passed)" if one.passed_soft else ""),
             one.soft, one.hard)
            for one in report.limits
        ]  # fmt: skip
        sheet.table(("Limit of the program", "Reached", "Soft", "Hard"), rows, (2, 2, 1, 1))
        count = report.overrides
        told = f"{units.counted(count, 'soft limit')} accepted at the gun, see below."
        sheet.paragraph(told if count else "No soft limit was accepted at the gun.")


def _clinic(sheet: Sheet, report: Report, _: Drawn) -> None:
    if report.clinic:
        _tell_journal(sheet, report.clinic)


def _tell_journal(sheet: Sheet, clinic: ClinicFacts) -> None:
    sheet.heading("From the clinic's journal")
    facts = (
        ("Course", clinic.course), ("Protocol", clinic.protocol),
        ("Session", f"{clinic.how}, {clinic.ended}"),
    )  # fmt: skip
    sheet.facts([pair for pair in facts if pair[1]])
    for title, remarks in (
        ("Overrides", clinic.overrides), ("Adverse effects", clinic.effects),
        ("Notes", clinic.notes), ("After-care", clinic.aftercare),
    ):  # fmt: skip
        sheet.paragraph(title if remarks else f"{title}: none entered", bold=bool(remarks))
        if remarks:
            heads = ("Entry", "What", "In words", "By", "When (UTC)")
            rows = [_remark(remark) for remark in remarks]
            sheet.table(heads, rows, (0.7, 1.8, 5, 1.5, 1.8), right=(0,))


def _remark(remark: Remark) -> tuple[str, ...]:
    words = remark.words + (" (corrected since)" if remark.corrected else "")
    return (str(remark.entry), remark.what, words, remark.by, remark.at)


def _happenings(sheet: Sheet, report: Report, _: Drawn) -> None:
    sheet.heading("What happened")
    rows = [
        (units.running(one.when), units.utc(one.when).removesuffix(" UTC"), one.words, one.remedy,
         str(one.record))
        for one in report.happenings
    ]  # fmt: skip
    heads = ("min:s", "Clock (UTC)", "What", "What to do", "Record")
    sheet.table(heads, rows, (0.9, 2, 4, 3.4, 0.9), right=(0, 4))


def _sources(sheet: Sheet, report: Report, _: Drawn) -> None:
    sheet.heading("Where the figures come from")
    files = [
        f"{file.kind} {file.of}".rstrip()
        + f" of {file.ended}, {'OVERDUE since' if file.overdue else 'until'} {file.valid_until}"
        for file in report.calibration_files
    ]
    numbers = ", ".join(map(str, report.calibrations))
    gun, chain = report.gun, report.chain
    program = report.program.sha256 if report.program else report.program_id or "none"
    facts = [
        ("Commanded", "what the gun was told to do"),
        ("Stepped", "the motor steps that were sent, as depth or volume"),
        ("Measured", "what the axis' encoder saw move: the plunger's movement, not the fluid's"),
        ("Delivered", "an estimate: nobody measured what left the needle"),
        ("Counted by the gun", units.volume(report.counted_nl)),
        ("Program", program),
        ("Calibration in force", "; ".join([f"number {numbers} of the gun", *files])),
        ("Firmware", gun.firmware + (f", build {gun.build}" if gun.build else "") or "not named"),
        ("Hardware verified", "yes" if gun.hardware_verified else "NO"),
        ("Log", f"{units.counted(chain.records, 'record')}, {chain.first} to {chain.last}; "
                f"chain {'whole' if chain.whole else 'BROKEN'}"),
    ]  # fmt: skip
    if report.clinic:
        facts.append(("Clinic's journal", _journal(report.clinic)))
    sheet.facts(facts)


def _journal(clinic: ClinicFacts) -> str:
    state = "whole" if clinic.journal_whole else "BROKEN"
    return f"{clinic.journal_entries} entries, head {clinic.journal_head}; chain {state}"


Section = Callable[[Sheet, Report, Drawn], None]
_SECTIONS: Sequence[Section] = (
    _head, _doubts, _zones, _body, _course, _fluids, _limits, _clinic, _happenings, _sources,
)  # fmt: skip


def _draw(sheet: Sheet, pictures: Drawn, name: str) -> None:
    if name in pictures:
        sheet.picture(pictures[name])


def _counts(done: Figures) -> tuple[str, ...]:
    counts = (done.shots, done.complete, done.partial, done.interrupted, done.refused)
    return tuple(map(str, counts))


def _measured(done: Figures) -> str:
    told = units.volume(done.measured_nl)
    return f"{told} and at most {units.volume(done.uncertain_nl)}" if done.uncertain_nl else told


def _spread(values: Spread | None, unit: str) -> str:
    return units.spread(values, unit)


def _or_dash(value: int | None) -> str:
    return "–" if value is None else str(value)
