"""Queries of the page of one quote: the annotation, its speech and debate, its replies and its history."""

import sqlite3
from typing import NamedTuple
from urllib.parse import quote as escaped

from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import DEBATE, add_replies, group_rows
from db.statements.moments import read_speech_moments
from db.statements.quoted_speeches import find_quoted_speech
from web.urls import url_for

ANNOTATION = """
SELECT a.*, p.number AS point_number, p.title AS point_title, p.paraphrase, d.title AS document_title,
       r.old, r.difference, r.advice
  FROM annotations a JOIN guidance_points p ON p.id = a.point_id JOIN guidance_documents d ON d.id = p.document_id
  LEFT JOIN repair_list r ON r.annotation_id = a.id WHERE a.id = ?
"""
REPLIES = "SELECT * FROM replies WHERE annotation_id = ? ORDER BY position"
CREATION_TIME = """
SELECT time FROM annotation_history WHERE kind = 'annotate' AND annotation_id = :id
 UNION ALL SELECT created FROM annotations WHERE id = :id UNION ALL SELECT created FROM replies WHERE id = :id
"""
HISTORY = "SELECT * FROM annotation_history WHERE annotation_id = ? ORDER BY id"


class QuotePage(NamedTuple):
    """An annotation with its replies, history and moments; speech and debate are None if not in the archive.

    `quoted` has the speech as it was when it was quoted, where that is not today's (db/statements/quoted_speeches.py).
    """

    note: Row
    speech: Row | None
    debate: Row | None
    history: list[Row]
    moments: list[Row]
    quoted: Row | None


def read_quote(conn: sqlite3.Connection, id: str) -> QuotePage | None:
    """Read a quote, withdrawn or not; None if there is none with that id."""
    found = read_first_row(conn, ANNOTATION, (id,))
    if not found:
        return None
    speech = read_first_row(conn, "SELECT * FROM speeches WHERE id = ?", (found["speech_id"],))
    debate = speech and read_first_row(conn, DEBATE, (speech["debate_id"],))
    replies = group_rows(read_rows(conn, REPLIES, (id,)), "annotation_id")
    visible = [one for one in read_speech_moments(conn, found["speech_id"]) if one["annotation_id"] in (None, id)]
    active = [one for one in visible if one["status"] == "active"]
    return QuotePage(
        note=add_replies(found, replies),
        speech=speech,
        debate=debate,
        history=read_rows(conn, HISTORY, (id,)),
        moments=active,
        quoted=find_quoted_speech(conn, found),
    )


def find_other_page(conn: sqlite3.Connection, id: str) -> str | None:
    """Find the page for the id of a reply (its annotation's) or a moment (its speech's); None for other ids."""
    if found := conn.execute("SELECT annotation_id FROM replies WHERE id = ?", (id,)).fetchone():
        return f"{url_for('quote', id=found[0])}#{escaped(id, safe='')}"
    found = conn.execute("SELECT speech_id FROM moments WHERE id = ? AND speech_id IS NOT NULL", (id,)).fetchone()
    return url_for("speech", id=found[0]) if found else None


def find_creation_time(conn: sqlite3.Connection, id: str) -> str | None:
    """Return when an annotation or a reply was made; None if there is none with that id."""
    found = conn.execute(CREATION_TIME, {"id": id}).fetchone()
    return None if found is None else str(found[0])
