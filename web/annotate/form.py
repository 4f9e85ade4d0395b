"""The form to annotate, as it is read from statements.db and shown: in glue for the pages that have it."""

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import Response

from annotations.state.model import fields_of
from annotations.text.sentences import sentences
from db.references import find
from db.rows import Row
from db.ulid import new_id
from web.annotate import fields as drafts
from web.annotate import queries as annotating
from web.annotate.choices import Choice, choice
from web.annotate.fields import Asked
from web.annotate.find_words import Sought, mark, sought
from web.guidance import queries as guidance
from web.http.pages import UNKEPT, reading

LONGEST = 3500  # characters of an address that servers, gunicorn among them, take
KEPT = ("speech", "exact", "prefix", "suffix", "start", "end", "point", "reading", "note")


class Read(NamedTuple):
    """What the form shows: the speech, every point, how the words stand, the annotation changed, and its last entry."""

    speech: Row | None
    points: dict[str, Row]
    words: Sought
    annotation: Row | None
    last: str


async def look(datasette: Any, asked: Asked, id: str = "") -> Read:
    """What statements.db says to what was filled in, and of the annotation that is changed where one is."""

    def read(conn: sqlite3.Connection) -> Read:
        note = annotating.annotation(conn, id) if id else None
        speech = _speech(conn, asked.texts["speech"])
        words = sought(conn, speech, asked) if speech else Sought(None, "There is no such speech.", [])
        return Read(
            speech,
            guidance.points(conn),
            words,
            note,
            annotating.last(conn, id) if id else "",
        )

    return await reading(datasette, read)


def _speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """The one speech that an id, or any other reference, means."""
    found = annotating.speech(conn, reference) if reference else None
    if found or not reference:
        return found
    meant = {each.speech_id for each in find(conn, reference) if each.speech_id}
    return annotating.speech(conn, meant.pop()) if len(meant) == 1 else None


async def shown(
    datasette: Any, request: Any, asked: Asked, read: Read, mistakes: Mapping[str, str], status: int = 200
) -> Any:
    """The form, with everything kept; each mistake is told at its field, and all of them above."""
    speech, captured = read.speech or {}, read.words.captured
    grouped: dict[str, list[Row]] = {}
    for point in read.points.values():
        grouped.setdefault(point["document_title"], []).append(point)
    at = (captured.anchor.start, captured.anchor.end) if captured else (None, None)
    context: Row = {"asked": asked, "texts": asked.texts, "speech": speech, "mistakes": mistakes, "words": read.words}
    context |= {"documents": grouped, "point": read.points.get(asked.texts["point"]), "of": read.annotation}
    context |= {"readings": drafts.READINGS, "mark": asked.texts["mark"] or (mark(speech) if speech else ""), "at": at}
    context |= {"id": asked.texts["id"] or new_id(), "last": read.last, "given": given(asked)}
    context |= {"sentences": _sentences(speech)}
    context |= {"there": choice(speech["text"], at[0], at[1]) if at[0] is not None and at[1] is not None else None}
    html = await datasette.render_template("annotate/annotate.html", context, request=request)
    return Response.html(html, status=status, headers=dict(UNKEPT))


def _sentences(speech: Row) -> list[Choice]:
    """Every sentence of a speech, to choose from."""
    text = speech.get("text", "")
    return [choice(text, *place) for place in sentences(text)]


async def again(datasette: Any, request: Any, asked: Asked, read: Read) -> Any:
    """The form with what was looked for, at its own address where one can hold it."""
    values = asked.texts | {"start": asked.start, "end": asked.end}
    address = f"{request.path}?{urlencode({key: values[key] for key in KEPT if values[key] not in ('', None)})}"
    if len(address) < LONGEST:
        return Response.redirect(f"{address}#words", status=303, headers=dict(UNKEPT))
    return await shown(datasette, request, asked, read, {})


def given(asked: Asked) -> bool:
    """Whether words are given at all."""
    return bool(asked.texts["exact"] or asked.start is not None)


def said(asked: Asked, words: Sought) -> dict[str, Any]:
    """What a payload says of words that stand in their speech."""
    body = {key: asked.texts[key] for key in ("point", "reading", "note")}
    if not words.captured:
        return body
    return {"target": words.captured.target, "selector": fields_of(words.captured.selector), **body}


def wrong(asked: Asked, read: Read) -> dict[str, str]:
    """Every mistake by its field, that of the words first."""
    words = {} if read.words.captured else {"exact": read.words.sentence}
    return {**words, **drafts.mistakes(asked, read.points)}
