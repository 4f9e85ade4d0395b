"""SQLite connections: addresses of files, write-ahead logging, scripts within a transaction, rows as dictionaries."""

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

Row = dict[str, Any]
QueryValues = Sequence[object] | Mapping[str, object]
IN_MEMORY = ":memory:"  # the path of a database that has no file
MAX_WAIT, RETRY_PAUSE = 30.0, 0.01  # seconds in all, and between two tries


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


def split_statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: executescript() would end the transaction that it is called in."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def load_served_library() -> Any:
    """Return the SQLite library that Datasette uses: pysqlite3 where it is installed, else the standard one.

    Catch the error classes of the returned module: the other library's do not match.
    """
    return import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")


DATABASE_ERRORS: tuple[type[Exception], ...] = (sqlite3.DatabaseError, load_served_library().DatabaseError)


def read_rows(conn: sqlite3.Connection, query: str, values: QueryValues = ()) -> list[Row]:
    """Return every row of a query as a dictionary by column name."""
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_first_row(conn: sqlite3.Connection, query: str, values: QueryValues = ()) -> Row | None:
    """Return the first row of a query as a dictionary; None if there is none."""
    return next(iter(read_rows(conn, query, values)), None)
