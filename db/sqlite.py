"""SQLite connections: write-ahead logging, scripts within a transaction, and rows as dictionaries."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Row = dict[str, Any]
QueryValues = Sequence[object] | Mapping[str, object]
MAX_WAIT, RETRY_PAUSE = 30.0, 0.01  # seconds in all, and between two tries


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
