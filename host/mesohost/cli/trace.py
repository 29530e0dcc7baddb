"""`mesogun trace`: variables of a gun as they run, drawn on the terminal, as CSV, as a picture."""

import re
import sys
from pathlib import Path

import click

from mesofw.core import states
from mesofw.core.seen import SWITCHES
from mesohost.cli import curves, tracefile
from mesohost.cli.exits import Exit
from mesohost.cli.options import open_gun, port_option
from mesohost.cli.outputs import check_writable
from mesohost.tracing import (
    ENDLESS,
    MEANING,
    NAMES,
    PERIOD_LEAST_US,
    PERIOD_MOST_US,
    Traced,
)

_PERIOD_US = {"µs": 1, "us": 1, "ms": 1_000, "s": 1_000_000}
_PERIOD = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(\S+)")
_PICTURES = (".png", ".svg")
# Their numbers are told in the help: elsewhere they stand in a table of the wire.
_NUMBERED = {
    "switches": "closed ones added up: "
    + ", ".join(f"{1 << place} {name}" for place, name in enumerate(SWITCHES)),
    "state": ", ".join(f"{place} {name}" for place, name in enumerate(states.STATES)),
    "faulty": "failing parts added up: 1 driver, 2 journal, 4 pulses, 8 display, 16 files, "
    "32 watchdog",
}


def _period_us(_ctx: click.Context, _param: click.Parameter, text: str) -> int:
    """A time with its unit, as whole µs. Raises BadParameter."""
    match = _PERIOD.fullmatch(text.strip())
    factor = _PERIOD_US.get(match[2]) if match else None
    if match is None or factor is None:
        raise click.BadParameter(f"{text!r} is no time; write number and unit (µs, ms, s): 2ms")
    period_us = round(float(match[1]) * factor)
    if not PERIOD_LEAST_US <= period_us <= PERIOD_MOST_US:
        raise click.BadParameter(f"{text!r} is out of range; write a time of 100 µs to 10 s")
    return period_us


def _table() -> str:
    """The variables for the help: name, unit, what it is."""
    width = max(map(len, NAMES))
    rows = [
        f"  {name:{width}}  {_own_unit(name):5}  {_NUMBERED.get(name, MEANING[name])}"
        for name in NAMES
    ]
    return "\n".join(["\b", "Names, and the units of the CSV file:", *rows]).replace("`", "")


def _own_unit(name: str) -> str:
    """The unit of the values as the gun has them."""
    return {"_mn": "mN", "_mv": "mV", "_dc": "0.1°C"}.get(name[name.rfind("_") :], "")


@click.command(epilog=_table())
@click.argument("names", nargs=-1, required=True, type=click.Choice(NAMES), metavar="NAME...")
@port_option
@click.option(
    "--period",
    "period_us",
    callback=_period_us,
    default="10ms",
    show_default=True,
    metavar="TIME",
    help="A sample each: 100us to 10s. What the gun cannot keep up with is lost and counted.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.001, 1e6),
    metavar="N",
    help="End after so long; left out, end with Ctrl-C.",
)
@click.option(
    "--csv",
    "table",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write each sample to this file as it comes in.",
)
@click.option(
    "--png",
    "picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw all samples into this file at the end (.png or .svg).",
)
def command(
    names: tuple[str, ...],
    port: str | None,
    period_us: int,
    seconds: float | None,
    table: Path | None,
    picture: Path | None,
) -> Exit:
    """Follow variables of a gun as they run.

    The gun samples them itself and says when it took each sample. Nothing that it does is changed
    by it. It begins once nothing moves.
    """
    if picture and picture.suffix.lower() not in _PICTURES:
        raise click.BadParameter(f"{picture} ends neither in .png nor in .svg", param_hint="--png")
    for path in (table, picture):
        if path:
            check_writable(path)
    count = ENDLESS if seconds is None else max(1, min(ENDLESS, round(seconds * 1e6 / period_us)))
    traced = _followed(port, names, period_us, count, table)
    facts = f"{len(traced.rows):,} samples, {curves.lost_text(traced)}"
    click.echo(f"{facts}, in {traced.lasted_us / 1e6:.3f} s{_rate(traced)}")
    if table:
        click.echo(f"written: {table}")
    if picture and traced.rows:
        tracefile.draw(traced, picture, "Trace", f"{facts}, one each {period_us / 1000:g} ms")
        click.echo(f"drawn: {picture}")
    return Exit.FINE


def _followed(
    port: str | None, names: tuple[str, ...], period_us: int, count: int, table: Path | None
) -> Traced:
    """All samples, followed and written as they come in; Ctrl-C ends them."""
    traced = Traced(names)
    with (
        open_gun(port) as gun,
        tracefile.written(table, names) as write,
        curves.shown(sys.stdout.isatty()) as show,
    ):

        def take(came: Traced) -> bool:
            nonlocal traced
            traced = came
            return write(came) or show(came)

        try:
            gun.trace(names, period_us, count, take)
        except KeyboardInterrupt:
            # Any other request ends it on the gun.
            gun.status()
    return traced


def _rate(traced: Traced) -> str:
    gaps_us = traced.gaps_us()
    if not traced.lasted_us:
        return ""
    each = f"one each {min(gaps_us) / 1000:g} to {max(gaps_us) / 1000:g} ms"
    return f": {len(gaps_us) * 1e6 / traced.lasted_us:,.0f} a second, {each}"
