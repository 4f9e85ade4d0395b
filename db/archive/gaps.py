"""Gaps in archive.db: what could not be fetched or used, or is less than before; a gap stays open until it is filled.

A gap that somebody acknowledged, with a reason, stays open but no longer counts in exit codes.
"""

import sqlite3
from collections.abc import Iterable
from typing import Literal

from db.archive.responses import format_now
from db.records.source import Gap, UserMistake
from db.sqlite import Row, begin_write, get_database, read_first_row, read_rows

REFUSED_SOURCE = "(refused)"  # in place of a source, in the gap of a document of which something is in quarantine
GapChoice = Literal["counting", "open", "all"]
GapDecision = Literal["acknowledge", "undo"]
CHOICES: dict[GapChoice, str] = {
    "counting": "closed IS NULL AND acknowledged = ''",
    "open": "closed IS NULL",
    "all": "TRUE",
}
OPEN_GAP = """
INSERT INTO gaps (source, name, what, start, end, reason, run, noticed)
VALUES (:source, :name, :what, :start, :end, :reason, :run, :noticed)
    ON CONFLICT (source, name) WHERE closed IS NULL DO UPDATE
   SET what = excluded.what, start = excluded.start, end = excluded.end, reason = excluded.reason
"""
CLOSE_ACKNOWLEDGED = """
UPDATE gaps SET closed = ? WHERE source = ? AND name = ? AND closed IS NULL AND acknowledged <> '' AND reason <> ?
"""
CLOSE_GAPS = """
UPDATE gaps SET closed = ? WHERE source = ? AND closed IS NULL
   AND substr(name, 1, length(?)) = ? AND start >= ? AND end <= ?
"""


class GapDecisionError(UserMistake):
    """A decision on a gap that cannot be made; the message says why."""


def open_gap(conn: sqlite3.Connection, gap: Gap, run: int | None = None, renew: bool = False) -> None:
    """Enter a gap that a run found; a gap that is already open keeps the time when it was first noticed.

    With `renew`, a gap that was acknowledged for another reason is closed, and a new one opened.
    """
    with begin_write(conn) as db:
        if renew:
            db.execute(CLOSE_ACKNOWLEDGED, (format_now(), gap.source, gap.name, gap.reason))
        db.execute(OPEN_GAP, {**gap._asdict(), "run": run, "noticed": format_now()})


def close_gap(conn: sqlite3.Connection, id: int) -> None:
    """Close one gap."""
    get_database(conn).execute("UPDATE gaps SET closed = ? WHERE id = ? AND closed IS NULL", (format_now(), id))


def decide_gap(conn: sqlite3.Connection, id: int, decision: GapDecision, actor: str, reason: str) -> None:
    """Acknowledge an open gap, or undo that, and enter who did it, when and why. Raises GapDecisionError."""
    found = read_first_row(conn, "SELECT closed, acknowledged FROM gaps WHERE id = ?", (id,))
    if not found:
        raise GapDecisionError(f"there is no gap {id}: dispatch-box gaps lists them")
    if found["closed"]:
        raise GapDecisionError(f"gap {id} was closed at {found['closed']}")
    if bool(found["acknowledged"]) == (decision == "acknowledge"):
        raise GapDecisionError(f"gap {id} is {'already' if found['acknowledged'] else 'not'} acknowledged")
    if not actor.strip() or not reason.strip():
        raise GapDecisionError("a decision on a gap needs the name of who decides, and a reason")
    at = format_now()
    acknowledged = f"{at} by {actor}: {reason}" if decision == "acknowledge" else ""
    with begin_write(conn) as db:
        row = {"gap": id, "decision": decision, "at": at, "actor": actor, "reason": reason}
        db.table("gap_decisions").insert(row)
        db.table("gaps").update(id, {"acknowledged": acknowledged})


def close_gaps(conn: sqlite3.Connection, source: str, start: str, end: str, prefix: str) -> int:
    """Close a source's open gaps between two dates whose names begin with `prefix`; return how many.

    Call it after everything between the dates was read: a search that succeeded stores no document. A gap also closes
    when a response of its own name is stored.
    """
    return get_database(conn).execute(CLOSE_GAPS, (format_now(), source, prefix, prefix, start, end)).rowcount


def close_other_gaps(conn: sqlite3.Connection, source: str, start: str, end: str, still_open: Iterable[str]) -> None:
    """Close a source's open gaps between two dates, all just requested, except those named in `still_open`."""
    names = set(still_open)
    for gap in read_gaps(conn):
        if gap["source"] == source and start <= gap["start"] and gap["end"] <= end and gap["name"] not in names:
            close_gap(conn, gap["id"])


def read_gaps(conn: sqlite3.Connection, which: GapChoice = "open") -> list[Row]:
    """Return gaps by source and first date.

    `counting` are the open ones that nobody acknowledged, `open` all open ones, and `all` also those that are closed.
    """
    return read_rows(conn, f"SELECT * FROM gaps WHERE {CHOICES[which]} ORDER BY source, start, name, id")


def count_gaps(conn: sqlite3.Connection) -> int:
    """Count the open gaps that nobody acknowledged."""
    return int(conn.execute(f"SELECT count(*) FROM gaps WHERE {CHOICES['counting']}").fetchone()[0])
