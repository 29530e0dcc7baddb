"""A plant by itself, without firmware: legs to run on it, and shots."""

import math

from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesosim.motor import Leg
from mesosim.plant import Plant
from mesosim.truth import Truth

TICK_HZ = 200_000_000
CARRIAGE_UM = 5.0
PLUNGER_UM = 0.25


def leg(axis, pulses, speed_hz, accel_hz_s, slices=12):
    """A trapezoid of `pulses` (signed): ramps cut into slices of as many pulses each."""
    count = abs(pulses)
    ramp = min(int(speed_hz**2 / (2 * accel_hz_s)), count // 2)
    speed_hz = min(speed_hz, math.sqrt(2 * accel_hz_s * ramp)) if ramp else speed_hz
    ends = sorted({round(ramp * part / slices) for part in range(1, slices + 1)} - {0})
    up, before = [], 0
    for end in ends:
        times = [math.sqrt(2 * place / accel_hz_s) for place in (before, end)]
        up.append((end - before, round((times[1] - times[0]) / (end - before) * TICK_HZ)))
        before = end
    even = [(count - 2 * ramp, round(TICK_HZ / speed_hz))] if count > 2 * ramp else []
    return Leg(axis, 1 if pulses > 0 else -1, [*up, *even, *reversed(up)])


def out(travel_um, speed_mm_s=150.0, accel_m_s2=5.0):
    """The carriage by so many nominal µm, signed."""
    pulses = round(travel_um / CARRIAGE_UM)
    return leg(CARRIAGE, pulses, speed_mm_s * 1000 / CARRIAGE_UM, accel_m_s2 * 1e6 / CARRIAGE_UM)


def press(travel_um, speed_um_s=2_000.0, accel_m_s2=2.0):
    """The plunger by so many nominal µm, signed."""
    pulses = round(travel_um / PLUNGER_UM)
    return leg(PLUNGER, pulses, speed_um_s / PLUNGER_UM, accel_m_s2 * 1e6 / PLUNGER_UM)


def wait(duration_us):
    """A pause."""
    return Leg(NEITHER, 1, [(0, duration_us * 200)])


def plant(seed=1, contact=1, syringe="1 mL", needle="30G", **more):
    """A gun with its motors on and a syringe whose stopper the pusher nearly touches."""
    gun = Plant(Truth.draw(seed))
    gun.motors(True)
    near_nl = (gun.truth.empty_um - gun.plunger_um() - 10.0) * area_mm2(syringe)
    gun.seat(syringe, min(near_nl, 0.9 * FULL_NL[syringe]), needle, 4_000, **more)
    gun.contact = contact
    gun.changed()
    return gun


FULL_NL = {"1 mL": 1e6, "3 mL": 3e6, "5 mL": 5e6, "10 mL": 1e7}
BORE_UM = {"1 mL": 4699, "3 mL": 8585, "5 mL": 11989, "10 mL": 14427}


def area_mm2(syringe):
    """The nominal bore's area, which is nl per µm."""
    return math.pi / 4 * (BORE_UM[syringe] / 1000) ** 2


def run(gun, *legs, rest_us=0, step_us=0):
    """Run legs to their end, and rest; in steps where asked."""
    gun.motion_load(list(legs))
    gun.motion_start()
    end_us = gun.now_us + sum(-(-one.ticks // 200) for one in legs) + 1
    to(gun, end_us + rest_us, step_us)


def to(gun, until_us, step_us=0):
    """Let time pass from event to event, or in steps."""
    while gun.now_us < until_us:
        event_us = gun.next_us() or until_us
        next_us = min(event_us, until_us)
        gun.advance(min(next_us, gun.now_us + step_us) if step_us else next_us)


def touch(gun):
    """Bring the pusher to the stopper and let it glide a little, then let the pressure fall."""
    gap_um = gun.cartridge.stopper.stands_um - gun.plunger_um()
    run(gun, press(gap_um + 100.0), rest_us=10_000_000)


def shot(dose_um=600.0, depth_um=2_000.0, dwell_us=200_000, back_um=20.0, foot_um=1_000.0):
    """The legs of a shot; the dispense makes the back-off up first."""
    travel_um = foot_um + depth_um
    return [
        out(travel_um), press(dose_um + back_um), wait(dwell_us), out(-travel_um),
        press(-back_um),
    ]  # fmt: skip
