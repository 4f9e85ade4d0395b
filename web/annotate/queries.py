"""What annotating in the browser reads: the words of speeches, and an annotation with its history."""

import sqlite3
from collections.abc import Iterable
from urllib.parse import quote as escaped

from db.rows import Row, first, rows

SPEECH = """
SELECT s.id, s.gid, s.debate_id, s.text, s.speaker, s.citation, d.title FROM speeches s
  JOIN debates d ON d.id = s.debate_id WHERE s.id = ?
"""
WORDS = """
SELECT id, text FROM speeches WHERE debate_id = :debate AND kind <> 'division' AND :speech IN ('', id) ORDER BY position
"""
HISTORY = "SELECT * FROM annotation_history WHERE annotation_id = ? ORDER BY id"
LAST = """
SELECT coalesce(max(id), '') FROM main.annotation_history
 WHERE (annotation_id = :id AND reply_id IS NULL AND moment_id IS NULL)
    OR (reply_id = :id AND annotation_id = (SELECT annotation_id FROM main.replies WHERE id = :id))
"""


def speech(conn: sqlite3.Connection, id: str) -> Row | None:
    """A speech with its debate's title; None where there is none of that id."""
    return first(conn, SPEECH, (id,))


def words(conn: sqlite3.Connection, debate: str, speech: str = "") -> list[Row]:
    """Id and text of each speech of a debate, or of one alone; empty where there is none."""
    return rows(conn, WORDS, {"debate": debate, "speech": speech})


def annotation(conn: sqlite3.Connection, id: str) -> Row | None:
    """An annotation, withdrawn or not; None where nobody ever made it."""
    return first(conn, "SELECT * FROM annotations WHERE id = ?", (id,))


def history(conn: sqlite3.Connection, id: str) -> list[Row]:
    """Every entry of the journal about an annotation, also about one whose making was undone."""
    return rows(conn, HISTORY, (id,))


def reply(conn: sqlite3.Connection, id: str) -> tuple[Row, Row] | None:
    """A reply, withdrawn or not, with `seen` (its last entry), and the annotation that it answers."""
    found = first(conn, "SELECT * FROM replies WHERE id = ?", (id,))
    note = annotation(conn, found["annotation_id"]) if found else None
    return ({**found, "seen": last(conn, id)}, note) if found and note else None


def last(conn: sqlite3.Connection, id: str) -> str:
    """The last entry that changed an annotation or a reply, also where it is kept from who asks; empty where none."""
    return str(conn.execute(LAST, {"id": id}).fetchone()[0])


def onward(id: str, entries: Iterable[str] = ()) -> str:
    """The page of an annotation, which tells what these entries of the journal did."""
    did = "+".join(entries)
    return f"/q/{escaped(id, safe='')}{f'?did={did}' if did else ''}"
