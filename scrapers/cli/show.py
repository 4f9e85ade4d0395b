"""The verbs that hold records against bytes: `show` and `audit`."""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import click

from db.archive.responses import open_archive
from db.cli import existing_db_dir_option
from db.exit_codes import EXIT_FAILED, EXIT_OK
from db.records.source import ParseError, Response
from db.statements import store
from scrapers.audit.audit_documents import Auditor
from scrapers.cli.options import json_option
from scrapers.database_folder import DatabaseFolder
from scrapers.reports import audit_report, show
from scrapers.reports.file_recognition import recognise_file
from scrapers.sources.registry import REGISTRY


@click.command("show", short_help="Print the records of a reference, or what a parser makes of a file.")
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
    sys.exit(EXIT_FAILED if parsed.refused else EXIT_OK)


def _show_rows(folder: DatabaseFolder, reference: str) -> None:
    with closing(store.open_store(folder.statements)) as derived:
        records = list(show.read_store_records(derived, reference))
    if not records:
        hint = "only debates that mention a topic are kept, unless loaded with --everything"
        if Path(reference).suffix in (".xml", ".json", ".htm", ".html"):
            hint = "a document of the archive is shown with --archived"
        raise click.ClickException(f"{reference} is not in {folder.statements}, nor is it a file; {hint}")
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False))


@click.command("audit", short_help="Compare records with an independent reading of the same bytes.")
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
