"""`mesogun rehearse`: the whole session on the virtual gun, with what it takes and how it looks."""

import datetime
from pathlib import Path

import click

from mesofw.core import fields
from mesohost.cli.check import tell
from mesohost.cli.exits import Exit
from mesohost.cli.options import day, json_option, print_json, today_option
from mesohost.cli.outputs import check_writable, writing
from mesohost.program import load_program
from mesohost.rehearsal import Rehearsal, rehearse


@click.command
@click.argument("file")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw depth and volume over time, as .svg or .png.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which virtual gun.")
@today_option
@json_option
def command(
    file: str, picture: Path | None, seed: int, today: datetime.datetime | None, as_json: bool
) -> Exit:
    """Run the session of program FILE on a virtual gun and say what it takes.

    The firmware's own logic runs it, shot by shot, faster than real time.
    """
    if picture and picture.suffix not in (".svg", ".png"):
        raise click.UsageError(f"--picture {picture}: name it .svg or .png")
    if picture:
        check_writable(picture)
    loaded = load_program(file, day(today))
    tell(loaded)
    if loaded.program is None:
        return Exit.FAULTS
    outcome = rehearse(loaded.program, seed, traced=picture is not None)
    if picture:
        with writing(picture):
            draw(outcome, picture)
    if as_json:
        print_json(outcome.as_json())
    else:
        for line in as_lines(outcome):
            click.echo(line)
        if picture:
            click.echo(f"picture: {picture}")
    if outcome.stopped:
        click.echo(f"{file}: the rehearsal stopped: {outcome.stopped}", err=True)
        return Exit.FAILED
    return Exit.FINE


def as_lines(outcome: Rehearsal) -> list[str]:
    """The outcome as people read it."""
    width = max((len(zone.name) for zone in outcome.zones), default=4)
    lines = [f"{outcome.title}: rehearsed on the virtual gun"]
    lines.append(f"  zone {'':{width}}  shots     volume       time")
    for zone in outcome.zones:
        volume = fields.show("volume_nl", zone.volume_nl)
        done = f"{zone.shots}/{zone.planned}"
        took = clock_text(zone.end_s - zone.start_s)
        lines.append(f"  {zone.number:>3}. {zone.name:{width}} {done:>7} {volume:>10} {took:>10}")
    volume = fields.show("volume_nl", outcome.volume_nl)
    took = clock_text(outcome.duration_s)
    lines.append(f"  all  {'':{width}} {outcome.shots:>7} {volume:>10} {took:>10}")
    lines.append(
        f"  syringes: {outcome.syringes}, primed: {fields.show('volume_nl', outcome.primed_nl)}, "
        f"left over: {fields.show('volume_nl', outcome.left_nl // 1000 * 1000)}"
    )
    lines.append("  near a limit:" if outcome.near else "  no limit comes near")
    for near in outcome.near:
        lines.append(f"    {near.percent:>3} %  {near.what}: {near.used} of {near.limit}")
    return lines


def clock_text(duration_s: float) -> str:
    """Seconds as minutes and seconds."""
    minutes, seconds = divmod(round(duration_s), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def draw(outcome: Rehearsal, picture: Path) -> None:
    """Draw a traced rehearsal into a file, .svg or .png."""
    from mesohost.drawing.course import CourseZone, Mark, draw_course

    if not outcome.points:
        return
    zero_us = outcome.points[0].at_us
    given_nl = outcome.points[0].given_nl
    points = [
        ((point.at_us - zero_us) / 1e6, point.depth_um, point.given_nl - given_nl)
        for point in outcome.points
    ]
    zones = [
        CourseZone(zone.number, zone.name, zone.start_s, zone.end_s)
        for zone in outcome.zones
        if zone.shots
    ]
    marks = [Mark(at_s, "syringe fitted") for at_s in outcome.loaded_s]
    draw_course(points, zones, picture, marks=marks, title=outcome.title)
