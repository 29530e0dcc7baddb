"""The bench gun under the rules: every step of it is judged, and it can be copied as it stands."""

import ctypes
import hashlib
import io
import pickle
import sys
from typing import Any

from mesofw import core
from mesofw.core import keyed, states
from mesofw.core import refusals as refusals  # held, for an exploration wants them all the time
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
        bench = self._bench
        if bench._at_zero[CARRIAGE] > HOME_STEPS[CARRIAGE]:
            return True
        # That the plunger's switch sticks closed shows as its seek for the stopper begins.
        early = bench.gun.state in (states.IDLE, states.LOADING)
        if early and bench.eye.stuck.get("plunger_home"):
            return False
        return bench._at_zero[PLUNGER] > HOME_STEPS[PLUNGER]

    def broken(self) -> list[str]:
        return self._bench.broken


class Watched(Bench):
    """A bench whose gun's every step is judged. `events` counts each (state, event, whether the
    table has it), `steps` the steps."""

    gun: Any

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
        self.failed: list[str] = []  # parts that an explorer has let fail
        self.engineer: Any = None  # where the gun holds a key

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

    def open(self, name: str, mode: str) -> Any:
        broken = len(self.broken)
        file = super().open(name, mode)
        blind = self.gun and (self.gun.state == states.BOOT or "carriage_home" in self.eye.stuck)
        if mode == "rb" and blind:
            # Where a needle is that jams, a gun that starts does not know, nor one whose home
            # switch sticks. Reading a file keeps no pulse waiting; only writing does.
            del self.broken[broken:]
        return file

    def step(self, until_us: int) -> bool:
        stepped = super().step(until_us)
        if self.serviced:
            # A restart leads into service, and another one out of it.
            self.serviced = 0
            self.off()
            self.on()
        if self.restarted:
            self.restarted = 0
            self.off()
            self.on()
        return stepped

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


def _named(name: str) -> Any:
    kind = getattr(keyed, name)
    return kind.__new__(kind)


class _KeyedPickler(_Pickler):
    def reducer_override(self, obj: Any) -> Any:
        # Its module is let go of and read in anew, with classes of its own.
        kind = type(obj)
        if kind.__module__ == keyed.__name__:
            return _named, (kind.__name__,), obj.__dict__
        return NotImplemented


def snapshot(bench: Watched) -> bytes:
    """The bench with its gun as it stands."""
    out = io.BytesIO()
    # What is only told of the past is not carried along.
    bench.did, bench.signs, bench.errors = [], [], []
    (_KeyedPickler if bench.gun._requests._keyed else _Pickler)(out, 5).dump(bench)
    return out.getvalue()


def restored(kept: bytes) -> Watched:
    """A bench as it stood."""
    # Where the gun has let go of it, what is planted in it would be lost.
    sys.modules[keyed.__name__] = keyed
    setattr(core, "keyed", keyed)  # noqa: B010 - no such name stands in the package
    return pickle.loads(kept)


def unravel(bench: Watched) -> None:
    """A bench that is no longer wanted: without its rings it is gone at once."""
    bench.gun.__dict__.clear()
    bench.__dict__.clear()
