"""The board interface for firmware in a process of its own.

Inputs come with each step's message; what the firmware does goes back with the answer.
"""

import gc
import io
import struct
import sys

from mesosim.target import message

_FIRED = message.INPUTS.index("fired")
_STALL = message.INPUTS.index("stall_0")
_SAMPLED = message.INPUTS[message.FIRST_SAMPLED :]


class RemoteBoard:
    """One board that does what `duties.Board` describes. `take` a message's numbers and bytes, step
    the gun, then `ops` is what it did."""

    link_bytes = message.LINK_BYTES
    hardware_verified = False
    fired_before = False

    def __init__(self, board_id, build, fram, files, fram_bytes):
        self.board_id = board_id
        self.build = build
        self.fram_bytes = fram_bytes
        self.fram_read = fram.read
        self.fram_write = fram.write
        self.open = files.open
        self.remove = files.remove
        self.files = files.list
        self.free_bytes = files.free_bytes
        self.ops = bytearray()
        self._numbers = None
        self._link = memoryview(b"")
        self._room = 0
        self._fired = False
        self._first = []

    def take(self, numbers, link):
        """The inputs of this step (as `message.INPUTS`) and the bytes that came from the host."""
        self._numbers = numbers
        self._link = link
        self._room = numbers[2]
        self._fired = bool(numbers[_FIRED])
        self.ops = bytearray()

    def _do(self, operation, payload=b""):
        self.ops.extend(struct.pack("<BH", operation, len(payload)))
        self.ops.extend(payload)

    def sample(self, inputs):
        numbers = self._numbers
        at = message.FIRST_SAMPLED
        for name in _SAMPLED:
            setattr(inputs, name, numbers[at])
            at += 1

    def motion_load(self, segments, phases, count):
        payload = bytearray()
        self._fired = False
        self._first = [phases[index].first for index in range(count)]
        for index in range(count):
            phase = phases[index]
            payload.extend(struct.pack(message.LEG, phase.axis, phase.direction, phase.count))
            for row in range(phase.first, phase.first + phase.count):
                pair = struct.pack(
                    message.SEGMENT, segments.data[2 * row], segments.data[2 * row + 1]
                )
                payload.extend(pair)
        self._do(message.OP_LOAD, bytes(payload))

    def motion_patch(self, phase, segment, pulses):
        place = segment - self._first[phase]
        self._do(message.OP_PATCH, struct.pack(message.PATCH, phase, place, pulses))

    def motion_start(self):
        self._fired = False
        self._do(message.OP_START)

    def motion_arm(self):
        self._fired = False
        self._do(message.OP_ARM)

    def motion_disarm(self):
        """No time passes in a step: what has started had done so when the message came."""
        self._do(message.OP_DISARM)
        return self._fired

    def motion_stop(self):
        self._do(message.OP_STOP)

    def motors(self, carriage, plunger):
        self._do(message.OP_MOTORS, struct.pack("<BB", carriage, plunger))

    def zero(self, axis):
        self._do(message.OP_ZERO, struct.pack("<B", axis))

    def force_watch(self, limit_mn):
        self._do(message.OP_WATCH, struct.pack("<I", limit_mn))

    def free_heap(self):
        gc.collect()
        return gc.mem_free()  # pyright: ignore[reportAttributeAccessIssue]

    def link_read(self, buffer):
        count = min(len(self._link), len(buffer))
        buffer[:count] = self._link[:count]
        self._link = self._link[count:]
        return count

    def link_write(self, data):
        count = min(len(data), self._room)
        if count:
            self._room -= count
            self._do(message.OP_LINK, data[:count])
        return count

    def show(self, lines):
        self._do(message.OP_SHOW, "\n".join(lines).encode())

    def signal(self, light, sound):
        self._do(message.OP_SIGNAL, struct.pack("<BB", light, sound))

    def service(self):
        self._do(message.OP_SERVICE)

    def restart(self):
        self._do(message.OP_RESTART)

    def stall(self, axis):
        self._do(message.OP_STALL, struct.pack("<B", axis))
        return self._numbers[_STALL + axis]

    def rest(self):
        gc.collect()

    def feed(self):
        self._do(message.OP_FEED)

    def report(self, error):
        gc.collect()
        text = io.StringIO()
        sys.print_exception(error, text)  # pyright: ignore[reportAttributeAccessIssue]
        self._do(message.OP_REPORT, text.getvalue().encode())
