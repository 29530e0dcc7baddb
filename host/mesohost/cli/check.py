"""`mesogun check`: all faults of program files at once. No gun is needed."""

import datetime

import click
import msgspec

from mesofw.core.fields import show
from mesohost.cli.exits import Exit
from mesohost.cli.options import day, json_option, print_json, today_option
from mesohost.program import FileFault, Loaded, Program, load_program
from mesohost.telling import details


class Checked(msgspec.Struct, frozen=True):
    """One file as `--json` gives it; the program's facts are null where there are faults."""

    file: str
    fine: bool
    title: str | None
    patient: str | None
    zones: int | None
    shots: int | None
    total_nl: int | None
    training: bool | None
    syringes: int | None
    changed_after_shots: tuple[int, ...] | None
    sha256: str | None
    faults: list[dict[str, object]]
    warnings: list[dict[str, object]]


@click.command
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
@today_option
def command(files: tuple[str, ...], as_json: bool, today: datetime.datetime | None) -> Exit:
    """Check program files.

    Each fault is told with its place, what was found, what is allowed and what to do. Nothing
    reaches a gun.
    """
    loaded = [load_program(file, day(today)) for file in files]
    if as_json:
        print_json([_checked(one) for one in loaded])
    else:
        for one in loaded:
            tell(one)
            if one.program:
                click.echo(f"{one.file}: fine: {summary(one.program)}")
                for line in details(one.program):
                    click.echo(f"    {line}")
    return Exit.FINE if all(one.program for one in loaded) else Exit.FAULTS


def tell(loaded: Loaded) -> None:
    """Faults and warnings of a file, on stderr."""
    for fault in loaded.faults:
        click.echo(f"{fault}", err=True)
    for warning in loaded.warnings:
        click.echo(f"warning: {warning}", err=True)
    if loaded.faults:
        count = len(loaded.faults)
        click.echo(f"{loaded.file}: {count} fault{'s' if count > 1 else ''}", err=True)


def summary(program: Program) -> str:
    """Title and totals in one line."""
    total = show("total_nl", program.total_nl)
    return f"{program.title}: {len(program.zones)} zones, {program.shots} shots, {total}"


def _checked(loaded: Loaded) -> Checked:
    program = loaded.program
    plan = program.fillings if program else None
    return Checked(
        file=loaded.file,
        fine=program is not None,
        title=program.title if program else None,
        patient=program.patient if program else None,
        zones=len(program.zones) if program else None,
        shots=program.shots if program else None,
        total_nl=program.total_nl if program else None,
        training=program.training if program else None,
        syringes=plan.syringes if plan else None,
        changed_after_shots=plan.changes if plan else None,
        sha256=program.sha256 if program else None,
        faults=[_fault(fault) for fault in loaded.faults],
        warnings=[_fault(fault) for fault in loaded.warnings],
    )


def _fault(fault: FileFault) -> dict[str, object]:
    told: dict[str, object] = {"name": fault.name, "cause": fault.cause}
    return told | msgspec.structs.asdict(fault)
