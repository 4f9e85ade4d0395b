"""The search page."""

from db.sqlite import OPERATIONAL_ERRORS
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.search.queries import FILTERS, MAX_COUNTED, MAX_READ, MAX_TITLES, ORDERS, PAGE_SIZE, read_search
from web.search.query_parser import MAX_LENGTH, parse_search


async def show_results(datasette: Datasette, request: Request) -> Response:
    """Show the results of a search, and how it was understood."""
    typed = (request.args.get("q") or "").strip()
    filters = read_arguments(request, FILTERS)
    sort = request.args.get("sort")
    sort = sort if sort in ORDERS else "newest"
    at = parse_page_number(request.args.get("page"), MAX_COUNTED // PAGE_SIZE)
    context = {"typed": typed[:MAX_LENGTH], "asked": parse_search(typed), "filters": filters, "sort": sort, "at": at}
    context |= {"a_page": PAGE_SIZE, "counted": MAX_COUNTED, "heard": MAX_READ, "titles": MAX_TITLES}
    try:
        understood, hits = await read_today(
            datasette, lambda conn: read_search(conn, typed, filters, sort, at), typed=True
        )
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        return await render_page(datasette, request, "search/search.html", {**context, "too_long": True}, 503)
    found = {"hits": None if understood.is_empty else hits, "meant": understood.places.places}
    return await render_page(datasette, request, "search/search.html", {**context, **found})
