"""/q/<id>/reply: agree with an annotation, or dispute it; /reply/<id>/edit: a reply of one's own, said differently."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import unquote

from datasette import Response, hookimpl

from annotations.commands import writer as desk
from annotations.commands.conflicts import Meanwhile, once, unchanged
from annotations.commands.places import find_places
from db.archive.responses import now
from db.journal.entries import Draft
from db.rows import Row
from db.ulid import NEW, new_id
from web.annotate import fields as drafts
from web.annotate import queries as annotating
from web.annotate.queries import onward
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import UNKEPT, Refused
from web.http.reading import reading

CHANGED = "This reply was changed or withdrawn since you opened it: read what is there now, then send yours again."
SAID = ("stance", "text")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer below the page of an annotation, and below that of a reply."""
    return [(r"^/q/(?P<id>[^/]+)/reply$", reply), (r"^/reply/(?P<id>[^/]+)/edit$", edit)]


def asks(writing: Any) -> Callable[[Any], Any]:
    """Make a route whose form is for those who are signed in and may reply; what is POSTed is for `writing`."""

    def asking(view: Any) -> Any:
        async def route(datasette: Any, request: Any) -> Any:
            if request.method == "POST":
                return await writing(datasette, request)
            if not request.actor:
                return guard.sign_in_first(request.full_path)
            try:
                if not guard.may(datasette, request.actor, "reply"):
                    who = request.actor["id"]
                    raise Refused(403, f"{who} may read, not reply: ask whoever runs this site for the role.")
                return await view(datasette, request)
            except Refused as refusal:
                return await guard.refuse(datasette, request, refusal)

        return route

    return asking


async def shown(
    datasette: Any, request: Any, note: Row, filled: Row, mistakes: dict[str, str], status: int = 200
) -> Any:
    """The form, with everything kept: for a new reply, or for the one in `filled` under `of`."""
    of = filled.get("of")
    to = f"/reply/{escaped(of['id'], safe='')}/edit" if of else f"{onward(note['id'])}/reply"
    context = {"note": note, "address": onward(note["id"]), "to": to, "of": of, "filled": filled}
    context |= {"mistakes": mistakes, "reply_id": new_id()}
    html = await datasette.render_template("replies/reply.html", context, request=request)
    return Response.html(html, status=status, headers=dict(UNKEPT))


async def known(datasette: Any, id: str) -> Row:
    """An annotation that can be answered. Raises Refused."""
    note = await reading(datasette, lambda conn: annotating.annotation(conn, id))
    if not note:
        raise Refused(404, f"There is no annotation {id}.")
    if note["status"] == "withdrawn":
        raise Refused(409, "This annotation was withdrawn: there is nothing to answer.")
    return note


@guard.writes("reply")
async def answer(datasette: Any, request: Any, posted: Posted) -> Any:
    """Answer an annotation; the same form twice makes one reply."""
    note = await known(datasette, unquote(request.url_vars["id"]))
    filled = {key: drafts.text(posted.fields.get(key)).strip() for key in (*SAID, "id")}
    if mistakes := drafts.answer_mistakes(filled):
        if guard.wants_json(request):
            raise Refused(400, " ".join(mistakes.values()))
        return await shown(datasette, request, note, filled, mistakes, 400)
    id, who = filled["id"] if NEW.fullmatch(filled["id"]) else new_id(), posted.actor["id"]
    made = {"creator": who, "created": now()}
    payload = {"id": id, "annotation": note["id"], "stance": filled["stance"], "text": filled["text"], **made}
    entry, seen = await asyncio.to_thread(once, find_places(datasette), Draft(who, "reply", payload))
    result = {"id": id, "entry": entry, "address": onward(id), "shown": seen}
    return await guard.done(request, result, f"{onward(note['id'], [entry])}#{id}", 201)


@asks(answer)
async def reply(datasette: Any, request: Any) -> Any:
    """The form to reply with."""
    note = await known(datasette, unquote(request.url_vars["id"]))
    return await shown(datasette, request, note, {key: request.args.get(key) or "" for key in SAID}, {})


async def own(datasette: Any, request: Any, actor: Any) -> tuple[Row, Row]:
    """A reply that somebody may change, with `seen` (its last entry), and its annotation. Raises Refused."""
    id = unquote(request.url_vars["id"])
    found = await reading(datasette, lambda conn: annotating.reply(conn, id))
    if not found:
        raise Refused(404, "There is no such reply.")
    answered, note = found
    if not answered["actor"]:
        raise Refused(403, "This reply is kept in a file, and is changed there.")
    if not guard.may(datasette, actor, "edit own", answered["actor"]):
        raise Refused(403, "Only who made a reply may change it. You may reply too.")
    if answered["status"] == "withdrawn" or note["status"] == "withdrawn":
        raise Refused(409, "This was withdrawn: restore it first.")
    return answered, note


@guard.writes("edit own")
async def change(datasette: Any, request: Any, posted: Posted) -> Any:
    """Change a reply of one's own; what a program leaves out stays as it is."""
    of, note = await own(datasette, request, posted.actor)
    fields = {**{key: of[key] for key in SAID}, **posted.fields}
    filled = {key: drafts.text(fields.get(key)).strip() for key in (*SAID, "seen")}
    changes = {key: filled[key] for key in SAID if filled[key] != of[key]}
    mistakes = drafts.answer_mistakes(filled)
    there = onward(note["id"])
    if not mistakes and not changes:
        return await guard.done(
            request, {"id": of["id"], "entry": None, "address": onward(of["id"]), "shown": True}, there
        )
    if mistakes:
        return await refused(datasette, request, posted.actor, filled, mistakes, 400)
    places, check = find_places(datasette), unchanged(of["id"], filled["seen"]) if filled["seen"] else None
    draft = Draft(posted.actor["id"], "edit", {"reply": of["id"], **changes})
    try:
        entered = await asyncio.to_thread(desk.enter, places, [draft], check)
    except Meanwhile:
        await asyncio.to_thread(desk.show, places)
        return await refused(datasette, request, posted.actor, filled, {"text": CHANGED}, 409)
    entry = entered.entries[0].id
    result = {"id": of["id"], "entry": entry, "address": onward(of["id"]), "shown": entered.shown}
    return await guard.done(request, result, f"{onward(note['id'], [entry])}#{of['id']}")


async def refused(datasette: Any, request: Any, actor: Any, filled: Row, mistakes: dict[str, str], status: int) -> Any:
    """The form with all that was filled in, beside the reply as it is now; to a program, the sentences."""
    if guard.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    of, note = await own(datasette, request, actor)
    return await shown(datasette, request, note, {**filled, "of": of}, mistakes, status)


@asks(change)
async def edit(datasette: Any, request: Any) -> Any:
    """The form, filled with the reply."""
    of, note = await own(datasette, request, request.actor)
    return await shown(datasette, request, note, {**of, "of": of}, {})
