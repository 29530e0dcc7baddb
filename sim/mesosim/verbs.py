"""What a step of a scenario may say, and what is then done: the vocabulary of hands and eyes."""

import re
from collections.abc import Callable

from mesosim import acts, engineering, mishaps, sights
from mesosim.hands import HandsFailed
from mesosim.holes import HOLES, Unfit
from mesosim.stage import Stage, StepFailed, StepRefused

# What a step may say, and what is done. Names in braces are kinds of `HOLES`.
VERBS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("wait {time}", acts.wait),
    ("until {state} within {time}", acts.until),
    ("until {state}", acts.until),
    ("reach {phase}", acts.reach),
    ("load", acts.load),
    ("load half", acts.load_half),
    ("set clock to {date}", acts.set_clock),
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
    ("bounce {switch} for {time}", acts.bounce),
    ("carry on", acts.carry_on),
    ("ask to calibrate", engineering.calibrate),
    ("bench {act}", engineering.bench),
    ("bench {axis} by {steps}", engineering.move),
    ("block needle", mishaps.block_needle),
    ("unblock needle", mishaps.unblock_needle),
    ("slip {axis}", mishaps.slip),
    ("grip {axis}", mishaps.grip),
    ("air {volume}", mishaps.air),
    ("leak {share}", mishaps.leak),
    ("jam {axis} by {force}", mishaps.jam),
    ("bone at {length}", mishaps.bone),
    ("push {force}", mishaps.push),
    ("supply {voltage}", mishaps.supply),
    ("temperature {temperature}", mishaps.heat),
    ("stick {part} at {level}", mishaps.stick),
    ("unstick {part}", mishaps.unstick),
    ("encoder {axis} {encoder}", mishaps.encoder),
    ("fail {unit}", mishaps.fail),
    ("mend {unit}", mishaps.mend),
    ("damage {stored}", mishaps.damage),
    ("fill flash", mishaps.fill_flash),
    ("empty flash", mishaps.empty_flash),
    ("flash fails", mishaps.flash_fails),
    ("flash works", mishaps.flash_works),
    ("journal fails", mishaps.journal_fails),
    ("journal works", mishaps.journal_works),
    ("host silent", mishaps.host_silent),
    ("host reads", mishaps.host_reads),
    ("host babbles for {time}", mishaps.babble),
    ("raise", mishaps.raise_error),
    ("hang", mishaps.hang),
    ("power off", acts.power_off),
    ("power on", acts.power_on),
    ("expect state {state}", sights.expect_state),
    ("expect trouble {trouble} within {time}", sights.expect_trouble_within),
    ("expect trouble {trouble}", sights.expect_trouble),
    ("expect still within {time}", sights.expect_still),
    ("expect needle in within {time}", sights.expect_needle_in),
    ("expect no flow for {time}", sights.expect_no_flow),
    ("expect force at most {force}", sights.expect_force),
    ("expect drivers off", sights.expect_drivers_off),
    ("expect shots {count}", sights.expect_shots),
    ("expect given at most {volume}", sights.expect_at_most),
    ("expect given {volume}", sights.expect_given),
    ("expect last shot {ending}", sights.expect_last_shot),
    ("expect event {event}", sights.expect_event),
    ("expect event {event} {trouble}", sights.expect_event_for),
    ("expect log {chain}", sights.expect_log),
    ("expect refused {trouble}", engineering.expect_refused),
    ("expect light {light}", sights.expect_light),
    ("expect sound {sound}", sights.expect_sound),
    ("expect screen {text}", sights.expect_screen),
)
HELP = "\n".join("    " + pattern for pattern, _ in VERBS)
# What the values of a verb must be together, where each by itself is right.
_TOGETHER: dict[Callable[..., None], Callable[..., None]] = {
    acts.seat: acts.check_seat,
    mishaps.leak: mishaps.check_leak,
}
# What reaches into the memory or the steps of firmware that runs in this process.
_IN_PROCESS = frozenset((
    mishaps.damage, mishaps.fill_flash, mishaps.empty_flash, mishaps.flash_fails,
    mishaps.flash_works, mishaps.journal_fails, mishaps.journal_works, mishaps.raise_error,
))  # fmt: skip
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


def in_process_only(step: str) -> bool:
    """Whether a step can be carried out only where the firmware runs in this process."""
    return read_step(step)[0] in _IN_PROCESS


def do(stage: Stage, step: str) -> None:
    """Carry out one step. Raises StepFailed."""
    act, values = read_step(step)
    if act.__module__ != sights.__name__ and act is not engineering.expect_refused:
        stage.since_us = stage.world.now_us
    try:
        act(stage, *values)
    except HandsFailed as error:
        raise StepFailed(str(error)) from None
