"""The kinds of calibration: what each session is, and what it makes of its answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from mesofw.core.dose import FL_PER_NL
from mesohost.calibration import (
    depth,
    depth_session,
    empty,
    empty_session,
    goals,
    motor_session,
    motors,
    telling,
    volume_session,
)
from mesohost.calibration.model import Verdict
from mesohost.calibration.record import Figure, Outcome
from mesohost.calibration.session import Answers, Definition


@dataclass(frozen=True)
class Kind:
    """A session's definition, and what follows from its answers where something does."""

    definition: Definition
    work: Callable[[Answers], Outcome]

    def outcome(self, answers: Answers) -> Outcome:
        """What follows from a session's answers, be it nothing."""
        try:
            return self.work(answers)
        except (ArithmeticError, ValueError) as error:
            nothing = Verdict("result", str(error), "points that something follows from", False)
            return Outcome(
                of=str(answers["who"].get("syringe", "")),
                fields={},
                figures=(),
                verdicts=(nothing,),
                lines=tuple(telling.refused([nothing])),
                result={},
            )


def _volume(answers: Answers) -> Outcome:
    found = volume_session.result(answers)
    syringe = str(answers["who"]["syringe"])
    low_fl, high_fl = found.step_fl_95
    low_nm, high_nm = found.play_nm_95
    return Outcome(
        of=syringe,
        fields=goals.volume_fields([(syringe, found)]),
        figures=(
            Figure("volume per step", found.step_fl / FL_PER_NL, "nL", low_fl / FL_PER_NL,
                   high_fl / FL_PER_NL),
            Figure("play", found.play_nm / 1000, "µm", low_nm / 1000, high_nm / 1000),
            Figure("compliance", found.compliance_ppm / 1e4, "%"),
            Figure("friction", found.friction_mn / 1000, "N"),
            Figure("spread of a difference", found.repeatability_mg, "mg"),
        ),
        verdicts=found.verdicts,
        lines=telling.volume(found),
        result=msgspec.to_builtins(found),
    )  # fmt: skip


def _depth(answers: Answers) -> Outcome:
    found = depth_session.result(answers)
    low_ppm, high_ppm = found.carriage_ppm_95
    near_um, far_um = found.foot_um_95
    return Outcome(
        of="carriage",
        fields={"carriage_ppm": found.carriage_ppm, "foot_um": found.foot_um},
        figures=(
            Figure("scale", found.carriage_ppm / 1e4, "%", low_ppm / 1e4, high_ppm / 1e4),
            Figure("foot", float(found.foot_um), "µm", near_um, far_um),
            Figure("homing, ±", found.homing_um, "µm"),
            Figure("return", found.slowest_ms, "ms"),
        ),
        verdicts=found.verdicts,
        lines=(*depth.told(found), *telling.refused(found.verdicts)),
        result=msgspec.to_builtins(found),
    )


def _motor(answers: Answers) -> Outcome:
    found = motor_session.result(answers)
    figures: list[Figure] = []
    for one in found.axes:
        figures += [
            Figure(f"{one.axis}: current", one.current_pct, "%"),
            Figure(f"{one.axis}: fastest", one.fastest_share, "× top speed"),
            Figure(f"{one.axis}: StallGuard", one.stall, ""),
        ]
    figures.append(Figure("force: zero", found.force_zero_mn, "mN"))
    return Outcome(
        of="motors",
        fields={},
        figures=tuple(figures),
        verdicts=found.verdicts,
        lines=(*motors.told(found), *telling.refused(found.verdicts)),
        result=msgspec.to_builtins(found),
    )


def _empty(answers: Answers) -> Outcome:
    found = empty_session.result(answers)
    low_um, high_um = found.empty_um_95
    return Outcome(
        of="cradle",
        fields={"empty_um": found.empty_um},
        figures=(
            Figure("empty", float(found.empty_um), "µm", low_um, high_um),
            Figure("seating, ±", found.seating_um, "µm"),
        ),
        verdicts=found.verdicts,
        lines=(*empty.told(found), *telling.refused(found.verdicts)),
        result=msgspec.to_builtins(found),
    )


KINDS: Mapping[str, Kind] = {
    "volume": Kind(volume_session.DEFINITION, _volume),
    "depth": Kind(depth_session.DEFINITION, _depth),
    "empty": Kind(empty_session.DEFINITION, _empty),
    "motor": Kind(motor_session.DEFINITION, _motor),
}
