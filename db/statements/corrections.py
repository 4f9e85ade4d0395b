"""Corrected answers and statements, published again in a later day's file under their old gid.

Since autumn 2014 a gid has the day on which the item was tabled, and a correction is in the file of the day on which it
was made. The debate stays with the day that had it first; that day is then loaded with the later day's files too.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date as Date
from typing import NamedTuple

from db.records.hansard import Debate
from db.sqlite import get_database
from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid, unload_day

FIND_GID = "SELECT rowid FROM debates WHERE gid = ?1 UNION ALL SELECT rowid FROM speeches WHERE gid = ?1 LIMIT 1"

AMENDING_DAYS = "kind = ? AND date IN (SELECT date FROM amended WHERE kind = ? AND earlier = ?)"
# these days amended the unloaded day, and may amend another day now


class CorrectedDays(NamedTuple):
    """Ids of debates that an earlier day has already (`again`), those days, and later days with the same gids."""

    again: frozenset[str]
    earlier: frozenset[str]
    later: frozenset[str]


def find_corrected_days(conn: sqlite3.Connection, kind: str, date: str, debates: Iterable[Debate]) -> CorrectedDays:
    """Find the other days of the same kind that have gids of a day's debates."""
    again, earlier, later = set(), set(), set()
    for debate in debates:
        for gid in (debate.gid, *(item.gid for _, item in debate.speeches)):
            row = conn.execute(FIND_GID, (gid,)).fetchone()
            other_kind, other_date = _decode_rowid(row[0]) if row else (kind, date)
            if other_kind == kind and other_date < date:
                again.add(debate.id)
                earlier.add(other_date)
            elif other_kind == kind and other_date > date:
                later.add(other_date)
    return CorrectedDays(frozenset(again), frozenset(earlier), frozenset(later))


def _decode_rowid(rowid: int) -> tuple[str, str]:
    return KIND_ORDER[rowid // ROWIDS_PER_DAY & 15], str(Date.fromordinal(rowid // ROWIDS_PER_DAY >> 4))


def read_amending_days(conn: sqlite3.Connection) -> dict[tuple[str, str], list[str]]:
    """Return for each day of a kind the later days whose files have newer words for it, oldest first."""
    amending: dict[tuple[str, str], list[str]] = {}
    for kind, date, earlier in conn.execute("SELECT kind, date, earlier FROM amended ORDER BY kind, date"):
        amending.setdefault((kind, earlier), []).append(date)
    return amending


def enter_amendments(conn: sqlite3.Connection, saved: list[int], kind: str, date: str, days: CorrectedDays) -> None:
    """Enter which days amend which, and unload later days that hold debates of this day, so that they are loaded again.

    `saved` are the days of this transaction that are not in the search index yet (store.open_write_transaction).
    """
    db = get_database(conn)
    db.table("amended").delete_where("kind = ? AND date = ?", [kind, date])
    pairs = [(date, earlier) for earlier in days.earlier] + [(later, date) for later in days.later]
    columns = ("kind", "date", "earlier")
    db.table("amended").upsert_all([columns, *((kind, *pair) for pair in pairs)], pk=columns)
    for later in days.later:
        first = compute_first_rowid(kind, later)
        unload_day(conn, first, kind, later, indexed=first not in saved)
        db.table("loaded").delete_where(AMENDING_DAYS, [kind, kind, later])
