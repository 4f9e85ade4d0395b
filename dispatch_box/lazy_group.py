"""Groups of commands that are imported only when one of them is run or its own help is asked for."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

import click


class LazyCommand(NamedTuple):
    """A command of another module: its place ("module:name"), and the line for the list of commands."""

    place: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are `LazyCommand`s; its help imports none of them."""

    def __init__(
        self,
        name: str,
        lazy: Mapping[str, LazyCommand],
        help: str,
        commands: Sequence[click.Command] = (),
        params: Sequence[click.Parameter] = (),
    ) -> None:
        """Make a group; its commands are those of `lazy`, in order, then `commands`."""
        named = {command.name or "": command for command in commands}
        super().__init__(name, help=help, commands=named, params=[*params])
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names, in order."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for an unknown name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.lazy[cmd_name].place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        added = [(name, command.get_short_help_str(limit=200)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl([*((name, each.help) for name, each in self.lazy.items()), *added])
