"""What only a gun that moves tells: drivers, homing, encoders, travel, speed, the spring, force."""

from mesofw.core import errors
from mesofw.core.door import CARRIAGE, PART_DRIVER, PLUNGER
from mesofw.core.fields import show
from mesofw.core.machine import AXES
from mesohost.answers import Seen
from mesohost.doctor import faults
from mesohost.doctor.board_checks import FORCE_ZERO_MN
from mesohost.doctor.case import Case
from mesohost.doctor.faults import followed
from mesohost.doctor.model import (
    Cause,
    Figure,
    Finding,
    because,
    failed,
    judged,
    not_done,
    ok,
    ranked,
)

SPRING_MS = 200
SPREAD_UM = 50
_HOMINGS = 5
_RUNS = 3
# A short way that tells an encoder, in steps by axis: 2 mm and 1 mm.
_SHORT = (400, 4_000)
# A home switch's edge is looked for in ways of so much, so many at most.
_EDGE_UM = 5
_EDGE_LOOKS = 40
# The least that every gun's empty syringe stands at, where no calibration says where it does.
_PLUNGER_UM = 50_000
_MOVED = (
    "The carriage will go all its way of 16 mm, again and again, and the plunger most of its way. "
    "No needle and no syringe may be in the gun, nothing may touch its foot, and nobody may be "
    "near it."
)
_SAID = "read what is asked for, and press the knob to let the axes move"

ENTER = (
    Cause("it was not allowed at the gun", "run the command again, and press the gun's knob",
          ("not_allowed",)),
    Cause("the key is another gun's", "name this gun's: --key FILE", ("wrong_key",)),
    Cause("the gun holds no key", "give it one: mesogun flash --key FILE", ("no_key",)),
    Cause("a session is open on the gun", "end it at the gun, and pull it: mesogun pull",
          ("not_now",)),
    Cause("a syringe is seated", "take it out, with its needle", ("seated",)),
)  # fmt: skip
DRIVERS = faults.PARTS[PART_DRIVER][1]
HOME = (
    *faults.filled(faults.FAULTS[errors.HOME_NOT_FOUND], axis="axis"),
    Cause("the foot touches something", "lift the gun, or turn it over", ("bench_touched",)),
)
ENCODERS = faults.FAULTS[errors.CARRIAGE_LOST]
SPREAD = (
    Cause("the home switch's flag is loose, or light falls into the switch", "fasten the flag; "
          "shade the switch"),
    Cause("the axis has play, or the screw's nut is loose", "see to the nut and its screws"),
    Cause("the home switch sticks closed", "see to its plug and its flag", ("closed",)),
)  # fmt: skip
TRAVEL = (
    Cause("the {axis} loses steps on its way: it is stiff at one place, or something jams it",
          "move it by hand with the gun off and feel for the place", ("slips",)),
    *ENCODERS,
)  # fmt: skip
SPRING = (
    *faults.SPRING,
    Cause("the home switch closes late", "see to the switch's flag"),
)
LEFT = (Cause("it stopped on a fault as it started anew", "see which: mesogun selftest"),)
FREE_FORCE = (
    Cause("the plunger's screw drags, or its nut is tight", "grease the screw; loosen the nut"),
    Cause("the cell's cable is moved by the plunger", "see to the cable's way"),
)
SPEED = (
    Cause("the motor has too little torque at top speed: its supply gives way, or its current is "
          "set wrong", "use a supply of 24 V and 2.5 A; see to the drivers' plugs", ("slips",)),
    *TRAVEL,
)  # fmt: skip


def enter(case: Case) -> Finding:
    """Under the key, and by a press at the gun, into the state in which axes are moved."""
    if not case.moves:
        return not_done("they were not asked for: --moves --key FILE")
    if case.key is None:
        return not_done("they take the engineer's key: --key FILE")
    if case.gun.inputs().closed("seated"):
        return failed("a syringe is seated", "seated")
    if not case.front.agrees_to_move(_MOVED):
        return not_done("the engineer did not let the axes move")
    case.front.ask(_SAID)
    return ok("allowed at the gun") if case.enter() else failed(case.at_rest().state)


def drivers(case: Case) -> Finding:
    """Both drivers hold, and answer."""
    for axis in AXES:
        seen = case.bench.hold(AXES.index(axis))
        if seen.faulty & PART_DRIVER:
            low = seen.supply_mv < faults.SUPPLY_LEAST_MV
            return failed("a driver does not answer", "supply" if low else "")
    return ok("both answer and hold")


def home(case: Case) -> Finding:
    """Both axes find their switches."""
    seen = case.bench.home()
    missed = [axis.name for axis in AXES if not seen.closed(f"{axis.name}_home")]
    return judged(not missed, f"{' and '.join(missed)} not at home" if missed else "both at home")


def encoders(case: Case) -> Finding:
    """A short way out: encoders count what the motors step, and the home switches open. Not homed
    before: a homing ends where an encoder is silent, and tells nothing of the switch."""
    told: list[str] = []
    for number in (CARRIAGE, PLUNGER):
        seen = case.bench.move(number, _SHORT[number], _slow(number))
        found = _lost(seen, number, ENCODERS)
        if found:
            return found
        told.append(_way(seen, number))
    case.followed = True
    return ok("; ".join(told))


def repeat(case: Case) -> Finding:
    """Homing again and again: where each home switch opens, counted from the home just found."""
    places: tuple[list[int], list[int]] = ([], [])
    for _ in range(_HOMINGS):
        case.bench.home()
        for number in (CARRIAGE, PLUNGER):
            place_um = _opens_um(case, number)
            if place_um is None:
                axis = AXES[number].name
                return failed(f"the {axis}'s home switch stays closed on the way out", "closed")
            places[number].append(place_um)
    spreads = [max(found) - min(found) for found in places]
    seen = f"carriage within {spreads[0]} µm, plunger within {spreads[1]} µm, {_HOMINGS} times, "
    seen += f"each looked at every {_EDGE_UM} µm"
    return judged(max(spreads) <= SPREAD_UM, seen, carriage_um=spreads[0], plunger_um=spreads[1])


def _opens_um(case: Case, axis: int) -> int | None:
    for _ in range(_EDGE_LOOKS):
        seen = case.bench.move(axis, _EDGE_UM * 1000 // AXES[axis].step_nm, _slow(axis))
        if not seen.closed(f"{AXES[axis].name}_home"):
            return seen.steps[axis] * AXES[axis].step_nm // 1000
    return None


def travel(case: Case) -> Finding:
    """All the way and back, slowly."""
    case.bench.home()
    for number, steps in enumerate(_ways(case)):
        for way in (steps, -steps):
            found = _lost(case.bench.move(number, way, _slow(number)), number, TRAVEL)
            if found:
                return found
    seen = case.bench.read()
    return ok(f"{_ends(case)}, and back to {_way(seen, CARRIAGE)}, {_way(seen, PLUNGER)}")


def speed(case: Case) -> Finding:
    """There and back at top speed, some times."""
    case.bench.home()
    told: list[str] = []
    figures: dict[str, Figure] = {}
    for number, steps in enumerate(_ways(case)):
        stall = -1
        for _ in range(_RUNS):
            for way in (steps, -steps):
                seen = case.bench.move(number, way)
                found = _lost(seen, number, SPEED)
                if found:
                    return found
                stall = seen.stall[number] if stall < 0 else min(stall, seen.stall[number])
        axis = AXES[number]
        figures[f"{axis.name}_stall"] = stall
        top_mm_s = axis.speed_hz * axis.step_nm / 1e6
        guard = f", StallGuard {stall}" if stall >= 0 else ""
        told.append(f"{axis.name} {_RUNS} times at {top_mm_s:g} mm/s{guard}")
    return ok("no steps lost: " + "; ".join(told), **figures)


def force(case: Case) -> Finding:
    """What the force cell reads while the plunger pushes nothing."""
    case.bench.home()
    seen = case.bench.move(PLUNGER, _ways(case)[PLUNGER], AXES[PLUNGER].speed_hz // 2)
    case.bench.move(PLUNGER, -seen.steps[PLUNGER], _slow(PLUNGER))
    peak_mn = seen.peak_mn
    return judged(abs(peak_mn) <= FORCE_ZERO_MN and abs(seen.force_mn) <= FORCE_ZERO_MN,
                  f"{show('force_mn', seen.force_mn)}, {show('peak_mn', peak_mn)} at the most",
                  peak_mn=peak_mn)  # fmt: skip


def spring(case: Case) -> Finding:
    """From its furthest place the needle comes home by the spring alone."""
    case.bench.home()
    case.bench.move(CARRIAGE, AXES[CARRIAGE].travel_steps, _slow(CARRIAGE))
    took_ms = case.bench.release().ms
    return judged(took_ms <= SPRING_MS, f"{took_ms} ms", "slow", ms=took_ms)


def leave(case: Case) -> Finding:
    """The gun restarts, tests itself, homes, and is as it was."""
    case.leave()
    status = case.at_rest()
    return judged(status.state == "idle" and not status.trouble, status.state)


def _ways(case: Case) -> tuple[int, int]:
    """How far each axis can go from home, in steps."""
    if case.ways is None:
        empty_um = case.gun.record("calibration").get("empty_um", _PLUNGER_UM)
        plunger = empty_um * 1000 // AXES[PLUNGER].step_nm
        case.ways = AXES[CARRIAGE].travel_steps, plunger
    return case.ways


def _slow(axis: int) -> int:
    """A quarter of an axis's top speed, in steps/s."""
    return AXES[axis].speed_hz // 4


def _ends(case: Case) -> str:
    ways = _ways(case)
    return ", ".join(f"{axis.name} {ways[number] * axis.step_nm / 1e6:g} mm"
                     for number, axis in enumerate(AXES))  # fmt: skip


def _lost(seen: Seen, number: int, known: tuple[Cause, ...]) -> Finding | None:
    """What is told where an axis's encoder did not follow its steps; None where it did."""
    axis = AXES[number].name
    sign = followed(number, seen.steps[number], seen.counts[number])
    if not sign:
        return None
    # An axis whose switch stays closed has not left it: then it is no fault of its encoder.
    if sign == "dead" and seen.closed(f"{axis}_home"):
        sign = "slips"
    return because(_way(seen, number), faults.filled(ranked(known, sign), axis=axis))


def _way(seen: Seen, number: int) -> str:
    axis = AXES[number]
    stepped_um = seen.steps[number] * axis.step_nm // 1000
    counted_um = seen.counts[number] * axis.count_nm // 1000
    return f"{axis.name} {stepped_um} µm by steps, {counted_um} µm by its encoder"
