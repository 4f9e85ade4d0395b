"""/timeline: mentions of a topic and quotes, month by month."""

import sqlite3

from db.sqlite import Row, read_rows
from web.debates.queries import list_topics
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import render_page
from web.http.reading import read_page
from web.rendering import charts as chart

MENTIONS = """
SELECT substr(date, 1, 7) AS month, count(*) AS mentions, count(DISTINCT debate_id) AS debates
  FROM named WHERE :topic = '' OR topic = :topic GROUP BY 1
"""
QUOTES = "SELECT month, count(*) AS quotes FROM quote_counts GROUP BY 1"
NO_COUNTS = {"mentions": 0, "debates": 0, "quotes": 0}


@serve_as_of
async def show_timeline(datasette: Datasette, request: Request) -> Response:
    """Show two charts and a table of their figures."""
    topic = (request.args.get("topic") or "").replace("\0", "")[:100]
    months, known = await read_page(
        datasette, lambda conn: (count_mentions_and_quotes_by_month(conn, topic), list_topics(conn))
    )
    context: dict[str, object] = {
        "topic": topic,
        "topics": known,
        "months": months,
        "size": (chart.WIDTH, chart.HEIGHT),
    }
    drawn = {key: chart.place_bars(months, key) for key in ("mentions", "quotes")}
    context |= {"totals": {key: sum(month[key] for month in months) for key in drawn}}
    context |= {"peaks": {key: max(months, key=lambda month: month[key], default=None) for key in drawn}}
    return await render_page(datasette, request, "timeline/timeline.html", {**context, "bars": drawn})


def count_mentions_and_quotes_by_month(conn: sqlite3.Connection, topic: str) -> list[Row]:
    """Count mentions, their debates and quotes by month from the first to the last; a topic, or "" for all.

    Quotes are of every debate, since a reading is of guidance and not of a topic.
    """
    found: dict[str, Row] = {}
    for row in [*read_rows(conn, MENTIONS, {"topic": topic}), *read_rows(conn, QUOTES)]:
        found[row["month"]] = found.get(row["month"], {}) | row
    every = chart.list_months(min(found), max(found)) if found else ()
    return [{"month": month, **NO_COUNTS, **found.get(month, {})} for month in every]
