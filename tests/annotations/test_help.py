"""The help of the command lines: every verb and option has a help text, and no text is cut."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from accounts.__main__ import cli as accounts
from annotations.__main__ import cli as annotations

WIDTH = 80  # columns of a terminal


def list_commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for verb in command.list_commands(context):
            below = command.get_command(context, verb)
            assert below is not None
            yield from list_commands(f"{name} {verb}", below)


COMMANDS = dict([*list_commands("annotations", annotations), *list_commands("accounts", accounts)])


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_text_is_cut(name: str) -> None:
    shown = CliRunner().invoke(COMMANDS[name], ["--help"], terminal_width=WIDTH)
    assert shown.exit_code == 0
    assert "..." not in shown.output.replace("[ARGS]...", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_verb_and_option_has_a_help_text(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help] == []
