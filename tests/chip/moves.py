"""Timetables for tests, and the edges that they ask for, worked out on their own."""

from collections.abc import Sequence

from mesofw.board import pins, registers, resources, stream
from mesofw.board.pulses import Pulses
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER, Phase
from mesofw.core.motion import Segments
from mesofw.core.shot import PHASES_MAX, SEGMENTS_MAX, Timetable, plan
from tests.chip.emulated import EmulatedChip
from tests.core.support.program import aimed, fit_of

STEP = {CARRIAGE: pins.CARRIAGE_STEP, PLUNGER: pins.PLUNGER_STEP}
DIR = {CARRIAGE: pins.CARRIAGE_DIR, PLUNGER: pins.PLUNGER_DIR}
# For what the end of a shot takes after its last edge, in cycles.
AFTER = 200

# Axis, direction, segments of (pulses, period in ticks).
Leg = tuple[int, int, Sequence[tuple[int, int]]]


def timetable(*legs: Leg) -> Timetable:
    """A timetable of these phases."""
    table = Timetable()
    table.segments = Segments(SEGMENTS_MAX)
    table.phases = [Phase() for _ in range(max(PHASES_MAX, len(legs)))]
    table.count = len(legs)
    for phase, (axis, direction, segments) in zip(table.phases, legs, strict=False):
        phase.axis = axis
        phase.direction = direction
        phase.first = table.segments.count
        phase.count = len(segments)
        phase.pulses = sum(pulses for pulses, _ in segments)
        for pulses, period in segments:
            table.segments.add(pulses, period)
    return table


def shot(**changes: object) -> Timetable:
    """A zone's shot as core plans it: advance, dispense, dwell, withdraw, back-off."""
    table = Timetable()
    plan(table, aimed(fit_of(), 49, **changes))
    return table


def asked(table: Timetable) -> tuple[dict[int, list[int]], list[int]]:
    """When each axis has its edges, and when each phase ends, in ticks from the start."""
    edges: dict[int, list[int]] = {CARRIAGE: [], PLUNGER: []}
    ends: list[int] = []
    at = 0
    data = table.segments.data
    for phase in table.phases[: table.count]:
        for segment in range(phase.first, phase.first + phase.count):
            pulses, period = data[2 * segment], data[2 * segment + 1]
            if phase.axis != NEITHER:
                edges[phase.axis] += range(at + period, at + period * pulses + 1, period)
            at += period * max(1, pulses)
        ends.append(at)
    return edges, ends


def begun(table: Timetable) -> tuple[EmulatedChip, Pulses]:
    """A chip on which this timetable has just been started."""
    chip = EmulatedChip()
    pulses = Pulses(chip)
    pulses.load(table.segments, table.phases, table.count)
    pulses.start()
    return chip, pulses


def whole(table: Timetable) -> tuple[EmulatedChip, Pulses]:
    """A chip on which this timetable has just been run to its end."""
    chip, pulses = begun(table)
    chip.run(asked(table)[1][-1] + AFTER)
    return chip, pulses


def errors(chip: EmulatedChip, table: Timetable, since: int = 0) -> list[int]:
    """How many cycles each edge is late since a cycle, the first one by 0; raises AssertionError
    where there are more or fewer."""
    edges, _ = asked(table)
    late: list[int] = []
    for axis in sorted(edges, key=lambda axis: edges[axis][:1] or [1 << 60]):
        seen = [cycle for cycle in chip.rises(STEP[axis]) if cycle >= since]
        assert len(seen) == len(edges[axis]), f"axis {axis}: {len(seen)} edges"
        late += [cycle - tick for cycle, tick in zip(seen, edges[axis], strict=True)]
    return [cycles - late[0] for cycles in late]


def at_once(chip: EmulatedChip, tables: dict[int, Timetable]) -> None:
    """Start a timetable on each axis in the same cycle; neither waits for the other."""
    Pulses(chip)
    block, dma = registers.Block(chip, resources.STEPPER[0]), registers.Dma(chip)
    channels = 0
    for axis, table in tables.items():
        written = stream.Stream(chip.halves(4 * SEGMENTS_MAX))
        unused = [0] * SEGMENTS_MAX
        stream.write(written, axis, table.segments, table.phases, table.count, unused, unused)
        number, machine, channel, _ = resources.PULSES[axis]
        to = block.address + 4 * (registers.TXF + machine)
        ctrl = registers.feed_ctrl(channel, number, machine)
        dma.set_up(channel, chip.address(written.halves), to, written.at // 2, ctrl)
        channels |= 1 << channel
    dma.start(channels)


def pulses_told(halves: Sequence[int]) -> int:
    """The pulses of all tokens of one stream in memory."""
    place = total = 0
    while place < len(halves):
        # Only a jump to slot 0, with or without a delay, begins a token.
        if halves[place] & 0xE0FF or halves[place + 1] == 0:
            place += 2
        else:
            total += halves[place + 1]
            place += 4
    return total
