"""How the journal memory is divided: counters that outlive power in two slots, then the ring."""

import struct

from mesofw.core.slots import FramSlots

_FORMAT = "<HHI16sI"  # boots, spare, acknowledged record, paired archive, latest clock
_SIZE = struct.calcsize(_FORMAT)


class Memory:
    """The counters: `boot` (wraps at 65,535), `acknowledged` record number, `archive` (16 bytes,
    all zero while no archive is paired), `latest_s` (the Unix time that the clock was last set
    to)."""

    def __init__(self, board):
        self._slots = FramSlots(board, 0, _SIZE)
        self.ring_address = 128
        boot, _, acknowledged, archive, latest_s = struct.unpack(_FORMAT, self._slots.payload)
        self.boot = boot
        self.acknowledged = acknowledged
        self.archive = archive
        self.latest_s = latest_s
        self.state = self._slots.state

    def _store(self) -> None:
        struct.pack_into(
            _FORMAT, self._slots.payload, 0, self.boot, 0, self.acknowledged, self.archive,
            self.latest_s,
        )  # fmt: skip
        self._slots.store()

    def count_boot(self) -> None:
        """One more start."""
        self.boot = self.boot % 65_535 + 1
        self._store()

    def acknowledge(self, number: int, archive: bytes) -> None:
        """The archive holds all records up to `number`; the first archive to say so is paired."""
        self.acknowledged = max(number, self.acknowledged)
        self.archive = archive
        self._store()

    def note_clock(self, unix_s: int) -> None:
        """The clock was set to `unix_s`."""
        self.latest_s = unix_s
        self._store()
