"""The page /q/<id>/edit: change an annotation of your own."""

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.edit_conflicts import ConflictError, make_unchanged_check
from annotations.state.model import SELECTOR_FIELDS, make_selector_fields, read_selector
from db.journal.entries import EntryDraft
from db.sqlite import Row
from web.annotate.fields import FormFields, find_mistakes, read_form_fields
from web.annotate.form import (
    FORM_FIELDS,
    FormData,
    find_form_mistakes,
    make_payload,
    read_form,
    show_form,
    show_form_again,
)
from web.annotate.queries import build_note_address
from web.http.auth import CheckedRequest, accept_writes, answer_done, answer_refusal, may_act, redirect_to_sign_in
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import wants_json
from web.http.pages import RequestRefused
from web.http.until_loaded import wait_until_loaded
from web.urls import add_prefix

WITHDRAWN = "This note was withdrawn. Restore it first."
CHANGED = "This note was changed or withdrawn since you opened it. Read it as it is now, then save yours again."
WORD_FIELDS = ("exact", "start", "end", "take", "place")  # fields that name the words


@wait_until_loaded
async def edit_annotation(datasette: Datasette, request: Request) -> Response:
    """Show the form filled with the annotation; enter the changes if the form is posted."""
    if request.method == "POST":
        return await enter_change(datasette, request)
    if not request.actor:
        return redirect_to_sign_in(add_prefix(request.path))
    id = unquote(request.url_vars["id"])
    try:
        note = _check_own(datasette, request.actor, (await read_form(datasette, read_form_fields({}), id)).annotation)
    except RequestRefused as refusal:
        return await answer_refusal(datasette, request, refusal)
    given = {key: request.args.get(key) for key in (*FORM_FIELDS, "place") if request.args.get(key) is not None}
    filled = _merge_fields(note, given)
    data = await read_form(datasette, filled, id)
    if note["status"] == "withdrawn":
        return await answer_refusal(datasette, request, RequestRefused(409, WITHDRAWN))
    mistakes = {} if _has_same_words(note, filled) or data.words.captured else {"exact": data.words.sentence}
    return await show_form(datasette, request, filled, data, mistakes)


@accept_writes("edit own")
async def enter_change(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter the changes of an annotation of the visitor; fields that a program leaves out stay as they are."""
    id = unquote(request.url_vars["id"])
    note = _check_own(datasette, posted.actor, (await read_form(datasette, read_form_fields({}), id)).annotation)
    filled = _merge_fields(note, posted.fields)
    data = await read_form(datasette, filled, id)
    if posted.fields.get("look") or posted.fields.get("take"):
        return await show_form_again(datasette, request, filled, data)
    if mistakes := _find_mistakes(note, filled, data):
        return await _refuse(datasette, request, filled, data, mistakes)
    changes, seen = _find_changes(note, filled, data), filled.texts["seen"]
    if not changes:
        there = {"id": id, "entry": None, "address": build_note_address(id), "shown": True}
        return await answer_done(request, there, build_note_address(id))
    draft, check = (
        EntryDraft(posted.actor["id"], "edit", {"annotation": id, **changes}),
        seen and make_unchanged_check(id, seen),
    )
    try:
        entered = await asyncio.to_thread(writer.enter_drafts, find_archive_paths(datasette), [draft], check or None)
    except ConflictError:
        await asyncio.to_thread(writer.refresh_statements, find_archive_paths(datasette))
        return await _refuse(datasette, request, filled, await read_form(datasette, filled, id), {"note": CHANGED})
    entry = entered.entries[0].id
    result = {"id": id, "entry": entry, "address": build_note_address(id), "shown": entered.shown}
    return await answer_done(request, result, build_note_address(id, [entry]))


def _find_mistakes(note: Row, filled: FormFields, data: FormData) -> dict[str, str]:
    """Return a sentence for each mistake, by field; a concurrent change or withdrawal counts as a mistake of `note`."""
    wrong = find_mistakes(filled, data.points) if _has_same_words(note, filled) else find_form_mistakes(filled, data)
    if note["status"] == "withdrawn":
        return {"note": WITHDRAWN, **wrong}
    return wrong if filled.texts["seen"] in ("", data.last_entry) else {"note": CHANGED, **wrong}


async def _refuse(
    datasette: Datasette, request: Request, filled: FormFields, data: FormData, mistakes: dict[str, str]
) -> Response:
    """Show the form again beside the current annotation, or raise RequestRefused for a program."""
    outdated = any(sentence in mistakes.values() for sentence in (CHANGED, WITHDRAWN))
    status = 409 if outdated or set(mistakes) == {"exact"} else 400
    if wants_json(request):
        raise RequestRefused(status, " ".join(mistakes.values()))
    filled = filled._replace(texts={**filled.texts, "seen": ""}) if outdated else filled
    return await show_form(datasette, request, filled, data, mistakes, status)


def _check_own(datasette: Datasette, actor: Mapping[str, object], note: Row | None) -> Row:
    """Return the annotation if the visitor may change it. Raises RequestRefused: 404 or 403."""
    if not note:
        raise RequestRefused(404, "There is no such note.")
    if note["origin"] != "journal":
        raise RequestRefused(403, f"This note is kept in the file {note['origin']}. Edit it there.")
    if not may_act(datasette, actor, "edit own", note["actor"]):
        raise RequestRefused(403, "Only its author can edit a note. You can reply to it.")
    return note


def _merge_fields(note: Row, given: Mapping[str, object]) -> FormFields:
    """Fill the form with the annotation and the given fields; given words also replace the annotation's place."""
    old = {key: note[key] for key in (*SELECTOR_FIELDS, "reading", "note")}
    if any(given.get(key) not in (None, "") for key in WORD_FIELDS):
        old = {key: value for key, value in old.items() if key in ("reading", "note")}
    new = {key: value for key, value in given.items() if value is not None}
    return read_form_fields({**old, "point": note["point_id"], **new, "speech": note["speech_id"]})


def _has_same_words(note: Row, filled: FormFields) -> bool:
    """Return True if the form has the same words, in the same place, as the annotation."""
    same_place = filled.start is None or (filled.start, filled.end) == (note["start"], note["end"])
    return same_place and filled.texts["exact"].split() == note["exact"].split()


def _find_changes(note: Row, filled: FormFields, data: FormData) -> dict[str, object]:
    """Return the payload fields in which the form differs from the annotation."""
    stored = {"reading": note["reading"], "note": note["note"], "point": note["point_id"], "target": note["target"]}
    stored |= {"selector": make_selector_fields(read_selector(note))}
    unmoved = ("selector", "target") if _has_same_words(note, filled) else ()
    payload = make_payload(filled, data.words)
    return {key: value for key, value in payload.items() if key not in unmoved and stored[key] != value}
