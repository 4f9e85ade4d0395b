"""Queries of /coverage: quotes counted by document, by point of guidance, and by month, year or speaker."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from db.sqlite import Row, read_rows
from web.guidance.queries import READINGS
from web.rendering.periods import find_period, list_periods

MAX_SPEAKERS = 20  # columns of speakers; the others share one column
OTHERS = "others"
DOCUMENTS = """
SELECT id, title, author, published FROM guidance_documents WHERE :document IN ('', id) ORDER BY position
"""
POINTS = """
SELECT p.id, p.number, p.title, p.document_id FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 WHERE :document IN ('', d.id) ORDER BY d.position, p.position
"""
# By month in the order of an index, which has all that is counted; by speaker only those who have a column
BY_MONTH = "SELECT point_id, month, reading, count(*) FROM quote_counts {where} GROUP BY month, point_id, reading"
BY_SPEAKER = """
SELECT point_id, speaker, reading, count(*) FROM quote_counts {where} GROUP BY speaker, point_id, reading
"""
BY_POINT = "SELECT point_id, '', reading, count(*) FROM quote_counts {where} GROUP BY point_id, reading"
SPEAKERS = "SELECT speaker, count(*) FROM quote_counts {where} GROUP BY speaker ORDER BY 2 DESC, 1"
CONDITIONS = {
    "document": "point_id IN (SELECT id FROM guidance_points WHERE document_id = :document)",
    "year": "substr(month, 1, length(:year)) = :year",
    "shown": "speaker IN (SELECT value FROM json_each(:shown))",
}
MENTIONS = "SELECT substr(date, 1, 7), count(*) FROM named WHERE substr(date, 1, length(:year)) = :year GROUP BY 1"
NAMES = "SELECT id, name FROM persons WHERE name IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
Readings = dict[str, int]


class CoverageColumn(NamedTuple):
    """A column for a month, year or speakers, or for a gap in time: the keys of what is counted in it.

    `left_out` is the number of months or years in a gap, 0 otherwise.
    """

    key: str
    title: str
    keys: frozenset[str]
    left_out: int = 0


class PointCoverage(NamedTuple):
    """A point with its quotes counted by reading, for each column and in all; {} where there are none."""

    point: Row
    cells: list[Readings]
    all: Readings


class DocumentCoverage(NamedTuple):
    """A document with its points, and its quotes counted by reading, for each column and in all."""

    document: Row
    points: list[PointCoverage]
    cells: list[Readings]
    all: Readings

    @property
    def discussed(self) -> list[PointCoverage]:
        """The points with a quote."""
        return [line for line in self.points if line.all]

    @property
    def silent(self) -> list[Row]:
        """The points without a quote."""
        return [line.point for line in self.points if not line.all]


class Coverage(NamedTuple):
    """The chosen documents, the columns, totals by column and in all, and mentions by the key of a column of time."""

    documents: list[DocumentCoverage]
    columns: list[CoverageColumn]
    totals: list[int]
    total: int
    mentions: Mapping[str, int]

    @property
    def points(self) -> list[PointCoverage]:
        """The points of all the documents."""
        return [line for each in self.documents for line in each.points]


def count_quotes_by_point(conn: sqlite3.Connection, by: str = "month", document: str = "", year: str = "") -> Coverage:
    """Count quotes by point and by month (years if there are many) or speaker; "" means all of each of these."""
    filters = {"document": document, "year": year}
    mentioned: dict[str, int] = {}
    if not by:
        found, columns = _read_counts(conn, BY_POINT, filters), [CoverageColumn("", "", frozenset([""]))]
    elif by == "month":
        found = _read_counts(conn, BY_MONTH, filters)
        mentioned = dict(conn.execute(MENTIONS, filters).fetchall())
        columns = _make_time_columns({*mentioned, *(key for counts in found.values() for key in counts)})
    else:
        speakers = dict(conn.execute(SPEAKERS.format(where=_write_where(filters)), filters).fetchall())
        columns = _make_speaker_columns(conn, list(speakers))
        found = _count_by_speaker(conn, filters, list(speakers)[:MAX_SPEAKERS])
    column_of = {key: n for n, column in enumerate(columns) for key in column.keys}
    lines: dict[str, list[PointCoverage]] = defaultdict(list)
    for point in read_rows(conn, POINTS, filters):
        lines[point["document_id"]].append(_count_point(point, found[point["id"]], len(columns), column_of))
    documents = [_count_document(each, lines[each["id"]], len(columns)) for each in read_rows(conn, DOCUMENTS, filters)]
    totals = [sum(sum(each.cells[n].values()) for each in documents) for n in range(len(columns))]
    mentions = {column.key: count for column in columns if (count := sum(mentioned.get(key, 0) for key in column.keys))}
    return Coverage(documents=documents, columns=columns, totals=totals, total=sum(totals), mentions=mentions)


def _write_where(filters: Mapping[str, str]) -> str:
    """Write the condition of the filters that are given, so that an index answers where none is."""
    given = [CONDITIONS[key] for key, value in filters.items() if value]
    return f"WHERE {' AND '.join(given)}" if given else ""


def _read_counts(conn: sqlite3.Connection, query: str, filters: Mapping[str, str]) -> dict[str, dict[str, Readings]]:
    found: dict[str, dict[str, Readings]] = defaultdict(dict)
    for point_id, key, reading, count in conn.execute(query.format(where=_write_where(filters)), filters):
        found[point_id].setdefault(key, {})[reading] = count
    return found


def _count_by_speaker(
    conn: sqlite3.Connection, filters: Mapping[str, str], shown: Sequence[str]
) -> dict[str, dict[str, Readings]]:
    """Count quotes by point and speaker; those of all who are not shown under OTHERS."""
    found = _read_counts(conn, BY_SPEAKER, {**filters, "shown": json.dumps(shown)})
    for point_id, counts in _read_counts(conn, BY_POINT, filters).items():
        theirs = add_up_readings(found[point_id].values())
        others = {reading: count - theirs.get(reading, 0) for reading, count in counts[""].items()}
        if any(others.values()):
            found[point_id][OTHERS] = {reading: count for reading, count in others.items() if count}
    return found


def list_table_rows(coverage: Coverage) -> Iterator[list[object]]:
    """Yield the rows of the table to copy: a row a point, a column a month or speaker, without gaps, and totals."""
    kept = [n for n, column in enumerate(coverage.columns) if not column.left_out]
    yield ["document", "point", "title", *(coverage.columns[n].title for n in kept), "all"]
    for point, cells, every in coverage.points:
        counts = [sum(cells[n].values()) for n in kept]
        yield [point["document_id"], point["id"], point["title"], *counts, sum(every.values())]
    yield ["all", "", "", *(coverage.totals[n] for n in kept), coverage.total]


def add_up_readings(parts: Iterable[Readings]) -> Readings:
    """Add up counts by reading, in the order of READINGS."""
    total = dict.fromkeys(READINGS, 0)
    for part in parts:
        for reading, count in part.items():
            total[reading] += count
    return {reading: count for reading, count in total.items() if count}


def _count_point(
    point: Row, found: Mapping[str, Readings], columns: int, column_of: Mapping[str, int]
) -> PointCoverage:
    parts: list[list[Readings]] = [[] for _ in range(columns)]
    for key, readings in found.items():
        parts[column_of[key]].append(readings)
    return PointCoverage(point, [add_up_readings(cell) for cell in parts], add_up_readings(found.values()))


def _count_document(document: Row, lines: list[PointCoverage], columns: int) -> DocumentCoverage:
    cells = [add_up_readings(line.cells[n] for line in lines) for n in range(columns)]
    return DocumentCoverage(document, lines, cells, add_up_readings(cells))


def _make_time_columns(months: set[str]) -> list[CoverageColumn]:
    """Return the months or years from the first to the last with a mention or a quote."""
    periods = list_periods(months)
    within: dict[str, set[str]] = defaultdict(set)
    for month in months:
        within[find_period(periods, month).key].add(month)
    return [CoverageColumn(each.key, each.title, frozenset(within[each.key]), each.left_out) for each in periods]


def _make_speaker_columns(conn: sqlite3.Connection, speakers: Sequence[str]) -> list[CoverageColumn]:
    """Return columns of the speakers with the most quotes, who come first, and one for all others if there are more."""
    names = dict(conn.execute(NAMES, (json.dumps(speakers[:MAX_SPEAKERS]),)).fetchall())
    names["nobody"] = "In the proceedings"
    columns = [CoverageColumn(key, names.get(key) or key, frozenset([key])) for key in speakers[:MAX_SPEAKERS]]
    rest = len(speakers) - MAX_SPEAKERS
    return [*columns, CoverageColumn(OTHERS, f"{rest} others", frozenset([OTHERS]))] if rest > 0 else columns
