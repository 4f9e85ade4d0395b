"""The form of the pages /annotate and /q/<id>/edit: read what it shows from statements.db, and render it."""

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import Response

from annotations.state.model import fields_of
from annotations.text.sentences import sentences
from db.references import find
from db.sqlite import Row
from db.ulid import new_id
from web.annotate import queries
from web.annotate.fields import READINGS, Asked, mistakes
from web.annotate.find_words import Choice, Sought, choice, mark, sought
from web.guidance import queries as guidance
from web.http.pages import UNKEPT
from web.http.reading import reading

LONGEST = 3500  # characters of an address that web servers, gunicorn among them, accept
KEPT = ("speech", "exact", "prefix", "suffix", "start", "end", "point", "reading", "note")


class Read(NamedTuple):
    """The data of the form: the speech, every point by id, the words found, and the annotation to edit.

    `last` is the id of the annotation's last journal entry, "" for a new annotation.
    """

    speech: Row | None
    points: dict[str, Row]
    words: Sought
    annotation: Row | None
    last: str


async def look(datasette: Any, asked: Asked, id: str = "") -> Read:
    """Read what the form shows for these fields; `id` is that of the annotation to edit."""

    def read(conn: sqlite3.Connection) -> Read:
        note = queries.annotation(conn, id) if id else None
        speech = _speech(conn, asked.texts["speech"])
        words = sought(conn, speech, asked) if speech else Sought(None, "There is no such speech.", [])
        return Read(
            speech=speech,
            points=guidance.points(conn),
            words=words,
            annotation=note,
            last=queries.last(conn, id) if id else "",
        )

    return await reading(datasette, read)


def _speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """Read the one speech that an id or another reference means; None where it means none or several."""
    found = queries.speech(conn, reference) if reference else None
    if found or not reference:
        return found
    ids = {each.speech_id for each in find(conn, reference) if each.speech_id}
    return queries.speech(conn, ids.pop()) if len(ids) == 1 else None


async def shown(
    datasette: Any, request: Any, asked: Asked, read: Read, wrong: Mapping[str, str], status: int = 200
) -> Any:
    """Render the form with everything that was filled in; `wrong` holds a sentence for each mistake, by field."""
    speech, captured = read.speech or {}, read.words.captured
    grouped: dict[str, list[Row]] = {}
    for point in read.points.values():
        grouped.setdefault(point["document_title"], []).append(point)
    at = (captured.anchor.start, captured.anchor.end) if captured else (None, None)
    context: Row = {"asked": asked, "texts": asked.texts, "speech": speech, "mistakes": wrong, "words": read.words}
    context |= {"documents": grouped, "point": read.points.get(asked.texts["point"]), "of": read.annotation}
    context |= {"readings": READINGS, "mark": asked.texts["mark"] or (mark(speech) if speech else ""), "at": at}
    context |= {"id": asked.texts["id"] or new_id(), "last": read.last, "given": given(asked)}
    context |= {"sentences": _sentences(speech)}
    context |= {"there": choice(speech["text"], at[0], at[1]) if at[0] is not None and at[1] is not None else None}
    html = await datasette.render_template("annotate/annotate.html", context, request=request)
    return Response.html(html, status=status, headers=dict(UNKEPT))


def _sentences(speech: Row) -> list[Choice]:
    """List every sentence of a speech as a place to choose."""
    text = speech.get("text", "")
    return [choice(text, *place) for place in sentences(text)]


async def again(datasette: Any, request: Any, asked: Asked, read: Read) -> Any:
    """Show the form again with what was filled in, by a redirect to an address if the fields fit into one."""
    values = asked.texts | {"start": asked.start, "end": asked.end}
    address = f"{request.path}?{urlencode({key: values[key] for key in KEPT if values[key] not in ('', None)})}"
    if len(address) < LONGEST:
        return Response.redirect(f"{address}#words", status=303, headers=dict(UNKEPT))
    return await shown(datasette, request, asked, read, {})


def given(asked: Asked) -> bool:
    """Return True if the form gives words, or a place of words."""
    return bool(asked.texts["exact"] or asked.start is not None)


def said(asked: Asked, words: Sought) -> dict[str, Any]:
    """Make the part of a journal payload that comes from the form: target and selector if the words were found."""
    body = {key: asked.texts[key] for key in ("point", "reading", "note")}
    if not words.captured:
        return body
    return {"target": words.captured.target, "selector": fields_of(words.captured.selector), **body}


def wrong(asked: Asked, read: Read) -> dict[str, str]:
    """Return a sentence for each mistake, by field; that of the words is first."""
    words = {} if read.words.captured else {"exact": read.words.sentence}
    return {**words, **mistakes(asked, read.points)}
