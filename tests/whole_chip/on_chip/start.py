"""Runs on the chip: the firmware from reset to the end of its self-test, and the heap that is left.

All modules are those of the gun, the board's too; the board itself lives in memory (no pins, no
drivers, no journal memory), and no program is stored. The first code after a reset, or the time
means nothing.
"""

import gc
import time

from mesofw.board import main as loop
from mesofw.core import states
from mesofw.core.gun import Gun

STEPS_MOST = 10_000


def main():
    """Prints µs since reset when the modules are there and when the self-test has passed, free
    heap in bytes at both times, then what the board in memory takes of it."""
    read_us = time.ticks_us()
    gc.threshold(-1)
    gc.collect()
    read_free_b = gc.mem_free()
    from tests.core.support.board import MemoryBoard

    board = MemoryBoard()
    gc.collect()
    board_b = read_free_b - gc.mem_free()
    began_us = time.ticks_us()
    gun = Gun(board, began_us)
    for _ in range(STEPS_MOST):
        if gun.state not in (states.BOOT, states.SELF_TEST):
            break
        gun.step(time.ticks_us())
    gun_us = time.ticks_diff(time.ticks_us(), began_us)
    gc.collect()
    free_b = gc.mem_free()
    assert loop.start
    print(read_us, read_us + gun_us, read_free_b, free_b, board_b)
    print(states.STATES[gun.state], board.errors)
