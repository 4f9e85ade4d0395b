"""Queries of /coverage: quotes counted by point of guidance and by month, year or speaker."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from db.sqlite import Row, read_rows
from web.rendering.charts import list_months

MAX_MONTHS = 24  # columns of months; if there are more, columns are years
MAX_SPEAKERS = 20  # columns of speakers; the others share one column
OTHERS = "others"
POINTS = """
SELECT p.id, p.number, p.title, p.parent_id, p.document_id, d.title AS document
  FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 WHERE :document = '' OR d.id = :document ORDER BY d.position, p.position
"""
COUNTS = """
SELECT point_id, {key} AS key, reading, count(*) AS count FROM quote_counts
 WHERE point_id IN (SELECT id FROM guidance_points WHERE :document IN ('', document_id))
   AND substr(month, 1, length(:year)) = :year
 GROUP BY 1, 2, 3 ORDER BY instr('said implied contradicts', reading)
"""
MENTION_DATES = "SELECT min(date), max(date) FROM named"
NAMES = "SELECT id, name FROM persons WHERE name IS NOT NULL AND id IN ({})"
Readings = dict[str, int]


class CoverageColumn(NamedTuple):
    """A column for a month, year or speakers: its key, its title, and the keys counted in it."""

    key: str
    title: str
    keys: frozenset[str]


class CoverageLine(NamedTuple):
    """A point with its quotes counted by reading, for each column and in all; {} where there are none."""

    point: Row
    cells: list[Readings]
    all: Readings


class CoverageGrid(NamedTuple):
    """A line for each point of the chosen documents, the columns, and totals by column and in all."""

    lines: list[CoverageLine]
    columns: list[CoverageColumn]
    totals: list[int]
    total: int


def count_quotes_by_point(conn: sqlite3.Connection, by: str, document: str, year: str) -> CoverageGrid:
    """Count quotes by point and by month (years if there are many) or speaker; "" means all documents or years."""
    filters = {"document": document, "year": year}
    found: dict[str, dict[str, Readings]] = defaultdict(dict)
    every: Counter[str] = Counter()
    for point_id, key, reading, count in conn.execute(COUNTS.format(key=by), filters):
        found[point_id].setdefault(key, {})[reading] = count
        every[key] += count
    columns = (
        _make_time_columns(_list_months(conn, every), year) if by == "month" else _make_speaker_columns(conn, every)
    )
    column_of = {key: n for n, column in enumerate(columns) for key in column.keys}
    lines = [
        _make_line(point, found[point["id"]], len(columns), column_of) for point in read_rows(conn, POINTS, filters)
    ]
    totals = [sum(sum(line.cells[n].values()) for line in lines) for n in range(len(columns))]
    return CoverageGrid(lines, columns, totals, sum(totals))


def _make_line(point: Row, found: dict[str, Readings], columns: int, column_of: Mapping[str, int]) -> CoverageLine:
    parts: list[list[Readings]] = [[] for _ in range(columns)]
    for key, readings in found.items():
        if key in column_of:
            parts[column_of[key]].append(readings)
    return CoverageLine(point, [add_up_readings(cell) for cell in parts], add_up_readings(found.values()))


def add_up_readings(parts: Iterable[Readings]) -> Readings:
    """Add up counts by reading."""
    total: Readings = {}
    for part in parts:
        for reading, count in part.items():
            total[reading] = total.get(reading, 0) + count
    return total


def _list_months(conn: sqlite3.Connection, quoted: Iterable[str]) -> list[str]:
    """List every month from the first to the last with a mention or a quote."""
    mentioned = (date[:7] for date in conn.execute(MENTION_DATES).fetchone() if date)
    ends = sorted({*mentioned, *quoted})
    return list(list_months(ends[0], ends[-1])) if ends else []


def _make_time_columns(months: Sequence[str], year: str) -> list[CoverageColumn]:
    shown = [month for month in months if month.startswith(year)]
    if len(shown) <= MAX_MONTHS:
        return [CoverageColumn(month, month, frozenset([month])) for month in shown]
    years = dict.fromkeys(month[:4] for month in shown)
    return [CoverageColumn(y, y, frozenset(month for month in shown if month.startswith(y))) for y in years]


def _make_speaker_columns(conn: sqlite3.Connection, counts: Mapping[str, int]) -> list[CoverageColumn]:
    """Return the speakers with the most quotes, and a column for all others if there are more."""
    order = sorted(counts, key=lambda key: (-counts[key], key))
    names = dict(conn.execute(NAMES.format(", ".join("?" * len(order))), order).fetchall())
    columns = [CoverageColumn(key, names.get(key) or key, frozenset([key])) for key in order[:MAX_SPEAKERS]]
    rest = order[MAX_SPEAKERS:]
    return [*columns, CoverageColumn(OTHERS, f"{len(rest)} others", frozenset(rest))] if rest else columns
