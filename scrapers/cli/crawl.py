"""The verbs that ask the sources: `fetch` and `scrape`."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.cli import db_dir_option
from scrapers.cli.crawl_options import crawl_options
from scrapers.cli.options import json_option
from scrapers.cli.run_report import finish_run, make_bad_reporter, make_progress
from scrapers.database_folder import DatabaseFolder, folder_lock
from scrapers.run import RunRequest, fetch_sources, scrape_topics

if TYPE_CHECKING:
    from scrapers.fetch.crawl_sources import CrawlSettings

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
def fetch_command(db_dir: Path, as_json: bool, settings: "CrawlSettings", request: RunRequest) -> None:
    """Fetch new or changed documents on the topics, and keep the originals.

    TheyWorkForYou's files are fetched for the days on which the last load found a topic; scrape fetches and loads.
    """
    with folder_lock(DatabaseFolder(db_dir)), closing(make_progress(as_json)) as progress:
        outcome = fetch_sources(DatabaseFolder(db_dir), settings, request, progress)
    finish_run(outcome, as_json, *FETCH_COUNTS)


@click.command("scrape", short_help="Fetch and load debates, and update notes.", epilog=EXAMPLES)
@crawl_options
@json_option
@db_dir_option
def scrape_command(db_dir: Path, as_json: bool, settings: "CrawlSettings", request: RunRequest) -> None:
    """Fetch and load debates, and update notes, in one run that is recorded in the table of runs.

    Parliament's API says which days mention a topic; TheyWorkForYou's files are then fetched for those days only.
    """
    with folder_lock(DatabaseFolder(db_dir)), closing(make_progress(as_json)) as progress:
        report_bad = make_bad_reporter(as_json, progress)
        outcome, resolved = scrape_topics(DatabaseFolder(db_dir), settings, request, progress, report_bad)
    finish_run(outcome, as_json, *FETCH_COUNTS, "failed", "mentions", code=resolved)
