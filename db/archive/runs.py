"""Runs in archive.db: start, end and counts of each."""

import sqlite3
from collections.abc import Iterable, Mapping

from db.archive.responses import format_now

COUNT_COLUMNS = (
    "asked",
    "new",
    "changed",
    "unchanged",
    "failed",
    "mentions",
    "requests",
    "bytes",
    "not_modified",
    "gone",
)


def start_run(conn: sqlite3.Connection, topics: Iterable[str], location: str, sources: Iterable[str] = ()) -> int:
    """Enter a run that begins now; return its id."""
    cursor = conn.execute(
        "INSERT INTO runs (started, topics, location, sources) VALUES (?, ?, ?, ?)",
        (format_now(), " ".join(topics), location, " ".join(sources)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish_run(
    conn: sqlite3.Connection, run: int, counts: Mapping[str, int], exit_code: int, message: str = "", expected: str = ""
) -> None:
    """Enter the end of a run; `counts` has the keys COUNT_COLUMNS; gaps that count are counted here."""
    values = [counts.get(name, 0) for name in COUNT_COLUMNS]
    conn.execute(
        f"UPDATE runs SET finished = ?, {' = ?, '.join(COUNT_COLUMNS)} = ?, exit_code = ?, message = ?, expected = ?,"
        " gaps = (SELECT count(*) FROM gaps WHERE closed IS NULL AND acknowledged = '') WHERE id = ?",
        (format_now(), *values, exit_code, message, expected, run),
    )
