"""/coverage: quotes by point of guidance and by month or speaker; /coverage.csv, the same as CSV."""

import itertools
from collections.abc import Iterator

from db.csv_cells import write_csv
from web.coverage.quotes_by_point_and_month import OTHERS, CoverageGrid, count_quotes_by_point
from web.guidance import queries as guidance
from web.http.as_of_date import AS_OF, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, read_arguments, render_page
from web.http.reading import read_page

GROUPINGS = ("month", "speaker")


@serve_as_of
async def show_coverage(datasette: Datasette, request: Request) -> Response:
    """Show the grid, and below it the same as text to copy."""
    filters = _read_filters(request)
    grid, documents = await read_page(
        datasette, lambda conn: (count_quotes_by_point(conn, **filters), guidance.read_documents(conn))
    )
    day = AS_OF.get()
    fields = {**filters, "as_of": day.date if day else ""}
    context: dict[str, object] = {"grid": grid, "asked": fields, "documents": documents, "others": OTHERS}
    by_document = itertools.groupby(grid.lines, key=lambda line: line.point["document_id"])
    context |= {"groups": [list(lines) for _, lines in by_document]}
    context |= {"text": write_csv(_make_rows(grid), "excel-tab"), "without": sum(not line.all for line in grid.lines)}
    return await render_page(datasette, request, "coverage/coverage.html", context)


@serve_as_of
async def send_csv(datasette: Datasette, request: Request) -> Response:
    """Send the grid as CSV: a row for each point, a column for each month or speaker, and totals."""
    grid = await read_page(datasette, lambda conn: count_quotes_by_point(conn, **_read_filters(request)))
    headers = {**CACHE_MINUTE, "Content-Disposition": 'attachment; filename="coverage.csv"'}
    return Response(write_csv(_make_rows(grid)), headers=headers, content_type="text/csv; charset=utf-8")


def _read_filters(request: Request) -> dict[str, str]:
    by, document, year = read_arguments(request, ("by", "document", "year")).values()
    return {"by": by if by in GROUPINGS else GROUPINGS[0], "document": document, "year": year}


def _make_rows(grid: CoverageGrid) -> Iterator[list[object]]:
    yield ["document", "point", "title", *(column.title for column in grid.columns), "all"]
    for point, cells, every in grid.lines:
        counts = [sum(cell.values()) for cell in cells]
        yield [point["document_id"], point["id"], point["title"], *counts, sum(every.values())]
    yield ["all", "", "", *grid.totals, grid.total]
