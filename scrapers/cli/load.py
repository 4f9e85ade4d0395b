"""The verb `load`: statements.db brought up to date with archive.db."""

from contextlib import closing
from pathlib import Path

import click

from db.cli import existing_db_dir_option
from scrapers.cli.options import everything_option, json_option, topics_option
from scrapers.cli.run_report import finish_run, make_bad_reporter, make_progress
from scrapers.database_folder import DatabaseFolder, folder_lock
from scrapers.run import RunOutcome, RunRequest, report_falls, update_statements
from scrapers.scope.topics import read_topics


@click.command("load", short_help="Bring statements.db up to date with archive.db.")
@everything_option
@topics_option
@json_option
@existing_db_dir_option
def load_command(everything: bool, file: Path, as_json: bool, db_dir: Path) -> None:
    """Bring statements.db up to date with archive.db, loading only the days that have changed."""
    topics = list(read_topics(file).values())
    with folder_lock(DatabaseFolder(db_dir)), closing(make_progress(as_json)) as progress:
        request = RunRequest(topics, topics, everything)
        counts = update_statements(DatabaseFolder(db_dir), request, progress, make_bad_reporter(as_json, progress))
        outcome = report_falls(DatabaseFolder(db_dir), request, RunOutcome(counts=counts, problems=[], notices=[]))
    finish_run(outcome, as_json, "days", "failed", "debates", "mentions")
