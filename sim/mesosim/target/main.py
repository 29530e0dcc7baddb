"""Runs the firmware in a MicroPython process: one message in, one step, one message out.

Arguments: the gun's own folder, board id, build hash, and 1 where an armed shot had started when
the firmware ended by itself.
"""

import gc
import json
import sys
from array import array

import vfs

from mesofw.board.files import Files
from mesofw.core import aside, errors
from mesofw.core.gun import Gun
from mesofw.core.slots import FileSlots
from mesosim.target import message, storage
from mesosim.target.remote import RemoteBoard

FLASH = "/flash"


def provision(board, path):
    """Store what the workshop stored, once: `provision.json` holds each record's text by name."""
    try:
        with open(path) as file:
            stored = json.load(file)
    except OSError:
        return
    for name in stored:
        slots = FileSlots(board, name)
        if slots.state == errors.SLOT_EMPTY:
            slots.store(stored[name].encode())


def main():
    """Step by step until the world goes away."""
    folder, board_id, build, fired_before = sys.argv[1:5]
    power = storage.Power()
    fram = storage.Fram(folder + "/fram.bin", power)
    storage.mount(storage.Disk(folder + "/flash.bin", power), vfs, FLASH)
    board = RemoteBoard(board_id, build, fram, Files(FLASH), storage.FRAM_BYTES)
    board.fired_before = fired_before == "1"
    provision(board, folder + "/provision.json")
    into, out = sys.stdin.buffer, sys.stdout.buffer
    numbers = array("i", bytes(message.INPUT_BYTES))
    head = memoryview(numbers)
    link = bytearray(message.LINK_BYTES)
    answer = array("i", bytes(message.OUTPUT_BYTES))
    gun = None
    while into.readinto(head):  # pyright: ignore[reportAttributeAccessIssue]
        count = numbers[1]
        link_view = memoryview(link)[:count]
        if count:
            into.readinto(link_view)  # pyright: ignore[reportAttributeAccessIssue]
        power.budget = numbers[3]
        board.take(numbers, link_view)
        if gun is None:
            # What lasts is made on a heap without gaps.
            aside.read_once()
            gc.collect()
            gun = Gun(board, numbers[0])
            gc.collect()
        answer[0] = gun.step(numbers[0])
        if power.lost:
            sys.exit(message.EXIT_POWER_LOST)
        answer[1] = len(board.ops)
        session = gun.session
        answer[2] = gun.state
        answer[3] = gun.trouble
        answer[4] = session.zone
        answer[5] = session.zone_left()
        answer[6] = session.shots
        answer[7] = session.given_nl
        answer[8] = gun.volume_left_nl()
        answer[9] = gun.journal.last
        # In one piece, so that the world wakes up once.
        out.write(bytes(answer) + board.ops)


try:
    main()
except Exception as error:
    sys.print_exception(error, sys.stderr)  # pyright: ignore[reportAttributeAccessIssue]
    sys.exit(1)
