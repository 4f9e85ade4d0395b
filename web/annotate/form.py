"""The form of the pages /annotate and /q/<id>/edit: read what it shows from statements.db, and render it."""

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import Response

from annotations.state.model import make_selector_fields
from annotations.text.sentences import find_sentences
from db.journal.entries import make_new_id
from db.references import find_references
from db.sqlite import Row
from web.annotate import queries
from web.annotate.fields import READINGS, FormFields, find_mistakes
from web.annotate.find_words import Choice, QuoteMatch, find_words, hash_text, make_choice
from web.guidance import queries as guidance
from web.http.pages import NO_STORE
from web.http.reading import read_today

LONGEST_ADDRESS = 3500  # characters of an address that web servers, gunicorn among them, accept
FORM_FIELDS = ("speech", "exact", "prefix", "suffix", "start", "end", "point", "reading", "note")


class FormData(NamedTuple):
    """The data of the form: the speech, every point by id, the words found, and the annotation to edit.

    `last` is the id of the annotation's last journal entry, "" for a new annotation.
    """

    speech: Row | None
    points: dict[str, Row]
    words: QuoteMatch
    annotation: Row | None
    last_entry: str


async def read_form(datasette: Any, asked: FormFields, id: str = "") -> FormData:
    """Read what the form shows for these fields; `id` is that of the annotation to edit."""

    def read(conn: sqlite3.Connection) -> FormData:
        note = queries.read_annotation(conn, id) if id else None
        speech = _speech(conn, asked.texts["speech"])
        words = find_words(conn, speech, asked) if speech else QuoteMatch(None, "There is no such speech.", [])
        return FormData(
            speech=speech,
            points=guidance.read_points(conn),
            words=words,
            annotation=note,
            last_entry=queries.read_last_entry(conn, id) if id else "",
        )

    return await read_today(datasette, read)


def _speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """Read the one speech that an id or another reference means; None where it means none or several."""
    found = queries.read_speech(conn, reference) if reference else None
    if found or not reference:
        return found
    ids = {each.speech_id for each in find_references(conn, reference) if each.speech_id}
    return queries.read_speech(conn, ids.pop()) if len(ids) == 1 else None


async def show_form(
    datasette: Any, request: Any, asked: FormFields, read: FormData, wrong: Mapping[str, str], status: int = 200
) -> Any:
    """Render the form as it was filled in; `wrong` holds a sentence for each mistake, by field."""
    speech, captured = read.speech or {}, read.words.captured
    grouped: dict[str, list[Row]] = {}
    for point in read.points.values():
        grouped.setdefault(point["document_title"], []).append(point)
    at = (captured.anchor.start, captured.anchor.end) if captured else (None, None)
    context: Row = {"asked": asked, "texts": asked.texts, "speech": speech, "mistakes": wrong, "words": read.words}
    context |= {"documents": grouped, "point": read.points.get(asked.texts["point"]), "of": read.annotation}
    context |= {"readings": READINGS, "mark": asked.texts["mark"] or (hash_text(speech) if speech else ""), "at": at}
    context |= {"id": asked.texts["id"] or make_new_id(), "last": read.last_entry, "given": has_words(asked)}
    context |= {"sentences": _sentences(speech)}
    context |= {"there": make_choice(speech["text"], at[0], at[1]) if at[0] is not None and at[1] is not None else None}
    html = await datasette.render_template("annotate/annotate.html", context, request=request)
    return Response.html(html, status=status, headers=dict(NO_STORE))


def _sentences(speech: Row) -> list[Choice]:
    """List every sentence of a speech as a place to choose."""
    text = speech.get("text", "")
    return [make_choice(text, *place) for place in find_sentences(text)]


async def show_form_again(datasette: Any, request: Any, asked: FormFields, read: FormData) -> Any:
    """Show the form again with what was filled in, by a redirect to an address if the fields fit into one."""
    values = asked.texts | {"start": asked.start, "end": asked.end}
    address = f"{request.path}?{urlencode({key: values[key] for key in FORM_FIELDS if values[key] not in ('', None)})}"
    if len(address) < LONGEST_ADDRESS:
        return Response.redirect(f"{address}#words", status=303, headers=dict(NO_STORE))
    return await show_form(datasette, request, asked, read, {})


def has_words(asked: FormFields) -> bool:
    """Return True if the form gives words, or a place of words."""
    return bool(asked.texts["exact"] or asked.start is not None)


def make_payload(asked: FormFields, words: QuoteMatch) -> dict[str, Any]:
    """Make the part of a journal payload that comes from the form: target and selector if the words were found."""
    body = {key: asked.texts[key] for key in ("point", "reading", "note")}
    if not words.captured:
        return body
    return {"target": words.captured.target, "selector": make_selector_fields(words.captured.selector), **body}


def find_form_mistakes(asked: FormFields, read: FormData) -> dict[str, str]:
    """Return a sentence for each mistake, by field; that of the words is first."""
    words = {} if read.words.captured else {"exact": read.words.sentence}
    return {**words, **find_mistakes(asked, read.points)}
