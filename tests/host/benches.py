"""What tests of the link share: virtual guns in this process, and a bare link with any handler."""

from collections.abc import Callable, Iterator
from typing import Any

from mesofw.core import errors, link, records
from mesohost.gun import Gun
from mesohost.program import Program
from mesohost.program.model import Limits, Product, Zone
from mesohost.troubles import PortTrouble
from mesosim.link import Faulty, LineFilter
from mesosim.port import WorldPort
from mesosim.world import World

IDLE_US = 30_000_000
WIDE = Limits(shot_nl=2_000_000, zone_nl=20_000_000, session_nl=20_000_000, needle_shots=16_000)


def idle_world(seed: int = 1) -> World:
    """A virtual gun that has homed and waits."""
    world = World(seed)
    world.run_for(IDLE_US)
    return world


def gun_of(world: World, faults: int = 0) -> Gun:
    """A host at the gun; with `faults` (a seed) over a link that spoils 40 % of all lines."""
    return Gun(WorldPort(world, _filter(faults), _filter(-faults)))


def _filter(seed: int) -> LineFilter | None:
    return Faulty(seed, 0.1, 0.1, 0.1, 0.1) if seed else None


def core_of(world: World) -> Any:
    """The firmware's own objects, to prepare and to look."""
    firmware: Any = world.firmware
    return firmware.gun


def add_records(world: World, count: int) -> None:
    """Let the gun log `count` more events."""
    core = core_of(world)
    for number in range(count):
        core.log(errors.EVENT_ALERT, number, 7)
        if core.journal.room() < 8:
            world.run_for(2_000_000)
    world.run_for(5_000_000)


def program(zones: int = 3, title: str = "Bench") -> Program:
    """A program that the gun takes, of about 190 bytes a zone."""
    product = Product(name="Saline", lot="S1", expiry=21990101, share_ppm=1_000_000)
    zone = Zone(
        name="abcdefghijklmnopqrstuvwx", mode="single", layer="intradermal", depth_um=2_000,
        volume_nl=10_000, shots=2, rate_per_min=60, flow_nl_s=50_000, dwell_ms=100,
        angle_deg=90, per_pull=0,
    )  # fmt: skip
    return Program(
        format=1, title=title, patient="P-1", syringe="3 mL", needle="30G", length_um=4_000,
        pins=1, viscosity_upa_s=1_000, purpose="treatment", hard=WIDE, soft=WIDE,
        products=(product,), zones=(zone,) * zones,
    )  # fmt: skip


class ScriptedPort:
    """A port that gives what `script` yields for each read; what is written is kept."""

    def __init__(self, script: Iterator[bytes]):
        self._script = script
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def read(self, timeout_s: float) -> bytes:  # noqa: ARG002
        return next(self._script, b"")

    def close(self) -> None:
        pass


class LinkPort:
    """A port to core's real link alone: `handle(name, arguments)` answers the requests."""

    link_bytes = 512

    def __init__(self, handle: Callable[[str, dict[str, Any]], dict[str, Any]]):
        self._in = b""
        self._out = b""
        self.restart(handle)

    def restart(self, handle: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
        """The gun starts anew: it knows of no session."""
        self.link = link.Link(self, handle, lambda _offset, _data: None)

    def link_read(self, buffer: bytearray) -> int:
        part, self._in = self._in[: len(buffer)], self._in[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def link_write(self, data: Any) -> int:
        self._out += bytes(data)
        return len(data)

    def write(self, data: bytes) -> None:
        self._in += data

    def read(self, timeout_s: float) -> bytes:  # noqa: ARG002
        while self._in and not self._out:
            self.link.step()
        out, self._out = self._out, b""
        return out

    def close(self) -> None:
        pass


class PowerCut:
    """A world's port that restarts the gun once, before the write that brings `after` bytes."""

    def __init__(self, world: World, after: int):
        self._port = WorldPort(world)
        self._left = after

    def write(self, data: bytes) -> None:
        if 0 <= self._left < len(data):
            world = self._port.world
            world.switch_off()
            world.run_for(100_000)
            world.switch_on()
            world.run_for(IDLE_US)
        self._left -= len(data)
        self._port.write(data)

    def read(self, timeout_s: float) -> bytes:
        return self._port.read(timeout_s)

    def close(self) -> None:
        pass


class Unplugged:
    """A port whose cable is pulled once `limit` bytes have come in."""

    def __init__(self, port: WorldPort, limit: int):
        self._port = port
        self._left = limit

    def write(self, data: bytes) -> None:
        self._port.write(data)

    def read(self, timeout_s: float) -> bytes:
        data = self._port.read(timeout_s)
        self._left -= len(data)
        if self._left < 0:
            raise PortTrouble("the connection is lost")
        return data

    def close(self) -> None:
        pass


def chained(count: int, boot: int = 1) -> list[bytes]:
    """`count` whole records from number 1 on, made and chained by core."""
    raws: list[bytes] = []
    before = bytes(records.CHAIN_BYTES)
    for number in range(1, count + 1):
        record = records.Record()
        record.number, record.boot, record.kind = number, boot, records.EVENT
        record.code, record.at_ms, record.a = errors.EVENT_ALERT, 1_000 * number, number
        buffer = bytearray(records.RECORD_BYTES)
        records.pack_intent(buffer, record, before)
        records.pack_result(buffer, record)
        raws.append(bytes(buffer))
        before = records.digest(buffer)
    return raws
