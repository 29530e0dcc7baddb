"""`mesogun protocol`: the library of protocols, their versions and approvals."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mesohost import files
from mesohost.cli.options import archive, archive_option, json_option, print_json
from mesohost.cli.outputs import writing
from mesohost.cli.person import by_option, logged_in
from mesohost.troubles import FileTrouble

if TYPE_CHECKING:
    from mesohost.clinic.protocols import Version

_FILE = click.Path(dir_okay=False, path_type=Path)
_version_option = click.option(
    "--version", type=click.IntRange(1), help="Which version; left out, the newest."
)


@click.group
def command() -> None:
    """Keep the library of protocols: programs with their course data, approved before use."""


@command.command("list")
@archive_option
@json_option
def list_(folder: Path | None, as_json: bool) -> None:
    """List all versions of all protocols."""
    from mesohost.clinic import protocols

    held = archive(folder)
    found = protocols.versions(held)
    if as_json:
        print_json([_facts(version) for version in found])
        return
    for version in found:
        click.echo(
            f"{version.name}  version {version.version}  {version.state}  "
            f"{version.program.title}  {version.sha256[:12]}"
        )
    for words in protocols.refused(held):
        click.echo(f"not for use by this release: {words}", err=True)
    if not found:
        click.echo("no protocols yet: mesogun protocol import --examples --by NAME")


@command.command()
@click.argument("name")
@_version_option
@archive_option
@json_option
def show(name: str, version: int | None, folder: Path | None, as_json: bool) -> None:
    """Show a version: who wrote and approved it, its course, its text."""
    from mesohost.clinic import protocols, users

    held = archive(folder)
    found = protocols.one(held, name, version)
    if as_json:
        print_json({**_facts(found), "text": found.text})
        return
    click.echo(f"{found.name} version {found.version}, by {found.author}: {found.state}")
    if found.approved_by is not None and found.approved_at is not None:
        who = users.of_id(held, found.approved_by).name
        click.echo(f"approved by {who}, {found.approved_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"sha256 {found.sha256}")
    course = found.course
    click.echo(
        f"course: {course.sessions} sessions, {course.interval_days} days apart, "
        f"{course.test_wait_days} days after a test injection"
    )
    click.echo(f"\n{found.text}", nl=False)


@command.command()
@click.argument("name")
@click.argument("old", type=click.IntRange(1))
@click.argument("new", type=click.IntRange(1))
@archive_option
def diff(name: str, old: int, new: int, folder: Path | None) -> None:
    """Tell in words what differs between versions OLD and NEW."""
    from mesohost.clinic import differing, protocols

    held = archive(folder)
    lines = differing.differences(protocols.one(held, name, old), protocols.one(held, name, new))
    for line in lines or ["they say the same"]:
        click.echo(line)


@command.command()
@click.argument("name")
@_version_option
@by_option
@archive_option
def approve(name: str, version: int | None, by: str, folder: Path | None) -> None:
    """Approve a version for use; you must be an approver."""
    from mesohost.clinic import protocols

    held = archive(folder)
    found = protocols.one(held, name, version)
    done = protocols.approve(held, found, by=logged_in(held, by).id)
    click.echo(f"{done.name} version {done.version}: {done.state}")


@command.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why.")
@_version_option
@by_option
@archive_option
def withdraw(name: str, reason: str, version: int | None, by: str, folder: Path | None) -> None:
    """Take the approval of a version back; you must be an approver."""
    from mesohost.clinic import protocols

    held = archive(folder)
    found = protocols.one(held, name, version)
    done = protocols.withdraw(held, found, reason, by=logged_in(held, by).id)
    click.echo(f"{done.name} version {done.version}: {done.state}")


@command.command()
@click.argument("name")
@click.argument("file", type=_FILE)
@_version_option
@archive_option
def export(name: str, file: Path, version: int | None, folder: Path | None) -> None:
    """Write a version into FILE (TOML), as `import` reads it."""
    from mesohost.clinic import protocols

    found = protocols.one(archive(folder), name, version)
    with writing(file):
        files.create(file, found.text.encode())
    click.echo(f"{file}: {found.name} version {found.version}")


@command.command("import")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=_FILE)
@click.option("--examples", is_flag=True, help="Read the examples that come with mesogun.")
@by_option
@archive_option
def import_(files: tuple[Path, ...], examples: bool, by: str, folder: Path | None) -> None:
    """Read protocols from files, as drafts: a new one, or the next version of one that is there.

    A file is a program's TOML, with tables `protocol` (its name), `course` and `areas` beside.
    """
    from mesohost.clinic import drafts, protocols

    if bool(files) == examples:
        raise click.UsageError("name the files to read, or --examples")
    held = archive(folder)
    texts = [(str(file), _read(file)) for file in files]
    author = ""
    if examples:
        texts, author = list(drafts.texts()), drafts.AUTHOR
    who = logged_in(held, by)
    for name, text in texts:
        protocols.check(protocols.without_patient(text, name), name)
    for name, text in texts:
        made = protocols.add(held, text, by=who.id, file=name, author=author)
        click.echo(f"{made.name} version {made.version}: {made.state}")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileTrouble(
            f"{file}: cannot be read: {error}", ["name a file of UTF-8 text"]
        ) from error


def _facts(version: "Version") -> dict[str, object]:
    return {
        "name": version.name,
        "version": version.version,
        "title": version.program.title,
        "author": version.author,
        "state": version.state,
        "sha256": version.sha256,
        "approved_at": version.approved_at,
        "course": version.course,
    }
