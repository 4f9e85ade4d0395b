"""The data of the files: objects for JSON and rows for CSV, without database or request.

Names and shapes are published (web/api/record_schemas.py), and stay. `url` is the page of this archive, `official` that
of the official report, or of TheyWorkForYou.
"""

from collections.abc import Iterator

from markupsafe import Markup

from db.records.annotation import PROVEN
from db.sqlite import Row
from db.statements.debates import DebateRecord
from web.rendering.citation_formats import find_official_page
from web.urls import path_for

Data = Row
DEBATE_KEYS = ("id", "title", "house", "kind", "date", "section", "citation", "volume", "column", "received")
SPEECH_KEYS = ("id", "kind", "speaker", "person_id", "office", "party", "constituency", "question_number")
PLACE_KEYS = ("date", "time", "column", "citation")
LISTED_KEYS = ("id", "date", "house", "kind", "title", "section", "citation", "speeches", "words", "mentions", "quotes")
SPEAKER_KEYS = ("id", "name", "party", "mentions", "quotes", "turns", "debates", "first", "last")
SPEECH_COLUMNS = (
    *("id", "url", "official", "kind", "speaker", "person_id", "office", "party", "constituency", "question_number"),
    *("date", "time", "column", "citation", "words", "mentions", "notes", "text"),
)
FOUND_COLUMNS = (*SPEECH_KEYS, *PLACE_KEYS, "url", "official", "debate_id", "debate_title", "snippet")
DEBATE_COLUMNS = (*LISTED_KEYS[:1], "url", *LISTED_KEYS[1:])
SPEAKER_COLUMNS = (*SPEAKER_KEYS[:1], "url", *SPEAKER_KEYS[1:])
SAID_COLUMNS = (
    *("kind", "words", "date", "citation", "debate_title", "speech_id", "speech_url", "debate_id"),
    *("point_id", "point_title", "document_title", "reading", "creator"),
)


def make_debate(debate: Row, base: str) -> Data:
    """Make the object of a debate without its speeches."""
    made = {key: debate[key] for key in DEBATE_KEYS}
    source = {key: debate[f"source_{key}"] for key in ("title", "url")}
    licence = {key: debate[key] for key in ("attribution", "licence", "licence_url")}
    addresses = {"url": base + path_for("debate", id=debate["id"]), "official": find_official_page(debate) or None}
    return {**made, **addresses, "source": {**source, **licence}}


def make_speech(speech: Row, record: DebateRecord, base: str) -> Data:
    """Make the object of a speech, with its mentions and notes; offsets count code points of `text`."""
    id = speech["id"]
    return {
        **{key: speech[key] for key in (*SPEECH_KEYS, *PLACE_KEYS)},
        "url": base + path_for("speech", id=id),
        "official": find_official_page(speech) or None,
        "words": speech["words"],
        "text": speech["text"],
        "mentions": [
            {key: each[key] for key in ("topic", "start", "end", "exact")} for each in record.mentions.get(id, ())
        ],
        "notes": [make_note(each, base) for each in record.notes.get(id, ())],
    }


def make_note(note: Row, base: str) -> Data:
    """Make the object of a note; `exact` is None where the words there are not surely the speaker's."""
    proven = note["anchor"] in PROVEN
    return {
        **{key: note[key] for key in ("id", "point_id", "point_title", "document_title", "reading", "anchor")},
        **{key: note[key] if proven else None for key in ("start", "end", "exact")},
        **{key: note[key] for key in ("quote", "note", "creator", "created")},
        "url": base + path_for("quote", id=note["id"]),
        "replies": [{key: each[key] for key in ("stance", "text", "creator", "created")} for each in note["replies"]],
    }


def make_speech_row(speech: Data) -> Data:
    """Make the row of a speech from its object: the numbers of its mentions and notes in place of them."""
    return {**speech, "mentions": len(speech["mentions"]), "notes": len(speech["notes"])}


def make_person(person: Row, base: str) -> Data:
    """Make the object of a person: names, memberships and offices, and what they said."""
    quotes = [row for rows in person["points"].values() for row in rows]
    return {
        "id": person["id"],
        "name": person["name"],
        "url": _find_person_page(person["id"], base),
        "names": [{key: row[key] for key in ("name", "note", "first", "last")} for row in person["names"]],
        "memberships": [
            {key: row[key] for key in ("house", "party", "constituency", "start", "end")}
            for row in person["memberships"]
        ],
        "offices": [{key: row[key] for key in ("role", "department", "start", "end")} for row in person["offices"]],
        "quotes": [{**_make_said(row, base), **_make_reading(row)} for row in quotes],
        "mentions": [_make_said(row, base) for row in person["named"]],
        "mention_count": person["mentions"],
        "debates": [
            {key: row[key] for key in ("id", "title", "house", "date", "citation", "turns", "words")}
            | {"url": base + path_for("debate", id=row["id"])}
            for row in person["said"]
        ],
    }


def _make_said(row: Row, base: str) -> Data:
    kept = {key: row[key] for key in ("date", "citation", "debate_id", "debate_title", "speech_id")}
    words = row["text"][row["start"] : row["end"]]
    return {"words": words, **kept, "speech_url": base + path_for("speech", id=row["speech_id"])}


def _make_reading(row: Row) -> Data:
    return {key: row[key] for key in ("point_id", "point_title", "document_title", "reading", "creator")}


def make_said_rows(person: Data) -> Iterator[Data]:
    """Make the rows of a person's file: their quotes, then their newest mentions."""
    for kind, key in (("quote", "quotes"), ("mention", "mentions")):
        yield from ({"kind": kind, **each} for each in person[key])


def make_speaker(row: Row, base: str) -> Data:
    """Make the object of one of many speakers."""
    return {**{key: row[key] for key in SPEAKER_KEYS}, "url": _find_person_page(row["id"], base)}


def make_listed_debate(row: Row, base: str) -> Data:
    """Make the object of one of many debates."""
    return {**{key: row[key] for key in LISTED_KEYS}, "url": base + path_for("debate", id=row["id"])}


def read_debate(found: Row) -> Data:
    """Return the debate of a speech that a search found, as far as a citation needs it."""
    kept = {key: found[key] for key in ("title", "house", "date")}
    return {**kept, "id": found["debate_id"], "citation": found["debate_citation"], "volume": "", "column": ""}


def make_found_speech(row: Row, base: str) -> Data:
    """Make the object of a speech that a search found, with the sentence that has the words."""
    return {
        **{key: row[key] for key in (*SPEECH_KEYS, *PLACE_KEYS)},
        "url": base + path_for("speech", id=row["id"]),
        "official": find_official_page(row) or None,
        "debate_id": row["debate_id"],
        "debate_title": row["title"],
        "snippet": Markup(row["snippet"]).striptags(),
    }


def _find_person_page(id: str, base: str) -> str:
    return base + path_for("person", id=id.removeprefix("person/"))
