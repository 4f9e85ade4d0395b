"""Queries of runs, with the debates that each loaded, open gaps, and the numbers of mentions."""

import sqlite3
from collections import Counter

from db.archive.gaps import count_gaps, read_gaps
from db.sqlite import Row, read_rows

RUNS_SHOWN = 50
FIND_UNFINISHED_RUN = """
SELECT min(started) FROM runs
 WHERE id > (SELECT coalesce(max(id), 0) FROM runs WHERE exit_code IN (0, 1))
   AND (exit_code IS NULL OR exit_code = 75) AND started >= ?
"""
TOPIC_COUNTS = """
SELECT t.id, t.title, t.expected, (SELECT count(*) FROM mentions m WHERE m.topic = t.id) AS mentions
  FROM topics t ORDER BY t.rowid
"""
COUNT_DAYS = """
SELECT d.kind, d.date, count(DISTINCT d.id), count(s.rowid)
  FROM debates d LEFT JOIN speeches s ON s.debate_id = d.id WHERE d.source = ? GROUP BY d.kind, d.date
"""
COUNT_REGISTER = """
WITH replaced AS (SELECT substr(old_id, 1, instr(old_id, '/')) AS what FROM people_redirects)
SELECT 'persons', (SELECT count(*) FROM persons WHERE name IS NOT NULL)
                + (SELECT count(*) FROM replaced WHERE what = 'person/')
UNION ALL
SELECT 'memberships', (SELECT count(*) FROM memberships) + (SELECT count(*) FROM replaced WHERE what <> 'person/')
"""
COUNT_WITHDRAWN = "SELECT kind, date, count(*) FROM withdrawn_speeches GROUP BY kind, date"
ARRIVED_DEBATES = "SELECT id, title, date, received FROM debates WHERE received >= ? ORDER BY rowid DESC LIMIT 1000"


def read_run_ledger(conn: sqlite3.Connection) -> Row:
    """Return the newest runs with the debates that each brought, open gaps, and topics with their mentions."""
    runs = read_rows(conn, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", (RUNS_SHOWN,))
    arrived = read_rows(conn, ARRIVED_DEBATES, (runs[-1]["started"],)) if runs else []
    for run in runs:
        end = run["finished"] or "9999"
        run["debates"] = [debate for debate in arrived if run["started"] <= debate["received"] <= end]
    return {"runs": runs, "gaps": read_gaps(conn, "counting"), "topics": read_topic_counts(conn)}


def read_topic_counts(conn: sqlite3.Connection) -> list[Row]:
    """Return every topic with its number of mentions, and the least number expected."""
    return read_rows(conn, TOPIC_COUNTS)


def read_load_counts(conn: sqlite3.Connection, source: str) -> dict[str, int]:
    """Count the mentions of every topic, the debates and speeches of every day of one source, and the known people.

    Subjects are topic/ID/mentions, day/KIND/DATE/debates, day/KIND/DATE/speeches and register/people/WHAT. Another
    source may divide a day's speeches otherwise, so that there are fewer when the best one comes. A speech that its
    source withdrew counts as well, since it is listed as withdrawn; so do those of a day that it corrects, since
    answers move there, and persons and memberships that the register has replaced by others.
    """
    counts = Counter({f"topic/{topic['id']}/mentions": int(topic["mentions"]) for topic in read_topic_counts(conn)})
    counts.update({f"register/people/{what}": count for what, count in conn.execute(COUNT_REGISTER)})
    withdrawn = {(kind, date): count for kind, date, count in conn.execute(COUNT_WITHDRAWN)}
    for kind, date, debates, speeches in conn.execute(COUNT_DAYS, (source,)):
        counts[f"day/{kind}/{date}/debates"] = debates
        counts[f"day/{kind}/{date}/speeches"] = speeches + withdrawn.get((kind, date), 0)
    for kind, date, earlier in conn.execute("SELECT kind, date, earlier FROM amended ORDER BY kind, date DESC"):
        for what in ("debates", "speeches"):
            counts[f"day/{kind}/{date}/{what}"] += counts[f"day/{kind}/{earlier}/{what}"]
    return counts


def read_archive_state(conn: sqlite3.Connection) -> Row:
    """Return the facts behind the state of the archive: all runs, the topics, and the number of gaps that count."""
    return {
        "runs": read_rows(conn, "SELECT * FROM runs ORDER BY id DESC"),
        "topics": read_topic_counts(conn),
        "open_gaps": count_gaps(conn),
    }


def find_unfinished_run(conn: sqlite3.Connection, since: str) -> str | None:
    """Return the start (UTC) of the first run that stopped early after the last complete one; None if none did.

    Only runs that started at `since` (UTC) or later count. Documents requested after the result need no new request
    (`since` of the HTTP client). Call this before the new run is entered.
    """
    started: str | None = conn.execute(FIND_UNFINISHED_RUN, (since,)).fetchone()[0]
    return started
