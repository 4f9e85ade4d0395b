"""Fetch what sources hold on a topic into db/archive.db, and load it into db/statements.db."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from functools import wraps
from pathlib import Path

import click

from db import archive, command, store
from db.command import FAILED, db_dir_option
from db.records import Topic
from db.rows import rows
from db.tables import Quarantined
from scrapers import run, show
from scrapers.folders import KINDS
from scrapers.run import Folder
from scrapers.topics import FILE, TopicError, read_topics

PARLDATA = "rsync://data.theyworkforyou.com/parldata"
KIND = click.Choice(list(KINDS))
DAY = click.DateTime(formats=["%Y-%m-%d"])

parldata_option = click.option(
    "--parldata",
    envvar="PARLDATA",
    default=PARLDATA,
    show_default=True,
    help="rsync://host/module or file:///folder that holds scrapedxml/ (or PARLDATA).",
)
topics_option = click.option(
    "--topics",
    "file",
    envvar="TOPICS",
    default=FILE,
    type=click.Path(path_type=Path),
    help="File of topics (or TOPICS); scrapers/topics.toml where left out.",
)
everything_option = click.option(
    "--everything", is_flag=True, envvar="EVERYTHING", help="Keep all debates, not only those that name a topic."
)


def wanted(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that narrow what is asked for, and pass it `topics` and what of them is `wanted`."""

    @click.argument("more_kinds", nargs=-1, type=KIND, metavar="[KIND]...")
    @click.option("--kind", "kinds", multiple=True, type=KIND, help="Only this kind; more may follow.")
    @click.option("--to", "end", type=DAY, help="Last date (YYYY-MM-DD); the topic's own where left out.")
    @click.option("--from", "start", type=DAY, help="First date (YYYY-MM-DD); the topic's own where left out.")
    @click.option("--topic", "ids", multiple=True, help="Only this topic; repeatable; all where left out.")
    @topics_option
    @wraps(command)
    def narrowed(
        file: Path,
        ids: Sequence[str],
        kinds: Sequence[str],
        more_kinds: Sequence[str],
        start: datetime | None,
        end: datetime | None,
        **others: object,
    ) -> None:
        topics = read_topics(file)
        command(
            topics=list(topics.values()), wanted=_narrowed(topics, ids, [*kinds, *more_kinds], start, end), **others
        )

    return narrowed


@click.group(help=__doc__)
def cli() -> None:
    """Hold the verbs."""


@cli.command("fetch")
@wanted
@parldata_option
@db_dir_option
def fetch_command(parldata: str, db_dir: Path, topics: list[Topic], wanted: list[Topic]) -> None:
    """Ask the source for the topics' files and store what is new or changed, as it came."""
    with run.alone(Folder(db_dir)):
        counts = run.fetch(Folder(db_dir), parldata, wanted, _tell)
    _sum_up(counts, "asked", "new", "changed", "unchanged")


@cli.command("load")
@everything_option
@topics_option
@db_dir_option
def load_command(everything: bool, file: Path, db_dir: Path) -> None:
    """Work out statements.db from archive.db: only the days that have changed."""
    topics = list(read_topics(file).values())
    with run.alone(Folder(db_dir)):
        counts = run.load_all(Folder(db_dir), topics, everything, _tell, _bad)
    _sum_up(counts, "days", "failed", "debates", "mentions")
    sys.exit(FAILED if counts["failed"] else 0)


@cli.command("scrape")
@wanted
@parldata_option
@everything_option
@db_dir_option
def scrape_command(parldata: str, everything: bool, db_dir: Path, topics: list[Topic], wanted: list[Topic]) -> None:
    """Fetch, load, and resolve the annotations, in one run that is entered in the table runs."""
    with run.alone(Folder(db_dir)):
        code, counts = run.scrape(Folder(db_dir), parldata, wanted, topics, everything, _tell, _bad)
    _sum_up(counts, "asked", "new", "changed", "unchanged", "failed", "mentions")
    sys.exit(code)


@cli.command("runs")
@click.option("--last", default=10, show_default=True, help="How many, newest first.")
@db_dir_option
def runs_command(last: int, db_dir: Path) -> None:
    """List the runs, newest first, one JSON object a line."""
    with closing(archive.open_archive(Folder(db_dir).archive)) as received:
        for row in rows(received, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", (last,)):
            click.echo(json.dumps(row))


@cli.command("show")
@click.argument("reference")
@db_dir_option
def show_command(reference: str, db_dir: Path) -> None:
    """Print the records of a GID, an ID, a web address or an XML FILE, one JSON object a line."""
    if Path(reference).is_file():
        records = list(show.in_file(Path(reference)))
    else:
        with closing(store.open_store(Folder(db_dir).statements)) as derived:
            records = list(show.in_store(derived, reference))
    if not records:
        hint = "only debates that name a topic are kept, unless loaded with --everything"
        raise click.ClickException(f"{reference} is not in {Folder(db_dir).statements}; {hint}")
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False))


def _narrowed(
    topics: dict[str, Topic], ids: Sequence[str], kinds: Sequence[str], start: datetime | None, end: datetime | None
) -> list[Topic]:
    if start and end and start > end:
        raise click.UsageError(f"--from {start:%Y-%m-%d} is after --to {end:%Y-%m-%d}")
    for id in ids:
        if id not in topics:
            raise click.UsageError(f"there is no topic {id!r}; there are: {', '.join(topics)}")
    return [
        topic._replace(
            kinds=tuple(kind for kind in topic.kinds if not kinds or kind in kinds),
            start=f"{start:%Y-%m-%d}" if start else topic.start,
            end=f"{end:%Y-%m-%d}" if end else topic.end,
        )
        for topic in topics.values()
        if not ids or topic.id in ids
    ]


def _tell(text: str) -> None:
    if sys.stderr.isatty():  # one line, written over
        click.echo(f"\r{text}\033[K\r", err=True, nl=False)


def _bad(quarantined: Quarantined) -> None:
    click.echo(f"failed: {quarantined.name}: {quarantined.reason}", err=True)


def _sum_up(counts: Counter[str], *names: str) -> None:
    click.echo(", ".join(f"{name} {counts[name]:,}" for name in names))


def main() -> None:
    """Run the command line."""
    command.run(cli, "scrapers", TopicError)


if __name__ == "__main__":
    main()
