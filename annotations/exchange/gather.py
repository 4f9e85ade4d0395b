"""What is to be written, gathered from statements.db: annotations in place, their texts, and the guidance."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, Standing, Text
from db.records.annotation import Anchor, Annotation, Reply, Selector
from db.records.guidance import Guidance, Point
from db.references import find
from db.rows import Row, rows
from db.statements import moments
from db.statements.debates import grouped, whole

STANDING = """
SELECT a.*, s.gid, s.debate_id, d.title, s.speaker, s.office, s.date, s.citation, s.text, s.url, s.hansard_url,
       d.received
  FROM annotations a LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id
"""
STANDINGS = f"""
{STANDING} WHERE a.status = 'active' AND (:creator = '' OR a.creator = :creator)
   AND (:debate = '' OR s.debate_id = :debate)
   AND (:point = '' OR a.point_id = :point OR a.point_id LIKE :point || '/%')
   AND (:ids = '' OR a.id IN (SELECT value FROM json_each(:ids)))
 ORDER BY s.rowid IS NULL, s.rowid, a.start, a.id
"""
THESE = f"{STANDING} WHERE a.status = 'active' AND a.id IN (SELECT value FROM json_each(?))"
ANSWERS = """
SELECT * FROM replies WHERE status = 'active' AND annotation_id IN (SELECT value FROM json_each(?))
 ORDER BY annotation_id, position
"""
FILMED = f"""
{moments.STANDING} AND (:creator = '' OR m.creator = :creator) AND (:debate = '' OR s.debate_id = :debate)
   AND (:point = '' OR a.point_id = :point OR a.point_id LIKE :point || '/%')
   AND (:ids = '' OR m.annotation_id IN (SELECT value FROM json_each(:ids))) ORDER BY m.id
"""
REPLIES = "SELECT * FROM replies WHERE status = 'active' ORDER BY annotation_id, position"
WHOM = "SELECT DISTINCT attribution FROM sources ORDER BY 1"
TEXT = ("gid", "debate_id", "title", "speaker", "office", "date", "citation", "text", "url", "hansard_url", "received")


class Asked(NamedTuple):
    """Which annotations: on a point or a document, in a debate (any address of it), by somebody, or these ids alone."""

    point: str = ""
    debate: str = ""
    creator: str = ""
    ids: Sequence[str] | None = None


def gather(conn: sqlite3.Connection, asked: Asked, made: str) -> Bundle:
    """The annotations that are asked for, as they stand today, none of them withdrawn. Raises ExchangeError.

    Moments of videos are with them: all, or those of these people, of this debate, of the words of these annotations.
    """
    debate = _debate(conn, asked.debate) if asked.debate else ""
    ids = "" if asked.ids is None else json.dumps(asked.ids)
    chosen = {"point": asked.point, "debate": debate, "creator": asked.creator, "ids": ids}
    replies = grouped(rows(conn, REPLIES), "annotation_id")
    standing = tuple(_passage(row, replies[row["id"]]) for row in rows(conn, STANDINGS, chosen))
    filmed = tuple((moments.record(row), row["speech_id"]) for row in rows(conn, FILMED, chosen))
    debated = whole(conn, debate) if debate else None
    return Bundle(standing, _guidance(conn), attribution(conn), made, debated, filmed)


def standings(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Standing]:
    """These annotations as they stand today, by id; without those that are withdrawn or that nobody made."""
    asked = (json.dumps(ids),)
    replies = grouped(rows(conn, ANSWERS, asked), "annotation_id")
    return {row["id"]: _passage(row, replies[row["id"]]) for row in rows(conn, THESE, asked)}


def attribution(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Whom to name for the words of this archive."""
    return (*ATTRIBUTION, *(each for (each,) in conn.execute(WHOM) if each not in ATTRIBUTION))


def _debate(conn: sqlite3.Connection, reference: str) -> str:
    found = {each.debate_id for each in find(conn, reference)}
    if len(found) != 1:
        raise ExchangeError(f"{reference} means {len(found) or 'no'} debates of this archive: name one")
    return found.pop()


def _passage(row: Row, replies: Sequence[Row]) -> Standing:
    """An annotation as it stands: with the words there, where they are the speaker's; else as it was annotated."""
    stands = row["anchor"] in ("exact", "moved")
    words, place = (row["exact"], (row["start"], row["end"])) if stands else (row["quote"], (None, None))
    made = Annotation(
        id=row["id"],
        target=row["target"],
        selector=Selector(words, row["prefix"], row["suffix"], *place),
        point_id=row["point_id"],
        reading=row["reading"],
        note=row["note"],
        creator=row["creator"],
        created=row["created"],
        via=row["via"],
        origin=row["origin"],
        replies=tuple(map(_reply, replies)),
        modified=row["modified"],
    )
    text = Text(row["speech_id"], *(row[key] for key in TEXT)) if row["text"] is not None else None
    return Standing(made, Anchor(row["anchor"], place[0], place[1], row["score"], row["evidence"]), text)


def _reply(row: Row) -> Reply:
    return Reply(row["id"], row["stance"], row["text"], row["creator"], row["created"], row["via"])


def _guidance(conn: sqlite3.Connection) -> tuple[Guidance, ...]:
    points = grouped(rows(conn, "SELECT * FROM guidance_points ORDER BY position"), "document_id")
    return tuple(
        Guidance(
            *(row["id"], row["title"], row["author"], row["published"], row["url"], row["note"]),
            points=tuple(map(_point, points[row["id"]])),
        )
        for row in rows(conn, "SELECT * FROM guidance_documents ORDER BY position")
    )


def _point(row: Row) -> Point:
    family = (row["id"], row["document_id"], row["parent_id"], row["number"])
    return Point(*family, row["title"], row["paraphrase"], row["url"], reads=())
