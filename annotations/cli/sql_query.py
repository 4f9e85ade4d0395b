"""A reader's own SQL query over a database: it may only read that database, and only for some seconds."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from db.sqlite import SQLITE_ERRORS, connect_to_read

TIME_LIMIT = 5.0  # seconds that a query may take
STEPS_BETWEEN_CHECKS = 10_000  # instructions of SQLite's virtual machine between two checks of the clock
READING_ACTIONS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)


class QueryError(ValueError):
    """A query that is refused or fails; the message gives the reason."""


def query_first_column(path: Path, query: str, max_rows: int, seconds: float = TIME_LIMIT) -> list[str]:
    """Return the first column of each row of a query's result, as text.

    Raises QueryError for more than `max_rows` rows, more than `seconds`, a write, or wrong SQL.
    """
    with closing(connect_to_read(path)) as conn:
        deadline = time.monotonic() + seconds
        conn.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_CHECKS)
        conn.set_authorizer(_authorize)
        try:
            found = conn.execute(query).fetchmany(max_rows + 1)
        except SQLITE_ERRORS as error:
            late = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
            raise QueryError(f"it took more than {seconds:g} seconds" if late else str(error)) from error
    if len(found) > max_rows:
        raise QueryError(f"it answers more than {max_rows} rows")
    return [str(row[0]) for row in found]


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Allow reading only: the query cannot attach another file, load an extension or change anything."""
    allowed = action in READING_ACTIONS and second != "load_extension"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
