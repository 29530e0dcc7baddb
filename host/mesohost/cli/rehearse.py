"""`mesogun rehearse`: the whole session on the virtual gun, with what it takes and how it looks."""

import datetime
from pathlib import Path

import click

from mesofw.core import aim, fields
from mesohost.cli.check import tell
from mesohost.cli.exits import Exit
from mesohost.cli.options import day, json_option, print_json, today_option
from mesohost.cli.outputs import check_writable, writing
from mesohost.program import Program, load_program
from mesohost.rehearsal import Rehearsal, rehearse
from mesohost.telling import per_pin, syringes


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
            draw(outcome, loaded.program, picture)
    if as_json:
        print_json(outcome.as_json())
    else:
        for line in as_lines(outcome, loaded.program):
            click.echo(line)
        if picture:
            click.echo(f"picture: {picture}")
    if outcome.stopped:
        click.echo(f"{file}: the rehearsal stopped: {outcome.stopped}", err=True)
        return Exit.FAILED
    return Exit.FINE


def as_lines(outcome: Rehearsal, program: Program) -> list[str]:
    """The outcome as people read it."""
    width = max((len(zone.name) for zone in outcome.zones), default=4)
    lines = [f"{outcome.title}: rehearsed on the virtual gun"]
    if outcome.training:
        lines.append("  TRAINING: nothing moved and nothing was given")
    lines.append(f"  zone {'':{width}}  shots     volume       time")
    for zone in outcome.zones:
        volume = fields.show("volume_nl", zone.volume_nl)
        done = f"{zone.shots}/{zone.planned}"
        took = clock_text(zone.end_s - zone.start_s)
        lines.append(f"  {zone.number:>3}. {zone.name:{width}} {done:>7} {volume:>10} {took:>10}")
    volume = fields.show("volume_nl", outcome.volume_nl)
    took = clock_text(outcome.duration_s)
    lines.append(f"  all  {'':{width}} {outcome.shots:>7} {volume:>10} {took:>10}")
    told = syringes(outcome.syringes, program.syringe, outcome.changes)
    lines.append("  " + told)
    plan = program.fillings
    planned = syringes(plan.syringes, program.syringe, plan.changes)
    if planned != told and not outcome.stopped:
        lines.append(f"  planned for a nominal gun: {planned}")
    primed, left = outcome.primed_nl, outcome.left_nl // 1000 * 1000
    if not outcome.training:
        lines.append(f"  primed: {_volume(primed)}, left over: {_volume(left)}")
    if program.pins > 1:
        doses = dict.fromkeys(zone.volume_nl for zone in program.zones if zone.volume_nl)
        lines += [f"  a shot: {per_pin(volume_nl, program.pins)}" for volume_nl in doses]
    lines.append("  near a limit:" if outcome.near else "  no limit comes near")
    for near in outcome.near:
        lines.append(f"    {near.percent:>3} %  {near.what}: {near.used} of {near.limit}")
    return lines


def _volume(volume_nl: int) -> str:
    return fields.show("volume_nl", volume_nl)


def clock_text(duration_s: float) -> str:
    """Seconds as minutes and seconds."""
    minutes, seconds = divmod(round(duration_s), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def draw(outcome: Rehearsal, program: Program, picture: Path) -> None:
    """Draw a traced rehearsal into a file, .svg or .png. Depths are those below the skin, also of
    needles that come out at a slant."""
    from mesohost.drawing.course import CourseZone, Mark, draw_course

    if not outcome.points:
        return
    zero_us = outcome.points[0].at_us
    given_nl = outcome.points[0].given_nl
    sines = [(zone.start_s, aim.sin_ppm(planned.angle_deg) / 1e6)
             for zone, planned in zip(outcome.zones, program.zones, strict=True)]  # fmt: skip
    points: list[tuple[float, float, float]] = []
    for point in outcome.points:
        at_s = (point.at_us - zero_us) / 1e6
        # A shot is recorded as begun just before its needle moves.
        sine = next((sine for start_s, sine in reversed(sines) if start_s <= at_s), 1.0)
        points.append((at_s, point.depth_um * sine, point.given_nl - given_nl))
    zones = [
        CourseZone(zone.number, zone.name, zone.start_s, zone.end_s)
        for zone in outcome.zones
        if zone.shots
    ]
    marks = [Mark(at_s, "syringe fitted") for at_s in outcome.loaded_s]
    draw_course(points, zones, picture, marks=marks, title=outcome.title)
