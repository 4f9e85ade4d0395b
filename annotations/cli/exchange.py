"""The verbs `export` and `import`: write annotations in formats of other programs, and read them into the journal."""

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, get_args

import click

from annotations.cli.options import add_actor_option, add_as_of_option, add_folder_options, read_archive_paths
from annotations.cli.sql_query import QueryError, query_first_column
from annotations.cli.verb_steps import show_as_of
from annotations.commands.journal_reader import open_journal_view
from annotations.commands.journal_writer import append_checked
from annotations.exchange.bundle import (
    Bundle,
    ExchangeError,
    FileItem,
    ImportedAnnotation,
    ImportedMoment,
    ImportedReply,
)
from annotations.exchange.bundle_queries import ExportFilter, read_bundle
from annotations.exchange.field_readers import MAX_ENTRIES
from annotations.exchange.formats import FORMATS, HEAD_SIZE, Format, recognize_format
from annotations.exchange.import_plan import ImportContext, ImportPlan, plan_import
from annotations.projection.capture import capture_words_on_page, find_speech
from annotations.projection.refresh import refresh_changed
from annotations.state.model import State
from db.archive.responses import format_now
from db.exit_codes import EXIT_FAILED
from db.records.guidance import Reading
from db.statements.store import open_store

MAX_FILE_SIZE = 16 << 20  # bytes of a file that is imported
MAX_ZIP_SIZE = 32 << 20  # bytes of a zip, which may hold pictures
DEFAULT_BASE_URL = "http://127.0.0.1:8001"


@click.command("export")
@click.option("--format", "format_name", required=True, type=click.Choice(tuple(FORMATS)), help="The format.")
@click.option(
    "--out",
    default="-",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="The file to write. Default: standard output.",
)
@click.option("--point", default="", help="Only on this guidance point, or on the points of this document.")
@click.option("--debate", default="", help="Only in this debate: its id, gid or address.")
@click.option("--creator", default="", help="Only by this annotator.")
@click.option("--query", help="Only the notes whose ids this SQL query over statements.db returns.")
@click.option(
    "--base-url",
    envvar="BASE_URL",
    default=DEFAULT_BASE_URL,
    show_default=True,
    help="Address of the site (or BASE_URL).",
)
@add_as_of_option
@add_folder_options
def export(format_name: str, out: str, point: str, debate: str, creator: str, query: str | None, **given: Any) -> None:
    """Export notes in a format that other programs read.

    Their replies, speeches and guidance are included.
    """
    paths = read_archive_paths(given)
    if not paths.statements.exists():
        raise ExchangeError(f"{paths.statements} does not exist yet; make it: dispatch-box scrape")
    with closing(open_store(paths.statements)) as conn:
        ids = None if query is None else _query_ids(paths.statements, query)
        with show_as_of(conn, paths, given["as_of"]):
            bundle = read_bundle(conn, ExportFilter(point, debate, creator, ids), format_now())
    if out != "-" and not Path(out).parent.is_dir():
        raise ExchangeError(f"{out} cannot be written: there is no folder {Path(out).parent}")
    body = FORMATS[format_name].write(bundle, given["base_url"].rstrip("/"))
    with click.open_file(out, "wb", atomic=out != "-") as file:
        file.write(body)
    click.echo(_describe_export(bundle, len(body)) if FORMATS[format_name].read else f"{len(body)} bytes", err=True)


def _describe_export(bundle: Bundle, size: int) -> str:
    replies = sum(len(exported.annotation.replies) for exported in bundle.annotations)
    without_place = sum(exported.anchor.start is None for exported in bundle.annotations)
    line = f"{len(bundle.annotations)} notes, {replies} replies, {size} bytes"
    line += f", {len(bundle.moments)} moments of videos" if bundle.moments else ""
    return f"{line}; {without_place} changed or lost, without a place in the text" if without_place else line


def _query_ids(path: Path, query: str) -> list[str]:
    try:
        return query_first_column(path, query, MAX_ENTRIES)
    except QueryError as error:
        raise ExchangeError(f"--query: {error}") from error


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice(tuple(FORMATS)),
    help="The format. Default: by the name of the file, or by its content.",
)
@click.option("--point", default="", help="The guidance point for notes without one (Hypothesis).")
@click.option(
    "--reading",
    type=click.Choice(get_args(Reading)),
    default=None,
    help="The reading for notes without one (Hypothesis).",
)
@click.option("--dry-run", is_flag=True, help="Only report what would be saved.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
@click.option("--allow-changed", is_flag=True, help="Save quotes even where the speech does not have their words.")
@add_actor_option
@add_folder_options
def import_(
    file: Path,
    format_name: str | None,
    point: str,
    reading: str | None,
    dry_run: bool,
    as_json: bool,
    allow_changed: bool,
    actor: str,
    **given: Any,
) -> None:
    """Import notes and replies from a file into the journal.

    Everything in FILE that is new is saved, all at once. What has a fault is refused and listed, and the exit code is
    1; fix the file and import it again. What is not public is left out, counted and listed.
    """
    paths, items = read_archive_paths(given), _read_file(file, format_name, point, reading or "")
    with closing(open_store(paths.statements)) as conn, open_journal_view(paths, create=True) as view:
        plan = _make_plan(conn, items, view.read_state(_list_item_ids(items)), actor, allow_changed)
        if plan.drafts and not dry_run:
            append_checked(view, plan.drafts)
        _report_plan(plan, file.name, dry_run, as_json)  # it is entered, even if the refresh fails
        if plan.drafts and not dry_run:
            view.index.store()
            refresh_changed(conn, view)
    if plan.problems:
        click.echo(f"{len(plan.problems)} refused: fix them, and import the file again", err=True)
        sys.exit(EXIT_FAILED)


def _report_plan(plan: ImportPlan, name: str, dry_run: bool, as_json: bool) -> None:
    """Print what was entered, or would be, and on stderr what was not; as JSON all of it in one object."""
    if as_json:
        left_out, problems = ([each._asdict() for each in plan.left_out], [each._asdict() for each in plan.problems])
        report = {"dry_run": dry_run, **plan.counts, "left_out": left_out, "problems": problems}
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    click.echo(f"{_describe_plan(plan)}{' (a dry run: nothing was saved)' if dry_run else ''}")
    for item in plan.left_out:
        click.echo(f"{name}: {item.where}: left out: {item.reason}", err=True)
    for problem in plan.problems:
        click.echo(f"{name}: {problem.where}: {problem.kind}: {problem.what}", err=True)


def _describe_plan(plan: ImportPlan) -> str:
    """Describe a plan in one line: 12 new, 3 duplicates, 1 not verbatim."""
    kinds = [problem.kind for problem in plan.problems]
    counts = {
        **plan.counts,
        "left out": len(plan.left_out),
        **{kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
    }
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count or kind in ("new", "duplicates"))


def _list_item_ids(items: Sequence[FileItem]) -> Iterator[str]:
    """Yield the ids of the items of a file, and of the annotations that they answer or belong to."""
    for item in items:
        if isinstance(item, ImportedAnnotation):
            yield item.annotation.id
        elif isinstance(item, ImportedReply):
            yield from (item.reply.id, item.annotation_id)
        elif isinstance(item, ImportedMoment):
            yield from filter(None, (item.moment.id, item.moment.annotation_id))


def _make_plan(
    conn: sqlite3.Connection, items: Sequence[FileItem], state: State, actor: str, allow_changed: bool
) -> ImportPlan:
    points = {id for (id,) in conn.execute("SELECT id FROM guidance_points")}
    if not points:
        raise ExchangeError("statements.db has no guidance yet; load it: dispatch-box load")
    archive = ImportContext(
        annotations=state.annotations,
        moments=state.moments,
        points=points,
        capture=partial(capture_words_on_page, conn),
        find_speech=partial(find_speech, conn),
    )
    return plan_import(items, archive, actor, allow_changed)


def _read_file(file: Path, format_name: str | None, point: str, reading: str) -> Sequence[FileItem]:
    format = FORMATS[format_name] if format_name else _guess_format(file)
    limit = MAX_ZIP_SIZE if format.media_type == "application/zip" else MAX_FILE_SIZE
    if file.stat().st_size > limit:
        raise ExchangeError(f"{file.name}: it is larger than {limit >> 20} MiB: split it")
    if not format.read:
        raise ExchangeError(f"{file.name}: {format.title} holds no annotations, and can only be exported")
    if (point or reading) and not format.read_untagged:
        raise ExchangeError(
            f"{file.name}: --point and --reading are for Hypothesis; {format.title} has them in the file"
        )
    try:
        if format.read_untagged:
            return format.read_untagged(file.read_bytes(), point, reading)
        return format.read(file.read_bytes())
    except ExchangeError as error:
        raise ExchangeError(f"{file.name}: {error}") from error


def _guess_format(file: Path) -> Format:
    for format in FORMATS.values():
        if file.suffix.lower() in format.endings:
            return format
    with file.open("rb") as opened:
        found = recognize_format(opened.read(HEAD_SIZE))
    if not found:
        names = ", ".join(name for name, format in FORMATS.items() if format.read)
        raise ExchangeError(
            f"{file.name}: neither its ending nor its content is of a known format: give --format {names}"
        )
    return found
