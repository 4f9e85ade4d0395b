"""Queries of the forms to annotate, edit and reply: speeches, annotations, replies and their history."""

import sqlite3
from collections.abc import Iterable

from db.sqlite import Row, read_first_row, read_rows
from web.urls import url_for

SPEECH = """
SELECT s.id, s.gid, s.debate_id, s.text, s.speaker, s.citation, d.title FROM speeches s
  JOIN debates d ON d.id = s.debate_id WHERE s.id = ?
"""
SPEECH_TEXTS = """
SELECT id, text FROM speeches WHERE debate_id = :debate AND kind <> 'division' AND :speech IN ('', id) ORDER BY position
"""
ANNOTATION = """
SELECT *, (SELECT title FROM guidance_points WHERE id = point_id) AS point_title FROM annotations WHERE id = ?
"""
WROTE = "SELECT 1 FROM annotation_history WHERE actor = ? AND kind IN ('annotate', 'reply') LIMIT 1"
HISTORY = "SELECT * FROM annotation_history WHERE annotation_id = ? ORDER BY id"
LAST_ENTRY = """
SELECT coalesce(max(id), '') FROM main.annotation_history
 WHERE (annotation_id = :id AND reply_id IS NULL AND moment_id IS NULL)
    OR (reply_id = :id AND annotation_id = (SELECT annotation_id FROM main.replies WHERE id = :id))
"""


def is_newcomer(conn: sqlite3.Connection, person: str) -> bool:
    """Return True if a person has entered no note and no reply yet."""
    return not conn.execute(WROTE, (person,)).fetchone()


def read_speech(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read a speech with its debate's title; None if no speech has that id."""
    return read_first_row(conn, SPEECH, (id,))


def read_words(conn: sqlite3.Connection, debate: str, speech: str = "") -> list[Row]:
    """Read the id and text of each speech of a debate, or of one speech of it."""
    return read_rows(conn, SPEECH_TEXTS, {"debate": debate, "speech": speech})


def read_annotation(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read an annotation with its point's title, withdrawn or not; None if no annotation has that id."""
    return read_first_row(conn, ANNOTATION, (id,))


def read_history(conn: sqlite3.Connection, id: str) -> list[Row]:
    """Read every journal entry about an annotation, even if its creation was undone, oldest first."""
    return read_rows(conn, HISTORY, (id,))


def read_reply(conn: sqlite3.Connection, id: str) -> tuple[Row, Row] | None:
    """Read a reply, withdrawn or not, with `seen` (its last entry's id), and its annotation; None if there is none."""
    found = read_first_row(conn, "SELECT * FROM replies WHERE id = ?", (id,))
    note = read_annotation(conn, found["annotation_id"]) if found else None
    return ({**found, "seen": read_last_entry(conn, id)}, note) if found and note else None


def read_last_entry(conn: sqlite3.Connection, id: str) -> str:
    """Read the id of the last entry that changed an annotation or a reply; "" if there is none.

    The query bypasses the views of blind mode, so that every concurrent edit is noticed.
    """
    return str(conn.execute(LAST_ENTRY, {"id": id}).fetchone()[0])


def build_note_address(id: str, entries: Iterable[str] = ()) -> str:
    """Build the address of an annotation's page, on which a message describes the given journal entries."""
    done = "+".join(entries)
    return url_for("quote", id=id) + (f"?did={done}" if done else "")
