"""Queries of the page "My notes": one person's notes, the replies to them, decisions in review and last entries."""

import sqlite3
from typing import NamedTuple

from db.sqlite import Row, read_rows

MOST_NOTES = 100  # the newest; the table of annotations has the others
MOST_OTHERS = 30  # replies, decisions
MOST_ACTIONS = 10
NOTES = """
SELECT a.*, p.number AS point_number, p.title AS point_title, s.debate_id, s.speaker, s.citation, d.title, d.date,
       (SELECT count(*) FROM replies r WHERE r.annotation_id = a.id AND r.status = 'active') AS replies
  FROM annotations a JOIN guidance_points p ON p.id = a.point_id
  LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id
 WHERE a.actor = :person ORDER BY a.id DESC LIMIT :most
"""
REPLIES_TO = """
SELECT r.*, a.exact, p.title AS point_title FROM replies r JOIN annotations a ON a.id = r.annotation_id
  JOIN guidance_points p ON p.id = a.point_id
 WHERE a.actor = :person AND r.actor <> :person AND r.status = 'active' ORDER BY r.created DESC, r.id DESC LIMIT :most
"""
REPLIES_BY = """
SELECT r.*, a.exact, a.creator AS note_by, p.title AS point_title
  FROM replies r JOIN annotations a ON a.id = r.annotation_id JOIN guidance_points p ON p.id = a.point_id
 WHERE r.actor = :person AND r.status = 'active' ORDER BY r.created DESC, r.id DESC LIMIT :most
"""
DECISIONS = """
WITH decided AS (
  SELECT suggestion, status, point_id, exact, time, annotation_id FROM decisions WHERE actor = :person
   UNION ALL
  SELECT suggestion, 'skipped', point_id, exact, time, NULL FROM skips k
   WHERE actor = :person AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.suggestion = k.suggestion))
SELECT x.*, p.title AS point_title FROM decided x LEFT JOIN guidance_points p ON p.id = x.point_id
 ORDER BY x.time DESC, x.suggestion LIMIT :most
"""
ACTIONS = """
SELECT h.*, a.exact FROM annotation_history h LEFT JOIN annotations a ON a.id = h.annotation_id
 WHERE h.actor = :person AND h.kind <> 'undo' ORDER BY h.id DESC LIMIT :most
"""
COUNT_DECISIONS = """
SELECT (SELECT count(*) FROM decisions WHERE actor = :person) + (SELECT count(*) FROM skips k
  WHERE actor = :person AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.suggestion = k.suggestion))
"""


class OwnWork(NamedTuple):
    """One person's notes, replies, decisions and last entries, newest first, with the replies of others to them."""

    notes: list[Row]
    replies_to: list[Row]
    replies_by: list[Row]
    decisions: list[Row]
    decided: int
    actions: list[Row]


def read_own_work(conn: sqlite3.Connection, person: str) -> OwnWork:
    """Read what a person did, by their account name."""

    def read(sql: str, most: int = MOST_OTHERS) -> list[Row]:
        return read_rows(conn, sql, {"person": person, "most": most})

    return OwnWork(
        notes=read(NOTES, MOST_NOTES),
        replies_to=read(REPLIES_TO),
        replies_by=read(REPLIES_BY),
        decisions=read(DECISIONS),
        decided=conn.execute(COUNT_DECISIONS, {"person": person}).fetchone()[0],
        actions=read(ACTIONS, MOST_ACTIONS),
    )
