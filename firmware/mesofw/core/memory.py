"""How the journal memory is divided: counters that outlive power in two slots, then the ring."""

import struct

from mesofw.core.slots import FramSlots

_FORMAT = "<HHI16s"  # boots, spare, acknowledged record, paired archive
_SIZE = struct.calcsize(_FORMAT)


class Memory:
    """The counters: `boot` (wraps at 65,535), `acknowledged` record number, `archive` (16 bytes,
    all zero while no archive is paired)."""

    def __init__(self, board):
        self._slots = FramSlots(board, 0, _SIZE)
        self.ring_address = 128
        boot, _, acknowledged, archive = struct.unpack(_FORMAT, self._slots.payload)
        self.boot = boot
        self.acknowledged = acknowledged
        self.archive = archive
        self.state = self._slots.state

    def _store(self) -> None:
        struct.pack_into(
            _FORMAT, self._slots.payload, 0, self.boot, 0, self.acknowledged, self.archive
        )
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
