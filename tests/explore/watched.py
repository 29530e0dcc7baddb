"""The bench gun under the rules: every step of it is judged, and it can be copied as it stands."""

import ctypes
import hashlib
import io
import pickle
from typing import Any

from mesofw.core import refusals as refusals  # held, for an exploration wants them all the time
from mesofw.core import states
from mesofw.core import texts as texts
from mesofw.core.door import CARRIAGE, PLUNGER
from tests.core.support.bench import EMPTY_STEPS, FOOT_STEPS, HOME_STEPS, Bench
from tests.explore.eye import Eye, Seeing
from tests.explore.rules import broken_by
from tests.explore.seen import Seen


class Violated(AssertionError):
    """A rule that a step broke: `names`."""

    def __init__(self, names: list[str], told: str):
        super().__init__("%s: %s" % (", ".join(names), told))
        self.names = names
        self.told = told

    def __reduce__(self) -> Any:
        return Violated, (self.names, self.told)


class BenchBody:
    """Where things truly are on the bench."""

    def __init__(self, bench: Any):
        self._bench = bench

    @property
    def light(self) -> int:
        return self._bench.light

    @property
    def sound(self) -> int:
        return self._bench.sound

    @property
    def screen(self) -> list[str]:
        return self._bench.screen

    def tip_out(self) -> bool:
        return self._bench.at[CARRIAGE] > FOOT_STEPS

    def plunger(self) -> int:
        return self._bench.at[PLUNGER]

    def slack(self) -> int:
        return 0

    def late(self) -> bool:
        return False

    def running(self) -> bool:
        return self._bench._running

    def driven(self) -> bool:
        return self._bench._driven

    def empty_at(self) -> int:
        return self._bench.empty_steps

    def zero_off(self) -> bool:
        return any(self._bench._at_zero[axis] > HOME_STEPS[axis] for axis in (CARRIAGE, PLUNGER))

    def broken(self) -> list[str]:
        return self._bench.broken


class Watched(Bench):
    """A bench whose gun's every step is judged. `events` counts each (state, event, whether the
    table has it), `steps` the steps."""

    def __init__(self, fram_bytes: int = 4096):
        super().__init__(fram_bytes)
        self.eye = Eye(BenchBody(self), self)
        self.label = ""  # what kind of gun it is
        self.text = b""  # its program
        self.most_faults = 1  # hazards and failing parts at a time
        self.calls = 0  # of the host
        self.empty_steps = EMPTY_STEPS  # where the syringe ends, as far as it is told
        self.steps = 0
        self.events: dict[tuple[int, int, bool], int] = {}
        self.trail: list[str] = []
        self.faults: list[str] = []  # of parts, and hazards, that an explorer has set

    def __call__(self, seen: Seen) -> None:
        """Judge one step. Raises Violated."""
        self.steps += 1
        for event in seen.events:
            self.events[event] = self.events.get(event, 0) + 1
        names = broken_by(seen)
        if names:
            told = "%s, trouble %d, %s; %s" % (
                states.STATES[seen.state],
                seen.gun.trouble,
                self.broken or self.screen,
                " > ".join(self.trail),
            )
            raise Violated(names, told)

    def take_out(self) -> None:
        # Also in the middle of a stroke: then nothing presses back any more.
        self._leg_mn = ()
        super().take_out()

    def on(self) -> Any:
        self.gun = self.eye.seen = None
        self.screen, self.light, self.sound = [], 0, 0
        self._refresh()
        self.gun = Seeing(self, self._clock(), self.eye)
        self._due_us = self.now_us
        return self.gun


def _address(view: Any) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(view))


def _part_of(whole: Any, start: int, length: int) -> memoryview:
    return memoryview(whole)[start : start + length]


def _view(view: memoryview) -> Any:
    return _part_of, (view.obj, _address(view) - _address(view.obj), len(view))


def _fresh_hash(digest: Any) -> Any:
    if digest.digest() != hashlib.sha256().digest():
        raise TypeError("a hash that has begun cannot be copied")
    return hashlib.sha256, ()


class _Pickler(pickle.Pickler):
    # Views keep on pointing into the copy's own buffers.
    dispatch_table = {memoryview: _view, type(hashlib.sha256()): _fresh_hash}  # noqa: RUF012


def snapshot(bench: Watched) -> bytes:
    """The bench with its gun as it stands."""
    out = io.BytesIO()
    _Pickler(out, 5).dump(bench)
    return out.getvalue()


def restored(kept: bytes) -> Watched:
    """A bench as it stood."""
    return pickle.loads(kept)
