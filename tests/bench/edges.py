"""Rows of the pulses' edges, on the PIO and DMA of an emulated RP2040.

The peer is a generator that takes the period for the wait of its loop: the same program, whose loop
takes 51 cycles besides the wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesofw.board.stream import PERIOD_LEAST, PERIOD_OVER
from mesofw.core.aim import Aim
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES, ramps
from mesofw.core.motion import AT_ONCE_TICKS, TICK_HZ, TICKS_PER_US
from mesofw.core.shot import ADVANCE, Timetable, plan
from tests.bench.moves import Move, Times
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row
from tests.chip import moves as chip_moves
from tests.chip.emulated import EmulatedChip
from tests.core.support.program import aimed, fit_of

_Which = NDArray[np.bool_]

_PEER = "loop overhead ignored"
_BACK_STEPS = 49
# As asked of a 3 mL syringe and 27G.
_ZONES: tuple[dict[str, object], ...] = (
    {},
    {"depth_um": 500, "volume_nl": 3_000},
    {"depth_um": 1_500, "volume_nl": 5_000, "flow_nl_s": 300_000},
    {"depth_um": 6_000, "volume_nl": 60_000, "rate_per_min": 30},
    {"depth_um": 4_000, "mode": "dry", "volume_nl": 0},
)


@dataclass(frozen=True)
class _Shot:
    """A shot, its aim, and its edges by axis in ticks: as the timetable asks, as they came, and as
    they came from the peer."""

    table: Timetable
    aim: Aim
    asked: dict[int, list[int]]
    ends: list[int]
    seen: dict[int, list[int]]
    peer: dict[int, list[int]]


def _shots(place: Place) -> list[_Shot]:
    del place
    shots: list[_Shot] = []
    for zone in _ZONES:
        aim = aimed(fit_of(), _BACK_STEPS, **zone)
        table = Timetable()
        plan(table, aim)
        asked, ends = chip_moves.asked(table)
        seen = _seen(table)
        data = table.segments.data
        for segment in range(table.segments.count):
            if data[2 * segment]:
                data[2 * segment + 1] += PERIOD_OVER
        peer = _seen(table)
        plan(table, aim)
        shots.append(_Shot(table, aim, asked, ends, seen, peer))
    return shots


def _seen(table: Timetable) -> dict[int, list[int]]:
    """The edges of a timetable on the emulated chip, the first one where the timetable has it."""
    chip, _ = chip_moves.whole(table)
    asked, _ = chip_moves.asked(table)
    rises = {axis: chip.rises(pin) for axis, pin in chip_moves.STEP.items()}
    late = rises[CARRIAGE][0] - asked[CARRIAGE][0]
    return {axis: [cycle - late for cycle in edges] for axis, edges in rises.items()}


def _furthest(edges: dict[int, list[int]], asked: dict[int, list[int]]) -> int:
    pairs = [pair for axis in asked for pair in zip(edges[axis], asked[axis], strict=True)]
    return max(abs(edge - tick) for edge, tick in pairs)


def edge_error_cycles(place: Place) -> list[Row]:
    """The largest distance of any edge from the timetable."""
    shots = place.once(_shots)
    worst = max(_furthest(shot.seen, shot.asked) for shot in shots)
    peer = max(_furthest(shot.peer, shot.asked) for shot in shots)
    edges = sum(len(axis) for shot in shots for axis in shot.asked.values())
    note = (
        f"{edges:,} edges of {len(shots)} whole shots, both axes, on rp2040py's PIO and DMA; as "
        "rp2040py comes, it lets a flag through 2 cycles early at each hand-over"
    )
    return [Row("edge_error_cycles", worst, "cycles", LOWER, 1, _PEER, peer, note)]


def edge_error_ideal_us(place: Place) -> list[Row]:
    """The largest distance of any edge from the ideal move, which is not cut into segments."""
    worst_us = peer_us = reach_us = share = even_us = 0.0
    for shot in place.once(_shots):
        for ideal_us, even, seen_us, peer in _legs(shot):
            off_us = np.abs(seen_us - ideal_us)
            periods_us = np.diff(seen_us, prepend=0)
            place_of = int(off_us.argmax())
            if off_us[place_of] > worst_us:
                worst_us, reach_us = float(off_us[place_of]), float(periods_us[place_of])
            share = max(share, float((off_us / periods_us).max()))
            even_us = max(even_us, float(off_us[even].max(initial=0)))
            peer_us = max(peer_us, float(np.abs(peer - ideal_us).max()))
    note = (
        f"to reach: the period of that pulse, a move's first; of its own period no edge is off by "
        f"more than {share:.2f}, and by {even_us:.1f} µs at even speed"
    )
    return [Row("edge_error_ideal_us", worst_us, "µs", LOWER, reach_us, _PEER, peer_us, note)]


def _legs(shot: _Shot) -> Iterator[tuple[Times, _Which, Times, Times]]:
    """For each moving phase, from its planned start on, in µs: when the ideal move has each pulse,
    which of them are at even speed, the edges, the peer's."""
    begins = [0, *shot.ends]
    gone = {CARRIAGE: 0, PLUNGER: 0}
    for index, phase in enumerate(shot.table.phases[: shot.table.count]):
        if phase.axis not in gone:
            continue
        own = slice(gone[phase.axis], gone[phase.axis] + phase.pulses)
        gone[phase.axis] += phase.pulses
        seen, peer = (
            (np.array(edges[phase.axis][own]) - begins[index]) / TICKS_PER_US
            for edges in (shot.seen, shot.peer)
        )
        move = _move(shot.aim, phase.axis, phase.direction, phase.pulses)
        ideal_s, even = _ideal(move)
        if phase.kind == ADVANCE:
            # It is entered where the ideal move has done half a step.
            late_us = (move.up_hz_s**-0.5 - AT_ONCE_TICKS / TICK_HZ) * 1e6
            seen, peer = seen + late_us, peer + late_us
        yield ideal_s * 1e6, even, seen, peer


def _move(aim: Aim, axis: int, direction: int, pulses: int) -> Move:
    """The move that a phase of a shot is, with its limits."""
    speed_hz = AXES[axis].speed_hz
    if axis == PLUNGER:
        speed_hz = min(speed_hz, aim.flow_hz) if direction > 0 else speed_hz
        return Move(AXES[axis], pulses, speed_hz, *aim.press)
    return Move(AXES[axis], pulses, speed_hz, *(aim.out if direction > 0 else ramps(axis, False)))


def _ideal(move: Move) -> tuple[Times, _Which]:
    """When the ideal move has each pulse, in s, and which are between the ramps: n = a t²/2 on the
    ramp from rest, the same backwards on the one to rest, even speed between them."""
    pulse = np.arange(1, move.pulses + 1, dtype=float)
    up, down = (move.peak_hz**2 / 2 / accel for accel in (move.up_hz_s, move.down_hz_s))
    left = move.pulses - pulse
    at_s = pulse / move.peak_hz + move.peak_hz / 2 / move.up_hz_s
    at_s = np.where(pulse <= up, np.sqrt(2 * pulse / move.up_hz_s), at_s)
    at_s = np.where(left < down, move.lasts_s - np.sqrt(2 * left / move.down_hz_s), at_s)
    return at_s, (pulse > up) & (left >= down)


def step_rate_max_khz(place: Place) -> list[Row]:
    """The highest rate at which both axes at once have every edge in its cycle."""
    del place
    period = PERIOD_LEAST
    while not _exact_at(period):
        period += 1
    note = (
        f"{period} cycles; segments of 1 to 50 pulses; the emulator's DMA takes no time, the "
        "chip's must bring 2 words a segment"
    )
    return [Row("step_rate_max_khz", TICK_HZ / period / 1e3, "kHz", HIGHER, 200, note=note)]


def _exact_at(period: int) -> bool:
    segments = [(1, period), (2, period), (50, period), (1, period + 1)] * 40
    tables = {axis: chip_moves.timetable((axis, 1, segments)) for axis in chip_moves.STEP}
    chip = EmulatedChip()
    chip_moves.at_once(chip, tables)
    chip.run(chip_moves.asked(tables[CARRIAGE])[1][-1] + chip_moves.AFTER)
    late: set[int] = set()
    for axis, table in tables.items():
        edges = chip_moves.asked(table)[0][axis]
        seen = chip.rises(chip_moves.STEP[axis])
        if len(seen) != len(edges):
            return False
        late.update(cycle - tick for cycle, tick in zip(seen, edges, strict=True))
    return len(late) == 1
