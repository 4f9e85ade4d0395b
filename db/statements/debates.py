"""What the pages of debates read: a list of them, and one with everything that is said and noted in it."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from db.rows import Row, first, rows
from db.statements import rowid_filters as narrow
from db.statements.people import introduced

A_PAGE = 50
HOUSES = {"commons": "Commons", "lords": "Lords"}
KINDS = {
    "debates": "Commons Chamber",
    "westminhall": "Westminster Hall",
    "wrans": "Commons written answers",
    "wms": "Commons written statements",
    "lordspages": "Lords Chamber",
    "lordswrans": "Lords written answers",
    "lordswms": "Lords written statements",
    "standing": "Public bill committees",
    "grandcommittee": "Lords Grand Committee",
    "petitions": "Petitions",
    "corrections": "Corrections",
}
WHERE = f"""
 WHERE {narrow.WHERE.format(rowid="d.rowid")} AND d.date BETWEEN :first AND :last
   AND (:topic = '' OR d.id IN (SELECT debate_id FROM named WHERE topic = :topic))
"""
LIST = f"""
SELECT d.id, d.house, d.kind, d.date, d.title, d.section, d.citation, d.speeches, d.words,
       (SELECT count(*) FROM mentions m WHERE m.debate_id = d.id)
       + (SELECT count(*) FROM speeches s JOIN mentions m ON m.speech_id = s.id WHERE s.debate_id = d.id) AS mentions,
       (SELECT count(*) FROM speeches s JOIN passages a ON a.speech_id = s.id
         WHERE s.debate_id = d.id) AS quotes
  FROM debates d {WHERE} ORDER BY d.date DESC, d.rowid DESC LIMIT {A_PAGE + 1} OFFSET :skip
"""
COUNTS = f"SELECT d.rowid {narrow.DAY_KIND}, count(*) FROM debates d INDEXED BY debates_by_date {WHERE} GROUP BY 1"
TOPICS = """
SELECT t.id, t.title, count(DISTINCT n.debate_id) AS debates FROM topics t LEFT JOIN named n ON n.topic = t.id
 GROUP BY 1
"""
DEBATE = """
SELECT d.*, (SELECT count(*) FROM debates o WHERE o.date = d.date AND o.title = d.title) AS alike,
       s.title AS source_title, s.url AS source_url, s.attribution, s.licence, s.licence_url
  FROM debates d LEFT JOIN sources s ON s.id = d.source WHERE d.id = ?
"""
SPEECHES = """
SELECT s.*, o.title AS other_source, o.attribution AS other_attribution
  FROM speeches s JOIN debates d ON d.id = s.debate_id LEFT JOIN sources o ON o.id = s.source AND s.source <> d.source
 WHERE s.debate_id = ? ORDER BY s.position
"""
MENTIONS = """
SELECT m.*, t.title AS topic_title FROM mentions m JOIN topics t ON t.id = m.topic WHERE m.debate_id = :id
 UNION ALL
SELECT m.*, t.title FROM speeches s JOIN mentions m ON m.speech_id = s.id JOIN topics t ON t.id = m.topic
 WHERE s.debate_id = :id ORDER BY id
"""
ANNOTATION = """
SELECT a.*, s.position, p.number AS point_number, p.title AS point_title, d.title AS document_title, r.old, r.difference
  FROM annotations a LEFT JOIN repair_list r ON r.annotation_id = a.id JOIN speeches s ON s.id = a.speech_id
  JOIN guidance_points p ON p.id = a.point_id JOIN guidance_documents d ON d.id = p.document_id
"""
ANNOTATIONS = f"""
{ANNOTATION} WHERE s.debate_id = ? AND a.status = 'active' AND a.anchor <> 'lost'
 ORDER BY s.position, a.end, a.start, a.id
"""
REPLIES = """
SELECT r.* FROM replies r JOIN annotations a ON a.id = r.annotation_id JOIN speeches s ON s.id = a.speech_id
 WHERE s.debate_id = ? ORDER BY r.position
"""
DIVISIONS = "SELECT v.* FROM divisions v JOIN speeches s ON s.id = v.speech_id WHERE s.debate_id = ?"
VOTES = """
SELECT v.division_id, v.vote, v.name, v.teller FROM speeches s JOIN votes v ON v.division_id = s.id
 WHERE s.debate_id = ? AND s.kind = 'division' ORDER BY v.id
"""


class Whole(NamedTuple):
    """A debate with all that its page shows, by speech id; the title's mentions are under ''."""

    debate: Row
    speeches: list[Row]
    mentions: dict[str, list[Row]]
    notes: dict[str, list[Row]]
    divisions: dict[str, Row]
    votes: dict[str, dict[str, list[Row]]]


class Listed(NamedTuple):
    """One page of a list of debates, counts by house, kind and year of all that the filters leave; is there more."""

    debates: list[Row]
    counts: dict[str, dict[str, int]]
    total: int
    more: bool


def whole(conn: sqlite3.Connection, id: str) -> Whole | None:
    """A debate and everything in it; mentions and notes are numbered from 1 in the order of the page."""
    debate = first(conn, DEBATE, (id,))
    if not debate:
        return None
    replies = grouped(rows(conn, REPLIES, (id,)), "annotation_id")
    notes = [{"number": n, **noted(a, replies)} for n, a in enumerate(rows(conn, ANNOTATIONS, (id,)), 1)]
    named = rows(conn, MENTIONS, {"id": id})
    mentions = [{**m, "number": n, "speech_id": m["speech_id"] or ""} for n, m in enumerate(named, 1)]
    divisions = {d["speech_id"]: d for d in rows(conn, DIVISIONS, (id,))}
    votes = grouped(rows(conn, VOTES, (id,)), "division_id") if divisions else {}
    speeches = introduced(rows(conn, SPEECHES, (id,)))
    return Whole(
        *(debate, speeches, grouped(mentions, "speech_id"), grouped(notes, "speech_id"), divisions),
        {division: grouped(cast, "vote") for division, cast in votes.items()},
    )


def noted(annotation: Row, replies: Mapping[str, list[Row]]) -> Row:
    """An annotation with its replies, those withdrawn apart, and how its words differ from those there now."""
    answers = replies[annotation["id"]]
    return {
        **annotation,
        "replies": [reply for reply in answers if reply["status"] == "active"],
        "withdrawn": [reply for reply in answers if reply["status"] == "withdrawn"],
        "difference": json.loads(annotation["difference"] or "[]"),
    }


def grouped(found: list[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of a column, in their order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[key]].append(row)
    return groups


def listed(conn: sqlite3.Connection, filters: Mapping[str, str], page: int) -> Listed:
    """One page (from 1) of the debates that filters leave, newest first.

    `filters` has house, kind, date, year and topic; empty ones leave all.
    """
    date = filters["date"]
    values = {**narrow.narrowed(filters), "topic": filters["topic"], "first": date, "last": date or "9999"}
    found = rows(conn, LIST, {**values, "skip": A_PAGE * (page - 1)})
    counts = narrow.tallied(map(tuple, conn.execute(COUNTS, values)))
    return Listed(found[:A_PAGE], counts, sum(counts["house"].values()), len(found) > A_PAGE)


def topics(conn: sqlite3.Connection) -> list[Row]:
    """Every topic, and how many debates name it."""
    return rows(conn, TOPICS)
