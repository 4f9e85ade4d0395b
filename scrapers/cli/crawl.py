"""The verbs that fill the databases: `fetch`, `load` and `scrape`."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import click

from db.cli import db_dir_option, existing_db_dir_option
from db.exit_codes import choose_gravest
from db.sqlite import Row
from db.statements.row_builders import QuarantinedDocument
from scrapers.cli.crawl_options import crawl_options
from scrapers.cli.options import everything_option, json_option, topics_option
from scrapers.database_folder import DatabaseFolder, folder_lock
from scrapers.fetch.crawl_sources import WHOLE_SOURCE, CrawlSettings
from scrapers.fetch.progress import Progress
from scrapers.run import (
    RunOutcome,
    RunRequest,
    fetch_sources,
    report_falls,
    scrape_topics,
    update_statements,
)
from scrapers.scope.topics import read_topics

GAPS_SHOWN = 5  # at the end of a run
EXAMPLES = """\b
Examples:
  dispatch-box scrape
  dispatch-box scrape --from 2008-06-18 --to 2008-06-18
  dispatch-box scrape --parldata file:///srv/parldata
"""
FETCH_COUNTS = ("asked", "new", "changed", "unchanged")


@click.command("fetch", short_help="Fetch what is new or changed on the topics.")
@crawl_options
@json_option
@db_dir_option
def fetch_command(db_dir: Path, as_json: bool, settings: CrawlSettings, request: RunRequest) -> None:
    """Fetch new or changed documents on the topics, and archive them as received.

    TheyWorkForYou's files are fetched for the days on which the last load found a topic; scrape does both.
    """
    with folder_lock(DatabaseFolder(db_dir)), closing(_make_progress(as_json)) as progress:
        outcome = fetch_sources(DatabaseFolder(db_dir), settings, request, progress)
    _finish(outcome, as_json, *FETCH_COUNTS)


@click.command("load", short_help="Bring statements.db up to date with archive.db.")
@everything_option
@topics_option
@json_option
@existing_db_dir_option
def load_command(everything: bool, file: Path, as_json: bool, db_dir: Path) -> None:
    """Bring statements.db up to date with archive.db, loading only the days that have changed."""
    topics = list(read_topics(file).values())
    with folder_lock(DatabaseFolder(db_dir)), closing(_make_progress(as_json)) as progress:
        request = RunRequest(topics, topics, everything)
        counts = update_statements(DatabaseFolder(db_dir), request, progress, _make_bad_reporter(as_json, progress))
        outcome = report_falls(DatabaseFolder(db_dir), request, RunOutcome(counts, [], []))
    _finish(outcome, as_json, "days", "failed", "debates", "mentions")


@click.command("scrape", short_help="Fetch, load and resolve annotations in one run.", epilog=EXAMPLES)
@crawl_options
@json_option
@db_dir_option
def scrape_command(db_dir: Path, as_json: bool, settings: CrawlSettings, request: RunRequest) -> None:
    """Fetch, load and resolve annotations in one run, and enter it in the table of runs.

    Parliament's API tells which days mention a topic; TheyWorkForYou's files are then fetched for those days only.
    """
    with folder_lock(DatabaseFolder(db_dir)), closing(_make_progress(as_json)) as progress:
        report_bad = _make_bad_reporter(as_json, progress)
        outcome, resolved = scrape_topics(DatabaseFolder(db_dir), settings, request, progress, report_bad)
    _finish(outcome, as_json, *FETCH_COUNTS, "failed", "mentions", code=resolved)


def _make_progress(as_json: bool) -> Progress:
    """Make a Progress that prints lines of JSON, draws a bar on a terminal, or prints nothing."""
    if as_json:
        return Progress(click.echo)
    return Progress(terminal=sys.stderr if sys.stderr.isatty() else None)


def _make_bad_reporter(as_json: bool, progress: Progress) -> Callable[[QuarantinedDocument], None]:
    def report_bad(quarantined: QuarantinedDocument) -> None:
        progress.clear()
        if as_json:
            click.echo(json.dumps({"event": "failed", **quarantined._asdict()}))
        place = f" ({quarantined.unit}, {quarantined.place})" if quarantined.place else ""
        click.echo(f"failed: {quarantined.name}{place}: {quarantined.reason}", err=True)

    return report_bad


def _finish(outcome: RunOutcome, as_json: bool, *names: str, code: int = 0) -> None:
    """Print the outcome of a run and what is open, and exit with the gravest exit code."""
    code = choose_gravest([outcome.exit_code, code])
    for problem in outcome.problems:
        click.echo(f"error: {problem}", err=True)
    for notice in outcome.notices:
        click.echo(notice, err=True)
    _print_gaps([gap for gap in outcome.gaps if gap["name"] != WHOLE_SOURCE])  # a problem above names those
    counts = Counter({**outcome.counts, "gaps": len(outcome.gaps)})
    if as_json:
        click.echo(json.dumps({"event": "end", "exit_code": code, **counts}))
    else:
        shown = [*names, "gaps"] if outcome.gaps else names
        click.echo(", ".join(f"{name} {counts[name]:,}" for name in shown))
    sys.exit(code)


def _print_gaps(open_gaps: Sequence[Row]) -> None:
    for gap in open_gaps[:GAPS_SHOWN]:
        click.echo(f"gap {gap['id']}: {gap['source']}, {gap['what']}: {gap['reason']}", err=True)
    if len(open_gaps) > GAPS_SHOWN:
        click.echo(f"and {len(open_gaps) - GAPS_SHOWN:,} more gaps: dispatch-box gaps", err=True)
