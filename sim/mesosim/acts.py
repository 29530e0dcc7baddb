"""What is done at each step of a scenario: the acts of hands and eyes, and of what goes wrong.

A function for each verb. It raises StepFailed where the outcome is not as the step says.
"""

from typing import Any

from mesofw.core import errors, fields, parts, states
from mesosim.holes import AXES, LIGHTS, SOUNDS, STICKING, SWITCHES, Unfit
from mesosim.operator import fluid_and_pins
from mesosim.stage import Stage, StepFailed

LONGEST_US = 600_000_000
# A switch that is held makes the next shot within this time, or none.
STILL_US = 5_000_000


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


def _block(stage: Stage, blocked: bool) -> None:
    stage.world.plant.cartridge.block(blocked)
    stage.world.touch()


def _set_slip(stage: Stage, name: str, slips: bool) -> None:
    stage.world.plant.slipping[AXES[name]] = slips
    stage.world.touch()


def air(stage: Stage, air_nl: int) -> None:
    """So much air stands in the seated syringe."""
    stage.world.plant.cartridge.air_nl = air_nl
    stage.world.plant.cartridge.refresh()
    stage.world.touch()


def leak(stage: Stage, percent: int) -> None:
    """A share of what flows leaves at the hub instead of the tip."""
    stage.world.plant.set_leak(percent / 100)
    stage.world.touch()


def check_leak(percent: int) -> None:
    """Raises Unfit for more than all of it."""
    if percent > 100:
        raise Unfit(f"{percent} % is no share of the flow; allowed: 0 % to 100 %")


def jam(stage: Stage, name: str, force_mn: int) -> None:
    """Something jams an axis with this force; 0 N frees it."""
    stage.world.plant.extra_load_n[AXES[name]] = force_mn / 1000
    stage.world.touch()


def bone(stage: Stage, depth_um: int) -> None:
    """A bone lies this deep below the foot."""
    stage.world.plant.skin.bone_um = depth_um
    stage.world.touch()


def push(stage: Stage, force_mn: int) -> None:
    """The operator pushes the foot on with this force."""
    stage.world.plant.skin.push_n = force_mn / 1000
    stage.world.touch()


def supply(stage: Stage, supply_mv: int) -> None:
    """Set the supply's voltage."""
    stage.world.plant.set_supply(supply_mv)
    stage.world.touch()


def heat(stage: Stage, temperature_dc: int) -> None:
    """Set the temperature of board and drivers."""
    stage.world.plant.temperature_dc = temperature_dc
    stage.world.touch()


def stick(stage: Stage, name: str, level: str) -> None:
    """A switch reads the same from now on."""
    stage.world.plant.stuck[STICKING[name]] = int(level)
    stage.world.touch()


def _power(stage: Stage, on: bool) -> None:
    (stage.world.switch_on if on else stage.world.switch_off)()


def _expect(seen: object, wanted: object, what: str) -> None:
    if seen != wanted:
        raise StepFailed(f"expected {what} {wanted}, but it is {seen}")


def expect_given(stage: Stage, given_nl: int) -> None:
    """So much was given in the session."""
    _expect(stage.world.view.given_nl, given_nl, "given in nL")


def expect_screen(stage: Stage, text: str) -> None:
    """The display says this somewhere."""
    screen = " ".join(stage.world.plant.screen)
    if text.lower() not in screen.lower():
        raise StepFailed(f"expected the screen to say {text!r}, but it says {screen!r}")


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


def block_needle(stage: Stage) -> None:
    """The needle lets hardly anything through."""
    _block(stage, True)


def unblock_needle(stage: Stage) -> None:
    """The needle is free again."""
    _block(stage, False)


def slip(stage: Stage, name: str) -> None:
    """An axis loses its steps from now on."""
    _set_slip(stage, name, True)


def grip(stage: Stage, name: str) -> None:
    """An axis no longer loses steps."""
    _set_slip(stage, name, False)


def unstick(stage: Stage, name: str) -> None:
    """A switch reads as it is again."""
    stage.world.plant.stuck.pop(STICKING[name], None)
    stage.world.touch()


def power_off(stage: Stage) -> None:
    """Cut the gun's power at once."""
    _power(stage, False)


def power_on(stage: Stage) -> None:
    """Switch the gun on."""
    _power(stage, True)


def expect_state(stage: Stage, value: str) -> None:
    """The gun is in this state."""
    _expect(states.STATES[stage.world.state], value, "state")


def expect_shots(stage: Stage, value: int) -> None:
    """So many shots of the session are done."""
    _expect(stage.world.view.shots, value, "shots")


def expect_trouble(stage: Stage, value: str) -> None:
    """The gun has stopped with this fault."""
    _expect(errors.name(stage.world.view.trouble), value, "trouble")


def expect_light(stage: Stage, value: str) -> None:
    """The light shows this."""
    _expect(LIGHTS[stage.world.plant.light], value, "light")


def expect_sound(stage: Stage, value: str) -> None:
    """The sounder sounds this."""
    _expect(SOUNDS[stage.world.plant.sound], value, "sound")
