"""The search page."""

from datasette.utils.sqlite import sqlite3

from db.references import RedirectLoopError, ResolvedReference, find_references
from db.sqlite import OPERATIONAL_ERRORS, Row
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.search.queries import MAX_COUNTED, MAX_SPEAKERS_COUNTED, MAX_TITLES, ORDERS, PAGE_SIZE, find_matches
from web.search.query_parser import MAX_LENGTH, parse_search

MAX_ADDRESS = 300  # characters of a reference
FILTERS = ("house", "year", "speaker", "kind")


async def show_results(datasette: Datasette, request: Request) -> Response:
    """Show the results of a search, and how it was understood."""
    typed = (request.args.get("q") or "").strip()
    filters = read_arguments(request, FILTERS)
    sort = request.args.get("sort")
    sort = sort if sort in ORDERS else "newest"
    at = parse_page_number(request.args.get("page"), MAX_COUNTED // PAGE_SIZE)
    asked = parse_search(typed)
    context = {"typed": typed[:MAX_LENGTH], "asked": asked, "filters": filters, "sort": sort, "at": at}
    context |= {"a_page": PAGE_SIZE, "counted": MAX_COUNTED, "heard": MAX_SPEAKERS_COUNTED, "titles": MAX_TITLES}
    try:
        found = await read_today(
            datasette, lambda conn: _read_results(conn, typed, asked.match, filters, sort, at), typed=True
        )
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        return await render_page(datasette, request, "search/search.html", {**context, "too_long": True}, 503)
    return await render_page(datasette, request, "search/search.html", {**context, **found})


def _read_results(conn: sqlite3.Connection, typed: str, match: str, filters: dict[str, str], sort: str, at: int) -> Row:
    return {
        "meant": _find_reference(conn, typed),
        "hits": find_matches(conn, match, filters, sort, at) if match else None,
    }


def _find_reference(conn: sqlite3.Connection, typed: str) -> list[ResolvedReference]:
    """Find the debates or speeches that the text refers to; [] if it is no reference."""
    try:
        return find_references(conn, typed) if len(typed) < MAX_ADDRESS else []
    except RedirectLoopError:
        return []
