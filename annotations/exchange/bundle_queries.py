"""The bundle of an export, read from statements.db: annotations in place, their speeches, and the guidance."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, ExportedAnnotation, SpeechText
from db.records.annotation import PROVEN, Anchor, Annotation, Reply, Selector
from db.records.guidance import Guidance, Point
from db.references import find_references
from db.sqlite import Row, read_rows
from db.statements import moments
from db.statements.debates import group_rows, read_debate
from db.statements.quoted_speeches import find_quoted_speech

ANNOTATION_QUERY = """
SELECT a.*, s.gid, s.debate_id, d.title, s.speaker, s.office, s.date, s.citation, s.text, s.url, s.hansard_url,
       d.received
  FROM annotations a LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id
"""
FILTERED_QUERY = f"""
{ANNOTATION_QUERY} WHERE a.status = 'active' AND (:creator = '' OR a.creator = :creator)
   AND (:debate = '' OR s.debate_id = :debate)
   AND (:point = '' OR a.point_id = :point OR a.point_id LIKE :point || '/%')
   AND (:ids = '' OR a.id IN (SELECT value FROM json_each(:ids)))
 ORDER BY s.rowid IS NULL, s.rowid, a.start, a.id
"""
# Two queries in place of LEFT JOIN, which would read every speech where ?as_of shows withdrawn ones
BY_ID_QUERY = f"""
{ANNOTATION_QUERY.replace("LEFT JOIN", "JOIN")} WHERE a.status = 'active' AND a.id IN (SELECT value FROM json_each(?))
"""
LOST_BY_ID_QUERY = """
SELECT * FROM annotations WHERE status = 'active' AND speech_id IS NULL AND id IN (SELECT value FROM json_each(?))
"""
REPLIES_BY_ID_QUERY = """
SELECT * FROM replies WHERE status = 'active' AND annotation_id IN (SELECT value FROM json_each(?))
 ORDER BY annotation_id, position
"""
MOMENTS_QUERY = f"""
{moments.SHOWN_MOMENTS} AND (:creator = '' OR m.creator = :creator) AND (:debate = '' OR s.debate_id = :debate)
   AND (:point = '' OR a.point_id = :point OR a.point_id LIKE :point || '/%')
   AND (:ids = '' OR m.annotation_id IN (SELECT value FROM json_each(:ids))) ORDER BY m.id
"""
REPLIES_QUERY = "SELECT * FROM replies WHERE status = 'active' ORDER BY annotation_id, position"
ATTRIBUTION_QUERY = "SELECT DISTINCT attribution FROM sources ORDER BY 1"
REPLY_FIELDS = ("id", "stance", "text", "creator", "created", "via")
SPEECH_FIELDS = (
    *("gid", "debate_id", "title", "speaker", "office", "date", "citation", "text", "url", "hansard_url", "received"),
)


class ExportFilter(NamedTuple):
    """The annotations to export: by point or document, debate (any address of it), creator, or ids; all by default."""

    point: str = ""
    debate: str = ""
    creator: str = ""
    ids: Sequence[str] | None = None


def read_bundle(conn: sqlite3.Connection, chosen: ExportFilter, made: str) -> Bundle:
    """Read the annotations that a filter selects, in today's places, without withdrawn ones.

    Moments of videos are selected by the same filter. `made` is the time of the export, in UTC. Raises ExchangeError
    where the filter names no debate, or several.
    """
    debate = _find_debate(conn, chosen.debate) if chosen.debate else ""
    ids = "" if chosen.ids is None else json.dumps(chosen.ids)
    parameters = {"point": chosen.point, "debate": debate, "creator": chosen.creator, "ids": ids}
    replies = group_rows(read_rows(conn, REPLIES_QUERY), "annotation_id")
    exported = tuple(
        _make_exported_annotation(conn, row, replies[row["id"]]) for row in read_rows(conn, FILTERED_QUERY, parameters)
    )
    moment_rows = tuple(
        (moments.make_moment(row), row["speech_id"]) for row in read_rows(conn, MOMENTS_QUERY, parameters)
    )
    return Bundle(
        annotations=exported,
        guidance=_read_guidance(conn),
        attribution=list_attribution(conn),
        exported=made,
        debate=read_debate(conn, debate) if debate else None,
        moments=moment_rows,
    )


def read_annotations(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, ExportedAnnotation]:
    """Read annotations in today's places, by id; withdrawn and unknown ones are left out."""
    parameters = (json.dumps(ids),)
    replies = group_rows(read_rows(conn, REPLIES_BY_ID_QUERY, parameters), "annotation_id")
    rows = [*read_rows(conn, BY_ID_QUERY, parameters), *read_rows(conn, LOST_BY_ID_QUERY, parameters)]
    return {row["id"]: _make_exported_annotation(conn, row, replies[row["id"]]) for row in rows}


def list_attribution(conn: sqlite3.Connection) -> tuple[str, ...]:
    """List the lines that attribute the words of this archive to their sources."""
    return (*ATTRIBUTION, *(each for (each,) in conn.execute(ATTRIBUTION_QUERY) if each not in ATTRIBUTION))


def _find_debate(conn: sqlite3.Connection, reference: str) -> str:
    found = {each.debate_id for each in find_references(conn, reference)}
    if len(found) != 1:
        raise ExchangeError(f"{reference} means {len(found) or 'no'} debates of this archive: name one")
    return found.pop()


def _make_exported_annotation(conn: sqlite3.Connection, row: Row, replies: Sequence[Row]) -> ExportedAnnotation:
    """Make an annotation from a row, with today's words where they are the speaker's, else as it was annotated."""
    is_located = row["anchor"] in PROVEN
    words, start, end = (row["exact"], row["start"], row["end"]) if is_located else (row["quote"], None, None)
    annotation = Annotation(
        id=row["id"],
        target=row["target"],
        selector=Selector(exact=words, prefix=row["prefix"], suffix=row["suffix"], start=start, end=end),
        point_id=row["point_id"],
        reading=row["reading"],
        note=row["note"],
        creator=row["creator"],
        created=row["created"],
        via=row["via"],
        origin=row["origin"],
        replies=tuple(Reply(**{key: reply[key] for key in REPLY_FIELDS}) for reply in replies),
        modified=row["modified"],
    )
    text = (
        SpeechText(id=row["speech_id"], **{key: row[key] for key in SPEECH_FIELDS})
        if row.get("text") is not None
        else None
    )
    return ExportedAnnotation(
        annotation,
        Anchor(state=row["anchor"], start=start, end=end, score=row["score"], evidence=row["evidence"]),
        text,
        None if is_located else find_quoted_speech(conn, row),
    )


def _read_guidance(conn: sqlite3.Connection) -> tuple[Guidance, ...]:
    points = group_rows(read_rows(conn, "SELECT * FROM guidance_points ORDER BY position"), "document_id")
    return tuple(
        Guidance(
            **{key: row[key] for key in ("id", "title", "author", "published", "url", "note")},
            points=tuple(map(_make_point, points[row["id"]])),
        )
        for row in read_rows(conn, "SELECT * FROM guidance_documents ORDER BY position")
    )


def _make_point(row: Row) -> Point:
    keys = ("id", "document_id", "parent_id", "number", "title", "paraphrase", "url")
    return Point(**{key: row[key] for key in keys}, reads=())
