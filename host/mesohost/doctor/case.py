"""The gun that is looked at, and what the checks have learned of it so far."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mesohost.answers import Health, Hello, Seen, Status
from mesohost.bench import Bench
from mesohost.doctor.watched import WatchedPort
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.port import Port
from mesohost.troubles import GunRefused, NoAnswer, PortTrouble

# Homing takes the longest of a start.
_STARTS_MS = 60_000
_PAUSE_S = 0.2
_COMES_TO_REST = 10
# A restart takes 3 s, and the computer its time to see the port again.
_BACK = 60


class Front(Protocol):
    """Whoever talks with the engineer."""

    @property
    def hands(self) -> bool:
        """Whether somebody is at the gun who can press its switches."""
        ...

    def ask(self, text: str) -> None:
        """Say what somebody at the gun has to do now."""
        ...

    def agrees_to_move(self, text: str) -> bool:
        """Whether the engineer lets the axes move, told what will be moved."""
        ...


@dataclass
class Case:
    """One gun on one port. `clock` gives seconds for latencies; `moves`: the moving checks are
    wanted; `followed`: both encoders were seen to follow; `ways`: how far each axis can go, in
    steps. What checks learn is kept here for those
    after them."""

    open_port: Callable[[], Port]
    front: Front
    key: KeyFile | None = None
    moves: bool = False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    name: str = ""
    calibrating: bool = False
    _port: WatchedPort | None = None
    _gun: Gun | None = None
    hello: Hello | None = None
    health: Health | None = None
    followed: bool = False
    ways: tuple[int, int] | None = None

    @property
    def port(self) -> WatchedPort:
        """The open port; opened at the first use. Raises PortTrouble."""
        if self._port is None:
            self._port = WatchedPort(self.open_port())
        return self._port

    @property
    def gun(self) -> Gun:
        """The gun on it. Raises PortTrouble."""
        if self._gun is None:
            self._gun = Gun(self.port)
        return self._gun

    @property
    def bench(self) -> Bench:
        """The gun's axes, while it is in `calibrating`."""
        return self.gun.bench()

    @property
    def known(self) -> Hello:
        """Who answers. Raises NoAnswer, GunRefused, ProtocolMismatch, PortTrouble."""
        if self.hello is None:
            self.hello = self.gun.hello()
        return self.hello

    def at_rest(self) -> Status:
        """The gun's state once it has started: `idle`, `fault` or `calibrating`, or another one in
        which it waits for somebody. Raises NoAnswer where it does not come to rest."""
        status = first = self.gun.status()
        while status.state in ("boot", "self_test", "homing"):
            if status.at_ms - first.at_ms > _STARTS_MS:
                raise NoAnswer(
                    f"the gun has been in {status.state} for {_STARTS_MS // 1000} s",
                    ["lift it off whatever its foot touches", "read its screen"],
                )
            self.gun.wait(_PAUSE_S)
            status = self.gun.status()
        return status

    def seen(self) -> Seen:
        """What the gun's inputs show at rest. Raises GunRefused where it does not come to rest."""
        for _ in range(_COMES_TO_REST):
            try:
                return self.gun.inputs()
            except GunRefused:
                # Where a fault let go of the needle, the spring takes its time.
                self.gun.wait(_PAUSE_S)
        return self.gun.inputs()

    def enter(self) -> bool:
        """Have the axes moved by a host, under the key and by a press at the gun; whether the gun
        is in `calibrating` then. Raises GunRefused."""
        assert self.key is not None
        self.gun.keyed(self.key).calibrate()
        self.calibrating = self.at_rest().state == "calibrating"
        return self.calibrating

    def leave(self) -> None:
        """Leave `calibrating`, where the gun is in it: it restarts. Raises NoAnswer where it does
        not come back."""
        if not self.calibrating:
            return
        self.calibrating = False
        boot = self.known.boot
        try:
            with contextlib.suppress(NoAnswer, PortTrouble):
                self.bench.leave()
        except GunRefused:
            if self.gun.status().state == "fault":
                return  # which has ended it; no restart comes of it
        self.restarted(boot)

    def restarted(self, boot: int, tries: int = _BACK) -> Hello:
        """Wait until the gun answers after its start number `boot`. Raises NoAnswer where it does
        not."""
        for _ in range(tries):
            try:
                self.gun.wait(_PAUSE_S)
                hello = self.gun.hello()
            except NoAnswer:
                continue
            except PortTrouble:
                # A board that restarts takes its port along.
                self.sleep(_PAUSE_S)
                self.close()
                continue
            if hello.boot != boot:
                self.hello = hello
                return hello
        raise NoAnswer(
            "the gun does not come back after its restart",
            ["unplug it and plug it in, and read its screen", "see what answers: mesogun doctor"],
        )

    def close(self) -> None:
        """Give the port back; it is opened anew when it is used again."""
        if self._port:
            self._port.close()
        self._port = self._gun = None
