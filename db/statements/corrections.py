"""Corrected answers and statements, published again in a later day's file under the address that they had.

Since autumn 2014 an address has the day on which the item was tabled, and a correction stands in the file of the day on
which it was made. The debate stays with the day that first had it, which is then loaded with the later day's files too.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date as Date
from typing import NamedTuple

from db.records.hansard import Debate
from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid, unload_day

FIND_HOLDER = "SELECT rowid FROM debates WHERE gid = ?1 UNION ALL SELECT rowid FROM speeches WHERE gid = ?1 LIMIT 1"

UNLOAD_AMENDING = """
DELETE FROM loaded WHERE kind = ? AND date IN (SELECT date FROM amended WHERE kind = ? AND earlier = ?)
"""  # what amended a day that has given its debates up has another to amend


class CorrectedDays(NamedTuple):
    """Debates of a day that an earlier day has already (ids), those days, and later days that have some of its own."""

    again: frozenset[str]
    earlier: frozenset[str]
    later: frozenset[str]


def find_corrected_days(conn: sqlite3.Connection, kind: str, date: str, debates: Iterable[Debate]) -> CorrectedDays:
    """Find the other days of the same kind that have the addresses of a day's debates."""
    again, earlier, later = set(), set(), set()
    for debate in debates:
        for gid in (debate.gid, *(item.gid for _, item in debate.speeches)):
            row = conn.execute(FIND_HOLDER, (gid,)).fetchone()
            held, at = _day(row[0]) if row else (kind, date)
            if held == kind and at < date:
                again.add(debate.id)
                earlier.add(at)
            elif held == kind and at > date:
                later.add(at)
    return CorrectedDays(frozenset(again), frozenset(earlier), frozenset(later))


def _day(rowid: int) -> tuple[str, str]:
    return KIND_ORDER[rowid // ROWIDS_PER_DAY & 15], str(Date.fromordinal(rowid // ROWIDS_PER_DAY >> 4))


def read_amending_days(conn: sqlite3.Connection) -> dict[tuple[str, str], list[str]]:
    """Return for each day of a kind the later days whose files have newer words for it, oldest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, date, earlier in conn.execute("SELECT kind, date, earlier FROM amended ORDER BY kind, date"):
        found.setdefault((kind, earlier), []).append(date)
    return found


def enter_amendments(conn: sqlite3.Connection, saved: list[int], kind: str, date: str, found: CorrectedDays) -> None:
    """Enter which days amend which, and unload later days that have what is this day's: they are loaded again.

    `saved` are the days of this transaction that are not in the search index yet (store.writing).
    """
    conn.execute("DELETE FROM amended WHERE kind = ? AND date = ?", (kind, date))
    pairs = [(date, earlier) for earlier in found.earlier] + [(later, date) for later in found.later]
    conn.executemany("INSERT OR IGNORE INTO amended VALUES (?, ?, ?)", [(kind, *pair) for pair in pairs])
    for later in found.later:
        first = compute_first_rowid(kind, later)
        unload_day(conn, first, kind, later, indexed=first not in saved)
        conn.execute(UNLOAD_AMENDING, (kind, kind, later))
