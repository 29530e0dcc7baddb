"""From a plan into the archive and into the gun: first what is recorded, then what is loaded, so
that nothing is in the gun that the archive does not know. Done twice it is done once."""

import datetime

from mesohost.clinic import bodies, course, entries, limits, patients, sessions
from mesohost.clinic import screening as rules
from mesohost.clinic.entries import Entry
from mesohost.clinic.limits import Finding
from mesohost.console import prepare_screening as screening
from mesohost.console.drafting import Drafting
from mesohost.console.house import House
from mesohost.console.plan import Plan
from mesohost.console.products import used
from mesohost.program import Program
from mesohost.troubles import Trouble

REASON_MIN = 10


def findings(house: House, plan: Plan, program: Program) -> list[Finding]:
    """Every limit that the session passes: the program's, the clinic's, the course's."""
    if not plan.course:
        return []
    today = datetime.date.today()
    before_nl = sum(one.given_nl for one in sessions.done(house.archive, plan.course))
    own = limits.of_clinic(house.archive)
    found = [*limits.of_program(own, program, before_nl),
             *course.propose(house.archive, plan.course, today).findings]  # fmt: skip
    return list({one.limit: one for one in found}.values())


def open_findings(house: House, plan: Plan, program: Program) -> list[Finding]:
    """Those that are refused, or that nobody has given a reason for."""
    return [one for one in findings(house, plan, program)
            if one.hard or len(plan.reasons.get(one.limit, "")) < REASON_MIN]  # fmt: skip


def record(drafting: Drafting, program: Program) -> Entry[bodies.Session]:
    """Enter the session as it is planned, with its screening and its overrides; the one that is
    entered already, where this plan's is. Raises Trouble."""
    house, plan, user = drafting.page.house, drafting.plan, drafting.page.login.user_id
    archive, today = house.archive, datetime.date.today()
    patients.keep_program(archive, program, plan.patient_id)
    known = _entered(house, plan, program, today)
    if known:
        _give_reasons(drafting, program, known)
        return known
    answers = tuple(screening.answers(drafting).values())
    rules.enter(archive, plan.patient_id, answers, by=user)
    body = bodies.Session(
        how=next(how for how in (bodies.GUN, bodies.BY_HAND, bodies.NEEDLE_FREE)
                 if how == plan.how),
        day=today,
        nth=plan.number,
        program_sha256=program.sha256,
        protocol_sha256=plan.protocol_sha256,
        planned=placed(plan),
        products=used(plan),
        training=program.training,
    )  # fmt: skip
    made = sessions.prepare(archive, plan.patient_id, body, by=user, course=plan.course)
    _give_reasons(drafting, program, made)
    return made


def _give_reasons(drafting: Drafting, program: Program, made: Entry[bodies.Session]) -> None:
    """Enter why limits are passed, but for what is entered already."""
    house, plan = drafting.page.house, drafting.plan
    told = {one.body.limit for one in entries.read(house.archive, bodies.Override,
                                                   about=made.number)}  # fmt: skip
    for one in findings(house, plan, program):
        if one.limit not in told:
            override = bodies.Override(one.limit, one.found, one.allowed, plan.reasons[one.limit])
            entries.write(house.archive, drafting.page.login.user_id, override,
                          about=made.number)  # fmt: skip


async def load(drafting: Drafting) -> str:
    """Record the session and, where the gun gives it, load its program; the page to go on with.
    Raises Trouble."""
    program = drafting.loaded.program
    house, texts = drafting.page.house, drafting.texts
    if program is None:
        raise Trouble(texts("rehearse.faulty"))
    if drafting.plan.how != bodies.GUN:
        return f"/after?session={record(drafting, program).number}"
    live = house.service.live
    if not live.linked or live.status is None:
        raise Trouble(texts("rehearse.gun_away"))
    if live.status.state != "idle" or live.status.open:
        raise Trouble(texts("rehearse.gun_busy"))
    record(drafting, program)
    await house.service.do(lambda gun: (gun.clock(), gun.load(program.text)))
    if house.virtual:
        house.virtual.program(program.text)
    return "/session"


def placed(plan: Plan) -> tuple[bodies.Placed, ...]:
    """The plan's zones as the journal has them."""
    return tuple(
        bodies.Placed(zone.name, zone.area, zone.shots, zone.volume_nl, zone.depth_um,
                      zone.area_mm2, zone.spacing_um)
        for zone in plan.zones
    )  # fmt: skip


def _entered(
    house: House, plan: Plan, program: Program, today: datetime.date
) -> Entry[bodies.Session] | None:
    """This plan's session, where it was entered before and nothing was done with it yet."""
    for one in entries.read(house.archive, bodies.Session, about=plan.course):
        same = one.body.program_sha256 == program.sha256 and one.body.day == today
        story = sessions.story(house.archive, one.number)
        if same and one.body.how == plan.how and not story.pulled and not story.ended:
            return one
    return None
