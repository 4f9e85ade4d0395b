"""Rows of a query as dictionaries."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Values = Sequence[object] | Mapping[str, object]


def rows(conn: sqlite3.Connection, query: str, values: Values = ()) -> list[Row]:
    """Every row of a query, by column name."""
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def first(conn: sqlite3.Connection, query: str, values: Values = ()) -> Row | None:
    """The first row of a query; None where there is none."""
    return next(iter(rows(conn, query, values)), None)
