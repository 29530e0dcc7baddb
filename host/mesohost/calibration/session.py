"""Guided sessions as data: steps, what was answered, and which step is next. Nothing here asks,
shows or moves anything; a terminal and a console do that from the same definition.

State in, event in, next step out. The answers are all that a session is: the steps follow from them
anew whenever they are needed, also after a crash.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

Answers = Mapping[str, Any]
TEXT = "text"
NUMBER = "number"
CHOICE = "choice"
TEXT_MAX = 80


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to fill in: TEXT, a NUMBER within bounds, or one of `choices`. `default` is None
    where something has to be filled in."""

    name: str
    label: str
    kind: str = TEXT
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    default: str | float | None = None


class Info(msgspec.Struct, frozen=True, tag="info"):
    """Something to read; the answer is `true`."""

    id: str
    text: str


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """Something to do by hand, and to confirm; the answer is `true`."""

    id: str
    text: str


class Form(msgspec.Struct, frozen=True, tag="form"):
    """Entries to fill in; the answer holds a value by each name."""

    id: str
    text: str
    entries: tuple[Entry, ...]


class Action(msgspec.Struct, frozen=True, tag="action"):
    """Something that the bench does by itself; the answer is what it gave."""

    id: str
    text: str
    name: str
    arguments: dict[str, int | float | str] = {}


class Result(msgspec.Struct, frozen=True, tag="result"):
    """What follows from the answers; the answer is whether it is kept as a calibration, which only
    an `acceptable` one can be."""

    id: str
    text: str
    lines: tuple[str, ...]
    acceptable: bool


Step = Info | Confirm | Form | Action | Result


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of session. `steps` are those that follow from what has been answered, more and more
    of them; `again` are those to do first after something went wrong in mid-session."""

    name: str
    version: int
    title: str
    steps: Callable[[Answers], Sequence[Step]]
    again: Callable[[Answers], Sequence[Step]]


class Mishap(msgspec.Struct, frozen=True):
    """What broke a step off: when, at which step, why."""

    at: str
    step: str
    why: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A session as it stands. `mending` is set while the definition's `again` is done."""

    definition: str
    version: int
    begun: str
    answers: dict[str, Any] = {}
    mishaps: tuple[Mishap, ...] = ()
    mending: bool = False


class WrongAnswer(ValueError):
    """An answer that the step does not take; the text says why."""


def begin(definition: Definition, at: str) -> State:
    """A new session."""
    return State(definition=definition.name, version=definition.version, begun=at)


def next_step(definition: Definition, state: State) -> Step | None:
    """The step that is to be answered now; None where the session is over."""
    return next((step for step in _due(definition, state) if step.id not in state.answers), None)


def take(definition: Definition, state: State, step: Step, answer: object) -> State:
    """The state with the answer to its next step. Raises WrongAnswer; then nothing is changed."""
    kept = _checked(step, answer)
    taken = msgspec.structs.replace(state, answers={**state.answers, step.id: kept})
    if taken.mending and all(one.id in taken.answers for one in _mends(definition, taken)):
        return msgspec.structs.replace(taken, mending=False)
    return taken


def broken(definition: Definition, state: State, at: str, why: str) -> State:
    """The state after its next step was broken off: that is done again whole, after what the
    definition wants first."""
    step = next_step(definition, state)
    if step is None:
        return state
    mishap = Mishap(at, step.id, why)
    return msgspec.structs.replace(state, mishaps=(*state.mishaps, mishap), mending=True)


def resumed(definition: Definition, state: State, at: str) -> State:
    """The state as it was found after a crash: broken off where the bench has begun to work and
    is not done, for nobody knows what was done with it since."""
    done = {step.id in state.answers for step in definition.steps(state.answers)
            if isinstance(step, Action)}  # fmt: skip
    if done == {True, False}:
        return broken(definition, state, at, "the session was broken off")
    return state


def progress(definition: Definition, state: State) -> tuple[int, int]:
    """Steps answered, and steps known so far."""
    steps = definition.steps(state.answers)
    return sum(step.id in state.answers for step in steps), len(steps)


def concluded(work: Callable[[], tuple[Sequence[str], bool]]) -> Result:
    """The last step: the lines and the acceptability that `work` gives, or why it gives none."""
    try:
        lines, acceptable = work()
    except (ArithmeticError, ValueError) as error:
        lines, acceptable = (f"NOT KEPT         nothing follows from these points: {error}",), False
    return Result("result", "What follows from it.", tuple(lines), acceptable)


def planned(definition: Definition, state: State) -> set[str]:
    """The ids of the definition's own steps, without those that mend a mishap."""
    return {step.id for step in definition.steps(state.answers)}


def _due(definition: Definition, state: State) -> Sequence[Step]:
    if state.mending:
        return (*_mends(definition, state), *definition.steps(state.answers))
    return definition.steps(state.answers)


def _mends(definition: Definition, state: State) -> list[Step]:
    """The definition's steps after a mishap, each time under ids of their own."""
    number = len(state.mishaps)
    return [
        msgspec.structs.replace(step, id=f"again-{number}-{step.id}")
        for step in definition.again(state.answers)
    ]


def _checked(step: Step, answer: object) -> object:
    if isinstance(step, Info | Confirm):
        if answer is not True:
            raise WrongAnswer("this has to be confirmed")
        return True
    if isinstance(step, Form):
        return _filled(step, answer)
    if isinstance(step, Result):
        if not isinstance(answer, bool):
            raise WrongAnswer("yes or no")
        if answer and not step.acceptable:
            raise WrongAnswer("limits are not kept: this cannot be kept as a calibration")
        return answer
    return msgspec.to_builtins(answer)


def _filled(form: Form, answer: object) -> dict[str, str | float]:
    if not isinstance(answer, Mapping):
        raise WrongAnswer("a form wants its entries by name")
    given: dict[str, object] = {str(name): value for name, value in answer.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    unknown = set(given) - {entry.name for entry in form.entries}
    if unknown:
        raise WrongAnswer(f"there is no entry {', '.join(sorted(unknown))}")
    return {entry.name: entered(entry, given.get(entry.name, entry.default))
            for entry in form.entries}  # fmt: skip


def entered(entry: Entry, value: object) -> str | float:
    """A value as an entry takes it, numbers also as text. Raises WrongAnswer."""
    if entry.kind == NUMBER:
        return _number(entry, value)
    text = value.strip() if isinstance(value, str) else ""
    if entry.kind == CHOICE and text not in entry.choices:
        raise WrongAnswer(f"{entry.label}: one of {', '.join(entry.choices)}")
    if not text or len(text) > TEXT_MAX or not text.isprintable():
        raise WrongAnswer(f"{entry.label}: 1 to {TEXT_MAX} characters")
    return text


def _number(entry: Entry, value: object) -> float:
    unit = f" {entry.unit}" if entry.unit else ""
    wanted = f"{entry.label}: a number from {entry.low:g} to {entry.high:g}{unit}"
    try:
        number = float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        number = None
    if number is None or isinstance(value, bool) or not entry.low <= number <= entry.high:
        raise WrongAnswer(wanted)
    return number
