"""/coverage: quotes by point of guidance and by month or speaker; /coverage.csv, the same as CSV."""

from db.csv_cells import write_csv
from web.coverage.heat_map import SHADES, write_cells
from web.coverage.queries import count_quotes_by_point, list_table_rows
from web.guidance import queries as guidance
from web.http.as_of_date import AS_OF, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, read_arguments, render_page
from web.http.reading import read_page

GROUPINGS = ("month", "speaker")
MOST_FIGURES = 600  # cells of points; above them, points are shown of one document at a time


@serve_as_of
async def show_coverage(datasette: Datasette, request: Request) -> Response:
    """Show the heat map, and below it the same as text to copy."""
    filters = _read_filters(request)
    coverage, documents = await read_page(
        datasette, lambda conn: (count_quotes_by_point(conn, **filters), guidance.read_documents(conn))
    )
    day = AS_OF.get()
    figures = sum(map(bool, (cell for line in coverage.points for cell in line.cells)))
    context: dict[str, object] = {
        "coverage": coverage,
        "asked": {**filters, "as_of": day.date if day else ""},
        "documents": documents,
        "shades": SHADES,
        "write_cells": write_cells,
        "beneath": bool(filters["document"]) or figures <= MOST_FIGURES,
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


def _read_filters(request: Request) -> dict[str, str]:
    by, document, year = read_arguments(request, ("by", "document", "year")).values()
    return {"by": by if by in GROUPINGS else GROUPINGS[0], "document": document, "year": year}
