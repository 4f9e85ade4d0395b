"""Rows of Datasette's tables as HTML: useful columns first, each cell labelled with its column.

They are written in Python, since a template takes twice as long for a page of a thousand cells.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Protocol

from datasette.utils import to_css_class
from markupsafe import Markup, escape

from db.sqlite import Row

Cell = Row  # of Datasette: column, value (escaped or Markup), raw, value_type
CELL = '<td class="col-{} type-{}{}" data-column="{}">{}</td>'
MORE = ' <a href="{}" aria-label="more of {}">more</a>'


class RowAddresses(Protocol):
    """The addresses of rows, from `urls` of a template of Datasette."""

    def row(self, database: str, table: str | None, row_path: object) -> str:
        """Return the address of a row."""


def put_first(columns: Iterable[Row], names: Sequence[str], key: str) -> list[Row]:
    """Sort columns of a table, or cells of a row, so that `names` come first; `key` is the field of their name.

    >>> put_first([{"name": "id"}, {"name": "date"}], ["date"], "name")
    [{'name': 'date'}, {'name': 'id'}]
    """
    places = {name: place for place, name in enumerate(names)}
    return sorted(columns, key=lambda each: places.get(each[key], len(places)))


def render_rows(
    rows: Iterable[Iterable[Cell]], first: Sequence[str], urls: RowAddresses, database: str, table: str | None
) -> Markup:
    """Render rows of a table: the columns named in `first`, then the lesser ones.

    Texts that were cut lead to their row. `urls` makes Datasette's addresses.
    """
    find_row = partial(urls.row, database, table)
    return Markup("\n").join(_render_row(row, first, find_row) for row in rows)


def _render_row(row: Iterable[Cell], first: Sequence[str], find_row: Callable[[object], str]) -> Markup:
    cells = put_first(row, first, "column")
    own = next((cell for cell in cells if cell["value_type"] == "pk"), None)
    address = "" if own is None else str(escape(find_row(own["raw"])))
    written = (
        _render_cell(cell, bool(first) and place >= len(first) and cell is not own, address)
        for place, cell in enumerate(cells)
    )
    return Markup(f"<tr>{''.join(written)}</tr>")


def _render_cell(cell: Cell, lesser: bool, address: str) -> str:
    """Render a cell; everything in it is escaped here or before."""
    name, style = _name_column(cell["column"])
    value = escape(cell["value"])
    more = MORE.format(address, name) if address and value.endswith("…") else ""
    return CELL.format(style, escape(cell["value_type"]), " lesser" if lesser else "", name, f"{value}{more}")


@lru_cache(maxsize=1024)
def _name_column(column: str) -> tuple[str, str]:
    """Return the name of a column, escaped, and its class."""
    return str(escape(column)), str(escape(to_css_class(column)))
