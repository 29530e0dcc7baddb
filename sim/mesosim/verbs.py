"""What a step of a scenario may say, and what is then done: the vocabulary of hands and eyes."""

import re
from collections.abc import Callable
from typing import Any

from mesofw.core import door, errors, parts, states
from mesosim.hands import HandsFailed
from mesosim.stage import Stage, StepFailed

_UNITS = {
    "µs": 1, "us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000,
    "nL": 1, "µL": 1_000, "uL": 1_000, "mL": 1_000_000,
    "µm": 1, "mm": 1_000,
    "mV": 1, "V": 1_000, "°C": 10,
}  # fmt: skip
_HOLES = {
    "amount": r"(\d+(?:\.\d+)?) ?(%s)" % "|".join(_UNITS),
    "count": r"(-?\d+)",
    "word": r"([\w]+)",
    "size": r"(\d+ mL)",
    "gauge": r"(\d+G)",
    "text": r"(.+)",
}
LIGHTS = ("off", "idle", "wait", "ready", "shot", "low", "alarm")
SOUNDS = ("off", "shot", "refused", "low", "medium", "high")
SWITCHES = {"trigger": "trigger", "pedal": "pedal", "knob": "press", "foot": "contact"}
LONGEST_US = 600_000_000


def _amount(number: str, unit: str) -> int:
    return round(float(number) * _UNITS[unit])


def _until(stage: Stage, name: str, number: str = "600", unit: str = "s") -> None:
    if name not in states.STATES:
        raise StepFailed(f"no such state: {name}; allowed: {', '.join(states.STATES)}")
    stage.hands.until(name, _amount(number, unit))


def _shots(stage: Stage, switch: str, count: str) -> None:
    world = stage.world
    wanted = world.view.shots + int(count)
    stage.hands.set(SWITCHES[switch], 1)
    done = world.run_while(lambda: world.view.shots < wanted, LONGEST_US)
    stage.hands.set(SWITCHES[switch], 0)
    if not done:
        raise StepFailed(f"{world.view.shots} shots; {stage.hands.what_it_shows()}")


def _seat(stage: Stage, size: str, number: str, unit: str, gauge: str, long: str, mm: str) -> None:
    if size not in parts.SYRINGES or gauge not in parts.NEEDLES:
        raise StepFailed(f"no such syringe or needle: {size}, {gauge}")
    stage.hands.seat(size, _amount(number, unit), gauge, _amount(long, mm))


def _fit(stage: Stage) -> None:
    head = _head(stage)
    stage.hands.fit(head["syringe"], head["needle"], head["length_um"])


def _await_program(stage: Stage) -> None:
    world = stage.world
    if not world.run_while(lambda: world.plant.screen[:1] in ([], ["No program"]), LONGEST_US):
        raise StepFailed("no program came; " + stage.hands.what_it_shows())


def _set(stage: Stage, name: str, value: int) -> None:
    if name not in SWITCHES:
        raise StepFailed(f"no such switch: {name}; allowed: {', '.join(SWITCHES)}")
    stage.hands.set(SWITCHES[name], value)


def _stop(stage: Stage, pressed: int) -> None:
    stage.world.plant.set_stop(pressed)
    stage.world.touch()


def _block(stage: Stage, blocked: bool) -> None:
    stage.world.plant.blocked = blocked
    stage.world.plant.set_flow_path()
    stage.world.touch()


def _set_slip(stage: Stage, name: str, slips: bool) -> None:
    axes = {"carriage": door.CARRIAGE, "plunger": door.PLUNGER}
    if name not in axes:
        raise StepFailed(f"no such axis: {name}; allowed: {', '.join(axes)}")
    stage.world.plant.slipping[axes[name]] = slips
    stage.world.touch()


def _supply(stage: Stage, number: str, unit: str) -> None:
    stage.world.plant.set_supply(_amount(number, unit))
    stage.world.touch()


def _heat(stage: Stage, number: str, unit: str) -> None:
    stage.world.plant.temperature_dc = _amount(number, unit)
    stage.world.touch()


def _stick(stage: Stage, name: str, value: str) -> None:
    stage.world.plant.stuck[name] = int(value)
    stage.world.touch()


def _power(stage: Stage, on: bool) -> None:
    (stage.world.switch_on if on else stage.world.switch_off)()


def _expect(seen: object, wanted: object, what: str) -> None:
    if seen != wanted:
        raise StepFailed(f"expected {what} {wanted}, but it is {seen}")


def _expect_given(stage: Stage, number: str, unit: str) -> None:
    _expect(stage.world.view.given_nl, _amount(number, unit), "given in nL")


def _expect_screen(stage: Stage, text: str) -> None:
    screen = " ".join(stage.world.plant.screen)
    if text.lower() not in screen.lower():
        raise StepFailed(f"expected the screen to say {text!r}, but it says {screen!r}")


def _wait(stage: Stage, value: str, unit: str) -> None:
    stage.hands.wait(_amount(value, unit))


def _load(stage: Stage) -> None:
    stage.load()


def _confirm(stage: Stage) -> None:
    stage.hands.confirm()


def _unseat(stage: Stage) -> None:
    stage.hands.unseat()


def _prime(stage: Stage) -> None:
    stage.hands.prime()


def _click(stage: Stage) -> None:
    stage.hands.click()


def _turn(stage: Stage, value: str) -> None:
    stage.hands.turn(int(value))


def _place(stage: Stage) -> None:
    stage.hands.place()


def _lift(stage: Stage) -> None:
    stage.hands.lift()


def _press_stop(stage: Stage) -> None:
    _stop(stage, 1)


def _free_stop(stage: Stage) -> None:
    _stop(stage, 0)


def _press(stage: Stage, name: str) -> None:
    _set(stage, name, 1)


def _release(stage: Stage, name: str) -> None:
    _set(stage, name, 0)


def _head(stage: Stage) -> dict[str, Any]:
    if not stage.head:
        raise StepFailed("the operator has no program; name one in the scenario: program = FILE")
    return stage.head


def _carry_on(stage: Stage) -> None:
    _head(stage)
    stage.operator.carry_on()


def _block_needle(stage: Stage) -> None:
    _block(stage, True)


def _unblock_needle(stage: Stage) -> None:
    _block(stage, False)


def _slip(stage: Stage, name: str) -> None:
    _set_slip(stage, name, True)


def _grip(stage: Stage, name: str) -> None:
    _set_slip(stage, name, False)


def _unstick(stage: Stage, name: str) -> None:
    stage.world.plant.stuck.pop(name, None)


def _power_off(stage: Stage) -> None:
    _power(stage, False)


def _power_on(stage: Stage) -> None:
    _power(stage, True)


def _expect_state(stage: Stage, value: str) -> None:
    _expect(states.STATES[stage.world.view.state], value, "state")


def _expect_shots(stage: Stage, value: str) -> None:
    _expect(stage.world.view.shots, int(value), "shots")


def _expect_trouble(stage: Stage, value: str) -> None:
    _expect(errors.name(stage.world.view.trouble), value, "trouble")


def _expect_light(stage: Stage, value: str) -> None:
    _expect(LIGHTS[stage.world.plant.light], value, "light")


def _expect_sound(stage: Stage, value: str) -> None:
    _expect(SOUNDS[stage.world.plant.sound], value, "sound")


# What a step may say, and what is done. Names in braces stand for `_HOLES`.
VERBS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("wait {amount}", _wait),
    ("until {word} within {amount}", _until),
    ("until {word}", _until),
    ("load", _load),
    ("await program", _await_program),
    ("confirm", _confirm),
    ("fit", _fit),
    ("seat {size} filled {amount} with {gauge} {amount}", _seat),
    ("unseat", _unseat),
    ("prime", _prime),
    ("click", _click),
    ("turn {count}", _turn),
    ("place", _place),
    ("lift", _lift),
    ("press stop", _press_stop),
    ("free stop", _free_stop),
    ("press {word}", _press),
    ("release {word}", _release),
    ("hold {word} for {count} shots", _shots),
    ("carry on", _carry_on),
    ("block needle", _block_needle),
    ("unblock needle", _unblock_needle),
    ("slip {word}", _slip),
    ("grip {word}", _grip),
    ("supply {amount}", _supply),
    ("temperature {amount}", _heat),
    ("stick {word} at {count}", _stick),
    ("unstick {word}", _unstick),
    ("power off", _power_off),
    ("power on", _power_on),
    ("expect state {word}", _expect_state),
    ("expect trouble {word}", _expect_trouble),
    ("expect shots {count}", _expect_shots),
    ("expect given {amount}", _expect_given),
    ("expect light {word}", _expect_light),
    ("expect sound {word}", _expect_sound),
    ("expect screen {text}", _expect_screen),
)
HELP = "\n".join("    " + pattern for pattern, _ in VERBS)
_COMPILED = [
    (re.compile(re.sub(r"\{(\w+)\}", lambda hole: _HOLES[hole[1]], pattern)), act)
    for pattern, act in VERBS
]


def find_verb(step: str) -> tuple[Callable[..., None], tuple[str, ...]] | None:
    """What a step's line means: the act and its values; None where it means nothing."""
    for pattern, act in _COMPILED:
        found = pattern.fullmatch(" ".join(step.split()))
        if found:
            return act, found.groups()
    return None


def do(stage: Stage, step: str) -> None:
    """Carry out one step. Raises StepFailed."""
    found = find_verb(step)
    if found is None:
        raise StepFailed(f"no such step: {step!r}; allowed:\n{HELP}")
    act, values = found
    try:
        act(stage, *values)
    except HandsFailed as error:
        raise StepFailed(str(error)) from None
