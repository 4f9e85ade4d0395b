"""The verb `load`: work out notes and suggestions and save them in statements.db, unless nothing has changed."""

import sys
from contextlib import closing
from pathlib import Path

import click

from annotations.cli.options import add_as_of_option, add_folder_options, add_judge_option, read_archive_paths
from annotations.curated.folders import find_curated_folder
from db.exit_codes import EXIT_FAILED
from db.statements.journal_head import ADVICE
from db.statements.load_mark import compute_load_mark, read_load_report
from db.statements.store import open_store


@click.command("load")
@add_folder_options
@add_as_of_option
@add_judge_option
@click.option("--again", is_flag=True, help="Work everything out again, even if nothing has changed.")
def load(as_of: str | None, judge: Path, again: bool, **given: Path) -> None:
    """Load guidance, notes and suggestions into statements.db.

    Every quote is looked up in the current record, and the rules suggest sentences. The exit code is 1 if entries that
    were shown before are missing from the journal.
    """
    db_dir = given["db_dir"]
    files = [given[name] or find_curated_folder(name, db_dir) for name in ("guidance", "quotes", "rules")]
    with closing(open_store(db_dir / "statements.db")) as conn:
        mark = compute_load_mark(conn, [*files, judge], db_dir / "journal.db")
        report, is_whole = (None if again or as_of else read_load_report(conn, mark)), True
        if report is None:
            from annotations.cli.loading import (
                load_notes,
            )  # reads and places everything: not needed where nothing changed

            report, is_whole = load_notes(conn, read_archive_paths(given), judge, as_of, mark)
    click.echo(report.counts)
    for warning in report.warnings:
        click.echo(warning, err=True)
    if not is_whole:
        click.echo(f"error: entries that statements.db has shown are missing from journal.db. {ADVICE}", err=True)
        sys.exit(EXIT_FAILED)
