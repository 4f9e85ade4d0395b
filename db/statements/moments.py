"""Moments of videos in which speeches are given, as pages show them."""

import sqlite3
from collections.abc import Mapping, Sequence

from db.records.annotation import Moment
from db.sqlite import Row, first, rows
from db.statements.debates import grouped
from db.video_urls import site, timed, watch

MOMENTS = """
SELECT m.*, a.creator AS reader, a.point_id FROM {joined} moments m ON m.speech_id = s.id
  LEFT JOIN annotations a ON a.id = m.annotation_id
 WHERE {where} AND (m.annotation_id IS NULL OR a.status = 'active') ORDER BY s.position, m.source, m.start, m.id
"""
OF_DEBATE = MOMENTS.format(joined="speeches s JOIN", where="s.debate_id = ?")
OF_SPEECH = MOMENTS.format(joined="speeches s JOIN", where="s.id = ?")
STANDING = """
SELECT m.* FROM moments m LEFT JOIN annotations a ON a.id = m.annotation_id LEFT JOIN speeches s ON s.id = m.speech_id
 WHERE m.status = 'active' AND (m.annotation_id IS NULL OR a.status = 'active')
"""  # nor is one shown of words that were withdrawn
SPEECH = "SELECT s.*, d.title FROM speeches s JOIN debates d ON d.id = s.debate_id WHERE s.id = ?"
NEXT = """
SELECT id FROM speeches WHERE debate_id = ? AND position > ? AND speaker IS NOT NULL ORDER BY position LIMIT 1
"""
QUOTES = """
SELECT a.id, a.exact, p.title FROM passages a JOIN guidance_points p ON p.id = a.point_id WHERE a.speech_id = ?
 ORDER BY a.start, a.id
"""
USED = """
SELECT m.source, max(m.created) AS last FROM speeches s JOIN moments m ON m.speech_id = s.id
 WHERE s.debate_id = ? AND m.status = 'active' GROUP BY 1 ORDER BY last DESC, 1 LIMIT 10
"""


def of_debate(conn: sqlite3.Connection, id: str) -> dict[str, list[Row]]:
    """Return the moments of a debate that are not withdrawn, by speech."""
    return grouped([told(row) for row in rows(conn, OF_DEBATE, (id,)) if row["status"] == "active"], "speech_id")


def of_speech(conn: sqlite3.Connection, id: str) -> list[Row]:
    """Return the moments of a speech, including those withdrawn."""
    return [told(row) for row in rows(conn, OF_SPEECH, (id,))]


def told(row: Row) -> Row:
    """Add to a moment what readers see: the times, the site, and the address to watch from (empty: none is safe)."""
    address = watch(row["source"], row["start"], row["end"])
    end = "" if row["end"] is None else timed(row["end"])
    return {**row, "at": timed(row["start"]), "until": end, "watch": address, "site": site(address) if address else ""}


def beside(
    speeches: Sequence[Row], moments: Mapping[str, Sequence[Row]], notes: Mapping[str, Sequence[Row]]
) -> list[Row]:
    """Add their `moments` to speeches; one of an annotation only if that note is shown, with the note's number."""
    numbers = {note["id"]: note["number"] for group in notes.values() for note in group}

    def kept(id: str) -> list[Row]:
        shown = [m for m in moments.get(id, ()) if not m["annotation_id"] or m["annotation_id"] in numbers]
        return [{**moment, "number": numbers.get(moment["annotation_id"])} for moment in shown]

    return [{**speech, "moments": kept(speech["id"])} for speech in speeches]


def tagging(conn: sqlite3.Connection, id: str) -> Row | None:
    """Return what the page for tagging a speech shows; None if there is no such speech."""
    speech = first(conn, SPEECH, (id,))
    if not speech:
        return None
    onward = first(conn, NEXT, (speech["debate_id"], speech["position"]))
    return {
        "speech": speech,
        "moments": of_speech(conn, id),
        "quotes": rows(conn, QUOTES, (id,)),
        "used": [row["source"] for row in rows(conn, USED, (speech["debate_id"],))],
        "next": onward["id"] if onward else "",
    }


def one(conn: sqlite3.Connection, id: str) -> Row | None:
    """Return a moment, withdrawn or not; None if there is none."""
    return first(conn, "SELECT * FROM moments WHERE id = ?", (id,))


def record(row: Row) -> Moment:
    """Make a record from a row of the table."""
    return Moment(**{key: row[key] for key in Moment._fields})
