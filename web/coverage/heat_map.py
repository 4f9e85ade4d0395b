"""The figures of the heat map as HTML: written here, since a template takes ten times as long for thousands of them."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from web.coverage.queries import OTHERS, CoverageColumn, DocumentCoverage, PointCoverage, Readings
from web.rendering.filters import READINGS, build_query
from web.rendering.wording import format_number
from web.urls import url_for

SHADES = ("1", "2–3", "4–7", "8–15", "16 or more")  # numbers of quotes, each shade twice as many as the one before


def find_shade(count: int) -> int:
    """Return the number of the shade of a cell, from 1, as SHADES lists them.

    >>> [find_shade(count) for count in (1, 2, 3, 4, 8, 15, 16, 500)]
    [1, 2, 2, 3, 4, 4, 5, 5]
    """
    return min(count.bit_length(), len(SHADES))


def write_cells(
    line: DocumentCoverage | PointCoverage,
    columns: Sequence[CoverageColumn],
    asked: Mapping[str, str],
    document: str,
    point: str,
    title: str,
) -> Markup:
    """Write the cells of a document or of a point, each a link to its quotes, and the last one of all of them."""
    about, quotes = escape(title), url_for("quotes")
    of: dict[str, object] = {"document": document, "point": point}
    cells = [
        _write_cell(readings, column, f"{about}, {escape(column.title)}", quotes + _write_query(of, asked, column.key))
        for readings, column in zip(line.cells, columns, strict=True)
    ]
    total = sum(line.all.values())
    unseen = f"{'quote' if total == 1 else 'quotes'} in all, {about}"
    address = escape(quotes + _write_query(of, asked, ""))
    link = f'<a href="{address}">{format_number(total)}<span class="unseen"> {unseen}</span></a>'
    return Markup(f'{"".join(cells)}<td class="all">{link}</td>')


def _write_query(of: dict[str, object], asked: Mapping[str, str], key: str) -> str:
    month = key if asked["by"] == "month" and key else asked["year"]
    return build_query({**of, "month": month, "speaker": key if asked["by"] == "speaker" else ""})


def _write_cell(readings: Readings, column: CoverageColumn, about: str, address: str) -> str:
    if column.left_out:
        return '<td class="gap"></td>'
    if not readings:
        return "<td></td>"
    total, several = sum(readings.values()), len(readings) > 1
    counts = "".join(
        f'<span class="{reading}"><i>&nbsp;</i>{READINGS[reading][0].upper()}'
        f"<i>{format_number(count) if several else ''}&nbsp;</i></span> "
        for reading, count in readings.items()
    )
    words = ", ".join(f"{format_number(count)} {READINGS[reading]}" for reading, count in readings.items())
    unseen = f"{'quote' if total == 1 else 'quotes'}, {about}: {words}"
    figures = f'<b>{format_number(total)}</b> <span class="readings" aria-hidden="true">{counts}</span>'
    figures += f'<span class="unseen"> {unseen}</span>'
    shown = f"<span>{figures}</span>" if column.key == OTHERS else f'<a href="{escape(address)}">{figures}</a>'
    return f'<td class="shade-{find_shade(total)}">{shown}</td>'
