"""What the pages on runs read: the runs, what each brought, what is open, and what is expected of topics."""

import sqlite3

from db.archive.gaps import gaps
from db.sqlite import Row, rows

SHOWN = 50  # runs
UNFINISHED = """
SELECT min(started) FROM runs
 WHERE id > (SELECT coalesce(max(id), 0) FROM runs WHERE exit_code IN (0, 1))
   AND (exit_code IS NULL OR exit_code = 75) AND started >= ?
"""
TOPICS = """
SELECT t.id, t.title, t.expected, (SELECT count(*) FROM mentions m WHERE m.topic = t.id) AS mentions
  FROM topics t ORDER BY t.rowid
"""
ARRIVED = "SELECT id, title, date, received FROM debates WHERE received >= ? ORDER BY rowid DESC LIMIT 1000"


def ledger(conn: sqlite3.Connection) -> Row:
    """The newest runs, each with the debates whose file came in it; open gaps; topics with mentions, also expected."""
    runs = rows(conn, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", (SHOWN,))
    arrived = rows(conn, ARRIVED, (runs[-1]["started"],)) if runs else []
    for run in runs:
        end = run["finished"] or "9999"
        run["debates"] = [debate for debate in arrived if run["started"] <= debate["received"] <= end]
    return {"runs": runs, "gaps": gaps(conn), "topics": topics(conn)}


def topics(conn: sqlite3.Connection) -> list[Row]:
    """Every topic with how often it is named, and how often it should be at least."""
    return rows(conn, TOPICS)


def standing(conn: sqlite3.Connection) -> Row:
    """As much of the ledger as tells how it stands: all runs without what they brought, topics, number of open gaps."""
    count = conn.execute("SELECT count(*) FROM gaps WHERE closed IS NULL").fetchone()[0]
    return {"runs": rows(conn, "SELECT * FROM runs ORDER BY id DESC"), "topics": topics(conn), "open_gaps": count}


def unfinished(conn: sqlite3.Connection, since: str) -> str | None:
    """When the first run began of those that stopped before their end, after the last that did not and since a time.

    What was asked for from then on need not be asked for again (`since` of scrapers/web.py). Times are UTC; read this
    before the new run is entered.
    """
    started: str | None = conn.execute(UNFINISHED, (since,)).fetchone()[0]
    return started
