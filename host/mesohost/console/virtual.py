"""The virtual gun of training: a process of its own that serves the gun's link, and whose hands are
told by lines what to do.

Run as `python -m mesohost.console.virtual FOLDER PACE PORT`, port 0 for any free one. Lines
in are `program HEX` (what the operator has before him) and the steps of scenarios; lines out are
JSON objects: first the port's name, then after each step how it went. It ends with its standard
input.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from mesohost.console.training import Hand
from mesohost.troubles import PortTrouble, Trouble

_SEED = 1
_SLICE_S = 0.02
_START_S = 20.0


class VirtualGun:
    """The process, seen from the console. `said` is why hands could not do the last thing."""

    def __init__(self, folder: Path, pace: float):
        self._folder = folder
        self._pace = pace
        self._process: subprocess.Popen[str] | None = None
        self._port = ""
        self._there = threading.Event()
        self.said = ""
        self.busy = False

    def start(self) -> None:
        """Switch it on; what it had stored it still has. It comes up by itself: see `port`."""
        command = [sys.executable, "-m", "mesohost.console.virtual"]
        # Switched on again it is found where it was.
        number = self._port.rpartition(":")[2] or "0"
        process = subprocess.Popen(
            [*command, str(self._folder), str(self._pace), number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._process = process
        self._there.clear()
        self.said, self.busy = "", False
        threading.Thread(target=self._hear, args=(process,), daemon=True).start()

    @property
    def port(self) -> str:
        """The name to open, once it has come up. Raises Trouble where it does not."""
        if not self._there.wait(_START_S) or not self.on:
            raise PortTrouble("the virtual gun did not start", ["see what it said above"])
        return self._port

    @property
    def on(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process, for those who want to kill it; 0 where it never ran."""
        return self._process.pid if self._process else 0

    def program(self, text: bytes) -> None:
        """Lay a program before the operator whose hands these are."""
        self._say("program " + text.hex())

    def do(self, hand: Hand) -> None:
        """Have the hands do something; raises nothing where it cannot be done: see `said`."""
        self.busy, self.said = True, ""
        for step in hand.steps:
            self._say(step)
        self._say("done")

    def kill(self) -> None:
        """End it at once, as a cut of its power does."""
        if self._process:
            self._process.kill()
            self._process.wait(10)

    def stop(self) -> None:
        """Switch it off for good; may be called again."""
        process = self._process
        if process:
            _pipe(process.stdin).close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()

    def _say(self, line: str) -> None:
        if self._process:
            try:
                _pipe(self._process.stdin).write(line + "\n")
                _pipe(self._process.stdin).flush()
            except (OSError, ValueError):
                self.busy = False

    def _hear(self, process: "subprocess.Popen[str]") -> None:
        for line in _pipe(process.stdout):
            told: dict[str, Any] = json.loads(line)
            if "port" in told:
                self._port = str(told["port"])
                self._there.set()
            self.said = str(told.get("failed", self.said))
            self.busy = bool(told.get("busy", self.busy))
        self.busy = False
        self._there.set()
        self._there.set()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise Trouble("the virtual gun has no pipe")
    return pipe


def serve(folder: Path, pace: float, port: int) -> None:
    """Serve until the standard input ends."""
    from mesohost.cli.virtual import firmware_start
    from mesosim.link import Clear
    from mesosim.process import interpreter
    from mesosim.serve import Server, Tcp
    from mesosim.stage import Stage, StepFailed
    from mesosim.verbs import do
    from mesosim.world import World

    typed: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(typed,), daemon=True).start()
    with ExitStack() as stack:
        start = firmware_start(None, folder if interpreter() else None, stack)
        world = World(_SEED, start)
        stack.callback(world.switch_off)
        server = Server(world, Tcp(port), pace, Clear(), Clear())
        stack.callback(server.close)
        _tell(port=server.body.name)
        stage = Stage(world, None, lambda: None)
        while True:
            server.serve(_SLICE_S)
            while not typed.empty():
                line = typed.get()
                if line is None:
                    return
                if line.startswith("program "):
                    stage = Stage(world, bytes.fromhex(line[8:]), lambda: None)
                elif line == "done":
                    _tell(busy=False)
                else:
                    try:
                        do(stage, line)
                    except StepFailed as failed:
                        _tell(failed=str(failed))


def _tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def _read(typed: "queue.SimpleQueue[str | None]") -> None:
    for line in sys.stdin:
        typed.put(line.strip())
    # Hands may be at something long: the end of the console is the end of its training.
    typed.put(None)
    threading.Timer(_START_S, os._exit, (0,)).start()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
