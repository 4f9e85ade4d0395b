"""Groups of commands that are imported only when one of them is run or its own help is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem


class LazyCommand(NamedTuple):
    """A command of another module: its place ("module:name"), and the line for the list of commands."""

    place: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are `LazyCommand`s; its help and completion import none of them."""

    def __init__(
        self, name: str, lazy: Mapping[str, LazyCommand], help: str | None, commands: Sequence[click.Command] = ()
    ) -> None:
        """Make a group; its commands are those of `lazy`, in order, then `commands`."""
        super().__init__(name, help=help, commands={command.name or "": command for command in commands})
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; for an unknown one, name those of this group that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self._list_paths(), ctx=ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List the commands, then the options, that begin like this."""
        found = [CompletionItem(name, help=line) for name, line in self._describe_commands()]
        return [
            *(each for each in found if each.value.startswith(incomplete)),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([*self._describe_commands()])

    def _describe_commands(self) -> Iterator[tuple[str, str]]:
        """Yield the name of every command, with its line."""
        yield from ((name, each.help) for name, each in self.lazy.items())
        yield from ((name, each.get_short_help_str(limit=200)) for name, each in self.commands.items())

    def _list_paths(self) -> Iterator[str]:
        """Yield the names of the commands here, and those of the groups here ("notes annotate")."""
        yield from [*self.lazy, *self.commands]
        for name, group in self.commands.items():
            if isinstance(group, LazyGroup):
                yield from (f"{name} {below}" for below in group.lazy)
