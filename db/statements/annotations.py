"""Guidance, annotations and all else that people entered, saved to statements.db in the caller's transaction."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from db.records.annotation import Anchor, Annotation, Decision, HistoryEntry, Moment, Skip
from db.records.guidance import Guidance, Point
from db.sqlite import Row, get_database
from db.statements import speaker_counts
from db.statements.journal_head import JournalHead
from db.video_urls import format_fragment

if TYPE_CHECKING:
    from sqlite_utils import Database

ANNOTATION_TABLES = (
    "passes",
    "annotation_history",
    "decisions",
    "skips",
    "moments",
    "repair_list",
    "quote_counts",
    "replies",
    "annotations",
)
GUIDANCE_TABLES = ("point_readings", "guidance_points", "guidance_documents")
SUGGESTION_STATUS = "coalesce((SELECT d.status FROM decisions d WHERE d.suggestion = key), 'proposed')"
COUNT_QUOTES = """
INSERT INTO quote_counts (annotation_id, point_id, reading, debate_id, month, speaker, place)
SELECT a.id, a.point_id, a.reading, s.debate_id, substr(s.date, 1, 7), coalesce(s.person_id, s.speaker, 'nobody'),
       s.rowid
  FROM json_each(?) j CROSS JOIN passages a ON a.id = j.value JOIN speeches s ON s.id = a.speech_id
"""
UPDATE_SUGGESTIONS = f"UPDATE suggestions SET status = {SUGGESTION_STATUS} WHERE status <> {SUGGESTION_STATUS}"
UPDATE_SOME_SUGGESTIONS = f"{UPDATE_SUGGESTIONS} AND key IN (SELECT value FROM json_each(?))"
DEBATES_OF_QUOTES = "SELECT debate_id FROM quote_counts WHERE annotation_id IN (SELECT value FROM json_each(?))"
HISTORY_ROWS = f"""
SELECT {", ".join(HistoryEntry._fields)} FROM annotation_history WHERE id IN (SELECT value FROM json_each(?))
"""


class ResolvedAnnotation(NamedTuple):
    """An annotation, its speech in today's archive (None if there is none), and the place of its words.

    `exact` are the words there now, `quote` those that were annotated.
    """

    annotation: Annotation
    speech_id: str | None
    anchor: Anchor
    exact: str
    prefix: str
    suffix: str
    quote: str


class RepairItem(NamedTuple):
    """An annotation whose words are not the speaker's: the words looked for, those there now, and advice to a person.

    `difference` has pairs of same, gone or new, and words; `new` is None if the quote is lost.
    """

    annotation_id: str
    anchor: str
    old: str
    new: str | None
    difference: tuple[tuple[str, str], ...]
    evidence: str
    advice: str


class PassRow(NamedTuple):
    """One person's pass over a debate (times in UTC): `begun` is None if it was begun elsewhere.

    `done` is None while it is open; `reopened` is 1 if its beginning or end was once undone.
    """

    person: str
    debate_id: str
    begun: str | None
    done: str | None
    reopened: int


class AnnotationRows(NamedTuple):
    """All that people have entered: placed annotations, repairs, moments with their speech ids, and the rest."""

    placed: Sequence[ResolvedAnnotation]
    repairs: Sequence[RepairItem]
    moments: Sequence[tuple[Moment, str | None]]
    decisions: Sequence[Decision]
    skips: Sequence[Skip]
    passes: Sequence[PassRow]
    history: Sequence[HistoryEntry]


class ChangedRows(NamedTuple):
    """Rows to replace: ids of annotations and moments, keys of suggestions, and passes (person, debate's id)."""

    annotations: Collection[str]
    moments: Collection[str] = ()
    suggestions: Collection[str] = ()
    passes: Collection[tuple[str, str]] = ()


def save_guidance(conn: sqlite3.Connection, guidance: Sequence[Guidance]) -> None:
    """Replace the guidance, and delete all annotations: save_annotations must follow."""
    db = get_database(conn)
    _clear_tables(db, (*ANNOTATION_TABLES, *GUIDANCE_TABLES))
    points = [_build_point_row(point, n) for document in guidance for n, point in enumerate(document.points, 1)]
    readings = [(point.id, *read) for document in guidance for point in document.points for read in point.reads]
    db.table("guidance_documents").insert_all(_build_document_row(each, n) for n, each in enumerate(guidance, 1))
    db.table("guidance_points").insert_all(points)
    db.table("point_readings").insert_all([("point_id", "reads_id", "reading"), *readings])


def save_annotations(conn: sqlite3.Connection, rows: AnnotationRows) -> None:
    """Replace all that people have entered, with the status of suggestions and the counts of speakers."""
    db = get_database(conn)
    _clear_tables(db, ANNOTATION_TABLES)
    _insert_all(db, rows)
    db.execute(UPDATE_SUGGESTIONS)
    speaker_counts.count_all_speakers(conn)


def _insert_all(db: "Database", rows: AnnotationRows) -> None:
    placed = rows.placed
    replies = [_build_reply_row(p.annotation, n) for p in placed for n in range(len(p.annotation.replies))]
    db.table("annotations").insert_all(map(_build_annotation_row, placed))
    db.table("replies").insert_all(replies)
    db.execute(COUNT_QUOTES, (json.dumps([each.annotation.id for each in placed]),))
    db.table("repair_list").insert_all({**r._asdict(), "difference": json.dumps(r.difference)} for r in rows.repairs)
    db.table("moments").insert_all(_build_moment_row(moment, speech_id) for moment, speech_id in rows.moments)
    db.table("decisions").insert_all(decision._asdict() for decision in rows.decisions)
    db.table("skips").insert_all(skip._asdict() for skip in rows.skips)
    db.table("passes").insert_all(each._asdict() for each in rows.passes)
    db.table("annotation_history").insert_all(entry._asdict() for entry in rows.history)


def read_last_entry(conn: sqlite3.Connection) -> JournalHead | None:
    """Return the last entry of the journal up to which the rows stand for it; None where they show no entry."""
    row = conn.execute("SELECT id, hash FROM annotation_history ORDER BY id DESC LIMIT 1").fetchone()
    return JournalHead(*row) if row else None


def read_history_rows(conn: sqlite3.Connection, ids: Collection[str]) -> dict[str, HistoryEntry]:
    """Read the history of some entries, by id."""
    rows = conn.execute(HISTORY_ROWS, (json.dumps([*ids]),))
    events = map(HistoryEntry._make, rows)
    return {e.id: e._replace(undone=bool(e.undone), moderates=bool(e.moderates)) for e in events}


def save_changes(conn: sqlite3.Connection, rows: AnnotationRows, changed: ChangedRows) -> None:
    """Replace the rows of what has changed, with the status of suggestions and the counts of speakers.

    `rows` has only what has changed, and only new or changed entries of the history.
    """
    ids = json.dumps(sorted(changed.annotations))
    before = conn.execute(DEBATES_OF_QUOTES, (ids,)).fetchall()
    replace_rows(conn, rows, changed)
    get_database(conn).execute(UPDATE_SOME_SUGGESTIONS, (json.dumps(sorted(changed.suggestions)),))
    after = conn.execute(DEBATES_OF_QUOTES, (ids,)).fetchall()
    speaker_counts.count_changed_speakers(conn, {id for (id,) in (*before, *after)})


def replace_rows(conn: sqlite3.Connection, rows: AnnotationRows, changed: ChangedRows) -> None:
    """Replace the rows of what has changed, without what is derived from them; `rows` is as in save_changes."""
    db = get_database(conn)
    delete_rows(conn, "annotation_history", "id", [entry.id for entry in rows.history])
    for table in ("decisions", "skips"):
        delete_rows(conn, table, "suggestion", changed.suggestions)
    delete_rows(conn, "moments", "id", changed.moments)
    for person, debate in changed.passes:
        db.table("passes").delete_where("person = ? AND debate_id = ?", [person, debate])
    for table in ("repair_list", "quote_counts", "replies"):
        delete_rows(conn, table, "annotation_id", changed.annotations)
    delete_rows(conn, "annotations", "id", changed.annotations)
    _insert_all(db, rows)


def delete_rows(conn: sqlite3.Connection, table: str, key: str, values: Iterable[str]) -> None:
    """Delete the rows that have one of these values in the column `key`."""
    values_json = json.dumps(sorted(values))
    if values_json == "[]":
        return
    get_database(conn).table(table).delete_where(f"{key} IN (SELECT value FROM json_each(?))", [values_json])


def _clear_tables(db: "Database", tables: Iterable[str]) -> None:
    for table in tables:
        db.table(table).delete_where()


def _build_document_row(document: Guidance, position: int) -> Row:
    fields = document._asdict()
    del fields["points"]
    return {**fields, "position": position}


def _build_point_row(point: Point, position: int) -> Row:
    fields = point._asdict()
    del fields["reads"]
    return {**fields, "examples": json.dumps(point.examples, ensure_ascii=False), "position": position}


def _build_annotation_row(placed: ResolvedAnnotation) -> Row:
    fields = placed.annotation._asdict()
    del fields["selector"], fields["replies"]
    anchor, around = placed.anchor, {"prefix": placed.prefix, "suffix": placed.suffix}
    place = {"anchor": anchor.state, "start": anchor.start, "end": anchor.end, "score": anchor.score}
    words = {"exact": placed.exact, "quote": placed.quote, "evidence": anchor.evidence}
    return {**fields, "speech_id": placed.speech_id, **place, **words, **around}


def _build_reply_row(annotation: Annotation, number: int) -> Row:
    reply = annotation.replies[number]
    text = reply.text if reply.status == "active" else ""
    return {**reply._asdict(), "text": text, "annotation_id": annotation.id, "position": number + 1}


def _build_moment_row(moment: Moment, speech_id: str | None) -> Row:
    url = f"{moment.source}#{format_fragment(moment.start, moment.end)}"
    return {**moment._asdict(), "speech_id": speech_id, "url": url}
