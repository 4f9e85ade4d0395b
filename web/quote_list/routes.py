"""/quotes: the quotes behind a figure of the coverage or the timeline, in their sentences."""

from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_page
from web.quote_list.queries import FILTERS, PAGE_SIZE, list_quotes
from web.quote_list.view import group_quotes
from web.rendering.periods import describe_date

MAX_PAGE = 10_000  # pages


@serve_as_of
async def show_quotes(datasette: Datasette, request: Request) -> Response:
    """List quotes, newest first."""
    filters = read_arguments(request, FILTERS)
    at = parse_page_number(request.args.get("page"), MAX_PAGE)
    listed = await read_page(datasette, lambda conn: list_quotes(conn, filters, at))
    context = {
        "quotes": group_quotes(listed.quotes),
        "total": listed.total,
        "readings": listed.readings,
        "titles": listed.titles,
        "filters": filters,
        "when": describe_date(filters["month"]),
        "at": at,
        "more": listed.total > PAGE_SIZE * at,
    }
    return await render_page(datasette, request, "quote_list/list.html", context)
