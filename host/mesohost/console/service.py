"""The gun's link, in one thread that alone talks to the gun; pages read what it knows.

It opens the port, asks the gun again and again what it does, does what pages ask for in between,
and opens the port anew after it was lost. The gun needs none of this to go on safely.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import msgspec

from mesohost.answers import Hello, ProgramInfo, Shown
from mesohost.gun import Gun
from mesohost.troubles import GunRefused, NoAnswer, PortTrouble, ProtocolMismatch, Trouble

# So often the gun is asked; half of this is how late the page is on average.
LOOK_S = 0.1
AGAIN_S = 1.0
# So soon the log is tried again that could not be brought.
IDLE_AGAIN_S = 10.0
_STOP_S = 5.0
_LINK = (PortTrouble, NoAnswer, ProtocolMismatch)
_Result = TypeVar("_Result")
Job = Callable[[Gun], _Result]
Listener = Callable[[], None]


class Live(msgspec.Struct, frozen=True):
    """What is known of the gun. `lost` says why there is no link, and is empty while there is one;
    then `hello`, `status` and `program` are what was known last. `asked_s` is when the status was
    asked for, on the monotonic clock."""

    lost: str = ""
    hello: Hello | None = None
    status: Shown | None = None
    program: ProgramInfo | None = None
    asked_s: float = 0.0
    working: bool = False

    @property
    def linked(self) -> bool:
        """Whether the gun answers."""
        return self.hello is not None and not self.lost


class NotLinked(Trouble):
    """What was asked for needs a gun that answers."""


class GunService:
    """The one task that talks to the gun. `opened` gives a gun that is open, or raises Trouble.

    `idled(gun)` is called in the service's thread when a link was made and when a session has
    ended: then the gun has time for its log. It says whether it did all that it had to; where it
    did not, it is called again later, when no session is open. `now_s` is a monotonic clock.
    """

    def __init__(
        self,
        opened: Callable[[], Gun],
        idled: Job[bool] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ):
        self._opened = opened
        self._idled = idled
        self._now_s = now_s
        self._idle_at_s: float | None = None
        self._live = Live(lost="…")
        self._jobs: queue.SimpleQueue[tuple[Job[Any], Future[Any]]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gun", daemon=True)
        self._listeners: list[Listener] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def live(self) -> Live:
        """What is known now."""
        return self._live

    def start(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Begin; listeners are then called in `loop`."""
        self._loop = loop
        self._thread.start()

    def stop(self) -> None:
        """Give the port back; may be called again."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called in the loop after each change; gives what ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return leave

    def submit(self, job: Job[_Result]) -> Future[_Result]:
        """Have a job done with the gun, after those before it. The future raises NotLinked, and
        what the job raises."""
        future: Future[_Result] = Future()
        self._jobs.put((job, future))
        self._woken.set()
        return future

    async def do(self, job: Job[_Result]) -> _Result:
        """The same, awaited."""
        return await asyncio.wrap_future(self.submit(job))

    def _run(self) -> None:
        gun: Gun | None = None
        while not self._stopping.is_set():
            if gun is None:
                gun = self._open()
                if gun is None:
                    self._refuse_jobs()
                    self._rest(AGAIN_S)
                    continue
            try:
                self._work(gun)
                self._look(gun)
            except Trouble as trouble:
                self._lose(gun, trouble)
                gun = None
                continue
            self._rest(LOOK_S)
        if gun:
            gun.close()

    def _open(self) -> Gun | None:
        gun = None
        try:
            gun = self._opened()
            hello = gun.hello()
            self._publish(Live(hello=hello, status=gun.shown(), program=gun.program(),
                               asked_s=time.monotonic()))  # fmt: skip
            self._idle(gun)
            return gun
        except Trouble as trouble:
            if gun:
                gun.close()
            self._publish(msgspec.structs.replace(self._live, lost=str(trouble), working=False))
            return None

    def _look(self, gun: Gun) -> None:
        asked_s = time.monotonic()
        before = self._live.status
        status = gun.shown()
        program = self._live.program
        told = program.sha256 if program else ""
        if not told.startswith(status.program) or bool(told) != bool(status.program):
            program = gun.program()
        hello = self._live.hello
        if before and status.at_ms < before.at_ms:
            hello = gun.hello()  # it was restarted
        self._publish(Live(hello=hello, status=status, program=program, asked_s=asked_s))
        ended = before is not None and before.open and not status.open
        again = self._idle_at_s is not None and self._now_s() >= self._idle_at_s
        if ended or (again and not status.open):
            self._idle(gun)

    def _idle(self, gun: Gun) -> None:
        try:
            done = self._idled is None or self._idled(gun)
        except GunRefused:
            done = False  # it is moving
        self._idle_at_s = None if done else self._now_s() + IDLE_AGAIN_S

    def _work(self, gun: Gun) -> None:
        while not self._jobs.empty():
            job, future = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            self._publish(msgspec.structs.replace(self._live, working=True))
            try:
                future.set_result(job(gun))
            except _LINK as trouble:
                future.set_exception(trouble)
                raise
            except Exception as error:
                future.set_exception(error)

    def _refuse_jobs(self) -> None:
        while not self._jobs.empty():
            _, future = self._jobs.get()
            if future.set_running_or_notify_cancel():
                future.set_exception(NotLinked(self._live.lost))

    def _lose(self, gun: Gun, trouble: Trouble) -> None:
        gun.close()
        self._publish(msgspec.structs.replace(self._live, lost=str(trouble), working=False))

    def _publish(self, live: Live) -> None:
        self._live = live
        if self._loop and self._listeners:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _rest(self, wait_s: float) -> None:
        self._woken.wait(wait_s)
        self._woken.clear()
