"""Queries of the home page: mentions by topic and month, the newest mentions, and the last run."""

import sqlite3

from db.sqlite import Row, read_first_row, read_rows
from web.rendering.charts import list_months

NEWEST = 5
TOPICS = """
SELECT t.id, t.title, t.note, count(n.id) AS mentions, count(DISTINCT n.debate_id) AS debates,
       min(n.date) AS first, max(n.date) AS last,
       (SELECT group_concat(phrases || ' ' || times, ', ') FROM (
          SELECT phrases, count(*) AS times FROM mentions WHERE topic = t.id GROUP BY 1 ORDER BY 2 DESC)) AS sets
  FROM topics t LEFT JOIN named n ON n.topic = t.id GROUP BY t.id ORDER BY t.rowid
"""
MONTHS = "SELECT substr(date, 1, 7) AS month, count(*) AS mentions FROM named GROUP BY 1 ORDER BY 1"
NEWEST_MENTIONS = f"""
SELECT n.*, s.text, d.title AS debate_title FROM named n JOIN debates d ON d.id = n.debate_id
  LEFT JOIN speeches s ON s.id = n.speech_id
 WHERE n.speech_id IS NOT NULL ORDER BY n.id DESC LIMIT {NEWEST}
"""
LAST_RUN = "SELECT * FROM runs ORDER BY id DESC LIMIT 1"
ARCHIVE_COUNTS = """
SELECT (SELECT count(*) FROM debates) AS debates, (SELECT count(*) FROM speeches) AS speeches,
       (SELECT count(*) FROM quarantine) AS quarantined
"""


def read_topic_counts(conn: sqlite3.Connection) -> list[Row]:
    """Read every topic with counts of its mentions, phrases and debates, and its first and last date (None: never)."""
    return read_rows(conn, TOPICS)


def count_mentions_by_month(conn: sqlite3.Connection) -> list[Row]:
    """Count mentions by month (YYYY-MM) from the first to the last, including months without any."""
    found = {row["month"]: row["mentions"] for row in read_rows(conn, MONTHS)}
    return [{"month": m, "mentions": found.get(m, 0)} for m in list_months(min(found), max(found))] if found else []


def read_newest_mentions(conn: sqlite3.Connection) -> list[Row]:
    """Read the newest mentions in speeches, with the speech's text."""
    return read_rows(conn, NEWEST_MENTIONS)


def read_archive_state(conn: sqlite3.Connection) -> Row:
    """Read the last run (None if there was none), and count debates, speeches and quarantined documents."""
    return {**(read_first_row(conn, ARCHIVE_COUNTS) or {}), "run": read_first_row(conn, LAST_RUN)}
