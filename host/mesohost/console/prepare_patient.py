"""Who is treated, by which protocol, in which session of a course."""

import datetime

from nicegui import ui

from mesohost.clinic import bodies, course, entries, patients, protocols
from mesohost.clinic.entries import Entry
from mesohost.clinic.protocols import APPROVED, Version
from mesohost.console import plan as plans
from mesohost.console.drafting import Drafting
from mesohost.console.widgets import (
    GOOD,
    WATCH,
    Words,
    box,
    button,
    card,
    choice,
    line,
    notice,
)
from mesohost.troubles import Trouble

HOWS = (bodies.GUN, bodies.BY_HAND, bodies.NEEDLE_FREE)


def draw(drafting: Drafting) -> None:
    """The step's content."""
    _Patient(drafting)


def open_point(drafting: Drafting) -> str:
    """What is still open here, in words; empty where nothing is."""
    return "" if drafting.plan.course else drafting.texts("patient.open")


class _Patient:
    def __init__(self, drafting: Drafting):
        self._drafting = drafting
        self._reference = drafting.plan.patient
        texts = drafting.texts
        with card():
            with box("product-fields"):
                made = line(texts("patient.reference"), self._reference, self._named,
                            patients.REFERENCE_MAX, texts("patient.hint"), "reference")  # fmt: skip
                made.props("autocomplete=off")
            choice(texts("patient.how"), {how: texts("how." + how) for how in HOWS},
                   drafting.plan.how, self._set_how, "how")  # fmt: skip
        self._chosen = ui.element("div")
        self._offers = ui.element("div")
        self._draw()

    def _set_how(self, how: str) -> None:
        self._drafting.plan.how = how
        self._drafting.changed()

    def _named(self, reference: str) -> None:
        plan = self._drafting.plan
        if reference == self._reference:
            return
        self._reference = reference
        # Another patient: nothing of the one before may stay.
        self._drafting.plan = plans.Plan(how=plan.how, patient=reference)
        self._drafting.changed()
        self._draw()

    def _draw(self) -> None:
        drafting = self._drafting
        texts, plan, archive = drafting.texts, drafting.plan, drafting.page.house.archive
        known = patients.find(archive, self._reference) if self._reference else None
        self._chosen.clear()
        with self._chosen:
            if plan.course:
                notice(texts("patient.chosen", patient=plan.patient, title=plan.title,
                             number=plan.number, of=plan.of), GOOD)  # fmt: skip
            elif self._reference and not known:
                notice(texts("patient.new", patient=self._reference))
            for effect in entries.read(archive, bodies.AdverseEffect,
                                       patient=known.id) if known else ():  # fmt: skip
                told = texts("patient.effect", effect=texts("effect." + effect.body.effect),
                             severity=texts("severity." + effect.body.severity),
                             day=effect.body.began.isoformat(), text=effect.body.text)  # fmt: skip
                notice(told, WATCH)
        self._offers.clear()
        with self._offers:
            if not self._reference:
                return
            for one in course.of_patient(archive, known.id) if known else ():
                self._course(one)
            Words("h3", texts("patient.begin"))
            with box("offers"):
                for version in protocols.versions(archive):
                    self._protocol(version)

    def _course(self, one: Entry[bodies.Course]) -> None:
        texts, archive = self._drafting.texts, self._drafting.page.house.archive
        proposal = course.propose(archive, one.number, datetime.date.today())
        with card(one.body.title, "offer"):
            said = "patient.over" if proposal.over else "patient.next"
            Words("p", texts(said, number=proposal.nth, of=proposal.sessions,
                             day=proposal.day.isoformat()))  # fmt: skip
            button(texts("patient.go_on"), lambda: self._go_on(one), "primary",
                   f"course-{one.number}")  # fmt: skip

    def _protocol(self, version: Version) -> None:
        texts, login = self._drafting.texts, self._drafting.page.login
        program = version.program
        with card(program.title, "offer"):
            total = texts.show("total_nl", program.total_nl)
            Words("p", texts("patient.protocol", name=version.name, version=version.version,
                             shots=program.shots, total=total))  # fmt: skip
            if version.state == APPROVED:
                button(texts("patient.use"), lambda: self._begin(version), "primary",
                       f"use-{version.name}")  # fmt: skip
                return
            notice(texts("patient." + version.state), WATCH)
            if self._drafting.page.house.may_approve(login):
                button(texts("patient.approve"), lambda: self._approve(version),
                       mark=f"approve-{version.name}")  # fmt: skip

    def _approve(self, version: Version) -> None:
        page = self._drafting.page
        try:
            protocols.approve(page.house.archive, version, by=page.login.user_id)
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
        self._draw()

    def _begin(self, version: Version) -> None:
        """A new course of the patient, who is registered where nobody knew the reference."""
        page = self._drafting.page
        archive, user = page.house.archive, page.login.user_id
        try:
            known = patients.find(archive, self._reference)
            patient = known or patients.register(archive, self._reference, by=user)
            today = datetime.date.today()
            begun = course.begin(archive, patient.id, version, today, by=user)
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
            return
        self._take(version, patient, begun)

    def _go_on(self, one: Entry[bodies.Course]) -> None:
        archive = self._drafting.page.house.archive
        known = patients.find(archive, self._reference)
        found = [version for version in protocols.versions(archive)
                 if version.sha256 == one.body.protocol_sha256]  # fmt: skip
        if not known or not found or found[0].state != APPROVED:
            ui.notify(self._drafting.texts("patient.no_protocol"), type="warning", multi_line=True)
            return
        self._take(found[0], known, one)

    def _take(
        self, version: Version, patient: patients.Patient, begun: Entry[bodies.Course]
    ) -> None:
        drafting = self._drafting
        archive, how = drafting.page.house.archive, drafting.plan.how
        proposal = course.propose(archive, begun.number, datetime.date.today())
        plan = plans.from_program(version.program)
        plan.how = how
        plan.protocol, plan.version = version.name, version.version
        plan.protocol_sha256 = version.sha256
        plan.patient, plan.patient_id, plan.course = patient.reference, patient.id, begun.number
        plan.number, plan.of = proposal.nth, proposal.sessions
        for zone in plan.zones:
            zone.area = version.course.areas.get(zone.name, "")
        drafting.plan = plan
        drafting.changed()
        self._draw()
