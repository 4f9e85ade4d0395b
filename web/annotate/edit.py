"""The page /q/<id>/edit: change an annotation of your own."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from annotations.commands import writer
from annotations.commands.conflicts import Meanwhile, unchanged
from annotations.commands.places import find_places
from annotations.state.model import PLACED, fields_of, selector_of
from db.journal.entries import Draft
from db.sqlite import Row
from web.annotate import fields, form
from web.annotate.fields import Asked
from web.annotate.form import KEPT, Read
from web.annotate.queries import onward
from web.http import auth
from web.http.auth import Posted
from web.http.pages import Refused

WITHDRAWN = "This annotation was withdrawn: restore it first."
CHANGED = "This annotation was changed or withdrawn since you opened it: read what is there now, then send yours again."
MOVES = ("exact", "start", "end", "take", "place")  # fields that name the words


async def edit(datasette: Any, request: Any) -> Any:
    """Show the form filled with the annotation; enter the changes where the form is posted."""
    if request.method == "POST":
        return await change(datasette, request)
    if not request.actor:
        return auth.sign_in_first(request.path)
    id = unquote(request.url_vars["id"])
    try:
        note = _check_own(datasette, request.actor, (await form.look(datasette, fields.asked({}), id)).annotation)
    except Refused as refusal:
        return await auth.refuse(datasette, request, refusal)
    given = {key: request.args.get(key) for key in (*KEPT, "place") if request.args.get(key) is not None}
    asked = _merge(note, given)
    read = await form.look(datasette, asked, id)
    if note["status"] == "withdrawn":
        return await auth.refuse(datasette, request, Refused(409, WITHDRAWN))
    mistakes = {} if _has_same_words(note, asked) or read.words.captured else {"exact": read.words.sentence}
    return await form.shown(datasette, request, asked, read, mistakes)


@auth.writes("edit own")
async def change(datasette: Any, request: Any, posted: Posted) -> Any:
    """Enter the changes of an annotation of the visitor; fields that a program leaves out stay as they are."""
    id = unquote(request.url_vars["id"])
    note = _check_own(datasette, posted.actor, (await form.look(datasette, fields.asked({}), id)).annotation)
    asked = _merge(note, posted.fields)
    read = await form.look(datasette, asked, id)
    if posted.fields.get("look") or posted.fields.get("take"):
        return await form.again(datasette, request, asked, read)
    if mistakes := _find_mistakes(note, asked, read):
        return await _refuse(datasette, request, asked, read, mistakes)
    changes, seen = _find_changes(note, asked, read), asked.texts["seen"]
    if not changes:
        there = {"id": id, "entry": None, "address": onward(id), "shown": True}
        return await auth.done(request, there, onward(id))
    draft, check = Draft(posted.actor["id"], "edit", {"annotation": id, **changes}), seen and unchanged(id, seen)
    try:
        entered = await asyncio.to_thread(writer.enter, find_places(datasette), [draft], check or None)
    except Meanwhile:
        await asyncio.to_thread(writer.show, find_places(datasette))
        return await _refuse(datasette, request, asked, await form.look(datasette, asked, id), {"note": CHANGED})
    entry = entered.entries[0].id
    result = {"id": id, "entry": entry, "address": onward(id), "shown": entered.shown}
    return await auth.done(request, result, onward(id, [entry]))


def _find_mistakes(note: Row, asked: Asked, read: Read) -> dict[str, str]:
    """Return a sentence for each mistake, by field; a withdrawal or a change by another counts as one of the note."""
    wrong = fields.mistakes(asked, read.points) if _has_same_words(note, asked) else form.wrong(asked, read)
    if note["status"] == "withdrawn":
        return {"note": WITHDRAWN, **wrong}
    return wrong if asked.texts["seen"] in ("", read.last) else {"note": CHANGED, **wrong}


async def _refuse(datasette: Any, request: Any, asked: Asked, read: Read, mistakes: dict[str, str]) -> Any:
    """Show the form again beside the annotation as it is now, or raise Refused to a program."""
    outdated = any(sentence in mistakes.values() for sentence in (CHANGED, WITHDRAWN))
    status = 409 if outdated or set(mistakes) == {"exact"} else 400
    if auth.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    asked = asked._replace(texts={**asked.texts, "seen": ""}) if outdated else asked
    return await form.shown(datasette, request, asked, read, mistakes, status)


def _check_own(datasette: Any, actor: Mapping[str, Any], note: Row | None) -> Row:
    """Return the annotation if the visitor may change it. Raises Refused: 404 or 403."""
    if not note:
        raise Refused(404, "There is no such annotation.")
    if note["origin"] != "journal":
        raise Refused(403, f"This annotation is kept in the file {note['origin']}, and is changed there.")
    if not auth.may(datasette, actor, "edit own", note["actor"]):
        raise Refused(403, "Only who made an annotation may change it. You may reply to it.")
    return note


def _merge(note: Row, given: Mapping[str, Any]) -> Asked:
    """Fill the form with the annotation, and replace the fields that are given; other words replace its place too."""
    old = {key: note[key] for key in (*PLACED, "reading", "note")}
    if any(given.get(key) not in (None, "") for key in MOVES):
        old = {key: value for key, value in old.items() if key in ("reading", "note")}
    new = {key: value for key, value in given.items() if value is not None}
    return fields.asked({**old, "point": note["point_id"], **new, "speech": note["speech_id"]})


def _has_same_words(note: Row, asked: Asked) -> bool:
    """Return True if the form names the words that the annotation has already."""
    same_place = asked.start is None or (asked.start, asked.end) == (note["start"], note["end"])
    return same_place and asked.texts["exact"].split() == note["exact"].split()


def _find_changes(note: Row, asked: Asked, read: Read) -> dict[str, Any]:
    """Return the fields of the payload in which the form differs from the annotation."""
    stored = {"reading": note["reading"], "note": note["note"], "point": note["point_id"], "target": note["target"]}
    stored |= {"selector": fields_of(selector_of(note))}
    unmoved = ("selector", "target") if _has_same_words(note, asked) else ()
    payload = form.said(asked, read.words)
    return {key: value for key, value in payload.items() if key not in unmoved and stored[key] != value}
