"""What an operator's hands do at each step of a scenario, and what is waited for.

A function for each verb. It raises StepFailed where the outcome is not as the step says.
"""

from typing import Any

from mesofw.core import fields, parts, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesosim.holes import PHASES, SWITCHES, Unfit
from mesosim.operator import fluid_and_pins
from mesosim.stage import Stage, StepFailed

LONGEST_US = 600_000_000
# A switch that is held makes the next shot within this time, or none.
STILL_US = 5_000_000
# Contacts that bounce open and close by turns.
BOUNCE_US = 1_000
# How closely a phase is looked for, and for how long.
LOOK_US = 200
PHASE_US = 30_000_000


def until(stage: Stage, name: str, limit_us: int = LONGEST_US) -> None:
    """Wait for a state of the gun."""
    stage.hands.until(name, limit_us)


def shots(stage: Stage, switch: str, count: int) -> None:
    """Hold a switch until so many more shots are done."""
    world = stage.world
    before = world.view.shots
    stage.hands.set(SWITCHES[switch], 1)
    _await_shots(stage, before + count)
    stage.hands.set(SWITCHES[switch], 0)
    done = world.view.shots - before
    if done < count:
        still = world.state != states.SHOOTING
        why = f"none more for {STILL_US // 1_000_000} s" if still else "it took too long"
        single = done and world.state == states.READY
        hint = " (in a single zone each takes a press of its own)" if single else ""
        shows = stage.hands.what_it_shows()
        raise StepFailed(f"{switch} held for {count} shots, but {done} came, {why}{hint}; {shows}")


def _await_shots(stage: Stage, wanted: int) -> None:
    """Let time pass until so many shots are done, or the gun makes no more."""
    world = stage.world
    until_us = world.now_us + LONGEST_US

    def shooting() -> bool:
        return world.view.shots < wanted and world.state == states.SHOOTING

    def still() -> bool:
        return world.view.shots < wanted and world.state != states.SHOOTING

    while world.view.shots < wanted and world.now_us < until_us:
        world.run_while(shooting, until_us - world.now_us)
        if not world.run_while(still, STILL_US):
            return


def seat(stage: Stage, size: str, fill_nl: int, gauge: str, length_um: int) -> None:
    """Seat a filled syringe with a new needle."""
    stage.hands.seat(size, fill_nl, gauge, length_um, **fluid_and_pins(stage.head))


def check_seat(size: str, fill_nl: int, gauge: str, length_um: int) -> None:
    """Raises Unfit for what no syringe or needle is."""
    del gauge
    for what, name, value, low, high in (
        (f"filling of a {size} syringe", "volume_nl", fill_nl, 0, parts.SYRINGES[size].volume_nl),
        ("needle's length", "length_um", length_um, parts.NEEDLE_MIN_UM, parts.NEEDLE_MAX_UM),
    ):
        if not low <= value <= high:
            bounds = " to ".join(fields.show(name, bound) for bound in (low, high))
            raise Unfit(f"{fields.show(name, value)} is no {what}; allowed: {bounds}")


def fit(stage: Stage) -> None:
    """From loading to ready, with the program's syringe and needle."""
    head = _head(stage)
    stage.hands.fit(head["syringe"], head["needle"], head["length_um"], **fluid_and_pins(head))


def await_program(stage: Stage) -> None:
    """Wait until a program is in the gun."""
    world = stage.world
    if not world.run_while(lambda: world.plant.screen[:1] in ([], ["No program"]), LONGEST_US):
        raise StepFailed("no program came; " + stage.hands.what_it_shows())


def _set(stage: Stage, name: str, value: int) -> None:
    stage.hands.set(SWITCHES[name], value)


def _stop(stage: Stage, pressed: int) -> None:
    stage.world.plant.set_stop(pressed)
    stage.world.touch()


def _power(stage: Stage, on: bool) -> None:
    (stage.world.switch_on if on else stage.world.switch_off)()


def wait(stage: Stage, duration_us: int) -> None:
    """Let time pass."""
    stage.hands.wait(duration_us)


def load(stage: Stage) -> None:
    """Send the program to the gun."""
    stage.load()


def confirm(stage: Stage) -> None:
    """Confirm the program page by page."""
    stage.hands.confirm()


def unseat(stage: Stage) -> None:
    """Take the syringe out."""
    stage.hands.unseat()


def prime(stage: Stage) -> None:
    """Hold the trigger until a drop shows."""
    stage.hands.prime()


def click(stage: Stage) -> None:
    """Press the knob once."""
    stage.hands.click()


def turn(stage: Stage, detents: int) -> None:
    """Turn the knob, clockwise positive."""
    stage.hands.turn(detents)


def place(stage: Stage) -> None:
    """Set the foot on the skin."""
    stage.hands.place()


def lift(stage: Stage) -> None:
    """Take the foot off the skin."""
    stage.hands.lift()


def press_stop(stage: Stage) -> None:
    """Press the emergency stop."""
    _stop(stage, 1)


def free_stop(stage: Stage) -> None:
    """Turn the emergency stop free."""
    _stop(stage, 0)


def press(stage: Stage, name: str) -> None:
    """Press a switch and keep it pressed."""
    _set(stage, name, 1)


def release(stage: Stage, name: str) -> None:
    """Let go of a switch."""
    _set(stage, name, 0)


def _head(stage: Stage) -> dict[str, Any]:
    if not stage.head:
        raise StepFailed("the operator has no program; name one in the scenario: program = FILE")
    return stage.head


def carry_on(stage: Stage) -> None:
    """Do all that the gun asks for until the session has ended."""
    _head(stage)
    stage.operator.carry_on()


def power_off(stage: Stage) -> None:
    """Cut the gun's power at once."""
    _power(stage, False)


def power_on(stage: Stage) -> None:
    """Switch the gun on."""
    _power(stage, True)


def bounce(stage: Stage, switch: str, duration_us: int) -> None:
    """A switch's contacts bounce; then it is as it was before."""
    name = SWITCHES[switch]
    level = getattr(stage.world.plant, name)
    for turn in range(duration_us // BOUNCE_US):
        stage.hands.set(name, turn & 1 if level else 1 - turn & 1)
        stage.hands.wait(BOUNCE_US)
    stage.hands.set(name, level)


def reach(stage: Stage, name: str) -> None:
    """Wait until a motion has come to this phase."""
    world = stage.world
    until_us = world.now_us + PHASE_US
    while world.now_us < until_us:
        before = world.plant.step_counts()
        world.run_for(LOOK_US)
        after = world.plant.step_counts()
        went = _phase(after[CARRIAGE] - before[CARRIAGE], after[PLUNGER] - before[PLUNGER])
        if went == name and world.plant.moving:
            return
    raise StepFailed(f"no {name} came; {stage.hands.what_it_shows()}")


def _phase(carriage: int, plunger: int) -> str:
    """The phase in which the axes go by so many steps."""
    forward = (carriage > 0, plunger > 0, not (carriage or plunger), carriage < 0, plunger < 0)
    return PHASES[forward.index(True)]


def load_half(stage: Stage) -> None:
    """The host sends half of the program and falls silent."""
    stage.host_side().load_half()


def set_clock(stage: Stage, unix_s: int) -> None:
    """The host sets the gun's clock."""
    stage.host_side().set_clock(unix_s)
