"""SQLite connections, with their tables and transactions by sqlite-utils; write-ahead logging, scripts and rows."""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from db.exit_codes import EXIT_NOT_WRITABLE
from db.records.source import Unavailable

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]
QueryValues = Sequence[object] | Mapping[str, object]
IN_MEMORY = ":memory:"  # the path of a database that has no file
MAX_WAIT, RETRY_PAUSE = 30.0, 0.01  # seconds in all, and between two tries
MAX_KEPT = 4  # files of which a connection is kept open
_KEPT: dict[str, tuple[tuple[int, int], sqlite3.Connection]] = {}  # by path: device and inode, and connection
_KEPT_LOCK = Lock()
UNUSED_BY_US = ("numpy", "pandas")  # sqlite-utils imports them where they are installed, only to know their types


def make_address(path: str | os.PathLike[str], parameters: str = "") -> str:
    """Return the address of a database's file, in which no sign of its path has a meaning; for connections with `uri`.

    >>> make_address("/srv/a#b?c%d/x.db", "mode=ro")
    'file:/srv/a%23b%3Fc%25d/x.db?mode=ro'
    """
    name = quote(os.fsencode(os.path.abspath(path)))
    return f"file:{name}?{parameters}" if parameters else f"file:{name}"


def connect(path: str | os.PathLike[str], library: Any = sqlite3, mode: str = "rwc", **options: Any) -> Any:
    """Connect to a database, in SQLite's mode ro, rw or rwc; `library` is sqlite3, or the one that Datasette uses."""
    address = IN_MEMORY if os.fspath(path) == IN_MEMORY else make_address(path, f"mode={mode}")
    return library.connect(address, uri=True, **options)


def keep_open(path: str | os.PathLike[str]) -> None:
    """Keep a connection to a database with write-ahead log open, besides those that come and go.

    When the last one is closed, SQLite writes the whole log into the file, and waits for the disk. The connections to
    MAX_KEPT files are kept, until their files are replaced. As this only saves time, a file that cannot be opened is no
    error.
    """
    name = os.fspath(path)
    with _KEPT_LOCK:
        kept = _KEPT.pop(name, None)
        try:
            found = os.stat(path)
            file = (found.st_dev, found.st_ino)
            if kept is None or kept[0] != file:
                conn = connect(name, mode="rw", check_same_thread=False)
                conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()  # opens the log
                kept = (file, conn)
        except UNOPENABLE:
            return
        _KEPT[name] = kept
        while len(_KEPT) > MAX_KEPT:
            del _KEPT[next(iter(_KEPT))]


def connect_to_read(path: str | os.PathLike[str], library: Any = sqlite3, **options: Any) -> Any:
    """Connect to a database only to read it, even where SQLite cannot make the files that it keeps beside it.

    Without them it can be read alone if nobody writes to it: there is no log of a writer.
    """
    conn = connect(path, library, "ro", **options)
    try:
        conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except library.OperationalError:
        log = Path(f"{os.fspath(path)}-wal")
        conn.close()
        if not is_read_only(path) or (log.exists() and log.stat().st_size):
            raise
        conn = library.connect(make_address(path, "immutable=1"), uri=True, **options)
    return conn


def open_version_to_read(path: Path, version: int) -> sqlite3.Connection:
    """Open a database that cannot be written, of this version of its schema. Raises Unavailable for another."""
    conn: sqlite3.Connection = connect_to_read(path, isolation_level=None, timeout=30)
    if conn.execute("PRAGMA user_version").fetchone()[0] != version:
        conn.close()
        advice = "make it writable, so that it can be brought up to date"
        raise Unavailable(f"{path} was made by another version of this program: {advice}", EXIT_NOT_WRITABLE)
    return conn


def is_read_only(path: str | os.PathLike[str]) -> bool:
    """Return True if a database is there but this process may not write to it, or not to its folder."""
    folder = os.path.dirname(os.path.abspath(path))
    return os.path.exists(path) and not (os.access(path, os.W_OK) and os.access(folder, os.W_OK))


def set_write_ahead(conn: sqlite3.Connection) -> None:
    """Switch a database to write-ahead logging, waiting for others that use it: SQLite itself refuses at once.

    Raises sqlite3.OperationalError if it is still in use after MAX_WAIT seconds.
    """
    until = time.monotonic() + MAX_WAIT
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(RETRY_PAUSE)
        else:
            return


@cache
def _import_database_class() -> "type[Database]":
    """Import sqlite-utils when it is first needed, without numpy: that takes half the time, and no value is numpy's."""
    hidden = [name for name in UNUSED_BY_US if name not in sys.modules]
    try:
        for name in hidden:
            sys.modules[name] = None  # type: ignore[assignment]  # Python's way to say that an import shall fail
        from sqlite_utils.db import Database, Table
    finally:
        for name in hidden:
            sys.modules.pop(name, None)

    class SchemaTable(Table):
        """A table of schema.sql: it is there, and never made from the first record."""

        def exists(self) -> bool:
            """Return True, without the query of the schema that each insert and delete would cost (0.1 ms)."""
            return True

    class SchemaDatabase(Database):
        """A database with the tables of schema.sql, in an SQLite with STRICT tables."""

        def table(self, table_name: str, **kwargs: Any) -> Table:
            """Return a table without a query whether it is a view."""
            return SchemaTable(self, table_name, **kwargs)

        @property
        def supports_on_conflict(self) -> bool:
            """Return True, as wherever STRICT is, without making a table in the file, and dropping it, to find out."""
            return True

    return SchemaDatabase


def get_database(conn: sqlite3.Connection) -> "Database":
    """Return sqlite-utils' Database of a connection: its tables, search indexes and transactions.

    No plugin of sqlite-utils touches it, and its pragmas stay as they are.
    """
    return _import_database_class()(conn, recursive_triggers=False, execute_plugins=False)


@contextmanager
def begin_write(conn: sqlite3.Connection) -> Iterator["Database"]:
    """Run a block as one write transaction: completely or not at all. Within another one it is a savepoint.

    It begins immediate, and waits for other writers there. `Database.atomic()` begins deferred: a transaction that has
    read, and finds that another process has written since, fails at once with SQLITE_BUSY, however long it may wait.
    """
    db = get_database(conn)
    if conn.in_transaction:
        with db.atomic():
            yield db
        return
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.commit()
    finally:
        db.rollback()  # nothing, after the commit


def run_script(db: "Database", script: str) -> None:
    """Run a script such as schema.sql within the transaction that is open, if one is.

    `Database.executescript()` does that too, but asks SQLite after every character whether a statement is complete:
    325 ms for the schema of statements.db instead of 7.
    """
    for statement in split_statements(script):
        db.execute(statement)


def split_statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def load_served_library() -> Any:
    """Return the SQLite library that Datasette uses: pysqlite3 where it is installed, else the standard one."""
    return import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")


def list_error_classes(*names: str) -> tuple[type[Exception], ...]:
    """Return the error classes of these names in both SQLite libraries: those of one do not catch the other's."""
    libraries = (sqlite3, load_served_library())
    return tuple(dict.fromkeys(getattr(library, name) for library in libraries for name in names))


SQLITE_ERRORS = list_error_classes("Error")  # the base of all others
DATABASE_ERRORS = list_error_classes("DatabaseError")
UNOPENABLE: tuple[type[Exception], ...] = (OSError, *DATABASE_ERRORS)
OPERATIONAL_ERRORS = list_error_classes("OperationalError")
INTEGRITY_ERRORS = list_error_classes("IntegrityError")


def read_rows(conn: sqlite3.Connection, query: str, values: QueryValues = ()) -> list[Row]:
    """Return every row of a query as a dictionary by column name."""
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_first_row(conn: sqlite3.Connection, query: str, values: QueryValues = ()) -> Row | None:
    """Return the first row of a query as a dictionary; None if there is none."""
    return next(iter(read_rows(conn, query, values)), None)
