"""The form of the pages /annotate and /q/<id>/edit: read what it shows from statements.db, and render it."""

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from annotations.state.model import make_selector_fields
from annotations.text.sentences import find_sentences
from db.journal.entries import make_new_id
from db.references import find_references
from db.sqlite import Row
from web.annotate import queries
from web.annotate.fields import READINGS, FormFields, find_mistakes
from web.annotate.find_words import Choice, QuoteMatch, find_words, hash_text, make_choice
from web.guidance import queries as guidance
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import NO_STORE
from web.http.reading import read_today
from web.urls import add_prefix

LONGEST_ADDRESS = 3500  # characters of an address that every web server accepts
FORM_FIELDS = ("speech", "exact", "prefix", "suffix", "start", "end", "point", "reading", "note")


class FormData(NamedTuple):
    """The data of the form: the speech, every point by id, the words found, and the annotation to edit.

    `last_entry` is the id of the annotation's last journal entry, "" for a new annotation.
    """

    speech: Row | None
    points: dict[str, Row]
    words: QuoteMatch
    annotation: Row | None
    last_entry: str


async def read_form(datasette: Datasette, filled: FormFields, id: str = "") -> FormData:
    """Read the data of the form; `id` is the annotation to edit, "" for a new one."""

    def read(conn: sqlite3.Connection) -> FormData:
        note = queries.read_annotation(conn, id) if id else None
        speech = _find_speech(conn, filled.texts["speech"])
        words = find_words(conn, speech, filled) if speech else QuoteMatch(None, "There is no such speech.", [])
        return FormData(
            speech=speech,
            points=guidance.read_points(conn),
            words=words,
            annotation=note,
            last_entry=queries.read_last_entry(conn, id) if id else "",
        )

    return await read_today(datasette, read)


def _find_speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """Read the speech that a reference means; None if it means none or several."""
    found = queries.read_speech(conn, reference) if reference else None
    if found or not reference:
        return found
    ids = {each.speech_id for each in find_references(conn, reference) if each.speech_id}
    return queries.read_speech(conn, ids.pop()) if len(ids) == 1 else None


async def show_form(
    datasette: Datasette,
    request: Request,
    filled: FormFields,
    data: FormData,
    mistakes: Mapping[str, str],
    status: int = 200,
) -> Response:
    """Render the form as filled in; `mistakes` has a sentence for each mistake, by field."""
    speech, captured = data.speech or {}, data.words.captured
    grouped: dict[str, list[Row]] = {}
    for point in data.points.values():
        grouped.setdefault(point["document_title"], []).append(point)
    at = (captured.anchor.start, captured.anchor.end) if captured else (None, None)
    context: Row = {"asked": filled, "texts": filled.texts, "speech": speech, "mistakes": mistakes, "words": data.words}
    context |= {"documents": grouped, "point": data.points.get(filled.texts["point"]), "of": data.annotation}
    context |= {"readings": READINGS, "mark": filled.texts["mark"] or (hash_text(speech) if speech else ""), "at": at}
    context |= {"id": filled.texts["id"] or make_new_id(), "last": data.last_entry, "given": has_words(filled)}
    context |= {"sentences": _list_sentences(speech)}
    context |= {"there": make_choice(speech["text"], at[0], at[1]) if at[0] is not None and at[1] is not None else None}
    who = str((request.actor or {}).get("id"))
    context |= {"first_time": await read_today(datasette, lambda conn: queries.is_newcomer(conn, who))}
    html = await datasette.render_template("annotate/annotate.html", context, request=request)
    return Response.html(html, status=status, headers=dict(NO_STORE))


def _list_sentences(speech: Row) -> list[Choice]:
    """List every sentence of a speech as a Choice."""
    text = speech.get("text", "")
    return [make_choice(text, *place) for place in find_sentences(text)]


async def show_form_again(datasette: Datasette, request: Request, filled: FormFields, data: FormData) -> Response:
    """Show the filled form again, by a redirect to an address if the fields fit into one."""
    values = filled.texts | {"start": filled.start, "end": filled.end}
    given = {key: values[key] for key in FORM_FIELDS if values[key] not in ("", None)}
    address = f"{add_prefix(request.path)}?{urlencode(given)}"
    if len(address) < LONGEST_ADDRESS:
        return Response.redirect(f"{address}#words", status=303, headers=dict(NO_STORE))
    return await show_form(datasette, request, filled, data, {})


def has_words(filled: FormFields) -> bool:
    """Return True if the form gives words or their place."""
    return bool(filled.texts["exact"] or filled.start is not None)


def make_payload(filled: FormFields, words: QuoteMatch) -> dict[str, Any]:
    """Make a journal payload of the form's fields, with target and selector if the words were found."""
    body = {key: filled.texts[key] for key in ("point", "reading", "note")}
    if not words.captured:
        return body
    return {"target": words.captured.target, "selector": make_selector_fields(words.captured.selector), **body}


def find_form_mistakes(filled: FormFields, data: FormData) -> dict[str, str]:
    """Return a sentence for each mistake, by field; a mistake in the words comes first."""
    words = {} if data.words.captured else {"exact": data.words.sentence}
    return {**words, **find_mistakes(filled, data.points)}
