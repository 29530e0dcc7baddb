"""Rows of core's moves: their time against Ruckig's, their pulses against the ideal move."""

from statistics import median

import numpy as np

from mesofw.core.motion import TICK_HZ, move_ticks
from tests.bench import moves
from tests.bench.moves import Move
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable

# How much longer a ramp takes with the jerk limit that is tried.
_JERK_S = 0.002
_RECURRENCE = "AccelStepper's recurrence"


def profile_time_ratio(place: Place) -> list[Row]:
    """The slowest of core's moves over Ruckig's under the same limits of speed and acceleration."""
    del place
    tried = moves.moves()
    ratios: list[float] = []
    more_ms: list[float] = []
    more: list[float] = []
    for move in tried:
        ideal_s = _ruckig_s(move)
        ratios.append(move_ticks(*move.limits) / TICK_HZ / ideal_s)
        jerk = max(move.up_hz_s, move.down_hz_s) / _JERK_S
        smooth_s = _ruckig_s(move, jerk)
        more_ms.append((smooth_s - ideal_s) * 1e3)
        more.append(smooth_s / ideal_s)
    note = (
        f"worst of {len(tried)} moves of 0.2 to 13 mm; with a jerk limit (the steeper ramp "
        f"{_JERK_S * 1e3:g} ms longer) {median(more_ms):.1f} ms more, up to {max(more_ms):.1f} ms "
        f"and {max(more) * 100 - 100:.0f} %, for no torque: none is kept"
    )
    return [Row("profile_time_ratio", max(ratios), "×", LOWER, 1.02, "Ruckig", 1.0, note)]


def _ruckig_s(move: Move, jerk_hz_s2: float | None = None) -> float:
    """How long Ruckig's move takes, without a jerk limit or with one in pulses/s³."""
    try:
        from ruckig import InputParameter, Result, Ruckig, Trajectory
    except ImportError as why:
        raise Unavailable(str(why)) from why
    mm = move.axis.step_nm / 1e6
    wanted = InputParameter(1)
    wanted.current_position = [0.0]
    wanted.target_position = [move.pulses * mm]
    wanted.max_velocity = [move.speed_hz * mm]
    wanted.max_acceleration = [move.up_hz_s * mm]
    wanted.min_acceleration = [-move.down_hz_s * mm]
    if jerk_hz_s2 is not None:
        wanted.max_jerk = [jerk_hz_s2 * mm]
    found = Trajectory(1)
    result = Ruckig(1).calculate(wanted, found)
    if result not in (Result.Working, Result.Finished):
        raise RuntimeError(f"Ruckig plans no move of {move}: {result}")
    return found.duration


def profile_error_usteps(place: Place) -> list[Row]:
    """The largest distance of any pulse from the ideal move, beside the peer's on the same moves.

    Ours starts with the ideal move; the peer's pulses are shifted to where they are best. The peer
    waits whole µs; what it would do with any wait is noted.
    """
    del place
    ours: list[float] = []
    whole: list[float] = []
    fine: list[float] = []
    most = 0
    for move in moves.moves():
        at_s, segments = moves.planned(move)
        ours.append(float(np.abs(move.off(at_s)).max()))
        waits_us = moves.recurrence(move)
        whole.append(moves.centred(move, moves.pulses_s(np.floor(waits_us))))
        fine.append(moves.centred(move, moves.pulses_s(waits_us)))
        most = max(most, segments)
    note = (
        f"worst of {len(ours)} moves, median {median(ours):.2f} against {median(whole):.2f}; the "
        f"peer, which computes each pulse, without rounding to µs: {max(fine):.2f}, median "
        f"{median(fine):.2f}; ours in up to {most} segments"
    )
    row = Row("profile_error_usteps", max(ours), "steps", LOWER, 1, _RECURRENCE, max(whole), note)
    return [row]
