"""A board that lives in memory: journal memory, files, link and inputs, on both Pythons.

It keeps what `duties.Board` promises. Files behave as littlefs does: what was written is there
after `close`. `power` may be given a budget of bytes; the write that would pass it leaves a prefix
(journal memory) or nothing (a file) and raises PowerLost.
"""

from mesofw.core.door import Inputs

ENOENT, EIO, ENOSPC = 2, 5, 28
FLASH_BYTES = 1_441_792
BLOCK_BYTES = 4096


class PowerLost(BaseException):
    """The supply went away; nothing in the firmware catches it."""


class Power:
    """`budget` is how many bytes may still be written; None for no end. `spent` counts them."""

    def __init__(self):
        self.budget = None
        self.spent = 0

    def spend(self, count):
        """How many of `count` bytes are still written."""
        if self.budget is not None:
            count = min(count, self.budget)
            self.budget -= count
        self.spent += count
        return count


class File:
    """An open file. What is written to it is kept apart until `close` puts it into the held one."""

    def __init__(self, board, name, mode):
        self._board = board
        self._name = name
        self._data = bytearray() if mode == "wb" else board.held[name]
        self._writable = mode != "rb"
        self._pieces = []
        self._written = 0
        self._at = len(self._data) if mode == "ab" else 0

    def seek(self, offset):
        self._at = offset

    def readinto(self, buffer):
        count = max(0, min(len(buffer), len(self._data) - self._at))
        buffer[:count] = self._data[self._at : self._at + count]
        self._at += count
        return count

    def write(self, data):
        self._pieces.append((self._at, bytes(data)))
        self._at += len(data)
        self._written += len(data)
        return len(data)

    def close(self):
        if not self._writable:
            return
        self._writable = False
        board = self._board
        if board.power.spend(self._written) < self._written:
            raise PowerLost
        if board.flash_fails:
            raise OSError(EIO)
        if board.free_bytes() < self._written:
            raise OSError(ENOSPC)
        held = self._data
        if not isinstance(held, bytearray):
            held = bytearray(held)
        for at, piece in self._pieces:
            if at > len(held):
                held.extend(bytes(at - len(held)))
            if at == len(held):
                held.extend(piece)
            else:
                held[at : at + len(piece)] = piece
        board.held[self._name] = held


class MemoryBoard:
    """`now` is what the next `sample` gives; the lists tell what the gun did."""

    hardware_verified = False

    def __init__(self, fram_bytes=2048, link_bytes=512):
        self.board_id = "5157000000000007"
        self.build = "00c0ffee00c0ffee"
        self.fired_before = False
        self.fram_bytes = fram_bytes
        self.link_bytes = link_bytes
        self.fram = bytearray(fram_bytes)
        self.fram_dead = False
        self.held = {}
        self.flash_fails = False
        self.flash_bytes = FLASH_BYTES
        self.power = Power()
        self.now = Inputs()
        self.now.supply_mv = 24_000
        self.now.temperature_dc = 250
        self.to_gun = bytearray()
        self.to_host = bytearray()
        self.host_room = None
        self.screen = []
        self.light = self.sound = 0
        self.signs = []
        self.fed = 0
        self.rested = 0
        self.serviced = 0
        self.restarted = 0
        self.stalls = [-1, -1]
        self.errors = []
        self.did = []

    def memory(self):
        """All that outlives the power, to `restore` later."""
        return bytes(self.fram), {name: bytes(self.held[name]) for name in self.held}

    def restore(self, memory):
        """Memory and files as they were, and power without end."""
        self.fram[:] = memory[0]
        self.held = dict(memory[1])
        self.power.budget = None

    def sample(self, inputs):
        now = self.now
        for name in INPUT_NAMES:
            setattr(inputs, name, getattr(now, name))

    def motion_load(self, segments, phases, count):
        self.did.append(("load", count))

    def motion_patch(self, phase, segment, pulses):
        self.did.append(("patch", phase, segment, pulses))

    def motion_start(self):
        self.did.append(("start",))

    def motion_arm(self):
        self.did.append(("arm",))

    def motion_disarm(self):
        self.did.append(("disarm",))
        return bool(self.now.fired)

    def motion_stop(self):
        self.did.append(("stop",))

    def motors(self, carriage, plunger):
        self.did.append(("motors", carriage, plunger))

    def zero(self, axis):
        self.did.append(("zero", axis))

    def force_watch(self, limit_mn):
        self.did.append(("watch", limit_mn))

    def fram_read(self, address, buffer):
        if not 0 <= address <= self.fram_bytes - len(buffer):
            raise ValueError("outside the journal memory")
        buffer[:] = self.fram[address : address + len(buffer)]

    def fram_write(self, address, data):
        if not 0 <= address <= self.fram_bytes - len(data):
            raise ValueError("outside the journal memory")
        if self.fram_dead:
            return
        kept = self.power.spend(len(data))
        self.fram[address : address + kept] = data[:kept]
        if kept < len(data):
            raise PowerLost

    def open(self, name, mode):
        if mode in ("rb", "r+b"):
            if name not in self.held:
                raise OSError(ENOENT)
        elif self.flash_fails:
            raise OSError(EIO)
        elif name not in self.held:
            # The entry of a new file is there at once, its content with `close`.
            self.held[name] = b""
        return File(self, name, mode)

    def remove(self, name):
        if name not in self.held:
            raise OSError(ENOENT)
        del self.held[name]

    def files(self):
        return [(name, len(self.held[name])) for name in self.held]

    def free_bytes(self):
        used = sum(-(-len(data) // BLOCK_BYTES) * BLOCK_BYTES for data in self.held.values())
        return self.flash_bytes - used

    def free_heap(self):
        return 0

    def link_read(self, buffer):
        count = min(len(buffer), self.link_bytes, len(self.to_gun))
        buffer[:count] = self.to_gun[:count]
        self.to_gun = self.to_gun[count:]
        return count

    def link_write(self, data):
        count = len(data) if self.host_room is None else min(len(data), self.host_room)
        if self.host_room is not None:
            self.host_room -= count
        self.to_host.extend(data[:count])
        return count

    def show(self, lines):
        self.screen = lines

    def signal(self, light, sound):
        self.light, self.sound = light, sound
        self.signs.append((light, sound))

    def report(self, error):
        if len(self.errors) < 3:
            self.errors.append(repr(error))

    def service(self):
        self.serviced += 1

    def restart(self):
        self.restarted += 1

    def stall(self, axis):
        return self.stalls[axis]

    def rest(self):
        self.rested += 1

    def feed(self):
        self.fed += 1


INPUT_NAMES = (
    "trigger",
    "pedal",
    "press",
    "turns",
    "contact",
    "seated",
    "stop",
    "carriage_home",
    "plunger_home",
    "carriage_steps",
    "plunger_steps",
    "carriage_counts",
    "plunger_counts",
    "phases_done",
    "force_mn",
    "force_peak_mn",
    "supply_mv",
    "temperature_dc",
    "faulty",
    "fired",
)
