"""What several who open a database at once need: each waits for the other, and what one has made is not made again."""

import sqlite3
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

WAIT, AGAIN = 30.0, 0.01  # seconds in all, and between two tries


def write_ahead(conn: sqlite3.Connection) -> None:
    """Turn a database to writing ahead. While others use it that have not yet, SQLite refuses at once: so we wait.

    Raises sqlite3.OperationalError where they still do after WAIT seconds.
    """
    until = time.monotonic() + WAIT
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(AGAIN)
        else:
            return


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript() would end the transaction that it is called in."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def load_served_library() -> Any:
    """Return the SQLite library that Datasette uses: pysqlite3 where it is installed, else the standard one.

    Catch the error classes of the returned module: those of the other library do not match.
    """
    return import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")
