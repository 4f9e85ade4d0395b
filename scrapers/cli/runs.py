"""The verb `runs`: list the runs, and say when they are stale."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from db.cli import existing_db_dir_option
from db.exit_codes import EXIT_FAILED
from db.statements.store import open_store
from scrapers.cli.options import json_option, parse_age_option
from scrapers.database_folder import DatabaseFolder
from scrapers.reports.health import explain_staleness
from scrapers.reports.runs import format_table, list_falls, list_runs
from scrapers.reports.speakers import NO_REGISTER, lacks_register


@click.command("runs", short_help="List the runs, newest first.")
@click.option("--last", default=10, show_default=True, help="Number of runs to list.")
@click.option(
    *("--fail-if-stale", "limit"),
    callback=parse_age_option,
    help="Exit with 1 if no update was complete for this long (36h, 90m, 2d), or if a count fell.",
)
@json_option
@existing_db_dir_option
def runs_command(last: int, limit: timedelta | None, as_json: bool, db_dir: Path) -> None:
    """List the runs, newest first: counts and outcome of each."""
    found = list_runs(DatabaseFolder(db_dir).archive)
    for line in map(json.dumps, found[:last]) if as_json else format_table(found[:last]):
        click.echo(line)
    _print_notice(DatabaseFolder(db_dir).statements)
    falls = list_falls(DatabaseFolder(db_dir).archive)
    if limit and (reason := explain_staleness(found, limit, datetime.now(UTC), falls)):
        click.echo(f"error: {reason}", err=True)
        sys.exit(EXIT_FAILED)


def _print_notice(statements: Path) -> None:
    if not statements.exists():
        return
    with closing(open_store(statements)) as conn:
        if lacks_register(conn):
            click.echo(NO_REGISTER, err=True)
