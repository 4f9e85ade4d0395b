"""Places that a search names outright: an address, an id, a day, the citation of a column, the number of a question."""

import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.citation import format_date
from db.references import RedirectLoopError, find_references
from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import group_rows
from db.statements.rowid_filters import find_rowid_range
from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid
from web.search.citations import ColumnCitation, parse_bare_column, parse_citation, parse_day, parse_question_number

MAX_NAMED = 300  # characters of a text that may name a place; longer ones would take the patterns long
MAX_PLACES = 8  # places shown
PLACE_COLUMNS = """d.id AS debate_id, d.title, d.section, d.house, d.citation AS debate_citation,
       s.id AS speech_id, s.speaker, s.date, s.citation, s.column, s.question_number"""
SPEECH_PLACE = f"SELECT {PLACE_COLUMNS} FROM speeches s JOIN debates d ON d.id = s.debate_id WHERE s.rowid = ?"
REFERENCE_PLACE = f"""
SELECT {PLACE_COLUMNS} FROM debates d LEFT JOIN speeches s ON s.debate_id = d.id AND s.id = :speech WHERE d.id = :debate
"""
COLUMNS_OF_DAY = "SELECT rowid, column FROM speeches WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
DEBATES_AT_COLUMN = """
SELECT d.id AS debate_id, d.title, d.section, d.house, d.citation AS debate_citation, NULL AS speech_id, d.date
  FROM debates d WHERE d.column = ? ORDER BY d.rowid DESC LIMIT ?
"""
DEBATES_OF_DAYS = """
SELECT d.id AS debate_id, d.title, d.section, d.house, d.citation AS debate_citation, NULL AS speech_id, d.date
  FROM debates d WHERE d.rowid BETWEEN ? AND ? ORDER BY d.date DESC, d.rowid LIMIT ?
"""
# The number alone, first of several, or a later one: each by an index of numbers, before they are put in order
QUESTIONS = """
WITH found AS MATERIALIZED (
  SELECT rowid AS at FROM speeches WHERE question_number IN (:number, 'HL' || :number)
   UNION ALL
  SELECT rowid FROM speeches WHERE question_number >= :number || ' ' AND question_number < :number || '!'
   UNION ALL
  SELECT rowid FROM speeches
   WHERE instr(question_number, ' ') AND instr(question_number || ' ', ' ' || :number || ' '))
SELECT DISTINCT at FROM found WHERE :number <> '' ORDER BY at DESC LIMIT :most
"""


class FoundPlaces(NamedTuple):
    """Places that a search names outright.

    `kind` is "address", "day", "citation", "column" or "question", "" for none of them; `places` are debates and
    speeches; `reason` says why there are none. `named` is what was typed, or a day or month as in ISO 8601.
    """

    kind: str = ""
    named: str = ""
    places: tuple[Row, ...] = ()
    reason: str = ""

    @property
    def debates(self) -> list[list[Row]]:
        """The places by debate."""
        return list(group_rows(list(self.places), "debate_id").values())


def find_places(conn: sqlite3.Connection, typed: str) -> FoundPlaces:
    """Find what a text names outright."""
    if len(typed) >= MAX_NAMED:
        return FoundPlaces()
    if addressed := find_references_in(conn, typed):
        return FoundPlaces("address", typed, addressed)
    if day := parse_day(typed):
        return _find_debates(conn, day)
    if citation := parse_citation(typed):
        return _find_column(conn, citation, typed)
    if column := parse_bare_column(typed):
        debates = read_rows(conn, DEBATES_AT_COLUMN, (column, MAX_PLACES))
        return FoundPlaces("column", column, tuple(debates)) if debates else FoundPlaces()
    if (number := parse_question_number(typed)) and (asked := _find_question(conn, number)):
        return FoundPlaces("question", number, asked)
    return FoundPlaces()


def find_references_in(conn: sqlite3.Connection, typed: str) -> tuple[Row, ...]:
    """Find the debates or speeches that a text is an address or an id of."""
    try:
        found = find_references(conn, typed)
    except RedirectLoopError:
        return ()
    asked = [{"debate": each.debate_id, "speech": each.speech_id} for each in found[:MAX_PLACES]]
    return tuple(row for each in asked if (row := read_first_row(conn, REFERENCE_PLACE, each)))


def _find_debates(conn: sqlite3.Connection, day: str) -> FoundPlaces:
    """Find the first debates of a day, or the last days' of a month."""
    year, month = (int(part) for part in day.split("-")[:2])
    first, last = (day, day) if day.count("-") == 2 else (f"{day}-01", f"{day}-{monthrange(year, month)[1]}")
    values = (find_rowid_range(first).first, find_rowid_range(last).last, MAX_PLACES)
    debates = tuple(read_rows(conn, DEBATES_OF_DAYS, values))
    return FoundPlaces("day", day, debates, "" if debates else f"This archive holds no debates of {format_date(day)}.")


def _find_question(conn: sqlite3.Connection, number: str) -> tuple[Row, ...]:
    return _read_places(conn, (row for (row,) in conn.execute(QUESTIONS, {"number": number, "most": MAX_PLACES})))


def _read_places(conn: sqlite3.Connection, rowids: Iterable[int]) -> tuple[Row, ...]:
    return tuple(row for rowid in rowids if (row := read_first_row(conn, SPEECH_PLACE, (rowid,))))


def _find_column(conn: sqlite3.Connection, citation: ColumnCitation, typed: str) -> FoundPlaces:
    """Find the speeches that begin in a column, or the one that runs over it."""
    held: list[int] = []
    for kind in citation.kinds:
        first = compute_first_rowid(kind, citation.date)
        rows = conn.execute(COLUMNS_OF_DAY, (first, first + ROWIDS_PER_DAY - 1)).fetchall()
        columns = [(rowid, number) for rowid, column in rows if (number := _read_number(column)) is not None]
        if rowids := choose_speeches(columns, citation.column):
            return FoundPlaces("citation", typed, _read_places(conn, rowids[:MAX_PLACES]))
        held += [number for _, number in columns]
    return FoundPlaces("citation", typed, reason=_explain_missing(conn, citation, held))


def choose_speeches(columns: Sequence[tuple[int, int]], wanted: int) -> list[int]:
    """Choose the speeches that begin in a column, of (rowid, column) in the order of the day.

    If none does, the last one before it, which runs over it if another speech begins after it.

    >>> choose_speeches([(1, 5), (2, 5), (3, 9)], 5), choose_speeches([(1, 5), (3, 9)], 7), choose_speeches([(1, 5)], 6)
    ([1, 2], [1], [])
    """
    if exact := [rowid for rowid, column in columns if column == wanted]:
        return exact
    before = [rowid for rowid, column in columns if column < wanted]
    return before[-1:] if any(column > wanted for _, column in columns) else []


def _read_number(column: str | None) -> int | None:
    digits = (column or "").rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _explain_missing(conn: sqlite3.Connection, citation: ColumnCitation, held: Sequence[int]) -> str:
    """Explain why a cited column is not here: the day, the kind of debate, or the column is not held."""
    day = format_date(citation.date)
    if held:
        suffix = citation.suffix
        return f"Of {day} this archive holds columns {min(held)}{suffix} to {max(held)}{suffix}, and not all of them."
    first, last = (compute_first_rowid(kind, citation.date) for kind in (KIND_ORDER[0], KIND_ORDER[-1]))
    query = "SELECT 1 FROM speeches WHERE rowid BETWEEN ? AND ? LIMIT 1"
    if conn.execute(query, (first, last + ROWIDS_PER_DAY - 1)).fetchone():
        return f"Of {day} this archive holds other debates, but none with such a column."
    return f"This archive holds nothing of {day}."
