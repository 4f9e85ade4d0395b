"""Gaps in archive.db: documents and searches that could not be fetched; a gap stays open until they are."""

import sqlite3
from collections.abc import Iterable

from db.archive.responses import format_now
from db.records.source import Gap
from db.sqlite import Row, read_rows

OPEN_GAP = """
INSERT INTO gaps (source, name, what, start, end, reason, run, noticed)
VALUES (:source, :name, :what, :start, :end, :reason, :run, :noticed)
    ON CONFLICT (source, name) WHERE closed IS NULL DO UPDATE
   SET what = excluded.what, start = excluded.start, end = excluded.end, reason = excluded.reason
"""
CLOSE_GAPS = """
UPDATE gaps SET closed = ? WHERE source = ? AND closed IS NULL
   AND substr(name, 1, length(?)) = ? AND start >= ? AND end <= ?
"""


def open_gap(conn: sqlite3.Connection, gap: Gap, run: int | None = None) -> None:
    """Enter a gap that a run found; a gap that is already open keeps the time when it was first noticed."""
    conn.execute(OPEN_GAP, {**gap._asdict(), "run": run, "noticed": format_now()})


def close_gaps(conn: sqlite3.Connection, source: str, start: str, end: str, prefix: str) -> int:
    """Close a source's open gaps between two dates whose names begin with `prefix`; return how many.

    Call it after everything between the dates was read: a search that succeeded stores no document. A gap also closes
    when a response of its own name is stored.
    """
    return conn.execute(CLOSE_GAPS, (format_now(), source, prefix, prefix, start, end)).rowcount


def close_other_gaps(conn: sqlite3.Connection, source: str, start: str, end: str, still_open: Iterable[str]) -> None:
    """Close a source's open gaps between two dates, all just requested, except those named in `still_open`."""
    names = set(still_open)
    for gap in read_gaps(conn):
        if gap["source"] == source and start <= gap["start"] and gap["end"] <= end and gap["name"] not in names:
            conn.execute("UPDATE gaps SET closed = ? WHERE id = ?", (format_now(), gap["id"]))


def read_gaps(conn: sqlite3.Connection, open_only: bool = True) -> list[Row]:
    """Return gaps by source and first date; with `open_only` False, closed ones too."""
    where = "WHERE closed IS NULL" if open_only else ""
    return read_rows(conn, f"SELECT * FROM gaps {where} ORDER BY source, start, name, id")
