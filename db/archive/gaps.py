"""Gaps: what could not be had, kept in archive.db until it is had, so that it never looks like nothing."""

import sqlite3
from collections.abc import Iterable

from db.archive.responses import now
from db.records.source import Gap
from db.sqlite import Row, rows

OPEN = """
INSERT INTO gaps (source, name, what, start, end, reason, run, noticed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source, name) WHERE closed IS NULL DO UPDATE
   SET what = excluded.what, start = excluded.start, end = excluded.end, reason = excluded.reason
"""
CLOSE = """
UPDATE gaps SET closed = ? WHERE source = ? AND closed IS NULL
   AND substr(name, 1, length(?)) = ? AND start >= ? AND end <= ?
"""


def open_gap(conn: sqlite3.Connection, gap: Gap, run: int | None = None) -> None:
    """Enter what a run could not have; where that is open already, it stays since when it was first noticed."""
    conn.execute(OPEN, (*gap, run, now()))


def close_gaps(conn: sqlite3.Connection, source: str, start: str, end: str, names: str) -> int:
    """Close the open gaps that a window covers, now that all of it was read; returns how many.

    `names` is how their names begin (a search's, say): a document is not had because a search was. A gap is closed
    without this when a response of its own name is kept.
    """
    return conn.execute(CLOSE, (now(), source, names, names, start, end)).rowcount


def settle(conn: sqlite3.Connection, source: str, start: str, end: str, still: Iterable[str]) -> None:
    """Close the open gaps of a source between two dates, all of which was just asked for, but for those named."""
    kept = set(still)
    for gap in gaps(conn):
        if gap["source"] == source and start <= gap["start"] and gap["end"] <= end and gap["name"] not in kept:
            conn.execute("UPDATE gaps SET closed = ? WHERE id = ?", (now(), gap["id"]))


def gaps(conn: sqlite3.Connection, open_only: bool = True) -> list[Row]:
    """Gaps by source and first date; with `open_only` False, also those that are closed."""
    where = "WHERE closed IS NULL" if open_only else ""
    return rows(conn, f"SELECT * FROM gaps {where} ORDER BY source, start, name, id")
