"""The board interface onto the virtual gun, for firmware that runs in this process."""

import traceback
from collections import deque
from typing import Any

from mesofw.core.door import Inputs, Phase
from mesofw.core.duties import Board
from mesofw.core.motion import Segments
from mesosim import senses
from mesosim.motor import Leg
from mesosim.plant import Plant
from mesosim.storage import FRAM_BYTES, File, Files, Fram, Power

LINK_BYTES = 4096
SERVICE, RESTART = "service", "restart"


class SimBoard(Board):
    """One board on one plant. `to_gun` and `to_host` are the two directions of its link."""

    link_bytes = LINK_BYTES
    fram_bytes = FRAM_BYTES
    hardware_verified = False
    fired_before = False

    def __init__(self, plant: Plant, power: Power, board_id: str, build: str):
        self.plant = plant
        self.board_id = board_id
        self.build = build
        self.power = power
        self.fram = Fram(power)
        self.flash = Files(power)
        self.to_gun: deque[bytes] = deque()
        self.to_host = bytearray()
        self.host_reads = True
        # What it has been told to leave for, once the link has sent what it has: "" for nothing.
        self.leaves_for = ""
        self.errors: list[str] = []
        self._first: list[int] = []

    def sample(self, inputs: Inputs) -> None:
        senses.sample(self.plant, inputs)

    def motion_load(self, segments: Segments, phases: list[Phase], count: int) -> None:
        data = segments.data
        legs: list[Leg] = []
        self._first = [phase.first for phase in phases[:count]]
        for phase in phases[:count]:
            rows = range(phase.first, phase.first + phase.count)
            pairs = [(data[2 * row], data[2 * row + 1]) for row in rows]
            legs.append(Leg(phase.axis, phase.direction, pairs))
        self.plant.motion_load(legs)

    def motion_patch(self, phase: int, segment: int, pulses: int) -> None:
        self.plant.motion_patch(phase, segment - self._first[phase], pulses)

    def motion_start(self) -> None:
        self.plant.motion_start()

    def motion_arm(self) -> None:
        self.plant.arming.arm()

    def motion_disarm(self) -> bool:
        return self.plant.arming.disarm()

    def motion_stop(self) -> None:
        self.plant.motion_stop()

    def motors(self, carriage: bool, plunger: bool) -> None:
        self.plant.motors(carriage, plunger)

    def zero(self, axis: int) -> None:
        self.plant.zero(axis)

    def force_watch(self, limit_mn: int) -> None:
        self.plant.force_watch(limit_mn)

    def fram_read(self, address: int, buffer: bytearray) -> None:
        self.fram.read(address, buffer)

    def fram_write(self, address: int, data: bytes) -> None:
        self.fram.write(address, data)

    def open(self, name: str, mode: str) -> File:
        return self.flash.open(name, mode)

    def remove(self, name: str) -> None:
        self.flash.remove(name)

    def files(self) -> list[tuple[str, int]]:
        return [(name, len(data)) for name, data in self.flash.held.items()]

    def free_bytes(self) -> int:
        return self.flash.free_bytes()

    def free_heap(self) -> int:
        return 0

    def link_read(self, buffer: bytearray) -> int:
        if not self.to_gun:
            return 0
        data = self.to_gun.popleft()
        part = data[: len(buffer)]
        if len(part) < len(data):
            self.to_gun.appendleft(data[len(part) :])
        buffer[: len(part)] = part
        return len(part)

    def link_write(self, data: Any) -> int:
        if not self.host_reads:
            return 0
        self.to_host += data
        return len(data)

    def show(self, lines: list[str]) -> None:
        self.plant.screen = lines

    def signal(self, light: int, sound: int) -> None:
        self.plant.light = light
        self.plant.sound = sound

    def report(self, error: Exception) -> None:
        self.errors.append("".join(traceback.format_exception(error)))

    def service(self) -> None:
        self.leaves_for = SERVICE

    def restart(self) -> None:
        self.leaves_for = RESTART

    def stall(self, axis: int) -> int:
        return self.plant.stalls.take(axis)

    def rest(self) -> None:
        """CPython tidies up by itself."""

    def feed(self) -> None:
        self.plant.fed_us = self.plant.now_us
