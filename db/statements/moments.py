"""Queries of moments, with the fields that pages show."""

import sqlite3
from collections.abc import Mapping, Sequence

from db.records.annotation import Moment
from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import group_rows
from db.video_urls import build_watch_address, format_time, read_site

MOMENTS = """
SELECT m.*, a.creator AS reader, a.point_id FROM {joined} moments m ON m.speech_id = s.id
  LEFT JOIN annotations a ON a.id = m.annotation_id
 WHERE {where} AND (m.annotation_id IS NULL OR a.status = 'active') ORDER BY s.position, m.source, m.start, m.id
"""
DEBATE_MOMENTS = MOMENTS.format(joined="speeches s JOIN", where="s.debate_id = ?")
SPEECH_MOMENTS = MOMENTS.format(joined="speeches s JOIN", where="s.id = ?")
SHOWN_MOMENTS = """
SELECT m.* FROM moments m LEFT JOIN annotations a ON a.id = m.annotation_id LEFT JOIN speeches s ON s.id = m.speech_id
 WHERE m.status = 'active' AND (m.annotation_id IS NULL OR a.status = 'active')
"""  # a moment of a withdrawn annotation is not shown either
SPEECH = "SELECT s.*, d.title FROM speeches s JOIN debates d ON d.id = s.debate_id WHERE s.id = ?"
NEXT_SPEECH = """
SELECT id FROM speeches WHERE debate_id = ? AND position > ? AND speaker IS NOT NULL ORDER BY position LIMIT 1
"""
QUOTES = """
SELECT a.id, a.exact, p.title FROM passages a JOIN guidance_points p ON p.id = a.point_id WHERE a.speech_id = ?
 ORDER BY a.start, a.id
"""
USED_SOURCES = """
SELECT m.source, max(m.created) AS last FROM speeches s JOIN moments m ON m.speech_id = s.id
 WHERE s.debate_id = ? AND m.status = 'active' GROUP BY 1 ORDER BY last DESC, 1 LIMIT 10
"""


def read_debate_moments(conn: sqlite3.Connection, id: str) -> dict[str, list[Row]]:
    """Return the moments of a debate that are not withdrawn, by speech."""
    return group_rows(
        [add_display_fields(row) for row in read_rows(conn, DEBATE_MOMENTS, (id,)) if row["status"] == "active"],
        "speech_id",
    )


def read_speech_moments(conn: sqlite3.Connection, id: str) -> list[Row]:
    """Return the moments of a speech, including those withdrawn."""
    return [add_display_fields(row) for row in read_rows(conn, SPEECH_MOMENTS, (id,))]


def add_display_fields(row: Row) -> Row:
    """Add to a moment its times in words, its site, and the address to watch it at (empty if the source is unsafe)."""
    address = build_watch_address(row["source"], row["start"], row["end"])
    end = "" if row["end"] is None else format_time(row["end"])
    return {
        **row,
        "at": format_time(row["start"]),
        "until": end,
        "watch": address,
        "site": read_site(address) if address else "",
    }


def add_moments(
    speeches: Sequence[Row], moments: Mapping[str, Sequence[Row]], notes: Mapping[str, Sequence[Row]]
) -> list[Row]:
    """Add `moments` to speeches; that of an annotation only if its note is shown, with the note's number."""
    numbers = {note["id"]: note["number"] for group in notes.values() for note in group}

    def select_moments(id: str) -> list[Row]:
        shown = [m for m in moments.get(id, ()) if not m["annotation_id"] or m["annotation_id"] in numbers]
        return [{**moment, "number": numbers.get(moment["annotation_id"])} for moment in shown]

    return [{**speech, "moments": select_moments(speech["id"])} for speech in speeches]


def read_tagging_page(conn: sqlite3.Connection, id: str) -> Row | None:
    """Return a speech with moments, quotes and next speech for the tagging page; None if there is no such speech."""
    speech = read_first_row(conn, SPEECH, (id,))
    if not speech:
        return None
    next_speech = read_first_row(conn, NEXT_SPEECH, (speech["debate_id"], speech["position"]))
    return {
        "speech": speech,
        "moments": read_speech_moments(conn, id),
        "quotes": read_rows(conn, QUOTES, (id,)),
        "used": [row["source"] for row in read_rows(conn, USED_SOURCES, (speech["debate_id"],))],
        "next": next_speech["id"] if next_speech else "",
    }


def read_moment(conn: sqlite3.Connection, id: str) -> Row | None:
    """Return a moment, withdrawn or not; None if there is none."""
    return read_first_row(conn, "SELECT * FROM moments WHERE id = ?", (id,))


def make_moment(row: Row) -> Moment:
    """Make a Moment from a row of the table."""
    return Moment(**{key: row[key] for key in Moment._fields})
