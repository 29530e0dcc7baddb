"""A guided session in the terminal: plain questions, a line for each thing that the bench does."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import click

from mesohost.calibration import session
from mesohost.calibration.balance import Reading
from mesohost.calibration.session import (
    CHOICE,
    NUMBER,
    Action,
    Confirm,
    Entry,
    Form,
    Info,
    Result,
    Step,
    WrongAnswer,
)

# What is offered as a form's answers, by the entries' names.
Hints = Callable[[Form], Mapping[str, object]]


class Terminal:
    """The front of a session; see `guide.Front`. `confirmed` is told what was done by hand; `known`
    are entries that instruments have answered, by their names: they are shown and not asked for."""

    def __init__(
        self,
        hints: Hints | None = None,
        confirmed: Callable[[str], None] | None = None,
        known: Mapping[str, str] | None = None,
    ):
        self._hints = hints
        self._confirmed = confirmed
        self._known = known or {}

    def answer(self, step: Step, done: int, known: int) -> object:
        """Show a step and ask for its answer."""
        click.echo()
        if isinstance(step, Info):
            click.echo(step.text)
            return True
        if isinstance(step, Confirm):
            click.echo(f"[{done}/{known}] {step.text}")
            agreed = click.confirm("Done?", default=False)
            if agreed and self._confirmed:
                self._confirmed(step.id)
            return agreed
        if isinstance(step, Result):
            for line in step.lines:
                click.echo(line)
            return step.acceptable and click.confirm("Keep it as a calibration?", default=False)
        assert isinstance(step, Form)
        click.echo(f"[{done}/{known}] {step.text}")
        offered: Mapping[str, object] = self._hints(step) if self._hints else {}
        return {entry.name: self._entry(entry, offered.get(entry.name)) for entry in step.entries}

    def _entry(self, entry: Entry, offered: object) -> str | float:
        if entry.name not in self._known:
            return _asked(entry, offered)
        click.echo(f"  {entry.label}: {self._known[entry.name]}")
        return self._known[entry.name]

    def working(self, step: Action, done: int, known: int) -> None:
        """Say what the bench does."""
        click.echo(f"[{done}/{known}] {step.text}")

    def wrong(self, why: str) -> None:
        """Say why an answer was not taken."""
        click.echo(why, err=True)

    def failed(self, step: Step, why: str) -> None:
        """Say what went wrong."""
        click.echo(f"{step.id} was broken off and is done again: {why}", err=True)


class TypedScale:
    """A balance without a cable: somebody reads it, and types what it shows."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock

    def weigh(self) -> Reading:
        """Ask for the weight once it stands still."""
        shown: Any = _asked(_SHOWN, None)
        return Reading(float(shown) * 1000, True, self._clock())


_SHOWN = Entry(
    name="g", label="the balance, once it stands still", kind=NUMBER, unit="g", low=-200, high=2_000
)


def _asked(entry: Entry, offered: object) -> str | float:
    """One entry, asked for until it is taken."""

    def taken(text: object) -> str | float:
        try:
            return session.entered(entry, text)
        except WrongAnswer as wrong:
            raise click.UsageError(str(wrong)) from wrong

    label = f"  {entry.label}"
    if entry.kind == CHOICE:
        label += f" ({', '.join(entry.choices)})"
    elif entry.unit:
        label += f", {entry.unit}"
    default = entry.default if offered is None else offered
    answer: Any = click.prompt(label, default=default, value_proc=taken)
    return answer
