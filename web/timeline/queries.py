"""Queries of the timeline: mentions of a topic and quotes by the month in which the words were said."""

import sqlite3

from db.sqlite import Row, read_rows
from web.rendering.charts import list_months

MENTIONS = """
SELECT substr(date, 1, 7) AS month, count(*) AS mentions, count(DISTINCT debate_id) AS debates
  FROM named WHERE :topic = '' OR topic = :topic GROUP BY 1
"""
QUOTES = "SELECT month, count(*) AS quotes FROM quote_counts GROUP BY 1"
NO_COUNTS = {"mentions": 0, "debates": 0, "quotes": 0}


def count_mentions_and_quotes_by_month(conn: sqlite3.Connection, topic: str) -> list[Row]:
    """Count mentions, their debates and quotes by month from the first to the last; a topic, or "" for all.

    Quotes are of every debate, since a reading is of guidance and not of a topic.
    """
    found: dict[str, Row] = {}
    for row in [*read_rows(conn, MENTIONS, {"topic": topic}), *read_rows(conn, QUOTES)]:
        found[row["month"]] = found.get(row["month"], {}) | row
    every = list_months(min(found), max(found)) if found else ()
    return [{"month": month, **NO_COUNTS, **found.get(month, {})} for month in every]
