"""The verb `ledger`: report the share of suggestions that were right."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from annotations.cli.options import add_as_of_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import show_as_of
from annotations.suggesters.precision import (
    LEDGER_FIELDS,
    LedgerField,
    PrecisionLine,
    SilentRule,
    count_decisions,
    find_silent_rules,
)
from db.sqlite import Row
from db.statements.store import open_store
from db.statements.suggestions import count_quotes, read_confusions, read_decisions, read_open_suggestions


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
    """Print how many suggestions people accepted and rejected, and how many quotes of their points they found.

    They are counted by suggester, version, rule and point. Then come the points that were chosen instead of suggested
    ones, and the rules that are silent, with why and since when.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn, show_as_of(conn, paths, as_of):
        decisions, confused = read_decisions(conn), read_confusions(conn)
        lines = count_decisions(decisions, read_open_suggestions(conn), by or LEDGER_FIELDS, count_quotes(conn))
    silent = list(find_silent_rules(decisions).values())
    if as_json:
        described = {
            "lines": [_describe_line(line) for line in lines],
            "confused": confused,
            "silent": [{**each._asdict(), "why": each.why} for each in silent],
        }
        click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        return
    _print_ledger(lines, confused, silent)


def _describe_line(line: PrecisionLine) -> Row:
    measures = {"precision": line.precision, "recall": line.recall}
    return {**line._asdict(), **measures, "says": line.says, "finds": line.finds}


def _print_ledger(lines: Sequence[PrecisionLine], confused: Sequence[Row], silent: Sequence[SilentRule]) -> None:
    for line in lines:
        name = " ".join(part for part in line[:4] if part)
        says = "; ".join(filter(None, (line.says, line.finds)))
        click.echo(f"{name}: {line.accepted} accepted, {line.rejected} rejected, {line.undecided} open; {says}")
    for pair in confused:
        click.echo(f"suggested {pair['suggested']}, chosen {pair['chosen']} instead: {pair['times']} times")
    for each in silent:
        click.echo(f"rule {each.rule} {each.version}: {each.why}; reword it")
    if not lines:
        click.echo("no suggestions and no decisions yet; make some: dispatch-box suggest")
