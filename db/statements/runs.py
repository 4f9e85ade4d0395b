"""Queries of runs: what each brought, which gaps are open, and how many mentions topics should have."""

import sqlite3

from db.archive.gaps import read_gaps
from db.sqlite import Row, read_rows

RUNS_SHOWN = 50  # runs
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


def read_run_ledger(conn: sqlite3.Connection) -> Row:
    """Return the newest runs with the debates that each brought, open gaps, and topics with their mentions."""
    runs = read_rows(conn, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", (RUNS_SHOWN,))
    arrived = read_rows(conn, ARRIVED, (runs[-1]["started"],)) if runs else []
    for run in runs:
        end = run["finished"] or "9999"
        run["debates"] = [debate for debate in arrived if run["started"] <= debate["received"] <= end]
    return {"runs": runs, "gaps": read_gaps(conn), "topics": read_topic_counts(conn)}


def read_topic_counts(conn: sqlite3.Connection) -> list[Row]:
    """Return every topic with its number of mentions, and the least number expected."""
    return read_rows(conn, TOPICS)


def read_archive_state(conn: sqlite3.Connection) -> Row:
    """Return what the state of the archive follows from: all runs without debates, topics, the number of open gaps."""
    count = conn.execute("SELECT count(*) FROM gaps WHERE closed IS NULL").fetchone()[0]
    return {
        "runs": read_rows(conn, "SELECT * FROM runs ORDER BY id DESC"),
        "topics": read_topic_counts(conn),
        "open_gaps": count,
    }


def find_unfinished_run(conn: sqlite3.Connection, since: str) -> str | None:
    """Return when the first of the runs began that stopped early after the last complete one; None if none did.

    Only runs since a time (UTC) count. What was asked for from then on need not be asked for again (`since` of the HTTP
    client). Read this before the new run is entered.
    """
    started: str | None = conn.execute(UNFINISHED, (since,)).fetchone()[0]
    return started
