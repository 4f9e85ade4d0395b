"""The home page."""

import sqlite3

from web.coverage.queries import count_quotes_by_point
from web.home import queries as home
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import render_page
from web.http.reading import read_page
from web.quote_list.queries import read_newest_quotes
from web.quote_list.view import add_sentence, group_quotes
from web.timeline.queries import count_by_month, draw_timeline

CHART_HEIGHT = 44  # px
MAX_MONTHS = 9  # in the small chart; if there would be more, it has years


@serve_as_of
async def show_home(datasette: Datasette, request: Request) -> Response:
    """Show the home page."""
    return await render_page(datasette, request, "home/home.html", await read_page(datasette, _read_context))


def _read_context(conn: sqlite3.Connection) -> dict[str, object]:
    months = count_by_month(conn)
    changed, unproven = home.count_unproven_quotes(conn)
    chosen = home.choose_quote(conn)
    return {
        "chosen": chosen and add_sentence(chosen, chosen["reading"]),
        "topics": home.read_topic_counts(conn),
        "chart": draw_timeline(months, MAX_MONTHS, CHART_HEIGHT) if months else None,
        "coverage": count_quotes_by_point(conn, by=""),
        "changed": changed,
        "lost": unproven - changed,
        "quotes": group_quotes(read_newest_quotes(conn, 4 * home.NEWEST))[: home.NEWEST],
        "mentions": [add_sentence(one) for one in home.read_newest_mentions(conn)],
        "fresh": home.read_freshness(conn),
    }
