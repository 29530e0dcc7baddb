"""Curves in text: the last stretch of each variable of a trace, for a terminal or a log."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import click

from mesohost.cli.tracefile import number
from mesohost.tracing import TakeSamples, Traced, unit_of

_BARS = "▁▂▃▄▅▆▇█"
# Samples that are looked at for a curve: of them, the last that fit into its span of time.
_SPAN_US = 5_000_000
_COLUMNS_LEAST = 10
# A plain line, or a drawing, so often.
_LINE_US = 1_000_000
_DRAWN_US = 100_000


def curve(values: Sequence[int], columns: int) -> str:
    """Values as bars of `columns` characters: of each span the value that is furthest from the
    middle. A curve that does not change lies at the foot."""
    if not values:
        return ""
    low, high = min(values), max(values)
    middle = (low + high) / 2
    text = ""
    for place in range(min(columns, len(values))):
        begin = place * len(values) // min(columns, len(values))
        end = (place + 1) * len(values) // min(columns, len(values))
        value = max(values[begin:end], key=lambda one: abs(one - middle))
        text += _BARS[(value - low) * (len(_BARS) - 1) // max(1, high - low)]
    return text


def lost_text(traced: Traced) -> str:
    """What is missing among the samples, or that nothing is."""
    if not traced.lost + traced.missing:
        return "none lost"
    return f"{traced.lost:,} lost on the gun, {traced.missing:,} on the link"


def lines(traced: Traced, columns: int) -> list[str]:
    """A line of how it goes, then one for each variable: name, value, bounds, and its curve where
    `columns` leave room for one."""
    last = _last(traced)
    told = [f"{traced.lasted_us / 1e6:9.1f} s  {len(traced.rows):,} samples, {lost_text(traced)}"]
    columns_of = [[row[place] for row in last] for place in range(len(traced.names))]
    width = max(len(name) for name in traced.names)
    heads: list[str] = []
    for name, values in zip(traced.names, columns_of, strict=True):
        now, low, high = (number(name, value) for value in (values[-1], min(values), max(values)))
        heads.append(f"{name:{width}} {now:>9} {unit_of(name)[0]:2} ({low} to {high})")
    wide = max(map(len, heads)) + 2
    room = columns - wide - 1
    for head, values in zip(heads, columns_of, strict=True):
        told.append(head if room < _COLUMNS_LEAST else f"{head:{wide}}{curve(values, room)}")
    return told


@contextmanager
def shown(live: bool) -> Generator[TakeSamples]:
    """What a trace calls to be followed: curves on a terminal (`live`), else a plain line each
    second."""
    if not live:
        yield _Plain()
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console()
    drawn_us = -_DRAWN_US
    with Live(Text(""), console=console, auto_refresh=False) as screen:

        def draw(traced: Traced) -> bool:
            nonlocal drawn_us
            if traced.rows and traced.lasted_us - drawn_us >= _DRAWN_US:
                drawn_us = traced.lasted_us
                text = Text("\n".join(lines(traced, console.width)), no_wrap=True)
                screen.update(text, refresh=True)
            return False

        yield draw


class _Plain:
    """A line for each second of the trace."""

    def __init__(self) -> None:
        self._told_us = 0

    def __call__(self, traced: Traced) -> bool:
        if traced.rows and traced.lasted_us - self._told_us >= _LINE_US:
            self._told_us = traced.lasted_us
            head, *others = lines(traced, 0)
            click.echo("; ".join([head, *(" ".join(one.split()) for one in others)]))
        return False


def _last(traced: Traced) -> list[tuple[int, ...]]:
    """The rows of the last stretch."""
    count = len(traced.rows)
    if traced.lasted_us > _SPAN_US:
        count = max(1, count * _SPAN_US // traced.lasted_us)
    return traced.rows[-count:]
