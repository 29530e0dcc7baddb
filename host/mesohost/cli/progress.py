"""Progress of long work on stderr: a bar on a terminal, else a plain line for each tenth."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

import click

from mesohost.upload import Progress

_STEPS = 10


@contextmanager
def progress(label: str, unit: str) -> Generator[Progress]:
    """Shows the progress of `label`, counted in `unit`; gives the function to call with (done,
    total)."""
    if not sys.stderr.isatty():
        yield _Lines(label, unit)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(separator=" of "),
        TextColumn(unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


class _Lines:
    """Progress as plain lines, none twice."""

    def __init__(self, label: str, unit: str):
        self._label = label
        self._unit = unit
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        step = done * _STEPS // total if total else _STEPS
        if step > self._told:
            self._told = step
            click.echo(f"{self._label}: {done} of {total} {self._unit}", err=True)
