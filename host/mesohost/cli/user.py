"""`mesogun user`: who works with the archive, and what they may do."""

import os
from pathlib import Path

import click

from mesohost.cli.options import archive, archive_option, json_option, print_json
from mesohost.cli.person import by_option, logged_in, password
from mesohost.troubles import ClinicTrouble

_NEW = "MESOGUN_NEW_PASSWORD"


@click.group
def command() -> None:
    """Keep the list of users."""


@command.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["operator", "engineer"]), default="operator", show_default=True
)
@click.option("--approver", is_flag=True, help="May approve protocols and set the clinic's limits.")
@click.option(
    "--by", envvar="MESOGUN_USER", metavar="NAME", help="Who adds: not for the first one."
)
@archive_option
def add(name: str, role: str, approver: bool, by: str | None, folder: Path | None) -> None:
    """Add user NAME. The first one is an approver; all others are added by an approver.

    The new password is asked for, or taken from MESOGUN_NEW_PASSWORD.
    """
    from mesohost.clinic import users

    held = archive(folder)
    first = not users.everyone(held)
    if not first and not by:
        raise ClinicTrouble("say who adds the user", ["name an approver: --by NAME"])
    adder = None if first else users.approver(held, logged_in(held, by or "").id).id
    made = users.add(
        held, name, "engineer" if role == "engineer" else "operator", _new(name),
        approver=approver or first, by=adder,
    )  # fmt: skip
    click.echo(f"{made.name}: {_what(made.role, made.approver, made.active)}")


@command.command("list")
@archive_option
@json_option
def list_(folder: Path | None, as_json: bool) -> None:
    """List all users."""
    from mesohost.clinic import users

    found = users.everyone(archive(folder))
    if as_json:
        print_json(found)
    for user in found if not as_json else ():
        click.echo(f"{user.name}: {_what(user.role, user.approver, user.active)}")


@command.command("password")
@click.argument("name")
@by_option
@archive_option
def password_(name: str, by: str, folder: Path | None) -> None:
    """Give NAME another password: one's own, or as an approver anybody's."""
    from mesohost.clinic import users

    held = archive(folder)
    user = users.named(held, name)
    who = logged_in(held, by)
    if who.id != user.id:
        users.approver(held, who.id)
    users.set_password(held, name, _new(name), by=who.id)
    click.echo(f"{user.name}: the password is changed")


@command.command()
@click.argument("name")
@by_option
@archive_option
def stop(name: str, by: str, folder: Path | None) -> None:
    """Let NAME log in no longer. What NAME entered stays."""
    from mesohost.clinic import users

    held = archive(folder)
    who = users.approver(held, logged_in(held, by).id)
    user = users.set_active(held, name, False, by=who.id)
    click.echo(f"{user.name}: {_what(user.role, user.approver, user.active)}")


def _new(name: str) -> str:
    return os.environ.get(_NEW) or password(f"new password of {name}", twice=True)


def _what(role: str, approver: bool, active: bool) -> str:
    return role + (", approver" if approver else "") + ("" if active else ", may not log in")
