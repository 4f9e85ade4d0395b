"""Build an export: copy the database, write tables and texts, crawl the pages, and replace the old folder."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from annotations.exchange.bundle_queries import list_attribution
from db.journal.backup import back_up_journal
from db.sqlite import connect, connect_to_read, get_database, make_address, read_rows
from db.statements.columns import SCHEMA
from export import annotation_files, citation_files, crawl, data_package, readme, search_index
from export.output_folder import ExportError, OutputFolder, open_output_folder
from export.page_writer import ExportOptions
from web.http.site_metadata import read_metadata
from web.http.site_url import LOCAL_URL

STATEMENTS = "statements.db"
NEWEST_TIME = """
SELECT max(time) FROM (
  SELECT max(received) AS time FROM debates UNION ALL SELECT max(received) FROM speeches
  UNION ALL SELECT max(received) FROM wordings UNION ALL SELECT max(received) FROM quarantine
  UNION ALL SELECT max(coalesce(finished, started)) FROM runs UNION ALL SELECT max(noticed) FROM gaps
  UNION ALL SELECT max(time) FROM annotation_history UNION ALL SELECT max(time) FROM decisions)
"""
COUNTS = "SELECT (SELECT count(*) FROM debates), (SELECT count(*) FROM speeches), (SELECT count(*) FROM annotations)"
NO_TIME = "1970-01-01T00:00:00Z"
LOADED_STAGE = 2  # application_id when the record and the annotations are loaded


class ExportResult(NamedTuple):
    """A finished export: numbers of files, bytes and pages, and the time of its newest data (UTC)."""

    files: int
    size: int
    pages: int
    stamp: str


def build_export(
    db_dir: Path, to: Path, base: str, journal: bool, processes: int, report: crawl.ProgressReport
) -> ExportResult:
    """Export the databases of a folder into `to`, which is replaced when everything is written. Raises ExportError."""
    source = db_dir / STATEMENTS
    if not source.exists():
        raise ExportError(f"{source} does not exist yet: run dispatch-box scrape, or make demo")
    if to.resolve() in (db_dir.resolve(), *db_dir.resolve().parents):
        raise ExportError(f"{to} holds the databases: name another folder")
    with _site_address(base or LOCAL_URL), open_output_folder(to) as folder:
        copy = _copy_database(source, folder)
        with closing(sqlite3.connect(make_address(copy, "immutable=1"), uri=True)) as conn:
            stamp, pages = _fill_folder(conn, copy, db_dir, folder, base, journal, processes, report)
        folder.finish(int(datetime.fromisoformat(stamp).timestamp()))
    return ExportResult(files=len(folder.files), size=folder.size, pages=pages, stamp=stamp)


@contextmanager
def _site_address(address: str) -> Iterator[None]:
    """Have the pages use an address as the site's own, which they read from BASE_URL, until the export ends."""
    before = os.environ.get("BASE_URL")
    os.environ["BASE_URL"] = address
    try:
        yield
    finally:
        if before is None:
            del os.environ["BASE_URL"]
        else:
            os.environ["BASE_URL"] = before


def _fill_folder(
    conn: sqlite3.Connection,
    copy: Path,
    db_dir: Path,
    folder: OutputFolder,
    base: str,
    journal: bool,
    processes: int,
    report: crawl.ProgressReport,
) -> tuple[str, int]:
    """Write every file into the folder; return the time of the newest data and the number of pages."""
    stamp, (debates, speeches, annotations) = _read_stamp(conn), conn.execute(COUNTS).fetchone()
    entries = annotation_files.write_journal(db_dir / "journal.db", folder) if journal else None
    metadata = read_metadata()
    resources = data_package.write_tables(conn, folder, metadata["databases"]["statements"]["tables"])
    sources = [{"title": row["title"], "path": row["url"]} for row in read_rows(conn, "SELECT title, url FROM sources")]
    descriptor = data_package.make_descriptor(resources, stamp, base, sources)
    folder.write_file("datapackage.json", json.dumps(descriptor, ensure_ascii=False, indent=1).encode() + b"\n")
    held = f"{debates:,} debates, {speeches:,} speeches, {annotations:,} annotations"
    folder.write_file("README.txt", readme.write_readme(stamp, held, base, entries).encode())
    folder.write_file("LICENCE.txt", readme.write_licence(list_attribution(conn)).encode())
    folder.write_file(SCHEMA.name, SCHEMA.read_bytes())
    about = {
        "stamp": stamp,
        "held": held,
        "tables": resources,
        "files": annotation_files.FILES | citation_files.COLLECTED,
        "forms": citation_files.FORMS,
        "entries": entries,
        "searched": search_index.has_speech_texts(conn),
        "size": copy.stat().st_size,
    }
    with TemporaryDirectory(prefix=".work-", dir=folder.path) as work:
        served = _prepare_site(copy, db_dir / "journal.db" if journal else None, Path(work))
        options = ExportOptions(
            statements=served, folder=folder.path, last=folder.last, base=base, site=base or LOCAL_URL, about=about
        )
        pages = crawl.crawl_site(options, conn, folder, processes, report)
    return stamp, pages


def _prepare_site(copy: Path, journal: Path | None, work: Path) -> Path:
    """Put statements.db beside a copy of the journal in a work folder, for the pages; return its path."""
    if journal and journal.exists():
        back_up_journal(journal, work / "journal.db")
    (work / STATEMENTS).symlink_to(copy)
    return work / STATEMENTS


def _copy_database(source: Path, folder: OutputFolder) -> Path:
    """Copy statements.db as it is at one moment into one file. Raises ExportError if it is not completely loaded."""
    copy, rough = folder.reserve_path(STATEMENTS), folder.path / f".{STATEMENTS}"
    with closing(connect_to_read(source, timeout=30)) as conn:
        if conn.execute("PRAGMA application_id").fetchone()[0] != LOADED_STAGE:
            raise ExportError(f"{source} is not fully loaded: run dispatch-box load, then export again")
        with closing(connect(rough)) as target:
            conn.backup(target)
    with closing(connect(rough, isolation_level=None)) as conn:
        _normalize_database(conn)
        conn.execute("VACUUM INTO ?", (make_address(copy),))  # keeps rowids, unlike VACUUM
    rough.unlink()
    folder.record_file(STATEMENTS)
    return copy


def _normalize_database(conn: sqlite3.Connection) -> None:
    """Remove traces of how a copy was loaded, so that the same rows give the same bytes."""
    conn.execute("PRAGMA journal_mode = DELETE")  # one file, that may be carried away
    db = get_database(conn)
    for table in db.table_names(fts5=True):
        db.table(table).rebuild_fts()
    conn.execute("PRAGMA schema_version = 1")


def _read_stamp(conn: sqlite3.Connection) -> str:
    """Return the time of the export: SOURCE_DATE_EPOCH if set, else that of the newest data; never the clock."""
    if given := os.environ.get("SOURCE_DATE_EPOCH", ""):
        if not (given.isascii() and given.isdigit() and len(given) < 12):
            raise ExportError(f"SOURCE_DATE_EPOCH is {given!r}: it is seconds since 1970")
        return f"{datetime.fromtimestamp(int(given), UTC):%Y-%m-%dT%H:%M:%SZ}"
    newest = str(conn.execute(NEWEST_TIME).fetchone()[0] or NO_TIME)
    return f"{datetime.fromisoformat(newest).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
