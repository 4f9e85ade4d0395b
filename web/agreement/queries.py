"""Queries of the pages about agreement: passes over debates, and the titles of debates and speeches."""

import json
import sqlite3
from collections.abc import Iterable

from db.sqlite import Row, read_rows

MOST = 200  # passes on a page
PASSES = f"""
SELECT p.*, d.title, d.citation FROM passes p JOIN debates d ON d.id = p.debate_id
 WHERE :debate = '' OR p.debate_id = :debate
 ORDER BY p.done IS NOT NULL, p.done DESC, d.rowid, p.person LIMIT {MOST}
"""
SPEECHES = """
SELECT s.id, s.speaker, s.citation, d.title FROM speeches s JOIN debates d ON d.id = s.debate_id
 WHERE s.id IN (SELECT value FROM json_each(?))
"""
TITLES = "SELECT id, title, citation FROM debates WHERE id IN (SELECT debate_id FROM passes)"


def read_passes(conn: sqlite3.Connection, debate: str) -> list[Row]:
    """Read the passes over a debate, or over all for "": open ones first, then those finished last."""
    return read_rows(conn, PASSES, {"debate": debate})


def read_titles(conn: sqlite3.Connection) -> dict[str, Row]:
    """Read the debates of all passes, by id."""
    return {row["id"]: row for row in read_rows(conn, TITLES)}


def read_speeches(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Read speeches by id: speaker, citation and the title of the debate."""
    return {row["id"]: row for row in read_rows(conn, SPEECHES, (json.dumps(list(ids)),))}
