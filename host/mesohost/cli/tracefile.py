"""A trace in files: CSV as the samples come in, a picture at the end."""

import csv
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mesofw.core import states
from mesohost.cli.outputs import writing
from mesohost.tracing import MEANING, TakeSamples, Traced, unit_of

_TIME = "at_us"


def number(name: str, value: int) -> str:
    """A value in the unit that people read, without it; a state by its name."""
    if name == "state" and 0 <= value < len(states.STATES):
        return states.STATES[value]
    factor = unit_of(name)[1]
    return f"{value / factor:g}" if factor > 1 else str(value)


@contextmanager
def written(path: Path | None, names: tuple[str, ...]) -> Generator[TakeSamples]:
    """What a trace calls so that its samples are in `path` at once: the time in µs since the gun's
    start, then the values as the gun has them. Raises FileTrouble."""
    if path is None:
        yield lambda _: False
        return
    with writing(path), path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([_TIME, *names])
        count = 0

        def add(traced: Traced) -> bool:
            nonlocal count
            times, values = traced.at_us[count:], traced.rows[count:]
            rows.writerows((at_us, *row) for at_us, row in zip(times, values, strict=True))
            file.flush()
            count = len(traced.rows)
            return False

        yield add


def draw(traced: Traced, path: Path, title: str, facts: str) -> None:
    """The picture (`.png` or `.svg`) of a trace that has samples. Raises FileTrouble."""
    from mesohost.drawing.traces import Variable, draw_traces

    at_s = [(at_us - traced.at_us[0]) / 1e6 for at_us in traced.at_us]
    variables: list[Variable] = []
    for name in traced.names:
        unit, factor = unit_of(name)
        values = [value / factor for value in traced.column(name)]
        called = states.STATES if name == "state" else ()
        # What the numbers are called says the rest.
        meaning = MEANING[name].partition(",")[0] if called else MEANING[name].replace("`", "")
        variables.append(Variable(name, meaning, unit, values, called))
    with writing(path):
        draw_traces(at_s, variables, path, title=title, facts=facts)
