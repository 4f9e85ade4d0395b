"""The verb `ledger`: report the share of suggestions that were right."""

import json
from contextlib import closing
from pathlib import Path

import click

from annotations.cli.options import add_as_of_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import show_as_of
from annotations.suggesters.precision import LEDGER_FIELDS, LedgerField, count_decisions
from db.statements.store import open_store
from db.statements.suggestions import read_decisions, read_open_suggestions


@click.command("ledger")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(LEDGER_FIELDS),
    help="Count by this; may be given several times. Default: by all of them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@add_as_of_option
@add_folder_options
def ledger(by: tuple[LedgerField, ...], as_json: bool, as_of: str | None, **given: Path) -> None:
    """Print how many suggestions people accepted and rejected.

    They are counted by suggester, version, rule and point.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn, show_as_of(conn, paths, as_of):
        lines = count_decisions(read_decisions(conn), read_open_suggestions(conn), by or LEDGER_FIELDS)
    if as_json:
        described = [{**line._asdict(), "precision": line.precision, "says": line.says} for line in lines]
        click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        return
    for line in lines:
        name = " ".join(part for part in line[:4] if part)
        click.echo(f"{name}: {line.accepted} accepted, {line.rejected} rejected, {line.undecided} open; {line.says}")
    if not lines:
        click.echo("no suggestions and no decisions yet; make some: dispatch-box suggest")
