"""Guidance and annotations in statements.db: all replaced at once, in one transaction."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from db.records import Anchor, Annotation, Guidance, Point

TABLES = ("replies", "annotations", "point_readings", "guidance_points", "guidance_documents")


class Placed(NamedTuple):
    """A curated annotation, the speech it leads to today (None: the archive has none), and where its words stand."""

    annotation: Annotation
    speech_id: str | None
    anchor: Anchor
    exact: str
    prefix: str
    suffix: str


def save_notes(conn: sqlite3.Connection, guidance: Sequence[Guidance], placed: Sequence[Placed]) -> None:
    """Put guidance, annotations and replies in the place of those that were there; twice is once."""
    database = Database(conn)
    with database.atomic():
        for table in TABLES:
            conn.execute(f"DELETE FROM {table}")
        for table, rows in (
            ("guidance_documents", [_document(d, n) for n, d in enumerate(guidance, 1)]),
            ("guidance_points", [_point(p, n) for d in guidance for n, p in enumerate(d.points, 1)]),
            ("point_readings", [_read(p.id, *read) for d in guidance for p in d.points for read in p.reads]),
            ("annotations", [_annotation(each) for each in placed]),
            ("replies", [_reply(each.annotation, n) for each in placed for n in range(len(each.annotation.replies))]),
        ):
            database.table(table).insert_all(rows)


def _document(document: Guidance, position: int) -> dict[str, object]:
    fields = document._asdict()
    del fields["points"]
    return {**fields, "position": position}


def _point(point: Point, position: int) -> dict[str, object]:
    fields = point._asdict()
    del fields["reads"]
    return {**fields, "position": position}


def _read(point_id: str, reads_id: str, reading: str) -> dict[str, object]:
    return {"point_id": point_id, "reads_id": reads_id, "reading": reading}


def _annotation(placed: Placed) -> dict[str, object]:
    annotation, anchor = placed.annotation, placed.anchor
    fields = annotation._asdict()
    del fields["selector"], fields["replies"]
    return {
        **fields,
        "speech_id": placed.speech_id,
        "anchor": anchor.state,
        "evidence": anchor.evidence,
        "start": anchor.start,
        "end": anchor.end,
        "exact": placed.exact,
        "prefix": placed.prefix,
        "suffix": placed.suffix,
    }


def _reply(annotation: Annotation, number: int) -> dict[str, object]:
    return {**annotation.replies[number]._asdict(), "annotation_id": annotation.id, "position": number + 1}
