"""The home page."""

import sqlite3

from web.guidance import queries as guidance
from web.home import queries as summary
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import render_page
from web.http.reading import read_today
from web.rendering import charts as chart
from web.rendering.speech_blocks import mark_in_sentence


async def show_home(datasette: Datasette, request: Request) -> Response:
    """Show the home page."""
    return await render_page(datasette, request, "home/home.html", await read_today(datasette, _read_context))


def _read_context(conn: sqlite3.Connection) -> dict[str, object]:
    months = summary.count_mentions_by_month(conn)
    newest = [
        {**mention, "quote": mark_in_sentence(mention["text"], mention["start"], mention["end"])}
        for mention in summary.read_newest_mentions(conn)
    ]
    return {
        **summary.read_archive_state(conn),
        "topics": summary.read_topic_counts(conn),
        "months": months,
        "bars": chart.place_bars(months, "mentions"),
        "size": (chart.WIDTH, chart.HEIGHT),
        "newest": newest,
        "documents": guidance.read_documents(conn),
    }
