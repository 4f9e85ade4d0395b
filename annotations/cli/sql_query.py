"""Run a reader's own SQL query over a database: it may only read that database, and only for some seconds."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

TIME_LIMIT = 5.0  # a query may take
STEPS_BETWEEN_CHECKS = 10_000  # instructions of SQLite's virtual machine between two checks of the clock
READING_ACTIONS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)


class QueryError(ValueError):
    """A query cannot be answered; the message says why."""


def query_first_column(path: Path, query: str, most: int, seconds: float = TIME_LIMIT) -> list[str]:
    """Return the first column of each row of a query's result, as text.

    Raises QueryError where there are more than `most` rows, or where it takes longer than `seconds`.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        until = time.monotonic() + seconds
        conn.set_progress_handler(lambda: time.monotonic() > until, STEPS_BETWEEN_CHECKS)
        conn.set_authorizer(_authorize)
        try:
            found = conn.execute(query).fetchmany(most + 1)
        except sqlite3.Error as error:
            late = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
            raise QueryError(f"it took more than {seconds:g} seconds" if late else str(error)) from error
    if len(found) > most:
        raise QueryError(f"it answers more than {most} rows")
    return [str(row[0]) for row in found]


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Allow reading only: no other file may be attached, and nothing loaded or changed."""
    allowed = action in READING_ACTIONS and second != "load_extension"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
