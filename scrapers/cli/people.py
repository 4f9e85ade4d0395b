"""The verb `people`: count the speakers that the register knows."""

import json
from contextlib import closing
from pathlib import Path

import click

from db.cli import existing_db_dir_option
from db.statements import store
from scrapers.cli.options import json_option
from scrapers.database_folder import DatabaseFolder
from scrapers.reports.speakers import describe_register, list_unresolved


@click.command("people", short_help="Count the speakers who were identified.")
@click.option("--unresolved", is_flag=True, help="List the speeches whose speaker was not identified, and why.")
@json_option
@existing_db_dir_option
def people_command(unresolved: bool, as_json: bool, db_dir: Path) -> None:
    """Count the speakers who were identified in the register of people, and list the others."""
    with closing(store.open_store(DatabaseFolder(db_dir).statements)) as derived:
        if unresolved:
            for row in list_unresolved(derived):
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\t".join(map(str, row.values())))
        else:
            for line in describe_register(derived):
                click.echo(line)
