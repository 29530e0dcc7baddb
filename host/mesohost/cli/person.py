"""Who does what is entered: a user and their password, for commands that write to the archive."""

import os
from typing import TYPE_CHECKING

import click

from mesohost.troubles import ClinicTrouble

if TYPE_CHECKING:
    from mesohost.archive import Archive
    from mesohost.clinic.users import User

by_option = click.option(
    "--by",
    envvar="MESOGUN_USER",
    metavar="NAME",
    required=True,
    help="Who you are: the password is asked for, or taken from MESOGUN_PASSWORD. "
    "Also from MESOGUN_USER.",
)


def logged_in(archive: "Archive", name: str) -> "User":
    """The user of a name, who gives the password. Raises ClinicTrouble."""
    from mesohost.clinic import users

    users.named(archive, name)
    user = users.log_in(archive, name, password(f"password of {name}"))
    if user is None:
        raise ClinicTrouble(
            f"this is not the password of {name}, or {name} may no longer log in",
            ["type it again", "have another one set: mesogun user password NAME --by APPROVER"],
        )
    return user


def password(prompt: str, *, twice: bool = False) -> str:
    """A password: of the environment, else typed unseen."""
    given = os.environ.get("MESOGUN_PASSWORD")
    if given:
        return given
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
    return typed
