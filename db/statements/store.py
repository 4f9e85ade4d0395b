"""statements.db: open or create it, and save its days of debates, each completely or not at all."""

import fcntl
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date as Date
from pathlib import Path
from typing import Literal

from db.exit_codes import EXIT_SET_UP
from db.records.hansard import Day, Redirect
from db.records.source import LICENCE, LICENCE_URL, Unavailable
from db.records.topic import Mention, Topic
from db.sqlite import (
    DATABASE_ERRORS,
    Row,
    begin_write,
    connect,
    get_database,
    is_read_only,
    make_address,
    open_version_to_read,
    run_script,
    set_write_ahead,
    split_statements,
)
from db.statements.columns import SCHEMA
from db.statements.journal_head import JournalHead, read_journal_head, store_journal_head
from db.statements.people import find_speakers
from db.statements.row_builders import INSERTS, QuarantinedDocument, build_rows, list_speaker_keys

SCHEMA_VERSION = 16  # of schema.sql; a database of another version is created again
KIND_ORDER = (
    *("debates", "westminhall", "wrans", "wms", "lordspages", "lordswrans", "lordswms", "standing", "grandcommittee"),
    *("petitions", "corrections", "unknown"),
)
ROWIDS_PER_DAY = 1 << 20  # rowids that one day of one kind may use in each table
DAY_TABLES = (
    *(
        "mentions",
        "doubts",
        "wordings",
        "withdrawn_speeches",
        "past_speeches",
        "day_counts",
        "votes",
        "divisions",
        "redirects",
        "speeches",
        "debates",
    ),
    "quarantine",
)
INDEXED_COLUMNS = {"speeches": "text", "debates": "title"}
TOKENIZER = "porter unicode61 remove_diacritics 2"
# Bytes of the search index that are collected before they are written: with SQLite's 1 MiB it takes a fourth more time
WORDS_IN_MEMORY = 16 << 20
INDEX_STATEMENT = re.compile(r"^CREATE INDEX", re.MULTILINE)
SAVED_ROWS = (
    "json_each(?) AS saved CROSS JOIN {table} AS t"
    f" ON t.rowid BETWEEN saved.value AND saved.value + {ROWIDS_PER_DAY - 1}"
)
ADD_TO_INDEX = [
    f"INSERT INTO {table}_fts (rowid, {column}) SELECT t.rowid, t.{column} FROM {SAVED_ROWS.format(table=table)}"
    for table, column in INDEXED_COLUMNS.items()
]
REMOVE_FROM_INDEX = [
    f"INSERT INTO {table}_fts ({table}_fts, rowid, {column})"
    f" SELECT 'delete', rowid, {column} FROM {table} WHERE rowid BETWEEN ? AND ?"
    for table, column in INDEXED_COLUMNS.items()
]
TAKEN_REDIRECTS = """
SELECT r.old_gid FROM json_each(?) j JOIN redirects r ON r.old_gid = j.value WHERE r.rowid NOT BETWEEN ? AND ?
"""


def open_store(path: Path) -> sqlite3.Connection:
    """Open statements.db; create it if it is missing or was made by another version of this program.

    Where it cannot be written, it is opened only to be read. Raises Unavailable for another version there.
    """
    if is_read_only(path):
        return open_version_to_read(path, SCHEMA_VERSION)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _start_file(path)
    conn = _connect(path)
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    head = None
    if version not in (0, SCHEMA_VERSION):
        head = read_journal_head(conn)
        conn.close()
        _delete_database(path)
        conn = _connect(path)
    if version != SCHEMA_VERSION:
        _create_tables(conn, head)
    return conn


def _start_file(path: Path) -> None:
    """Start an empty file without a leftover log: that would be read into it, and by a server into the old one.

    Only the first of several processes does so; for another, the log is in use.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not path.exists():
            _delete_database(path)
            path.touch()
    finally:
        os.close(folder)


@contextmanager
def open_store_to_load(path: Path) -> Iterator[sqlite3.Connection]:
    """Open statements.db to load days; where it has no day yet, build a new file, which replaces it at the end.

    The new file has no log, and its indexes come last (`add_indexes`): that takes half the time. A load that is stopped
    leaves the old file as it is.
    """
    if is_read_only(path) or _has_days(path):
        with closing(open_store(path)) as conn:
            yield conn
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}-new")
    _delete_database(new)  # of a load that was killed
    try:
        with closing(_connect(new, "MEMORY")) as conn:
            _create_tables(conn, _read_old_head(path), with_indexes=False)
            yield conn
            add_indexes(conn)
            set_write_ahead(conn)
        _flush_file(new)
        _delete_database(path)
        new.replace(path)
    finally:
        _delete_database(new)


def _has_days(path: Path) -> bool:
    if not path.exists():
        return False
    with closing(_connect(path)) as conn:
        is_ours = conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        return is_ours and conn.execute("SELECT 1 FROM loaded LIMIT 1").fetchone() is not None


def _read_old_head(path: Path) -> JournalHead | None:
    if not path.exists():
        return None
    with closing(_connect(path)) as conn:
        return read_journal_head(conn)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _delete_database(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _create_tables(conn: sqlite3.Connection, head: JournalHead | None, with_indexes: bool = True) -> None:
    """Create every table in one transaction, and keep the journal's head; a second process finds it done."""
    with begin_write(conn) as db:
        if conn.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            script = SCHEMA.read_text(encoding="utf-8")
            run_script(db, script if with_indexes else "".join(_select_statements(script, of_indexes=False)))
            for table, column in INDEXED_COLUMNS.items():
                db.table(table).enable_fts([column], tokenize=TOKENIZER)
                db.execute(f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('hashsize', {WORDS_IN_MEMORY})")
            db.table("annotations").enable_fts(["exact", "note"], tokenize=TOKENIZER, create_triggers=True)
            store_journal_head(conn, head)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _select_statements(script: str, of_indexes: bool) -> Iterator[str]:
    return (each for each in split_statements(script) if bool(INDEX_STATEMENT.search(each)) == of_indexes)


def has_indexes(conn: sqlite3.Connection) -> bool:
    """Return False while a new file is built."""
    return conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'debates_by_date'").fetchone() is not None


def add_indexes(conn: sqlite3.Connection) -> None:
    """Add to a new file its indexes, the search index among them, when its days are in it."""
    if has_indexes(conn):
        return
    with begin_write(conn) as db:
        for statement in _select_statements(SCHEMA.read_text(encoding="utf-8"), of_indexes=True):
            db.execute(statement)
        for table in INDEXED_COLUMNS:
            db.table(table).rebuild_fts()


def _connect(path: Path, journal: Literal["WAL", "MEMORY"] = "WAL") -> sqlite3.Connection:
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    try:
        conn.execute("PRAGMA page_size = 16384")  # speeches are long
        if journal == "WAL":
            set_write_ahead(conn)
    except DATABASE_ERRORS as error:
        conn.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB:
            raise
        raise Unavailable(f"{path} is no database: delete it, and run dispatch-box load", EXIT_SET_UP) from error
    conn.execute("PRAGMA cache_size = -65536")  # KiB: a batch of days without spilling
    if journal == "WAL":
        conn.execute("PRAGMA synchronous = NORMAL")
    else:  # a new file, which nobody else opens, and which is flushed once
        conn.execute("PRAGMA journal_mode = MEMORY")
        conn.execute("PRAGMA synchronous = OFF")
    return conn


def store_load_stage(conn: sqlite3.Connection, stage: int) -> None:
    """Store how far statements.db is loaded: stage 1 has the debates, stage 2 the annotations too.

    A server that reads an older file goes on with it until the new one is loaded as far.
    """
    if conn.execute("PRAGMA application_id").fetchone()[0] == stage - 1:
        conn.execute(f"PRAGMA application_id = {stage}")


def compute_first_rowid(kind: str, date: str) -> int:
    """Return the first rowid of a day of a kind: later dates are higher, and a rebuild gives the same."""
    return (Date.fromisoformat(date).toordinal() * 16 + KIND_ORDER.index(kind)) * ROWIDS_PER_DAY


def read_fingerprints(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the fingerprint of every day that is loaded, by kind and date."""
    return {(kind, date): mark for kind, date, mark in conn.execute("SELECT kind, date, fingerprint FROM loaded")}


@contextmanager
def open_write_transaction(conn: sqlite3.Connection) -> Iterator[list[int]]:
    """Open one transaction for days: save_day adds to the list that it yields; its end updates the search index."""
    saved: list[int] = []
    with begin_write(conn) as db:
        yield saved
        for statement in ADD_TO_INDEX if has_indexes(conn) else ():
            db.execute(statement, (json.dumps(saved),))


class _NotKeptError(Exception):
    """Raised to undo what was only tried."""


@contextmanager
def open_savepoint(conn: sqlite3.Connection, saved: list[int], keep: bool = True) -> Iterator[None]:
    """Undo what is done within, in the database and in the list of saved days, if it fails, or unless it is to be kept.

    A full disk ends the whole transaction, and with it the savepoint.
    """
    before, done = list(saved), False
    try:
        with suppress(_NotKeptError), begin_write(conn):
            yield
            if not keep:
                raise _NotKeptError
        done = keep
    finally:
        if not done:
            saved[:] = before


def save_day(
    conn: sqlite3.Connection,
    saved: list[int],
    day: Day,
    mentions: Sequence[Mention],
    quarantined: Sequence[QuarantinedDocument],
    fingerprint: str,
) -> None:
    """Replace a day within `open_write_transaction`; repeating it changes nothing.

    Raises sqlite3.IntegrityError if a gid belongs to another day already; any failure changes nothing.
    """
    first = compute_first_rowid(day.kind, day.date)
    speakers = find_speakers(conn, list_speaker_keys(day))
    rows = build_rows(first, day, mentions, quarantined, speakers)
    for table, values in rows.items():
        if len(values) >= ROWIDS_PER_DAY:
            raise OverflowError(f"{len(values):,} rows of {table} in one day")
    with open_savepoint(conn, saved):
        _delete_day_rows(conn, first, indexed=first not in saved and has_indexes(conn))
        for table, values in rows.items():  # 18 µs for a speech, and 38 with insert_all
            conn.executemany(INSERTS[table], values)
        mark = {"kind": day.kind, "date": day.date, "fingerprint": fingerprint}
        get_database(conn).table("loaded").insert(mark, replace=True)
    if first not in saved:
        saved.append(first)


def list_free_redirects(conn: sqlite3.Connection, day: Day) -> tuple[Redirect, ...]:
    """List the redirects of a day whose old gid is not redirected by another day already."""
    first = compute_first_rowid(day.kind, day.date)
    old = json.dumps([redirect.old_gid for redirect in day.redirects])
    taken = {gid for (gid,) in conn.execute(TAKEN_REDIRECTS, (old, first, first + ROWIDS_PER_DAY - 1))}
    return tuple(redirect for redirect in day.redirects if redirect.old_gid not in taken)


def _delete_day_rows(conn: sqlite3.Connection, first: int, indexed: bool = True) -> None:
    db, day = get_database(conn), [first, first + ROWIDS_PER_DAY - 1]
    for statement in REMOVE_FROM_INDEX if indexed else ():
        db.execute(statement, day)
    for table in DAY_TABLES:
        db.table(table).delete_where("rowid BETWEEN ? AND ?", day)


def unload_days(conn: sqlite3.Connection, days: Iterable[tuple[str, str]]) -> None:
    """Remove days whose files are no longer in the archive, each in one transaction."""
    for kind, date in days:
        with begin_write(conn):
            unload_day(conn, compute_first_rowid(kind, date), kind, date)


def unload_day(conn: sqlite3.Connection, first: int, kind: str, date: str, indexed: bool = True) -> None:
    """Remove a day within a transaction; `indexed` is True if the search index has it already."""
    _delete_day_rows(conn, first, indexed)
    get_database(conn).table("loaded").delete_where("kind = ? AND date = ?", [kind, date])


def save_sources_and_topics(
    conn: sqlite3.Connection, sources: Iterable[dict[str, str]], topics: Iterable[Topic]
) -> None:
    """Replace the sources and topics."""
    licence = {"licence_url": LICENCE_URL, "attribution": LICENCE}
    with begin_write(conn) as db:
        db.table("sources").delete_where()
        db.table("topics").delete_where()
        db.table("sources").insert_all({**source, **licence} for source in sources)
        db.table("topics").insert_all(map(_build_topic_row, topics))


def _build_topic_row(topic: Topic) -> Row:
    fields = topic._asdict()
    del fields["expect"]
    phrases = json.dumps({each.name: each.phrases for each in topic.phrases})
    return {**fields, "expected": topic.expect, "kinds": " ".join(topic.kinds), "phrases": phrases}


def count_totals(conn: sqlite3.Connection) -> dict[str, int]:
    """Count the documents and parts of documents in quarantine, the debates and the mentions."""
    failed = conn.execute(
        "SELECT count(*) FROM (SELECT DISTINCT source, name, unit, place FROM quarantine)"
    ).fetchone()[0]
    debates = conn.execute("SELECT count(*) FROM debates").fetchone()[0]
    mentions = conn.execute("SELECT count(*) FROM mentions").fetchone()[0]
    return {"failed": failed, "debates": debates, "mentions": mentions}


def copy_runs(conn: sqlite3.Connection, archive: Path) -> None:
    """Copy the runs and gaps from archive.db."""
    conn.execute("ATTACH ? AS archive", (make_address(archive),))
    try:
        with begin_write(conn) as db:
            for table in ("runs", "gaps"):
                db.table(table).delete_where()
                db.execute(f"INSERT INTO main.{table} SELECT * FROM archive.{table}")
    finally:
        conn.execute("DETACH archive")
