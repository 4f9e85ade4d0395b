"""Queries of one debate, with its speeches, mentions, notes and votes."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row, read_first_row, read_rows
from db.statements.people import add_offices

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
SELECT v.division_id, v.vote, v.name, v.person_id, v.teller FROM speeches s JOIN votes v ON v.division_id = s.id
 WHERE s.debate_id = ? AND s.kind = 'division' ORDER BY v.id
"""


class DebateRecord(NamedTuple):
    """A debate with all that its page shows, by speech id; mentions in the title are under ''."""

    debate: Row
    speeches: list[Row]
    mentions: dict[str, list[Row]]
    notes: dict[str, list[Row]]
    divisions: dict[str, Row]
    votes: dict[str, dict[str, list[Row]]]


def read_debate(conn: sqlite3.Connection, id: str) -> DebateRecord | None:
    """Return a debate and everything in it (None: no such debate); mentions and notes are numbered from 1."""
    debate = read_first_row(conn, DEBATE, (id,))
    if not debate:
        return None
    replies = group_rows(read_rows(conn, REPLIES, (id,)), "annotation_id")
    notes = [{"number": n, **add_replies(a, replies)} for n, a in enumerate(read_rows(conn, ANNOTATIONS, (id,)), 1)]
    found = read_rows(conn, MENTIONS, {"id": id})
    mentions = [{**m, "number": n, "speech_id": m["speech_id"] or ""} for n, m in enumerate(found, 1)]
    divisions = {d["speech_id"]: d for d in read_rows(conn, DIVISIONS, (id,))}
    votes = group_rows(read_rows(conn, VOTES, (id,)), "division_id") if divisions else {}
    speeches = add_offices(read_rows(conn, SPEECHES, (id,)))
    return DebateRecord(
        debate=debate,
        speeches=speeches,
        mentions=group_rows(mentions, "speech_id"),
        notes=group_rows(notes, "speech_id"),
        divisions=divisions,
        votes={division: group_rows(cast, "vote") for division, cast in votes.items()},
    )


def add_replies(annotation: Row, replies: Mapping[str, list[Row]]) -> Row:
    """Add to an annotation its replies, active and withdrawn, and the `difference` of its words to those there now."""
    answers = replies[annotation["id"]]
    return {
        **annotation,
        "replies": [reply for reply in answers if reply["status"] == "active"],
        "withdrawn": [reply for reply in answers if reply["status"] == "withdrawn"],
        "difference": json.loads(annotation["difference"] or "[]"),
    }


def group_rows(rows: list[Row], key: str) -> dict[str, list[Row]]:
    """Group rows by the value of a column, in their order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
