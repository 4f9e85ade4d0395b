"""The search page."""

import sqlite3
from collections.abc import Mapping

from db.sqlite import OPERATIONAL_ERRORS, Row
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.search.guidance_matches import MAX_NOTES, MAX_POINTS, find_notes, find_points
from web.search.people_matches import MAX_PEOPLE, find_people, read_example
from web.search.queries import FILTERS, MAX_PAGES, MAX_TITLES, ORDERS, PAGE_SIZE, read_search
from web.search.query_parser import MAX_LENGTH, parse_search
from web.search.suggestions import may_be_quotation, suggest_searches
from web.search.view import explain_beginnings, explain_results, list_other_readings

SHOWN = {"people": MAX_PEOPLE, "points": MAX_POINTS, "notes": MAX_NOTES, "titles": MAX_TITLES, "page": PAGE_SIZE}


async def show_results(datasette: Datasette, request: Request) -> Response:
    """Show the results of a search, and how it was understood."""
    typed = (request.args.get("q") or "").replace("\0", " ").strip()
    filters = read_arguments(request, FILTERS)
    sort = request.args.get("sort")
    sort = sort if sort in ORDERS else "newest"
    at = parse_page_number(request.args.get("page"), MAX_PAGES)
    context = {"typed": typed[:MAX_LENGTH], "asked": parse_search(typed), "filters": filters, "sort": sort, "at": at}
    context |= {"shown": SHOWN, "as_of_asked": bool(request.args.get("as_of"))}
    try:
        found = await read_today(datasette, lambda conn: _read_results(conn, typed, filters, sort, at), typed=True)
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        return await render_page(datasette, request, "search/search.html", {**context, "too_long": True}, 503)
    return await render_page(datasette, request, "search/search.html", {**context, **found})


def _read_results(conn: sqlite3.Connection, typed: str, filters: Mapping[str, str], sort: str, at: int) -> Row:
    """Read a page of results; people, points and notes that match stand above the first."""
    understood, results = read_search(conn, typed, filters, sort, at)
    above = at == 1 and not any(filters.values())
    return {
        "understood": understood,
        "hits": results,
        "explained": explain_results(understood, results, filters),
        "beginnings": explain_beginnings(understood, results),
        "readings": list_other_readings(understood),
        "people": find_people(conn, understood) if above else [],
        "points": find_points(conn, understood) if above else [],
        "notes": find_notes(conn, understood) if above else [],
        "suggestions": suggest_searches(conn, understood, filters) if not results.total else [],
        "one": read_example(conn) if understood.is_empty else {},
        "quotation": may_be_quotation(typed),
    }
