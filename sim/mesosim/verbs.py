"""What a step of a scenario may say, and what is then done: the vocabulary of hands and eyes."""

import re
from collections.abc import Callable

from mesosim import acts
from mesosim.hands import HandsFailed
from mesosim.holes import HOLES, Unfit
from mesosim.stage import Stage, StepFailed, StepRefused

# What a step may say, and what is done. Names in braces are kinds of `HOLES`.
VERBS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("wait {time}", acts.wait),
    ("until {state} within {time}", acts.until),
    ("until {state}", acts.until),
    ("load", acts.load),
    ("await program", acts.await_program),
    ("confirm", acts.confirm),
    ("fit", acts.fit),
    ("seat {size} filled {volume} with {gauge} {length}", acts.seat),
    ("unseat", acts.unseat),
    ("prime", acts.prime),
    ("click", acts.click),
    ("turn {detents}", acts.turn),
    ("place", acts.place),
    ("lift", acts.lift),
    ("press stop", acts.press_stop),
    ("free stop", acts.free_stop),
    ("press {switch}", acts.press),
    ("release {switch}", acts.release),
    ("hold {switch} for {count} shots", acts.shots),
    ("carry on", acts.carry_on),
    ("block needle", acts.block_needle),
    ("unblock needle", acts.unblock_needle),
    ("slip {axis}", acts.slip),
    ("grip {axis}", acts.grip),
    ("air {volume}", acts.air),
    ("leak {share}", acts.leak),
    ("jam {axis} by {force}", acts.jam),
    ("bone at {length}", acts.bone),
    ("push {force}", acts.push),
    ("supply {voltage}", acts.supply),
    ("temperature {temperature}", acts.heat),
    ("stick {part} at {level}", acts.stick),
    ("unstick {part}", acts.unstick),
    ("power off", acts.power_off),
    ("power on", acts.power_on),
    ("expect state {state}", acts.expect_state),
    ("expect trouble {trouble}", acts.expect_trouble),
    ("expect shots {count}", acts.expect_shots),
    ("expect given {volume}", acts.expect_given),
    ("expect light {light}", acts.expect_light),
    ("expect sound {sound}", acts.expect_sound),
    ("expect screen {text}", acts.expect_screen),
)
HELP = "\n".join("    " + pattern for pattern, _ in VERBS)
# What the values of a verb must be together, where each by itself is right.
_TOGETHER: dict[Callable[..., None], Callable[..., None]] = {
    acts.seat: acts.check_seat,
    acts.leak: acts.check_leak,
}
_HOLE = re.compile(r"\{(\w+)\}")
_COMPILED = [
    (
        re.compile(_HOLE.sub(lambda hole: HOLES[hole[1]].shape, pattern)),
        [HOLES[name] for name in _HOLE.findall(pattern)],
        act,
    )
    for pattern, act in VERBS
]


def read_step(step: str) -> tuple[Callable[..., None], tuple[int | str, ...]]:
    """What a step's line means: the act and its values. Raises StepRefused."""
    line = " ".join(step.split())
    for shape, holes, act in _COMPILED:
        found = shape.fullmatch(line)
        if not found:
            continue
        try:
            values = tuple(
                hole.read(text) for hole, text in zip(holes, found.groups(), strict=True)
            )
            if act in _TOGETHER:
                _TOGETHER[act](*values)
        except Unfit as unfit:
            raise StepRefused(f"{step!r}: {unfit}") from None
        return act, values
    raise StepRefused(f"no such step: {step!r}; allowed:\n{HELP}")


def do(stage: Stage, step: str) -> None:
    """Carry out one step. Raises StepFailed."""
    act, values = read_step(step)
    try:
        act(stage, *values)
    except HandsFailed as error:
        raise StepFailed(str(error)) from None
