"""Runs on the chip as its `main`: the production loop, and after each step of the gun a few numbers
in memory that the bench reads there.

Everything else is `mesofw.board.main.main`. Two are set from outside: with bit 0 of `asks` the
heap is measured from one shot to the next of the same zone, which takes its time; each step waits
for `late_us` between looking and acting.
"""

import gc
import time
from array import array

import uctypes

from mesofw.board import main as loop
from mesofw.core import states
from tests.whole_chip.on_chip.noted import NAMES

(
    _STEPS, _STEP, _STEP_MAX, _STEP_STATE, _WORDS, _HALVES, _TESTED, _ASKS, _ALLOC, _ALLOC_MAX,
    _ALLOC_SHOTS, _LATE,
) = range(8, len(NAMES))  # fmt: skip


def watch(gun, parts, notes):
    """Have the gun note what it is at after each step."""
    production = gun.step
    happens = gun.happen
    ticks_us = time.ticks_us
    ticks_diff = time.ticks_diff
    before = [0, 0]  # shots, bytes allocated
    notes[_WORDS] = parts.pulses._address
    notes[_HALVES] = len(parts.pulses._halves)

    def measure():
        shots = gun.session.shots
        if gun.state not in states.COUNTING:
            # What comes before a zone, as its plan does, is no shot's.
            before[0] = shots
            before[1] = 0
        elif shots != before[0]:
            allocated = gc.mem_alloc()
            if shots == before[0] + 1 and allocated >= before[1] > 0:
                grown = allocated - before[1]
                notes[_ALLOC] += grown
                notes[_ALLOC_SHOTS] += 1
                if grown > notes[_ALLOC_MAX]:
                    notes[_ALLOC_MAX] = grown
            before[0] = shots
            before[1] = gc.mem_alloc()

    def note():
        session = gun.session
        notes[1] = gun.trouble
        notes[2] = session.zone
        notes[3] = session.zone_left()
        notes[4] = session.shots
        notes[5] = session.given_nl
        notes[6] = gun.volume_left_nl()
        notes[7] = gun.journal.last
        # Last: whoever sees the new state sees what goes with it.
        notes[0] = gun.state

    def happen(event):
        # A step goes on for long after the state has changed: it draws.
        happened = happens(event)
        note()
        return happened

    def step(now_us):
        began_us = ticks_us()
        wait_us = production(now_us)
        took_us = ticks_diff(ticks_us(), began_us)
        note()
        notes[_STEPS] += 1
        notes[_STEP] = took_us
        if took_us > notes[_STEP_MAX]:
            notes[_STEP_MAX] = took_us
            notes[_STEP_STATE] = gun.state
        if not notes[_TESTED] and gun.state > states.SELF_TEST:
            notes[_TESTED] = ticks_us()
        if notes[_ASKS] & 1:
            measure()
        return wait_us

    linked = gun.link.step

    def link():
        linked()
        if notes[_LATE]:
            began_us = ticks_us()
            while ticks_diff(ticks_us(), began_us) < notes[_LATE]:
                pass

    gun.step = step
    gun.happen = happen
    gun.link.step = link


def main(watchdog_proven, bundle, in_force):
    """As `mesofw.board.main.main`, watched."""
    notes = array("i", bytes(4 * len(NAMES)))
    gun, board = loop.bring_up(watchdog_proven, bundle, in_force)
    watch(gun, board._parts, notes)
    print("noted at %08x" % uctypes.addressof(notes))
    while True:
        loop.turn(gun, board, time.ticks_us)
