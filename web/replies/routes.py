"""The pages /q/<id>/reply and /reply/<id>/edit: reply to an annotation, and change a reply."""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.edit_conflicts import ConflictError, make_unchanged_check
from annotations.commands.forms_sent_twice import enter_once
from db.archive.responses import format_now
from db.journal.entries import NEW_ID_PATTERN, EntryDraft, make_new_id
from db.sqlite import Row
from db.toml.field_checks import MAX_LENGTH
from web.annotate.queries import build_note_address, is_newcomer, read_annotation, read_reply
from web.http.auth import (
    CheckedRequest,
    accept_writes,
    answer_done,
    answer_refusal,
    clean_text,
    may_act,
    redirect_to_sign_in,
)
from web.http.datasette_types import Actor, Datasette, Request, Response, View
from web.http.error_forms import wants_json
from web.http.pages import NO_STORE, RequestRefused
from web.http.reading import read_today
from web.http.until_loaded import wait_until_loaded
from web.urls import add_prefix, url_for

CHANGED = "This reply was changed or withdrawn since you opened it. Read it as it is now, then save yours again."
FIELDS = ("stance", "text")
STANCES = ("agrees", "disputes")


def _guard_form(write: View) -> Callable[[View], View]:
    """Make a decorator for a form's view: POST goes to `write`, and visitors who may not reply are refused."""

    def decorate(view: View) -> View:
        async def route(datasette: Datasette, request: Request) -> Response:
            if request.method == "POST":
                return await write(datasette, request)
            if not request.actor:
                return redirect_to_sign_in(add_prefix(request.full_path))
            try:
                if not may_act(datasette, request.actor, "reply"):
                    who = request.actor["id"]
                    raise RequestRefused(
                        403, f"{who} may read but not reply. Ask whoever runs this site for the role of annotator."
                    )
                return await view(datasette, request)
            except RequestRefused as refusal:
                return await answer_refusal(datasette, request, refusal)

        return route

    return decorate


async def _show_form(
    datasette: Datasette, request: Request, note: Row, filled: Row, mistakes: dict[str, str], status: int = 200
) -> Response:
    """Render the form with what was filled in; `filled["of"]` is the reply to change, if there is one."""
    of = filled.get("of")
    to = url_for("edit_reply", id=of["id"]) if of else url_for("reply", id=note["id"])
    context = {"note": note, "address": build_note_address(note["id"]), "to": to, "of": of, "filled": filled}
    context |= {"mistakes": mistakes, "reply_id": make_new_id()}
    who = str((request.actor or {}).get("id"))
    context |= {"first_time": await read_today(datasette, lambda conn: is_newcomer(conn, who))}
    html = await datasette.render_template("replies/reply.html", context, request=request)
    return Response.html(html, status=status, headers=dict(NO_STORE))


async def _read_note(datasette: Datasette, id: str) -> Row:
    """Read an annotation to reply to. Raises RequestRefused: 404, or 409 if it was withdrawn."""
    note = await read_today(datasette, lambda conn: read_annotation(conn, id))
    if not note:
        raise RequestRefused(404, f"There is no note {id}.")
    if note["status"] == "withdrawn":
        raise RequestRefused(409, "This note was withdrawn, so it cannot be replied to.")
    return note


@accept_writes("reply")
async def enter_reply(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter a reply; sending the same form twice makes one reply."""
    note = await _read_note(datasette, unquote(request.url_vars["id"]))
    filled = {key: clean_text(posted.fields.get(key)).strip() for key in (*FIELDS, "id")}
    if mistakes := _find_mistakes(filled):
        if wants_json(request):
            raise RequestRefused(400, " ".join(mistakes.values()))
        return await _show_form(datasette, request, note, filled, mistakes, 400)
    id, who = filled["id"] if NEW_ID_PATTERN.fullmatch(filled["id"]) else make_new_id(), posted.actor["id"]
    payload = {"id": id, "annotation": note["id"], "stance": filled["stance"], "text": filled["text"]}
    payload |= {"creator": who, "created": format_now()}
    entry, seen = await asyncio.to_thread(enter_once, find_archive_paths(datasette), EntryDraft(who, "reply", payload))
    result = {"id": id, "entry": entry, "address": build_note_address(id), "shown": seen}
    return await answer_done(request, result, f"{build_note_address(note['id'], [entry])}#{id}", 201)


@wait_until_loaded
@_guard_form(enter_reply)
async def show_reply_form(datasette: Datasette, request: Request) -> Response:
    """Show the form for a new reply."""
    note = await _read_note(datasette, unquote(request.url_vars["id"]))
    return await _show_form(datasette, request, note, {key: request.args.get(key) or "" for key in FIELDS}, {})


async def _read_own(datasette: Datasette, request: Request, actor: Actor | None) -> tuple[Row, Row]:
    """Read a reply that the visitor may change, with `seen` (the id of its last entry), and its annotation.

    Raises RequestRefused: 404, 403 or 409.
    """
    id = unquote(request.url_vars["id"])
    found = await read_today(datasette, lambda conn: read_reply(conn, id))
    if not found:
        raise RequestRefused(404, "There is no such reply.")
    answered, note = found
    if not answered["actor"]:
        raise RequestRefused(403, "This reply is kept in a file. Edit it there.")
    if not may_act(datasette, actor, "edit own", answered["actor"]):
        raise RequestRefused(403, "Only its author can edit a reply. You can reply too.")
    if answered["status"] == "withdrawn" or note["status"] == "withdrawn":
        raise RequestRefused(409, "This was withdrawn. Restore it first.")
    return answered, note


@accept_writes("edit own")
async def enter_change(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter the changes of a reply of the visitor; fields that a program leaves out stay as they are."""
    of, note = await _read_own(datasette, request, posted.actor)
    fields = {**{key: of[key] for key in FIELDS}, **posted.fields}
    filled = {key: clean_text(fields.get(key)).strip() for key in (*FIELDS, "seen")}
    changes = {key: filled[key] for key in FIELDS if filled[key] != of[key]}
    mistakes = _find_mistakes(filled)
    there = build_note_address(note["id"])
    if not mistakes and not changes:
        return await answer_done(
            request, {"id": of["id"], "entry": None, "address": build_note_address(of["id"]), "shown": True}, there
        )
    if mistakes:
        return await _refuse(datasette, request, posted.actor, filled, mistakes, 400)
    places, check = (
        find_archive_paths(datasette),
        make_unchanged_check(of["id"], filled["seen"]) if filled["seen"] else None,
    )
    draft = EntryDraft(posted.actor["id"], "edit", {"reply": of["id"], **changes})
    try:
        entered = await asyncio.to_thread(writer.enter_drafts, places, [draft], check)
    except ConflictError:
        await asyncio.to_thread(writer.refresh_statements, places)
        return await _refuse(datasette, request, posted.actor, filled, {"text": CHANGED}, 409)
    entry = entered.entries[0].id
    result = {"id": of["id"], "entry": entry, "address": build_note_address(of["id"]), "shown": entered.shown}
    return await answer_done(request, result, f"{build_note_address(note['id'], [entry])}#{of['id']}")


async def _refuse(
    datasette: Datasette, request: Request, actor: Actor, filled: Row, mistakes: dict[str, str], status: int
) -> Response:
    """Show the form again beside the current reply, or raise RequestRefused for a program."""
    if wants_json(request):
        raise RequestRefused(status, " ".join(mistakes.values()))
    of, note = await _read_own(datasette, request, actor)
    return await _show_form(datasette, request, note, {**filled, "of": of}, mistakes, status)


@wait_until_loaded
@_guard_form(enter_change)
async def show_edit_form(datasette: Datasette, request: Request) -> Response:
    """Show the form filled with the reply."""
    of, note = await _read_own(datasette, request, request.actor)
    return await _show_form(datasette, request, note, {**of, "of": of}, {})


def _find_mistakes(filled: Mapping[str, str]) -> dict[str, str]:
    """Check the stance and the text of a reply; return a sentence for each mistake, by field."""
    found = {}
    if filled["stance"] not in STANCES:
        found["stance"] = "Choose whether you agree with the reading or dispute it."
    if not filled["text"]:
        found["text"] = "Write your reply."
    if len(filled["text"]) > MAX_LENGTH:
        found["text"] = f"The reply has {len(filled['text']):,} characters; {MAX_LENGTH:,} is the most. Shorten it."
    return found
