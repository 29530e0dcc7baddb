"""Goes through the doctor's table."""

from collections.abc import Callable, Sequence

import msgspec

from mesofw.core import errors
from mesohost.answers import Seen
from mesohost.doctor import faults, model
from mesohost.doctor.case import Case
from mesohost.doctor.model import Cause, Check, Course, Finding, Line
from mesohost.troubles import GunRefused, NoAnswer, PortTrouble, ProtocolMismatch, Trouble

Tell = Callable[[Line], None]
_GONE = "the link was lost in the middle"


def examine(case: Case, checks: Sequence[Check], tell: Tell) -> Course:
    """Do each check in order; `tell` is given each line as it is known."""
    course = Course()
    for check in checks:
        left_out = course.blocked.get(check.stage)
        found = model.not_done(left_out) if left_out else _found(check, case)
        line = _line(check, found)
        course.lines.append(line)
        tell(line)
        if line.verdict != model.OK:
            why = f"{check.title} failed: {line.ends}" if line.ends else line.seen
            for stage in _blocked(check, found):
                course.blocked.setdefault(stage, why)
    return course


def _blocked(check: Check, found: Finding) -> Sequence[str]:
    """The stages that say nothing after a check that is not fine."""
    if found.gone:
        return model.STAGES
    # What was left out leaves out the rest of its own stage, and speaks against no other.
    failed = found.verdict == model.FAILED
    return check.blocks if failed else [stage for stage in check.blocks if stage == check.stage]


def _found(check: Check, case: Case) -> Finding:
    try:
        return check.probe(case)
    except (PortTrouble, NoAnswer, ProtocolMismatch) as trouble:
        found = _broken_off(check, trouble, "lost")
        return msgspec.structs.replace(found, gone=True)
    except GunRefused as refused:
        return _refused(check, case, refused)


def _line(check: Check, found: Finding) -> Line:
    failed = found.verdict == model.FAILED
    return Line(
        id=check.id,
        stage=check.stage,
        title=check.title,
        seen=found.seen,
        allowed=check.allowed,
        verdict=found.verdict,
        figures=found.figures,
        causes=(found.causes or model.ranked(check.causes, found.sign)) if failed else (),
        ends=(_GONE if found.gone else check.why) if failed else "",
    )


def _broken_off(check: Check, trouble: Trouble, sign: str) -> Finding:
    """A probe that could not be done. What stood in its way is a cause of its own, unless the check
    knows the sign."""
    known = model.ranked(check.causes, sign)
    if not any(sign in cause.on for cause in known):
        remedy = trouble.remedies[0] if trouble.remedies else "run the command again"
        known = (Cause(" ".join(trouble.what.split()), remedy), *known)
    return model.because(trouble.what.split("\n")[0], known)


def _refused(check: Check, case: Case, refused: GunRefused) -> Finding:
    """A refusal; where the gun has stopped on a fault, that is what it comes from, and its inputs
    tell of the cause."""
    known = refused.code in faults.FAULTS
    code = refused.code if known else _trouble(case)
    if not code:
        return _broken_off(check, refused, refused.name)
    said = f"the gun stopped: {errors.cause(code)} ({errors.name(code)})"
    return model.because(said, faults.causes(code, _seen(case), case.followed))


def _trouble(case: Case) -> int:
    try:
        return case.at_rest().trouble
    except (NoAnswer, PortTrouble):
        return 0


def _seen(case: Case) -> Seen | None:
    try:
        return case.seen()
    except (GunRefused, NoAnswer, PortTrouble):
        return None
