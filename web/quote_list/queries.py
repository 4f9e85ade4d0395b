"""Queries of /quotes: quotes by document, point, time, House, speaker and reading, newest first."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row, read_first_row, read_rows

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
WHERE = """
 WHERE (:point = '' OR c.point_id = :point) AND substr(c.month, 1, length(:month)) = :month
   AND (:document = '' OR c.point_id IN (SELECT id FROM guidance_points WHERE document_id = :document))
   AND (:speaker = '' OR c.speaker = :speaker) AND (:reading = '' OR c.reading = :reading)
   AND (:house = '' OR c.debate_id IN (SELECT id FROM debates WHERE house = :house))
"""
ORDER = "c.place DESC, a.start, a.end, instr('said implied contradicts', a.reading), a.id"
LIST = f"{QUOTE} {WHERE} ORDER BY {ORDER} LIMIT :most OFFSET :skip"
COUNTS = f"SELECT c.reading, count(*) AS count FROM quote_counts c {WHERE} GROUP BY 1"
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
    found = read_rows(conn, LIST, {**values, "most": PAGE_SIZE, "skip": PAGE_SIZE * (page - 1)})
    readings = {row["reading"]: row["count"] for row in read_rows(conn, COUNTS, {**values, "reading": ""})}
    reading = values["reading"]
    return QuoteList(
        quotes=found,
        total=readings.get(reading, 0) if reading else sum(readings.values()),
        readings=readings,
        titles=read_first_row(conn, TITLES, values) or {},
    )


def read_newest_quotes(conn: sqlite3.Connection, most: int) -> list[Row]:
    """Read the quotes of the newest speeches."""
    return read_rows(conn, LIST, {**dict.fromkeys(FILTERS, ""), "most": most, "skip": 0})
