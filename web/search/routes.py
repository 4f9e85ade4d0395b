"""The search page."""

from typing import Any

from datasette.utils.sqlite import sqlite3

from db.references import Found, Loop, find
from db.sqlite import Row
from web.http.pages import number, page
from web.http.reading import reading
from web.search.queries import A_PAGE, COUNTED, HEARD, ORDERS, TITLES, search
from web.search.query_parser import LONGEST, parse

ADDRESS = 300  # characters that an address may have
FILTERS = ("house", "year", "speaker", "kind")


async def results(datasette: Any, request: Any) -> Any:
    """Show what a search finds, and how it was understood."""
    typed = (request.args.get("q") or "").strip()
    filters = {key: (request.args.get(key) or "").replace("\0", "")[:100] for key in FILTERS}
    sort = request.args.get("sort")
    sort = sort if sort in ORDERS else "newest"
    at = number(request.args.get("page"), COUNTED // A_PAGE)
    asked = parse(typed)
    context = {"typed": typed[:LONGEST], "asked": asked, "filters": filters, "sort": sort, "at": at}
    context |= {"a_page": A_PAGE, "counted": COUNTED, "heard": HEARD, "titles": TITLES}
    try:
        found = await reading(datasette, lambda conn: _read(conn, typed, asked.match, filters, sort, at), typed=True)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        return await page(datasette, request, "search/search.html", {**context, "too_long": True}, 503)
    return await page(datasette, request, "search/search.html", {**context, **found})


def _read(conn: sqlite3.Connection, typed: str, match: str, filters: dict[str, str], sort: str, at: int) -> Row:
    return {"meant": _meant(conn, typed), "hits": search(conn, match, filters, sort, at) if match else None}


def _meant(conn: sqlite3.Connection, typed: str) -> list[Found]:
    """Find the debate or speech, if what was typed is an address."""
    try:
        return find(conn, typed) if len(typed) < ADDRESS else []
    except Loop:
        return []
