"""Unread parts of the record (table quarantine): of a debate, of a day, and at an address."""

import sqlite3

from db.gid import is_gid, list_possible_gids, make_short_id, remove_letter
from db.references import follow_redirects
from db.sqlite import read_first_row
from db.statements.rowid_filters import find_rowid_range

HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE name = 'quarantine'"
OF_DEBATE = """
SELECT count(*) AS parts FROM quarantine q JOIN debates d ON d.id = q.debate_id AND d.source = q.source WHERE d.id = ?
"""
OF_DAY = "SELECT count(*) AS parts FROM quarantine WHERE id BETWEEN ? AND ?"
AT_ADDRESS = "SELECT id FROM quarantine WHERE speech_ids <> '' AND instr(' ' || speech_ids || ' ', ' ' || ? || ' ')"


def count_unread_of_debate(conn: sqlite3.Connection, debate_id: str) -> int:
    """Count the parts of a debate that its own source has, but that could not be read."""
    return _count(conn, OF_DEBATE, debate_id)


def count_unread_of_day(conn: sqlite3.Connection, date: str) -> int:
    """Count the documents and parts of documents of a day that could not be read."""
    return _count(conn, OF_DAY, *find_rowid_range(date))


def _count(conn: sqlite3.Connection, query: str, *values: str | int) -> int:
    if not conn.execute(HAS_TABLE).fetchone():
        return 0
    row = read_first_row(conn, query, values)
    return int(row["parts"]) if row else 0


def is_unread(conn: sqlite3.Connection, reference: str) -> bool:
    """Return True for the address of a speech or debate that came, but could not be read. Raises RedirectLoopError."""
    if not conn.execute(HAS_TABLE).fetchone():
        return False
    for gid in (gid for gids in list_possible_gids(reference) for gid in gids):
        for form in filter(None, (gid, remove_letter(gid))):
            current = follow_redirects(conn, form)
            if not is_gid(current):
                continue
            if conn.execute(AT_ADDRESS, (make_short_id(current),)).fetchone():
                return True
    return False
