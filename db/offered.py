"""What somebody who annotates is offered: every point of guidance, and the words of a debate."""

import sqlite3

from db.rows import Row, rows

POINTS = """
SELECT p.id, p.number, p.title, p.paraphrase, p.document_id AS document, d.title AS document_title
  FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id ORDER BY d.position, p.position
"""
WORDS = """
SELECT id, text FROM speeches WHERE debate_id = :debate AND kind <> 'division' AND :speech IN ('', id) ORDER BY position
"""


def points(conn: sqlite3.Connection) -> list[Row]:
    """Every point of guidance in the order of its documents, with its document's id and title."""
    return rows(conn, POINTS)


def words(conn: sqlite3.Connection, debate: str, speech: str = "") -> list[Row]:
    """Id and text of each speech of a debate, or of one alone; empty where there is none."""
    return rows(conn, WORDS, {"debate": debate, "speech": speech})
