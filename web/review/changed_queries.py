"""What the page for changed and lost quotes reads: the repair list, and one annotation of it."""

import sqlite3

from db.rows import Row, first

MENDING = """
SELECT a.*, r.old, r.new, r.difference, s.id AS here, s.text, s.speaker, s.date, s.citation, s.debate_id,
       d.title AS debate_title, p.title AS point_title, p.paraphrase
  FROM repair_list r JOIN annotations a ON a.id = r.annotation_id JOIN guidance_points p ON p.id = a.point_id
  LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id WHERE a.id = ?
"""


def to_mend(conn: sqlite3.Connection) -> list[str]:
    """The annotations whose words changed or are lost, in order of their ids."""
    return [id for (id,) in conn.execute("SELECT annotation_id FROM repair_list ORDER BY annotation_id")]


def mending(conn: sqlite3.Connection, id: str) -> Row | None:
    """One of these with its speech and its point."""
    return first(conn, MENDING, (id,))
