"""What the verb `runs` lists, and the length of time that it takes."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click

from db.archive.responses import open_archive
from db.rows import Row, rows
from scrapers.reports.health import age


def listed(path: Path) -> list[Row]:
    """Every run of an archive, newest first; none where there is no archive yet, which this does not make."""
    if not path.exists():
        return []
    with closing(open_archive(path)) as received:
        return rows(received, "SELECT * FROM runs ORDER BY id DESC")


def length(_: click.Context, parameter: click.Parameter, text: str | None) -> timedelta | None:
    """A length of time on the command line, as click asks for it."""
    try:
        return age(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
