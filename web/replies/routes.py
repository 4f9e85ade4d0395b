"""The pages /q/<id>/reply and /reply/<id>/edit: agree with an annotation or dispute it, and change such a reply."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import unquote

from datasette import Response

from annotations.commands import writer
from annotations.commands.conflicts import Meanwhile, once, unchanged
from annotations.commands.places import find_places
from db.archive.responses import now
from db.journal.entries import Draft
from db.journal.payload_schemas import LONG
from db.sqlite import Row
from db.ulid import NEW, new_id
from web.annotate import queries
from web.annotate.queries import onward
from web.http import auth
from web.http.auth import Posted
from web.http.form_text import clean_text
from web.http.pages import UNKEPT, Refused
from web.http.reading import reading

CHANGED = "This reply was changed or withdrawn since you opened it: read what is there now, then send yours again."
FIELDS = ("stance", "text")
STANCES = ("agrees", "disputes")


def _opens_form(write: Any) -> Callable[[Any], Any]:
    """Decorate a view of a form: `write` takes what is POSTed, and a visitor who may not reply is refused."""

    def guarded(view: Any) -> Any:
        async def route(datasette: Any, request: Any) -> Any:
            if request.method == "POST":
                return await write(datasette, request)
            if not request.actor:
                return auth.sign_in_first(request.full_path)
            try:
                if not auth.may(datasette, request.actor, "reply"):
                    who = request.actor["id"]
                    raise Refused(403, f"{who} may read, not reply: ask whoever runs this site for the role.")
                return await view(datasette, request)
            except Refused as refusal:
                return await auth.refuse(datasette, request, refusal)

        return route

    return guarded


async def _show_form(
    datasette: Any, request: Any, note: Row, filled: Row, mistakes: dict[str, str], status: int = 200
) -> Any:
    """Render the form with what was filled in; `filled["of"]` is the reply to change, if there is one."""
    of = filled.get("of")
    to = f"/reply/{escaped(of['id'], safe='')}/edit" if of else f"{onward(note['id'])}/reply"
    context = {"note": note, "address": onward(note["id"]), "to": to, "of": of, "filled": filled}
    context |= {"mistakes": mistakes, "reply_id": new_id()}
    html = await datasette.render_template("replies/reply.html", context, request=request)
    return Response.html(html, status=status, headers=dict(UNKEPT))


async def _read_note(datasette: Any, id: str) -> Row:
    """Read an annotation that can be answered. Raises Refused: 404, or 409 where it was withdrawn."""
    note = await reading(datasette, lambda conn: queries.annotation(conn, id))
    if not note:
        raise Refused(404, f"There is no annotation {id}.")
    if note["status"] == "withdrawn":
        raise Refused(409, "This annotation was withdrawn: there is nothing to answer.")
    return note


@auth.writes("reply")
async def answer(datasette: Any, request: Any, posted: Posted) -> Any:
    """Enter a reply; the same form sent twice makes one reply."""
    note = await _read_note(datasette, unquote(request.url_vars["id"]))
    filled = {key: clean_text(posted.fields.get(key)).strip() for key in (*FIELDS, "id")}
    if mistakes := _find_mistakes(filled):
        if auth.wants_json(request):
            raise Refused(400, " ".join(mistakes.values()))
        return await _show_form(datasette, request, note, filled, mistakes, 400)
    id, who = filled["id"] if NEW.fullmatch(filled["id"]) else new_id(), posted.actor["id"]
    payload = {"id": id, "annotation": note["id"], "stance": filled["stance"], "text": filled["text"]}
    payload |= {"creator": who, "created": now()}
    entry, seen = await asyncio.to_thread(once, find_places(datasette), Draft(who, "reply", payload))
    result = {"id": id, "entry": entry, "address": onward(id), "shown": seen}
    return await auth.done(request, result, f"{onward(note['id'], [entry])}#{id}", 201)


@_opens_form(answer)
async def reply(datasette: Any, request: Any) -> Any:
    """Show the form for a new reply."""
    note = await _read_note(datasette, unquote(request.url_vars["id"]))
    return await _show_form(datasette, request, note, {key: request.args.get(key) or "" for key in FIELDS}, {})


async def _read_own(datasette: Any, request: Any, actor: Any) -> tuple[Row, Row]:
    """Read a reply that the visitor may change, with `seen` (the id of its last entry), and its annotation.

    Raises Refused: 404, 403 or 409.
    """
    id = unquote(request.url_vars["id"])
    found = await reading(datasette, lambda conn: queries.reply(conn, id))
    if not found:
        raise Refused(404, "There is no such reply.")
    answered, note = found
    if not answered["actor"]:
        raise Refused(403, "This reply is kept in a file, and is changed there.")
    if not auth.may(datasette, actor, "edit own", answered["actor"]):
        raise Refused(403, "Only who made a reply may change it. You may reply too.")
    if answered["status"] == "withdrawn" or note["status"] == "withdrawn":
        raise Refused(409, "This was withdrawn: restore it first.")
    return answered, note


@auth.writes("edit own")
async def change(datasette: Any, request: Any, posted: Posted) -> Any:
    """Enter the changes of a reply of the visitor; fields that a program leaves out stay as they are."""
    of, note = await _read_own(datasette, request, posted.actor)
    fields = {**{key: of[key] for key in FIELDS}, **posted.fields}
    filled = {key: clean_text(fields.get(key)).strip() for key in (*FIELDS, "seen")}
    changes = {key: filled[key] for key in FIELDS if filled[key] != of[key]}
    mistakes = _find_mistakes(filled)
    there = onward(note["id"])
    if not mistakes and not changes:
        return await auth.done(
            request, {"id": of["id"], "entry": None, "address": onward(of["id"]), "shown": True}, there
        )
    if mistakes:
        return await _refuse(datasette, request, posted.actor, filled, mistakes, 400)
    places, check = find_places(datasette), unchanged(of["id"], filled["seen"]) if filled["seen"] else None
    draft = Draft(posted.actor["id"], "edit", {"reply": of["id"], **changes})
    try:
        entered = await asyncio.to_thread(writer.enter, places, [draft], check)
    except Meanwhile:
        await asyncio.to_thread(writer.show, places)
        return await _refuse(datasette, request, posted.actor, filled, {"text": CHANGED}, 409)
    entry = entered.entries[0].id
    result = {"id": of["id"], "entry": entry, "address": onward(of["id"]), "shown": entered.shown}
    return await auth.done(request, result, f"{onward(note['id'], [entry])}#{of['id']}")


async def _refuse(datasette: Any, request: Any, actor: Any, filled: Row, mistakes: dict[str, str], status: int) -> Any:
    """Show the form again beside the reply as it is now, or raise Refused to a program."""
    if auth.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    of, note = await _read_own(datasette, request, actor)
    return await _show_form(datasette, request, note, {**filled, "of": of}, mistakes, status)


@_opens_form(change)
async def edit(datasette: Any, request: Any) -> Any:
    """Show the form filled with the reply."""
    of, note = await _read_own(datasette, request, request.actor)
    return await _show_form(datasette, request, note, {**of, "of": of}, {})


def _find_mistakes(filled: Mapping[str, str]) -> dict[str, str]:
    """Check the stance and the text of a reply; return a sentence for each mistake, by field."""
    found = {}
    if filled["stance"] not in STANCES:
        found["stance"] = "Choose whether you agree or dispute."
    if not filled["text"]:
        found["text"] = "Say why: a reply has words."
    if len(filled["text"]) > LONG:
        found["text"] = f"The reply has {len(filled['text']):,} characters; {LONG:,} is the most. Shorten it."
    return found
