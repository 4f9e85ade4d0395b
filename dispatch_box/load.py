"""The verb `load`: both halves of loading, the record and then the notes on it."""

import sys
from typing import Any

import click

from annotations.cli.load import load as load_notes
from db.exit_codes import EXIT_FAILED, EXIT_OK, choose_gravest
from scrapers.cli.load import load_command as load_record

GOES_ON = (EXIT_OK, EXIT_FAILED)  # exit codes of the first half after which the second is run


class _BothHalves(click.Command):
    """A command with the options of both halves."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """List the options of both halves, each once."""
        return list({each.name: each for half in (load_notes, load_record) for each in half.get_params(ctx)}.values())


@click.command("load", cls=_BothHalves)
@click.pass_context
def load(context: click.Context, /, **given: Any) -> None:
    """Bring statements.db up to date: the record with archive.db, then guidance, notes and suggestions.

    Only days that have changed are loaded. Every quote is then looked up in the current record.
    """
    codes = [_run_half(context, load_record, given)]
    if codes[0] in GOES_ON:
        codes.append(_run_half(context, load_notes, given))
    sys.exit(choose_gravest(codes))


def _run_half(context: click.Context, half: click.Command, given: dict[str, Any]) -> int:
    """Run one half with its own options; return its exit code."""
    names = {parameter.name for parameter in half.params}
    try:
        context.invoke(half, **{name: value for name, value in given.items() if name in names})
    except SystemExit as ended:
        code = ended.code or EXIT_OK
        if not isinstance(code, int):  # a message, which only Python's own end prints
            raise
        return code
    return EXIT_OK
