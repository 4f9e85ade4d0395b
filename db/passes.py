"""What the pages about agreement read: every pass over a debate, and the titles that they show."""

import sqlite3

from db.rows import Row, rows

PASSES = """
SELECT p.*, d.title, d.citation FROM passes p JOIN debates d ON d.id = p.debate_id
 WHERE :debate = '' OR p.debate_id = :debate ORDER BY d.date DESC, d.rowid, p.done IS NULL, p.done, p.person
"""
POINTS = """
SELECT p.id, p.number, p.title, d.title AS document FROM guidance_points p
  JOIN guidance_documents d ON d.id = p.document_id
"""
SPEECHES = """
SELECT s.id, s.speaker, s.citation, d.title, d.id AS debate_id FROM passes p
  JOIN debates d ON d.id = p.debate_id JOIN speeches s ON s.debate_id = d.id WHERE p.done IS NOT NULL
"""


def passes(conn: sqlite3.Connection, debate: str) -> list[Row]:
    """The passes over a debate, or over all where it is empty: those that are done first, as they were done."""
    return rows(conn, PASSES, {"debate": debate})


def points(conn: sqlite3.Connection) -> dict[str, Row]:
    """Every point of guidance by its id, with its document's title."""
    return {row["id"]: row for row in rows(conn, POINTS)}


def speeches(conn: sqlite3.Connection) -> dict[str, Row]:
    """The speeches of debates that somebody has finished, by id: by whom, where, and their debate's title."""
    return {row["id"]: row for row in rows(conn, SPEECHES)}
