"""/coverage: quotes by point of guidance and by month or speaker; /coverage.csv, the same as CSV."""

from db.csv_cells import write_csv
from web.coverage.queries import OTHERS, count_quotes_by_point, list_table_rows
from web.guidance import queries as guidance
from web.http.as_of_date import AS_OF, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, read_arguments, render_page
from web.http.reading import read_page

GROUPINGS = ("month", "speaker")
SHADES = ("1", "2–3", "4–7", "8–15", "16 or more")  # numbers of quotes, each shade twice as many as the one before


@serve_as_of
async def show_coverage(datasette: Datasette, request: Request) -> Response:
    """Show the heat map, and below it the same as text to copy."""
    filters = _read_filters(request)
    coverage, documents = await read_page(
        datasette, lambda conn: (count_quotes_by_point(conn, **filters), guidance.read_documents(conn))
    )
    day = AS_OF.get()
    context: dict[str, object] = {
        "coverage": coverage,
        "asked": {**filters, "as_of": day.date if day else ""},
        "documents": documents,
        "others": OTHERS,
        "shades": SHADES,
        "shade_of": find_shade,
        "text": write_csv(list_table_rows(coverage), "excel-tab"),
        "discussed": sum(bool(line.all) for line in coverage.points),
    }
    return await render_page(datasette, request, "coverage/coverage.html", context)


@serve_as_of
async def send_csv(datasette: Datasette, request: Request) -> Response:
    """Send the figures as CSV: a row for each point, a column for each month or speaker, and totals."""
    coverage = await read_page(datasette, lambda conn: count_quotes_by_point(conn, **_read_filters(request)))
    headers = {**CACHE_MINUTE, "Content-Disposition": 'attachment; filename="coverage.csv"'}
    return Response(write_csv(list_table_rows(coverage)), headers=headers, content_type="text/csv; charset=utf-8")


def find_shade(count: int) -> int:
    """Return the number of the shade of a cell, from 1, as SHADES lists them.

    >>> [find_shade(count) for count in (1, 2, 3, 4, 8, 15, 16, 500)]
    [1, 2, 2, 3, 4, 4, 5, 5]
    """
    return min(count.bit_length(), len(SHADES))


def _read_filters(request: Request) -> dict[str, str]:
    by, document, year = read_arguments(request, ("by", "document", "year")).values()
    return {"by": by if by in GROUPINGS else GROUPINGS[0], "document": document, "year": year}
