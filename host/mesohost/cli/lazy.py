"""A group of commands whose modules are imported only when they are called.

`mesogun check` then starts without what only the serial port, the simulator or reports need.
"""

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from mesohost.cli.exits import MEANING


class LazyGroup(click.Group):
    """A group over `table`: name → (module, one line of help). Each module has a `command`."""

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **more: Any):
        super().__init__(*args, **more)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now; None where there is none."""
        row = self._table.get(cmd_name)
        if row is None:
            return None
        command: click.Command = import_module(row[0]).command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown name is answered with the nearest known one."""
        name = args[0]
        if name not in self._table and not name.startswith("-"):
            near = difflib.get_close_matches(name, self._table, n=1)
            hint = f"Did you mean {near[0]}?" if near else "See mesogun --help."
            ctx.fail(f"there is no command {name!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands with their lines of help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[1]) for name, row in self._table.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The exit codes."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), text) for code, text in MEANING.items()])
