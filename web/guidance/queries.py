"""Queries of the pages of guidance: documents, their points, and the quotes linked to each."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import ANNOTATION, add_replies, group_rows

PAGE_SIZE = 25  # quotes, about 70 kB
MAX_SUGGESTIONS = 10  # suggestions that a point's page shows; a link leads to the others
READINGS = ("said", "implied", "contradicts")
COUNTS = (*READINGS, "passages", "suggestions")
DOCUMENTS = "SELECT * FROM guidance_documents ORDER BY position"
# Counted by an index alone: passages without their rows
POINTS = """
WITH counted AS MATERIALIZED (SELECT point_id, reading, count(*) AS count FROM passages GROUP BY 1, 2)
SELECT p.*, coalesce(sum(c.count), 0) AS passages,
       coalesce(sum(c.count) FILTER (WHERE c.reading = 'said'), 0) AS said,
       coalesce(sum(c.count) FILTER (WHERE c.reading = 'implied'), 0) AS implied,
       coalesce(sum(c.count) FILTER (WHERE c.reading = 'contradicts'), 0) AS contradicts,
       (SELECT count(*) FROM suggestions s WHERE s.point_id = p.id AND s.status = 'proposed') AS suggestions
  FROM guidance_points p LEFT JOIN counted c ON c.point_id = p.id
 {where} GROUP BY p.id ORDER BY p.document_id, p.position
"""
OWN_POINTS = POINTS.format(where="WHERE p.document_id = ?")
ALL_POINTS = """
SELECT p.id, p.number, p.title, p.paraphrase, p.document_id AS document, d.title AS document_title
  FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id ORDER BY d.position, p.position
"""
POINT_READINGS = """
SELECT r.reading, p.id, p.number, p.title, d.title AS document_title
  FROM point_readings r JOIN guidance_points p ON p.id = r.{other} JOIN guidance_documents d ON d.id = p.document_id
 WHERE r.{this} = ? ORDER BY d.position, p.position
"""
SPEECH = """
SELECT s.id AS speech_id, s.debate_id, s.text, s.speaker, s.person_id, s.party, s.constituency, s.office, s.date,
       s.citation, d.title AS debate_title
  FROM speeches s JOIN debates d ON d.id = s.debate_id
"""
COUNTED_QUOTES = f"""
{ANNOTATION} WHERE a.point_id = :id AND a.status = 'active' AND a.anchor IN ('exact', 'moved')
 ORDER BY instr('said implied contradicts', a.reading), s.rowid, a.start, a.id LIMIT {PAGE_SIZE} OFFSET :skip
"""
CHANGED_QUOTES = f"""
{ANNOTATION} WHERE a.point_id = :id AND a.status = 'active' AND a.anchor = 'changed' ORDER BY s.rowid, a.start, a.id
"""
LOST_QUOTES = """
SELECT *, '' AS difference FROM annotations WHERE point_id = ? AND status = 'active' AND anchor = 'lost' ORDER BY id
"""
REPLIES = (
    "SELECT * FROM replies WHERE annotation_id IN (SELECT id FROM annotations WHERE point_id = ?) ORDER BY position"
)
SUGGESTIONS = f"""
SELECT * FROM suggestions WHERE point_id = ? AND status = 'proposed' ORDER BY speech_id, start LIMIT {MAX_SUGGESTIONS}
"""
SPEECHES_BY_ID = f"{SPEECH} WHERE s.id IN (SELECT value FROM json_each(?))"
LAST_RUN = "SELECT max(finished) AS searched FROM runs"


def read_points(conn: sqlite3.Connection) -> dict[str, Row]:
    """Read every point of guidance by its id, in document order, with the id and title of its document."""
    return {row["id"]: row for row in read_rows(conn, ALL_POINTS)}


def read_documents(conn: sqlite3.Connection) -> list[Row]:
    """Read every document by date, with counts of its points, quotes by reading, and suggestions.

    `discussed` tells of each point in turn if it has a quote, `covered` is how many have one.
    """
    points = group_rows(read_rows(conn, POINTS.format(where="")), "document_id")
    return [{**document, **_count_points(points[document["id"]])} for document in read_rows(conn, DOCUMENTS)]


def _count_points(points: list[Row]) -> Row:
    discussed = [bool(point["passages"]) for point in points]
    sums = {key: sum(point[key] for point in points) for key in COUNTS}
    return {**sums, "points": len(points), "discussed": discussed, "covered": sum(discussed)}


def read_document(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read a document with its points as a tree (`parts` of each), each with counts of quotes by reading."""
    found = read_first_row(conn, "SELECT * FROM guidance_documents WHERE id = ?", (id,))
    points = read_rows(conn, OWN_POINTS, (id,))
    return found and {**found, **_count_points(points), "tree": _build_tree(points), **read_last_run(conn)}


def read_last_run(conn: sqlite3.Connection) -> Row:
    """Read when the record was `searched` last: a UTC time; None if it never was."""
    return read_first_row(conn, LAST_RUN) or {"searched": None}


def _build_tree(points: list[Row]) -> list[Row]:
    nodes: Mapping[str, dict[str, Any]] = {p["id"]: {**p, "parts": []} for p in points}
    for node in nodes.values():
        if node["parent_id"] in nodes:
            nodes[node["parent_id"]]["parts"].append(node)
    return [node for node in nodes.values() if node["parent_id"] not in nodes]


def read_point(conn: sqlite3.Connection, id: str, page: int = 1) -> Row | None:
    """Read a point with its document, related points, quotes by reading, changed and lost quotes and suggestions.

    A page has PAGE_SIZE quotes; changed and lost quotes and suggestions are only on the first page.
    """
    found = read_first_row(conn, "SELECT * FROM guidance_points WHERE id = ?", (id,))
    if not found:
        return None
    family = read_rows(conn, OWN_POINTS, (found["document_id"],))
    place, own = next((n, p) for n, p in enumerate(family) if p["id"] == id)
    all = own["passages"]
    at = min(page, max(1, -(-all // PAGE_SIZE)))
    beneath = (id,) if at == 1 else ("",)
    proven = read_rows(conn, COUNTED_QUOTES, {"id": id, "skip": PAGE_SIZE * (at - 1)})
    changed, suggestions = read_rows(conn, CHANGED_QUOTES, beneath), read_rows(conn, SUGGESTIONS, beneath)
    spoken = json.dumps([one["speech_id"] for one in (*proven, *changed, *suggestions)])
    speeches = {s["speech_id"]: s for s in read_rows(conn, SPEECHES_BY_ID, (spoken,))}
    replies = group_rows(read_rows(conn, REPLIES, (id,)), "annotation_id")
    proven, changed = (
        [{**speeches[a["speech_id"]], **add_replies(a, replies)} for a in group] for group in (proven, changed)
    )
    return {
        **own,
        "document": read_first_row(conn, "SELECT * FROM guidance_documents WHERE id = ?", (found["document_id"],)),
        "parent": next((p for p in family if p["id"] == found["parent_id"]), None),
        "previous": family[place - 1] if place else None,
        "next": family[place + 1] if place + 1 < len(family) else None,
        "parts": [p for p in family if p["parent_id"] == id],
        "reads": read_rows(conn, POINT_READINGS.format(this="point_id", other="reads_id"), (id,)),
        "read_by": read_rows(conn, POINT_READINGS.format(this="reads_id", other="point_id"), (id,)),
        "passages": {reading: [p for p in proven if p["reading"] == reading] for reading in READINGS},
        "changed": changed,
        "lost": [add_replies(a, replies) for a in read_rows(conn, LOST_QUOTES, beneath)],
        "suggested": own["suggestions"],
        "suggestions": [{**speeches[s["speech_id"]], **s} for s in suggestions],
        "all": all,
        "at": at,
        "more": all > PAGE_SIZE * at,
        **read_last_run(conn),
    }
