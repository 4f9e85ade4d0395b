"""Queries of the timeline: mentions of a topic and quotes by the month in which the words were said."""

import sqlite3

from db.sqlite import Row, rows
from web.rendering.charts import between

MENTIONS = """
SELECT substr(date, 1, 7) AS month, count(*) AS mentions, count(DISTINCT debate_id) AS debates
  FROM named WHERE :topic = '' OR topic = :topic GROUP BY 1
"""
QUOTES = "SELECT month, count(*) AS quotes FROM quote_counts GROUP BY 1"
NOTHING = {"mentions": 0, "debates": 0, "quotes": 0}


def months(conn: sqlite3.Connection, topic: str) -> list[Row]:
    """Count mentions, their debates and quotes by month from the first to the last; a topic, or "" for all.

    Quotes are of every debate, since a reading is of guidance and not of a topic.
    """
    found: dict[str, Row] = {}
    for row in [*rows(conn, MENTIONS, {"topic": topic}), *rows(conn, QUOTES)]:
        found[row["month"]] = found.get(row["month"], {}) | row
    every = between(min(found), max(found)) if found else ()
    return [{"month": month, **NOTHING, **found.get(month, {})} for month in every]
