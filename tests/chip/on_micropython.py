"""Runs on MicroPython: the pulses and their witness on memory in place of registers.

Prints the words of a shot, then what was allocated by each thing that is done while shots go on.
"""

import gc
from array import array

import uctypes

from mesofw.board.chip import Chip
from mesofw.board.pulses import Pulses
from mesofw.board.witness import Witness
from mesofw.core.shot import Timetable, plan
from tests.core.support.program import aimed, fit_of


class Memory(Chip):
    """A chip whose registers are plain memory; a state machine's FIFOs are always empty."""

    def __init__(self):
        self._held = {}

    def window(self, address, count):
        if address not in self._held:
            self._held[address] = array("I", bytes(4 * count))
        return super().window(uctypes.addressof(self._held[address]), count)


chip = Memory()
pulses = Pulses(chip)
witness = Witness(chip)
table = Timetable()
plan(table, aimed(fit_of(), 49))
pulses.load(table.segments, table.phases, table.count)
print(list(pulses._halves))
count = table.segments.data[2 * table.cruise] + 1


def patch():
    pulses.patch(table.cruise, count)


def read():
    return witness.steps[0].read() + witness.counts[1].read()


for action in (patch, pulses.start, pulses.phases_done, read, pulses.stop, pulses.intact):
    action()
    gc.collect()
    before = gc.mem_alloc()  # pyright: ignore[reportAttributeAccessIssue]
    for _ in range(10):
        action()
    print(gc.mem_alloc() - before)  # pyright: ignore[reportAttributeAccessIssue]
