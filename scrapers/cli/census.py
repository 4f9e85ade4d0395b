"""The verb `census`: compare which source has which mention."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from db.cli import existing_db_dir_option
from scrapers.cli.options import json_option, topic_option, topics_option
from scrapers.database_folder import DatabaseFolder
from scrapers.reports import census
from scrapers.scope.topics import read_topics


@click.command("census", short_help="Compare which source has which mention; list gaps.")
@topic_option
@topics_option
@json_option
@existing_db_dir_option
def census_command(ids: Sequence[str], file: Path, as_json: bool, db_dir: Path) -> None:
    """Compare which source has which mention of a topic, and list the gaps.

    A source has the mention (yes), the speech in words without it (other words), or nothing of it (-).
    """
    topics = [topic for topic in read_topics(file).values() if not ids or topic.id in ids]
    folder = DatabaseFolder(db_dir)
    for row in census.take_census(folder.archive, folder.statements, topics):
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else census.format_row(row))
