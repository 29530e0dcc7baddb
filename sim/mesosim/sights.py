"""What must be seen at a step of a scenario: on the gun, in the plant, in the log.

A function for each verb. It raises StepFailed where it is not so. Times count from the step before
that did something.
"""

from collections.abc import Callable
from typing import Any

from mesofw.core import errors, records, states
from mesofw.core.records import Record
from mesosim.holes import ENDINGS, LIGHTS, SOUNDS
from mesosim.stage import Stage, StepFailed

# Less than a needle's tip can hold: no flow.
DRIP_NL = 100
# Core's functions on bytes name no types.
_CORE: Any = records


def _expect(seen: object, wanted: object, what: str) -> None:
    if seen != wanted:
        raise StepFailed(f"expected {what} {wanted}, but it is {seen}")


def expect_state(stage: Stage, value: str) -> None:
    """The gun is in this state."""
    _expect(states.STATES[stage.world.state], value, "state")


def expect_trouble(stage: Stage, value: str) -> None:
    """The gun has stopped with this fault."""
    _expect(errors.name(stage.world.view.trouble), value, "trouble")


def expect_shots(stage: Stage, value: int) -> None:
    """So many shots of the session are done."""
    _expect(stage.world.view.shots, value, "shots")


def expect_given(stage: Stage, given_nl: int) -> None:
    """So much was given in the session."""
    _expect(stage.world.view.given_nl, given_nl, "given in nL")


def expect_light(stage: Stage, value: str) -> None:
    """The light shows this."""
    _expect(LIGHTS[stage.world.plant.light], value, "light")


def expect_sound(stage: Stage, value: str) -> None:
    """The sounder sounds this."""
    _expect(SOUNDS[stage.world.plant.sound], value, "sound")


def expect_screen(stage: Stage, text: str) -> None:
    """The display says this somewhere."""
    screen = " ".join(stage.world.plant.screen)
    if text.lower() not in screen.lower():
        raise StepFailed(f"expected the screen to say {text!r}, but it says {screen!r}")


def expect_at_most(stage: Stage, most_nl: int) -> None:
    """No more than this was given in the session."""
    given_nl = stage.world.view.given_nl
    if given_nl > most_nl:
        raise StepFailed(f"expected at most {most_nl} nL given, but it is {given_nl}")


def _within(stage: Stage, lasts: Callable[[], bool], limit_us: int, what: str) -> None:
    """Let time pass while `lasts`, up to `limit_us` after the last deed."""
    world = stage.world
    left_us = stage.since_us + limit_us - world.now_us
    if left_us < 0 or not world.run_while(lasts, left_us):
        raise StepFailed(f"{what} within {limit_us} us; {stage.hands.what_it_shows()}")


def expect_trouble_within(stage: Stage, name: str, limit_us: int) -> None:
    """The gun stops with this fault within a time."""
    world = stage.world

    def unseen() -> bool:
        faulted = world.state == states.FAULT
        return not faulted or errors.name(world.view.trouble) != name

    _within(stage, unseen, limit_us, f"no {name}")


def expect_still(stage: Stage, limit_us: int) -> None:
    """The firmware has ended all pulses of what was under way within a time."""
    plant = stage.world.plant
    _within(stage, lambda: plant.stopped_us < stage.since_us, limit_us, "pulses did not end")
    took_us = plant.stopped_us - stage.since_us
    if took_us > limit_us:
        raise StepFailed(f"pulses ended after {took_us} us, not within {limit_us} us")
    stage.still_us.append((bool(plant.stop), took_us))


def expect_needle_in(stage: Stage, limit_us: int) -> None:
    """The needle is back in the foot within a time."""
    plant = stage.world.plant
    _within(stage, lambda: plant.depth_um() > 0, limit_us, "the needle was not in")


def expect_no_flow(stage: Stage, duration_us: int) -> None:
    """For this time nothing leaves the needle."""
    plant = stage.world.plant
    before_nl = plant.fluid_nl()
    stage.hands.wait(duration_us)
    gone_nl = plant.fluid_nl() - before_nl
    if gone_nl > DRIP_NL:
        raise StepFailed(f"expected no flow, but {gone_nl:.0f} nL left the needle")


def expect_force(stage: Stage, most_mn: int) -> None:
    """The plunger presses with no more than this."""
    force_mn = round(stage.world.plant.cartridge.force_mn())
    if force_mn > most_mn:
        raise StepFailed(f"expected a force of at most {most_mn} mN, but it is {force_mn}")


def expect_drivers_off(stage: Stage) -> None:
    """Neither motor is driven."""
    _expect(stage.world.plant.drivers.on, [False, False], "the drivers (carriage, plunger)")


def expect_last_shot(stage: Stage, ending: str) -> None:
    """The last shot in the log ended so."""
    flags = _unpacked(stage.last_shot()).flags
    for name, flag in ENDINGS.items():
        if flags & flag:
            _expect(name, ending, "the last shot")
            return
    raise StepFailed("the last shot has no ending")


def expect_event(stage: Stage, name: str, cause: str = "") -> None:
    """The log has an event of this name, with this cause, after the one that was asked for
    before."""
    seen: list[str] = []
    for number, raw in enumerate(stage.log()):
        record = _unpacked(raw)
        if record.kind != records.EVENT or number < stage.events_seen:
            continue
        told = [errors.name(record.code), errors.name(record.a)]
        if told[0] == name and cause in ("", told[1]):
            stage.events_seen = number + 1
            return
        seen.append(" ".join(told))
    raise StepFailed(f"expected the event {name} {cause}, but there is only: {', '.join(seen)}")


def expect_event_for(stage: Stage, name: str, cause: str) -> None:
    """The same, with its cause."""
    expect_event(stage, name, cause)


def _whole(stage: Stage) -> bool:
    """Whether each record of the log is whole and follows the one before."""
    log = stage.log()
    link = bytes(records.CHAIN_BYTES)
    for raw in log:
        if not _CORE.whole(raw) or _CORE.prev(raw) != link:
            return False
        link = _CORE.digest(raw)
    return True


def expect_log(stage: Stage, wanted: str) -> None:
    """The log's chain is whole or broken."""
    _expect("whole" if _whole(stage) else "broken", wanted, "the log")


def _unpacked(raw: bytes) -> Record:
    record = Record()
    _CORE.unpack(raw, record)
    return record
