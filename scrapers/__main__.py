"""Fetch documents on topics from the sources into db/archive.db, and load them into db/statements.db."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from db.archive.responses import open_archive
from db.cli import db_dir_option, existing_db_dir_option, run_command_line
from db.exit_codes import EXIT_FAILED, EXIT_OK, choose_gravest
from db.records.source import ParseError, Response
from db.sqlite import Row
from db.statements import store
from db.statements.row_builders import QuarantinedDocument
from scrapers.audit.audit_documents import Auditor
from scrapers.cli_options import (
    crawl_options,
    everything_option,
    json_option,
    parse_age_option,
    topic_option,
    topics_option,
)
from scrapers.fetch.crawl_sources import WHOLE_SOURCE, CrawlSettings
from scrapers.fetch.progress import Progress
from scrapers.gaps_verb import gaps_group
from scrapers.load import load_people
from scrapers.reports import audit_report, census, show
from scrapers.reports.file_recognition import recognise_file
from scrapers.reports.health import explain_staleness
from scrapers.reports.runs import format_table, list_falls, list_runs
from scrapers.run import (
    DatabaseFolder,
    RunOutcome,
    RunRequest,
    fetch_sources,
    folder_lock,
    report_falls,
    scrape_topics,
    update_statements,
)
from scrapers.scope.topics import read_topics
from scrapers.sources.registry import REGISTRY

GAPS_SHOWN = 5  # at the end of a run
FETCH_COUNTS = ("asked", "new", "changed", "unchanged")


@click.group(help=__doc__)
def cli() -> None:
    """Group the verbs."""


@cli.command("fetch", short_help="Fetch what is new or changed on the topics.")
@crawl_options
@json_option
@db_dir_option
def fetch_command(db_dir: Path, as_json: bool, settings: CrawlSettings, request: RunRequest) -> None:
    """Fetch new or changed documents on the topics, and archive them as received.

    TheyWorkForYou's files are fetched for the days on which the last load found a topic; scrape does both.
    """
    with folder_lock(DatabaseFolder(db_dir)):
        outcome = fetch_sources(DatabaseFolder(db_dir), settings, request, _make_progress(as_json))
    _finish(outcome, as_json, *FETCH_COUNTS)


@cli.command("load", short_help="Bring statements.db up to date with archive.db.")
@everything_option
@topics_option
@json_option
@existing_db_dir_option
def load_command(everything: bool, file: Path, as_json: bool, db_dir: Path) -> None:
    """Bring statements.db up to date with archive.db, loading only the days that have changed."""
    topics = list(read_topics(file).values())
    with folder_lock(DatabaseFolder(db_dir)):
        request = RunRequest(topics, topics, everything)
        counts = update_statements(
            DatabaseFolder(db_dir), request, _make_progress(as_json), _make_bad_reporter(as_json)
        )
        outcome = report_falls(DatabaseFolder(db_dir), request, RunOutcome(counts, [], []))
    _finish(outcome, as_json, "days", "failed", "debates", "mentions")


@cli.command("scrape", short_help="Fetch, load and resolve annotations in one run.")
@crawl_options
@json_option
@db_dir_option
def scrape_command(db_dir: Path, as_json: bool, settings: CrawlSettings, request: RunRequest) -> None:
    """Fetch, load and resolve annotations in one run, and enter it in the table of runs.

    Parliament's API tells which days mention a topic; TheyWorkForYou's files are then fetched for those days only.
    """
    with folder_lock(DatabaseFolder(db_dir)):
        outcome, resolved = scrape_topics(
            DatabaseFolder(db_dir), settings, request, _make_progress(as_json), _make_bad_reporter(as_json)
        )
    _finish(outcome, as_json, *FETCH_COUNTS, "failed", "mentions", code=resolved)


@cli.command("runs", short_help="List the runs, newest first.")
@click.option("--last", default=10, show_default=True, help="Number of runs to list.")
@click.option(
    *("--fail-if-stale", "limit"),
    callback=parse_age_option,
    help="Exit with 1 if no run has ended well for this long (36h, 90m, 2d), or if a count fell.",
)
@json_option
@existing_db_dir_option
def runs_command(last: int, limit: timedelta | None, as_json: bool, db_dir: Path) -> None:
    """List the runs, newest first: counts and outcome of each."""
    found = list_runs(DatabaseFolder(db_dir).archive)
    for line in map(json.dumps, found[:last]) if as_json else format_table(found[:last]):
        click.echo(line)
    falls = list_falls(DatabaseFolder(db_dir).archive)
    if limit and (reason := explain_staleness(found, limit, datetime.now(UTC), falls)):
        click.echo(f"error: {reason}", err=True)
        sys.exit(EXIT_FAILED)


@cli.command("show", short_help="Print the records of a reference, or what a parser makes of a file.")
@click.argument("reference")
@click.option("--source", type=click.Choice(list(REGISTRY)), help="Source of the file, if its name does not tell it.")
@click.option("--name", help="Name of the file's document in the archive, if the file does not tell it.")
@click.option("--archived", is_flag=True, help="REFERENCE is the name of a document in the archive.")
@json_option
@existing_db_dir_option
def show_command(
    reference: str, source: str | None, name: str | None, archived: bool, as_json: bool, db_dir: Path
) -> None:
    """Print what a parser makes of a FILE of any source (- reads standard input), or the rows of a reference.

    A GID, an ID or a web address is a reference; its rows are printed as JSON, one object a line. A document of the
    archive is shown as a file with --archived. Exit code 1: something was refused; 2: the file is of no known source.
    """
    folder = DatabaseFolder(db_dir)
    if archived:
        with closing(open_archive(folder.archive)) as received:
            response = show.find_archived_response(received, reference)
        if not response:
            raise click.ClickException(f"{reference} is the name of no document in {folder.archive}")
        _show_document(response, as_json)
    elif source or name or reference == "-" or Path(reference).is_file():
        body = sys.stdin.buffer.read() if reference == "-" else Path(reference).read_bytes()
        _show_document(recognise_file(reference, body, source, name), as_json)
    else:
        _show_rows(folder, reference)


def _show_document(response: Response, as_json: bool) -> None:
    """Print the records of one document, and exit with 1 if any of it was refused."""
    try:
        parsed = show.parse_response(response)
    except ParseError as error:
        refused = {"refused": {"unit": "document", "place": error.name, "reason": error.what}}
        click.echo(json.dumps(refused, ensure_ascii=False) if as_json else f"REFUSED document, {error}")
        sys.exit(EXIT_FAILED)
    lines = (json.dumps(row, ensure_ascii=False) for row in show.make_record_rows(parsed))
    for line in lines if as_json else show.describe_document(response.source, parsed):
        click.echo(line)
    sys.exit(EXIT_FAILED if show.list_refused(parsed) else EXIT_OK)


def _show_rows(folder: DatabaseFolder, reference: str) -> None:
    with closing(store.open_store(folder.statements)) as derived:
        records = list(show.read_store_records(derived, reference))
    if not records:
        hint = "only debates that mention a topic are kept, unless loaded with --everything"
        raise click.ClickException(f"{reference} is not in {folder.statements}, nor is it a file; {hint}")
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False))


@cli.command("audit", short_help="Compare records with an independent reading of the same bytes.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
@existing_db_dir_option
def audit_command(files: Sequence[Path], as_json: bool, db_dir: Path) -> None:
    """Compare what the parsers make of FILES, or of every document of the archive, with an independent reading.

    All words, figures and signs of a document must be in its records, but for those that a named rule leaves out; the
    rules are listed with their counts. Exit code 1: something was refused, by the parser or by the audit.
    """
    auditor, refused = Auditor(), 0
    with ExitStack() as stack:
        if files:
            responses = audit_report.select_speeches(recognise_file(str(path), path.read_bytes()) for path in files)
        else:
            received = stack.enter_context(closing(open_archive(DatabaseFolder(db_dir).archive)))
            responses = audit_report.list_newest_responses(received)
        for row in audit_report.audit_responses(responses, auditor):
            refused += 1
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else audit_report.format_row(row))
    for row in audit_report.make_summary(auditor, refused):
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else audit_report.format_row(row))
    sys.exit(EXIT_FAILED if refused else EXIT_OK)


@cli.command("census", short_help="Compare which source has which mention; list gaps.")
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


@cli.command("people", short_help="Count the speakers that the register knows.")
@click.option("--unresolved", is_flag=True, help="List the speeches whose speaker is not known, and why.")
@json_option
@existing_db_dir_option
def people_command(unresolved: bool, as_json: bool, db_dir: Path) -> None:
    """Count the speakers that the register of people knows, and list those that it does not."""
    with closing(store.open_store(DatabaseFolder(db_dir).statements)) as derived:
        if unresolved:
            for row in load_people.list_unresolved(derived):
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\t".join(map(str, row.values())))
        else:
            for line in load_people.describe_register(derived):
                click.echo(line)


cli.add_command(gaps_group)


def _make_progress(as_json: bool) -> Progress:
    """Make a Progress that prints lines of JSON, overwrites one line on a terminal, or prints nothing."""
    if as_json:
        return Progress(click.echo, as_json=True)
    return Progress(_overwrite_line if sys.stderr.isatty() else None)


def _overwrite_line(text: str) -> None:
    click.echo(f"\r{text}\033[K\r", err=True, nl=False)


def _make_bad_reporter(as_json: bool) -> Callable[[QuarantinedDocument], None]:
    def report_bad(quarantined: QuarantinedDocument) -> None:
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
    _print_gaps([gap for gap in outcome.gaps if gap["name"] != WHOLE_SOURCE])  # a problem told of those
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
        click.echo(f"and {len(open_gaps) - GAPS_SHOWN:,} more gaps: python -m scrapers gaps", err=True)


def main() -> None:
    """Run the command line."""
    run_command_line(cli, "python -m scrapers")


if __name__ == "__main__":
    main()
