"""Fetch what sources hold on a topic into db/archive.db, and load it into db/statements.db."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from db import cli as command
from db.cli import FAILED, db_dir_option
from db.statements import store
from db.statements.row_builders import Quarantined
from scrapers import run
from scrapers.cli_options import asking, everything_option, topics_option
from scrapers.fetch.crawl_sources import Settings
from scrapers.fetch.progress import Progress
from scrapers.load import load_people as register
from scrapers.reports import census, show
from scrapers.reports.health import stale, table
from scrapers.reports.runs import length, listed
from scrapers.run import Folder, Outcome, Wanted
from scrapers.scope.topics import TopicError, read_topics

json_option = click.option("--json", "as_json", is_flag=True, help="Say everything as JSON, one object a line.")
FETCHED = ("asked", "new", "changed", "unchanged")


@click.group(help=__doc__)
def cli() -> None:
    """Hold the verbs."""


@cli.command("fetch")
@asking
@json_option
@db_dir_option
def fetch_command(db_dir: Path, as_json: bool, settings: Settings, wanted: Wanted) -> None:
    """Ask the sources about the topics and store what is new or changed, as it came.

    TheyWorkForYou's files are asked for on the days that the last load found to name a topic; scrape does both.
    """
    with run.alone(Folder(db_dir)):
        outcome = run.fetch(Folder(db_dir), settings, wanted, _progress(as_json))
    _end(outcome, as_json, *FETCHED)


@cli.command("load")
@everything_option
@topics_option
@json_option
@db_dir_option
def load_command(everything: bool, file: Path, as_json: bool, db_dir: Path) -> None:
    """Work out statements.db from archive.db: only the days that have changed."""
    topics = list(read_topics(file).values())
    with run.alone(Folder(db_dir)):
        counts = run.load_all(Folder(db_dir), Wanted(topics, topics, everything), _progress(as_json), _bad(as_json))
    _end(Outcome(counts, [], []), as_json, "days", "failed", "debates", "mentions")


@cli.command("scrape")
@asking
@json_option
@db_dir_option
def scrape_command(db_dir: Path, as_json: bool, settings: Settings, wanted: Wanted) -> None:
    """Fetch, load, and resolve the annotations, in one run that is entered in the table runs.

    Parliament's API is asked which days name a topic, and then TheyWorkForYou for the files of those days alone.
    """
    with run.alone(Folder(db_dir)):
        outcome, resolved = run.scrape(Folder(db_dir), settings, wanted, _progress(as_json), _bad(as_json))
    _end(outcome, as_json, *FETCHED, "failed", "mentions", code=resolved)


@cli.command("runs")
@click.option("--last", default=10, show_default=True, help="How many, newest first.")
@click.option("--fail-if-stale", "limit", callback=length, help="Exit with 1 where none ended well for 36h, 90m, 2d.")
@json_option
@db_dir_option
def runs_command(last: int, limit: timedelta | None, as_json: bool, db_dir: Path) -> None:
    """List the runs, newest first: what came, and how they went."""
    found = listed(Folder(db_dir).archive)
    for line in map(json.dumps, found[:last]) if as_json else table(found[:last]):
        click.echo(line)
    if limit and (reason := stale(found, limit, datetime.now(UTC))):
        click.echo(f"error: {reason}", err=True)
        sys.exit(FAILED)


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


@cli.command("census")
@click.option("--topic", "ids", multiple=True, help="Only this topic; repeatable; all where left out.")
@topics_option
@json_option
@db_dir_option
def census_command(ids: Sequence[str], file: Path, as_json: bool, db_dir: Path) -> None:
    """Say which mention of a topic is known to which source, and what is not known: the gaps.

    A source names a mention (yes), has the speech in words that do not name it (other words), or does not have it (-).
    """
    topics = [topic for topic in read_topics(file).values() if not ids or topic.id in ids]
    folder = Folder(db_dir)
    for row in census.census(folder.archive, folder.statements, topics):
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else census.line(row))


@cli.command("people")
@click.option("--unresolved", is_flag=True, help="List the speeches whose speaker is not known, and why.")
@json_option
@db_dir_option
def people_command(unresolved: bool, as_json: bool, db_dir: Path) -> None:
    """Say how many speakers the register of people knows, and list those that it does not."""
    with closing(store.open_store(Folder(db_dir).statements)) as derived:
        if unresolved:
            for row in register.unresolved(derived):
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\t".join(map(str, row.values())))
        else:
            for line in register.report(derived):
                click.echo(line)


def _progress(as_json: bool) -> Progress:
    """Progress for whoever watches: lines of JSON, one line written over on a terminal, or nothing."""
    if as_json:
        return Progress(click.echo, as_json=True)
    return Progress(_over if sys.stderr.isatty() else None)


def _over(text: str) -> None:
    click.echo(f"\r{text}\033[K\r", err=True, nl=False)


def _bad(as_json: bool) -> Callable[[Quarantined], None]:
    def bad(quarantined: Quarantined) -> None:
        if as_json:
            click.echo(json.dumps({"event": "failed", **quarantined._asdict()}))
        click.echo(f"failed: {quarantined.name}: {quarantined.reason}", err=True)

    return bad


def _end(outcome: Outcome, as_json: bool, *names: str, code: int = 0) -> None:
    """Say how it went, and exit with the code that tells."""
    code = max(outcome.code, code)
    for problem in outcome.problems:
        click.echo(f"error: {problem}", err=True)
    for said in outcome.said:
        click.echo(said, err=True)
    if as_json:
        click.echo(json.dumps({"event": "end", "exit_code": code, **outcome.counts}))
    else:
        shown = [*names, "gaps"] if outcome.counts["gaps"] else names
        click.echo(", ".join(f"{name} {outcome.counts[name]:,}" for name in shown))
    sys.exit(code)


def main() -> None:
    """Run the command line."""
    command.run(cli, "scrapers", TopicError)


if __name__ == "__main__":
    main()
