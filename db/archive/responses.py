"""archive.db: every response as received, stored before it is parsed, and never changed."""

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from db.exit_codes import EXIT_SET_UP
from db.records.source import FileEntry, Response, Unavailable
from db.sqlite import (
    Row,
    begin_write,
    connect,
    get_database,
    is_read_only,
    open_version_to_read,
    read_first_row,
    run_script,
    set_write_ahead,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

StoreOutcome = Literal["new", "changed", "unchanged"]
COMPRESSION_LEVEL = 9  # of zlib: the bytes are written once and never rewritten
SCHEMA_VERSION = 3
RUN_COUNTS = dict.fromkeys(("requests", "bytes", "not_modified", "gone", "gaps"), 0)
ADDED_COLUMNS: dict[int, tuple[str, dict[str, str | int]]] = {  # by version: a table, and columns with their defaults
    2: ("runs", {"sources": "", **RUN_COUNTS, "expected": ""}),
    3: ("gaps", {"acknowledged": ""}),
}  # a new table needs no entry: schema.sql makes it
ENTER_RECEIVED = """
INSERT INTO asked (source, name, at, status, outcome, etag, modified) VALUES (?, ?, ?, ?, 'had', ?, ?)
    ON CONFLICT (source, name) DO UPDATE SET at = excluded.at, status = excluded.status, outcome = excluded.outcome,
       etag = excluded.etag, modified = excluded.modified
 WHERE excluded.at >= at
"""


class FetchStatus(NamedTuple):
    """The last request of a document from a web service: time (UTC), outcome, and the newest response's validators.

    Outcomes: had (received), unchanged (not modified since), gone (no longer there), missing (never there), failed.
    """

    name: str
    at: str
    status: int | None
    outcome: Literal["had", "unchanged", "gone", "missing", "failed"]
    etag: str = ""
    modified: str = ""


class SourceMemory(NamedTuple):
    """The archive's knowledge of a source's documents: the newest response and the last request, by name.

    `enter_status` enters a request that returned no document; one that did is entered with its response.
    """

    find_response: Callable[[str], Response | None]
    find_status: Callable[[str], FetchStatus | None]
    enter_status: Callable[[FetchStatus], None]


class DocumentVersion(NamedTuple):
    """One version of a document as received: the response's id, the sha256 of its bytes, and the response."""

    id: int
    sha256: str
    response: Response


def format_now(days_ago: int = 0) -> str:
    """Return the time as the archive writes it, UTC to the second; with `days_ago`, that of an earlier day."""
    return (datetime.now(UTC) - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_archive(path: Path) -> sqlite3.Connection:
    """Open archive.db; create it if it is missing, and migrate an older one, keeping every row.

    Where it cannot be written, it is opened only to be read. Raises Unavailable if a later version of this program
    wrote it, or an earlier one where it cannot be written.
    """
    if is_read_only(path):
        return open_version_to_read(path, SCHEMA_VERSION)
    path.parent.mkdir(parents=True, exist_ok=True)
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    set_write_ahead(conn)
    conn.execute("PRAGMA synchronous = NORMAL")
    if conn.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        with begin_write(conn) as db:
            _migrate(db, path)
    return conn


def _migrate(db: "Database", path: Path) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have migrated it meanwhile
    if version > SCHEMA_VERSION:
        raise Unavailable(
            f"{path} was made by a later version of this program: bring the program up to date", EXIT_SET_UP
        )
    tables = db.table_names()
    for since, (table, columns) in ADDED_COLUMNS.items():
        if since > version and table in tables:  # a table that is missing is made with all columns below
            for name, default in columns.items():
                db.table(table).add_column(name, type(default), not_null_default=default)
    run_script(db, Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def store_response(conn: sqlite3.Connection, response: Response, listed: FileEntry | None = None) -> StoreOutcome:
    """Store a response in one transaction. The same bytes as last time add no row; an open gap of its name is closed.

    `listed` is the location's entry of a file; a response of a web service is entered in the table `asked` instead.
    """
    digest = sha256(response.body).hexdigest()
    with begin_write(conn) as db:
        last = conn.execute(
            "SELECT sha256 FROM responses WHERE source = ? AND name = ? ORDER BY id DESC LIMIT 1",
            (response.source, response.name),
        ).fetchone()
        if not last or last[0] != digest:
            body = zlib.compress(response.body, COMPRESSION_LEVEL)
            db.table("bodies").insert({"sha256": digest, "size": len(response.body), "body": body}, ignore=True)
            db.table("responses").insert(_build_response_row(response, digest))
        if listed:
            seen = {"source": response.source, "name": listed.name, "size": listed.size, "modified": listed.modified}
            db.table("listing").upsert(seen, pk=("source", "name"))
        else:
            _enter_receipt(db, response)
        db.execute(
            "UPDATE gaps SET closed = ? WHERE source = ? AND name = ? AND closed IS NULL",
            (format_now(), response.source, response.name),
        )
    if not last:
        return "new"
    return "unchanged" if last[0] == digest else "changed"


def _build_response_row(response: Response, digest: str) -> Row:
    fields = response._asdict()
    del fields["body"]
    return {**fields, "headers": json.dumps(response.headers, sort_keys=True), "sha256": digest}


def _enter_receipt(db: "Database", response: Response) -> None:
    validators = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    db.execute(ENTER_RECEIVED, (response.source, response.name, response.fetched_at, response.status, *validators))


def open_source_memory(conn: sqlite3.Connection, source: str) -> SourceMemory:
    """Return the SourceMemory of a source: functions that read and enter requests of its documents."""
    return SourceMemory(
        find_response=partial(find_newest_response, conn, source),
        find_status=partial(find_fetch_status, conn, source),
        enter_status=partial(enter_fetch_status, conn, source),
    )


def find_fetch_status(conn: sqlite3.Connection, source: str, name: str) -> FetchStatus | None:
    """Return the last request of a document and its outcome; None if it was never requested."""
    query = "SELECT name, at, status, outcome, etag, modified FROM asked WHERE source = ? AND name = ?"
    row = read_first_row(conn, query, (source, name))
    return FetchStatus(**row) if row else None


def enter_fetch_status(conn: sqlite3.Connection, source: str, status: FetchStatus) -> None:
    """Enter the outcome of the last request of a document."""
    row = {"source": source, **status._asdict()}
    get_database(conn).table("asked").upsert(row, pk=("source", "name"))


def mark_for_retry(conn: sqlite3.Connection, source: str, name: str) -> None:
    """Mark a document as failed, so that the next run requests it again; for a search, every page of it."""
    prefix = f"{name.rpartition('/')[0]}/" if name.startswith("search/") else name
    get_database(conn).execute(
        "UPDATE asked SET outcome = 'failed' WHERE source = ? AND outcome IN ('had', 'unchanged')"
        " AND substr(name, 1, length(?)) = ?",
        (source, prefix, prefix),
    )


def find_newest_response(conn: sqlite3.Connection, source: str, name: str) -> Response | None:
    """Return the newest version of a document; None if it was never received."""
    return next((version.response for version in read_versions(conn, source, name)), None)


def filter_changed_files(conn: sqlite3.Connection, source: str, listed: Iterable[FileEntry]) -> list[FileEntry]:
    """Return the listed files whose size or time differs from when they were last stored."""
    stored = {
        name: (size, modified)
        for name, size, modified in conn.execute("SELECT name, size, modified FROM listing WHERE source = ?", (source,))
    }
    return [file for file in listed if stored.get(file.name) != (file.size, file.modified)]


def list_known_files(conn: sqlite3.Connection, source: str) -> list[str]:
    """List the names of the files of a source that its locations had and that were stored."""
    return [name for (name,) in conn.execute("SELECT name FROM listing WHERE source = ?", (source,))]


def forget_listing(conn: sqlite3.Connection, source: str, name: str) -> None:
    """Forget the size and time of a file, so that the next run reads it again."""
    get_database(conn).execute("UPDATE listing SET size = -1 WHERE source = ? AND name = ?", (source, name))


def list_document_marks(conn: sqlite3.Connection, source: str) -> Iterator[tuple[str, str]]:
    """Yield the name of every document of a source, with a mark of its versions: the newest sha256 and the count."""
    query = "SELECT name, sha256, max(id), count(*) FROM responses WHERE source = ? GROUP BY name ORDER BY name"
    for name, digest, _, count in conn.execute(query, (source,)):
        yield name, f"{digest} {count}"


def read_versions(conn: sqlite3.Connection, source: str, name: str) -> Iterator[DocumentVersion]:
    """Yield every version of a document, newest first."""
    query = (
        "SELECT id, sha256, url, fetched_at, status, headers, body"
        " FROM responses JOIN bodies USING (sha256) WHERE source = ? AND name = ? ORDER BY id DESC"
    )
    for id, digest, url, fetched_at, status, headers, body in conn.execute(query, (source, name)):
        response = Response(
            source=source,
            name=name,
            url=url,
            fetched_at=fetched_at,
            status=status,
            headers=json.loads(headers),
            body=zlib.decompress(body),
        )
        yield DocumentVersion(id, digest, response)
