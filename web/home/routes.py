"""The home page."""

import sqlite3

from db.sqlite import Row
from web.coverage.queries import count_quotes_by_point
from web.home import queries as home
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import render_page
from web.http.reading import read_page
from web.quote_list.queries import read_newest_quotes
from web.rendering.speech_blocks import mark_in_short_sentence
from web.timeline.queries import count_by_month, draw_timeline

CHART_HEIGHT = 44  # px


@serve_as_of
async def show_home(datasette: Datasette, request: Request) -> Response:
    """Show the home page."""
    return await render_page(datasette, request, "home/home.html", await read_page(datasette, _read_context))


def _read_context(conn: sqlite3.Connection) -> dict[str, object]:
    months = count_by_month(conn)
    changed, unproven = home.count_unproven_quotes(conn)
    chosen = home.choose_quote(conn)
    return {
        "chosen": chosen and _add_sentence(chosen, chosen["reading"]),
        "topics": home.read_topic_counts(conn),
        "chart": draw_timeline(months, CHART_HEIGHT) if months else None,
        "coverage": count_quotes_by_point(conn),
        "changed": changed,
        "lost": unproven - changed,
        "quotes": [_add_sentence(one, one["reading"]) for one in read_newest_quotes(conn, home.NEWEST)],
        "mentions": [_add_sentence(one) for one in home.read_newest_mentions(conn)],
        "fresh": home.read_freshness(conn),
    }


def _add_sentence(one: Row, reading: str = "") -> Row:
    return {**one, "words": mark_in_short_sentence(one["text"], one["start"], one["end"], reading)}
