"""The virtual gun on the pins of an emulated Pico: the firmware as the world runs it.

The chip and the plant go on by turns, in slices of time within which nothing that the chip sees
changes but its encoders, whose counts are known ahead. What the chip does on its pins happens to
the plant at that very microsecond, so both are always at one time, at most a slice ahead of the
world's. The gun's boot is no part of the world's time: the plant rests meanwhile.
"""

import base64
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from mesofw.core.clock import WRAP_US
from mesosim.board import SimBoard
from mesosim.firmware import Start, View
from mesosim.motor import Leg
from mesosim.world import START_US, STEP_US
from tests.whole_chip import panel, stream_words, watching
from tests.whole_chip.levels import Broken, Levels
from tests.whole_chip.pulses import Pulses

MOVING_US, RESTING_US = 400, 1_000
BOOT_US = 15_000_000
_BOOT_SLICE_US = 20_000
_PLUNGER_OFF = 1 << 4


class Emulator(Protocol):
    """The emulated chip as its bench asks it."""

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """An operation of the protocol, and its answer."""
        ...


class NotBooted(Exception):
    """The gun's loop did not begin; says what came over the USB serial port instead."""


class GunOnPins:
    """One life of the firmware, from power on to power off, on an emulated chip."""

    def __init__(
        self, board: SimBoard, chip: Emulator, font: dict[bytes, str], broken: Broken,
        watched: bool = True,
    ):  # fmt: skip
        self.chip = chip
        self.view = View()
        self.watched = watching.Watched()
        self.pulses = Pulses()
        self.resets = 0
        # All STEP edges from when this is made a list: (ns, axis, level of DIR).
        self.edges: list[Sequence[float]] | None = None
        self.now_ns = 0.0
        self.broken = broken
        self.levels = Levels(board.plant, broken)
        self._board = board
        self._plant = board.plant
        self._font = font
        self._lamp, self._sounder = panel.Lamp(), panel.Sounder()
        self._legs: dict[tuple[tuple[int, ...], ...], tuple[int, list[Leg]]] = {}
        self._said = bytearray()
        self._zero_us = 0.0
        self._address = 0
        self._is_watched = watched
        self._fed = 0
        self._boot()

    @property
    def state(self) -> int:
        """The state after the last step."""
        return self.view.state

    def _boot(self) -> None:
        """From reset to the loop; the plant does not move meanwhile."""
        # Off and on, whatever it was.
        self.chip.ask("power", on=False)
        self.chip.ask("power", on=True)
        self._answer(self.chip.ask("run", for_us=1, **self.levels.changed()), boots=True)
        began_ns, fed = self.now_ns, self._fed
        while not (self._address or (self._fed > fed and not self._is_watched)):
            if self.now_ns - began_ns > BOOT_US * 1000:
                raise NotBooted(self._said.decode(errors="replace"))
            # What the chip does with its outputs before its loop runs counts too.
            answer = self.chip.ask("run", for_us=_BOOT_SLICE_US, **self.levels.changed())
            self._answer(answer, boots=True)
            if self._is_watched:
                self._listen()
        self._zero_us = self.now_ns / 1000 - self._plant.now_us
        self._look()

    def _listen(self) -> None:
        """Until the loop tells where to look, its lines are no part of the link."""
        found = watching.SAID.search(self._said)
        if found:
            self._address = int(found[1], 16)
            del self._said[: found.end()]

    def step(self, now_us: int) -> int:
        """Go on by a slice, or say by how much the chip is ahead."""
        plant = self._plant
        ahead_us = START_US + plant.now_us - now_us & WRAP_US - 1
        if ahead_us:
            return ahead_us
        began_us = plant.now_us
        # The world's own next event is no sooner than this.
        while plant.now_us < began_us + STEP_US:
            self._slice()
        return plant.now_us - began_us

    def _slice(self) -> None:
        plant = self._plant
        back = plant.returning
        busy = plant.moving or (back is not None and back.end_us > plant.now_us)
        until_us = plant.now_us + (MOVING_US if busy else RESTING_US)
        coming_us = plant.next_us()
        if coming_us is not None:
            until_us = min(until_us, max(coming_us, plant.now_us + 1))
        inputs = self.levels.changed()
        waiting = self._board.to_gun
        if waiting:
            inputs["link"] = base64.b64encode(b"".join(waiting)).decode()
            waiting.clear()
        for_us = math.ceil(until_us + self._zero_us - self.now_ns / 1000)
        if for_us > 0:
            counts = self.levels.counts(until_us)
            answer = self.chip.ask("run", for_us=for_us, counts=counts, **inputs)
            self._answer(answer)
        else:
            self.chip.ask("set", **inputs)
        plant.advance(max(plant.now_us + 1, round(self.now_ns / 1000 - self._zero_us)))
        self._show()
        self._look()

    def _answer(self, answer: dict[str, Any], boots: bool = False) -> None:
        """What the chip did, in the order in which it did it."""
        plant = self._plant
        self.now_ns = answer["now_ns"]
        if not boots:
            plant.advance(round(self.now_ns / 1000 - self._zero_us))
        came: Sequence[Sequence[float]] = answer.get("edges") or ()
        if self.edges is not None:
            self.edges += came
        self.pulses.take(came, self.now_ns)
        why = answer.get("why")
        if why in ("stop", "reset"):
            self.pulses.stop()
            plant.motion_stop()
        if "began" in answer:
            self._begin(answer["began"])
        lines = answer.get("lines_out")
        if lines is not None:
            self._outputs(answer["carriage_off"], lines)
        if answer.get("link"):
            self._said += base64.b64decode(answer["link"])
        if answer.get("screen"):
            plant.screen = panel.read(base64.b64decode(answer["screen"]), self._font)
        self.resets = answer.get("resets", self.resets)
        if answer["fed"] != self._fed:
            self._fed = answer["fed"]
            plant.fed_us = plant.now_us
        if not boots:
            self._hear()

    def _begin(self, began: dict[str, Any]) -> None:
        words = tuple(tuple(stream) for stream in began["words"])
        if words not in self._legs:
            self._legs[words] = stream_words.legs(words)
        begin, legs = self._legs[words]
        self._plant.motion_load(legs)
        self._plant.motion_start()
        self.pulses.begin(began["ns"], begin, legs)

    def _outputs(self, carriage_off: int, lines: int) -> None:
        plant = self._plant
        on = [not carriage_off, not lines & _PLUNGER_OFF]
        if on != plant.drivers.on:
            plant.motors(*on)
        self._lamp.take(lines, plant.now_us)
        self._sounder.take(lines, plant.now_us)

    def _show(self) -> None:
        now_us = self._plant.now_us
        self._plant.light = self._lamp.shows(now_us)
        self._plant.sound = self._sounder.sounds(now_us)

    def _hear(self) -> None:
        """Bytes to the host; a traceback among them is the firmware's own error."""
        said, self._said = self._said, bytearray()
        self._board.to_host += said
        if b"Traceback" in said or b"Error:" in said:
            self._board.errors.append(said.decode(errors="replace"))

    def _look(self) -> None:
        """What the loop on the chip notes after each step; nothing where nobody notes it."""
        if not self._is_watched:
            return
        answer = self.chip.ask("peek", address=self._address, count=watching.BYTES)
        numbers = struct.unpack(watching.FORMAT, base64.b64decode(answer["data"]))
        self.watched = watching.Watched(*numbers)
        seen = self.watched
        for name in View.__dataclass_fields__:
            setattr(self.view, name, getattr(seen, name))

    def note_address(self, name: str) -> int:
        """Where the chip's memory holds one of the loop's notes."""
        return self._address + 4 * watching.NAMES.index(name)

    def close(self) -> None:
        """Power off."""
        self.chip.ask("power", on=False)


def on_pins(
    chip: Emulator, font: dict[bytes, str], broken: Broken | None = None,
    made: Callable[[GunOnPins], None] | None = None, watched: bool = True,
) -> Start:  # fmt: skip
    """How a world starts its firmware on an emulated chip whose flash holds it; `made` is given
    each life of it. `watched` is whether the chip's `main` is the one that is."""
    spoilt = broken or Broken()

    def start(board: SimBoard, now_us: int, records: dict[str, bytes]) -> GunOnPins:
        del now_us, records  # the chip has a clock of its own, and the records in its flash
        gun = GunOnPins(board, chip, font, spoilt, watched)
        if made:
            made(gun)
        return gun

    return start
