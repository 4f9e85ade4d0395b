"""/q/<id>/edit: an annotation of one's own, said differently."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl

from annotations.commands import writer as desk
from annotations.commands.concurrency import Meanwhile, unchanged
from annotations.state.model import PLACED, fields_of, selector_of
from db.journal.entries import Draft
from db.rows import Row
from web.annotate import fields as drafts
from web.annotate import form
from web.annotate.fields import Asked
from web.annotate.form import KEPT, Read
from web.annotate.queries import onward
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import Refused

WITHDRAWN = "This annotation was withdrawn: restore it first."
CHANGED = "This annotation was changed or withdrawn since you opened it: read what is there now, then send yours again."
MOVES = ("exact", "start", "end", "take", "place")  # fields that say which words


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /q/<id>/edit."""
    return [(r"^/q/(?P<id>[^/]+)/edit$", edit)]


async def edit(datasette: Any, request: Any) -> Any:
    """The form, filled with the annotation; and what was sent with it is entered."""
    if request.method == "POST":
        return await change(datasette, request)
    if not request.actor:
        return guard.sign_in_first(request.path)
    id = unquote(request.url_vars["id"])
    try:
        note = own(datasette, request.actor, (await form.look(datasette, drafts.asked({}), id)).annotation)
    except Refused as refusal:
        return await guard.refuse(datasette, request, refusal)
    fields = {key: request.args.get(key) for key in (*KEPT, "place") if request.args.get(key) is not None}
    asked = merged(note, fields)
    read = await form.look(datasette, asked, id)
    if note["status"] == "withdrawn":
        return await guard.refuse(datasette, request, Refused(409, WITHDRAWN))
    mistakes = {} if same(note, asked) or read.words.captured else {"exact": read.words.sentence}
    return await form.shown(datasette, request, asked, read, mistakes)


@guard.writes("edit own")
async def change(datasette: Any, request: Any, posted: Posted) -> Any:
    """Change an annotation of one's own; what a program leaves out stays as it is."""
    id = unquote(request.url_vars["id"])
    note = own(datasette, posted.actor, (await form.look(datasette, drafts.asked({}), id)).annotation)
    asked = merged(note, posted.fields)
    read = await form.look(datasette, asked, id)
    if posted.fields.get("look") or posted.fields.get("take"):
        return await form.again(datasette, request, asked, read)
    if mistakes := wrong(note, asked, read):
        return await refused(datasette, request, asked, read, mistakes)
    changes, seen = differing(note, asked, read), asked.texts["seen"]
    if not changes:
        there = {"id": id, "entry": None, "address": onward(id), "shown": True}
        return await guard.done(request, there, onward(id))
    draft, check = Draft(posted.actor["id"], "edit", {"annotation": id, **changes}), seen and unchanged(id, seen)
    try:
        entered = await asyncio.to_thread(desk.enter, desk.places(datasette), [draft], check or None)
    except Meanwhile:
        await asyncio.to_thread(desk.show, desk.places(datasette))
        return await refused(datasette, request, asked, await form.look(datasette, asked, id), {"note": CHANGED})
    entry = entered.entries[0].id
    result = {"id": id, "entry": entry, "address": onward(id), "shown": entered.shown}
    return await guard.done(request, result, onward(id, [entry]))


def wrong(note: Row, asked: Asked, read: Read) -> dict[str, str]:
    """Every mistake by its field; and that the annotation is not any more as its editor saw it."""
    mistakes = drafts.mistakes(asked, read.points) if same(note, asked) else form.wrong(asked, read)
    if note["status"] == "withdrawn":
        return {"note": WITHDRAWN, **mistakes}
    return mistakes if asked.texts["seen"] in ("", read.last) else {"note": CHANGED, **mistakes}


async def refused(datasette: Any, request: Any, asked: Asked, read: Read, mistakes: dict[str, str]) -> Any:
    """The form with all that was filled in, beside the annotation as it is now; to a program, the sentences."""
    late = any(sentence in mistakes.values() for sentence in (CHANGED, WITHDRAWN))
    status = 409 if late or set(mistakes) == {"exact"} else 400
    if guard.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    asked = asked._replace(texts={**asked.texts, "seen": ""}) if late else asked
    return await form.shown(datasette, request, asked, read, mistakes, status)


def own(datasette: Any, actor: Mapping[str, Any], note: Row | None) -> Row:
    """An annotation that somebody may change. Raises Refused."""
    if not note:
        raise Refused(404, "There is no such annotation.")
    if note["origin"] != "journal":
        raise Refused(403, f"This annotation is kept in the file {note['origin']}, and is changed there.")
    if not guard.may(datasette, actor, "edit own", note["actor"]):
        raise Refused(403, "Only who made an annotation may change it. You may reply to it.")
    return note


def merged(note: Row, fields: Mapping[str, Any]) -> Asked:
    """The form as the annotation fills it, and over that what was given."""
    old = {key: note[key] for key in (*PLACED, "reading", "note")}
    if any(fields.get(key) not in (None, "") for key in MOVES):
        old = {key: value for key, value in old.items() if key in ("reading", "note")}
    given = {key: value for key, value in fields.items() if value is not None}
    return drafts.asked({**old, "point": note["point_id"], **given, "speech": note["speech_id"]})


def same(note: Row, asked: Asked) -> bool:
    """Whether the words are those that the annotation has already."""
    place = asked.start is None or (asked.start, asked.end) == (note["start"], note["end"])
    return place and asked.texts["exact"].split() == note["exact"].split()


def differing(note: Row, asked: Asked, read: Read) -> dict[str, Any]:
    """What is to be said differently."""
    stored = {"reading": note["reading"], "note": note["note"], "point": note["point_id"], "target": note["target"]}
    stored |= {"selector": fields_of(selector_of(note))}
    keep = ("selector", "target") if same(note, asked) else ()
    said = form.said(asked, read.words)
    return {key: value for key, value in said.items() if key not in keep and stored[key] != value}
