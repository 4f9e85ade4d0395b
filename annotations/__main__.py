"""Annotate statements: link words of the record to points of guidance, and check, review and exchange such notes.

Every verb reads the files of guidance and quotes and the databases in db/, and writes to db/journal.db or
db/statements.db.
"""

import click

from annotations.cli.agreement import agreement
from annotations.cli.anchor import anchor
from annotations.cli.annotate import annotate, reply, restore, undo, withdraw
from annotations.cli.decide import accept, reject
from annotations.cli.exchange import export, import_
from annotations.cli.journal import journal
from annotations.cli.load import load
from annotations.cli.repair import check, confirm, repair
from annotations.cli.suggest import ledger, suggest
from annotations.cli.verify import verify_command
from db import cli as command

cli = click.Group(help=__doc__)
cli.add_command(load)
cli.add_command(check)
cli.add_command(confirm)
cli.add_command(repair)
cli.add_command(annotate)
cli.add_command(reply)
cli.add_command(withdraw)
cli.add_command(restore)
cli.add_command(undo)
cli.add_command(journal)
cli.add_command(suggest)
cli.add_command(ledger)
cli.add_command(accept)
cli.add_command(reject)
cli.add_command(agreement)
cli.add_command(anchor)
cli.add_command(verify_command)
cli.add_command(export)
cli.add_command(import_)


def main() -> None:
    """Run the command line."""
    command.run_command_line(cli, "python -m annotations")


if __name__ == "__main__":
    main()
