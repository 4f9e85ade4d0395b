"""Queries of /quotes: quotes by document, point, time, House, speaker and reading, newest first."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row, read_first_row, read_rows
from db.statements.rowid_filters import DAY_KIND, make_filter_values

PAGE_SIZE = 25  # quotes
FILTERS = ("document", "point", "month", "speaker", "reading", "house")
QUOTE = """
SELECT a.id, a.start, a.end, a.exact, a.reading, a.anchor, a.creator, a.created, a.point_id,
       p.number AS point_number, p.title AS point_title, p.paraphrase, p.document_id,
       g.title AS document_title, g.author AS document_author, g.published,
       s.id AS speech_id, s.text, s.speaker, s.person_id, s.party, s.constituency, s.office, s.kind, s.question_number,
       s.date, s.citation, s.debate_id, d.title AS debate_title, d.house,
       (SELECT group_concat(creator, ', ') FROM (SELECT DISTINCT creator FROM replies r
         WHERE r.annotation_id = a.id AND stance = 'disputes' AND status = 'active' ORDER BY position)) AS disputed_by
  FROM quote_counts c CROSS JOIN annotations a ON a.id = c.annotation_id JOIN speeches s ON s.id = a.speech_id
  JOIN debates d ON d.id = s.debate_id
  JOIN guidance_points p ON p.id = a.point_id JOIN guidance_documents g ON g.id = p.document_id
"""
CONDITIONS = {
    "document": "c.point_id IN (SELECT id FROM guidance_points WHERE document_id = :document)",
    "point": "c.point_id = :point",
    "month": "substr(c.month, 1, length(:month)) = :month",
    "speaker": "c.speaker = :speaker",
    "reading": "c.reading = :reading",
    "house": f"1 << (c.place {DAY_KIND} & 15) & :house_kinds",
}
ORDER = "c.place DESC, a.start, a.end, instr('said implied contradicts', a.reading), a.id"
# A page is found by the places of its speeches alone; only its own quotes are read
PLACES = "SELECT c.place FROM quote_counts c WHERE {where} ORDER BY c.place DESC LIMIT :most OFFSET :skip"
COUNT_LATER = "SELECT count(*) FROM quote_counts c WHERE {where} AND c.place > :first"
LIST = f"{QUOTE} WHERE {{where}} AND c.place BETWEEN :last AND :first ORDER BY {ORDER} LIMIT :most OFFSET :skip"
COUNTS = "SELECT c.reading, count(*) AS count FROM quote_counts c WHERE {where} GROUP BY 1"
TITLES = """
SELECT (SELECT title FROM guidance_documents WHERE id = :document) AS document,
       (SELECT title FROM guidance_points WHERE id = :point) AS point,
       iif(:speaker = 'nobody', 'no speaker', (SELECT name FROM persons WHERE id = :speaker)) AS speaker
"""


class QuoteList(NamedTuple):
    """One page of a list of quotes, their number on all pages, and titles of what the filters name, or None.

    `readings` has the number of quotes of each reading that match the other filters.
    """

    quotes: list[Row]
    total: int
    readings: Mapping[str, int]
    titles: Row


def list_quotes(conn: sqlite3.Connection, filters: Mapping[str, str], page: int = 1) -> QuoteList:
    """Read one page (from 1) of the quotes that match all filters, newest first; "" matches all.

    `month` may be a year too; `speaker` is person/N, or else the name in the source.
    """
    values = {**dict.fromkeys(FILTERS, ""), **filters}
    found = _read_quotes(conn, values, PAGE_SIZE, PAGE_SIZE * (page - 1))
    every, asked = _write_where({**values, "reading": ""})
    readings = {row["reading"]: row["count"] for row in read_rows(conn, COUNTS.format(where=every), asked)}
    reading = values["reading"]
    return QuoteList(
        quotes=found,
        total=readings.get(reading, 0) if reading else sum(readings.values()),
        readings=readings,
        titles=read_first_row(conn, TITLES, values) or {},
    )


def read_newest_quotes(conn: sqlite3.Connection, most: int) -> list[Row]:
    """Read the quotes of the newest speeches."""
    return _read_quotes(conn, {}, most, 0)


def _read_quotes(conn: sqlite3.Connection, filters: Mapping[str, str], most: int, skip: int) -> list[Row]:
    where, values = _write_where(filters)
    places = [place for (place,) in conn.execute(PLACES.format(where=where), {**values, "most": most, "skip": skip})]
    if not places:
        return []
    values |= {"first": places[0], "last": places[-1], "most": len(places)}
    later = conn.execute(COUNT_LATER.format(where=where), values).fetchone()[0]
    return read_rows(conn, LIST.format(where=where), {**values, "skip": skip - later})


def _write_where(filters: Mapping[str, str]) -> tuple[str, dict[str, str | int]]:
    """Write the condition of the filters that are given, so that an index answers for most; and all its values."""
    given = [CONDITIONS[key] for key, value in filters.items() if value]
    kinds = make_filter_values({"house": filters.get("house", "")})["kinds"]
    return " AND ".join(["1", *given]), {**filters, "house_kinds": kinds}
