"""/undo, and what is done with an annotation on its own page: withdraw, restore, reply."""

import asyncio
from typing import Any
from urllib.parse import unquote

from datasette import Response, hookimpl

from accounts import guard
from accounts.guard import Posted
from annotations import desk, drafts, sent
from annotations.undoing import undone
from db import annotating
from db.annotating import onward
from db.archive import now
from db.journal import Draft
from db.pages import UNKEPT, Refused, reading
from db.payloads import LONG
from db.rows import Row
from db.site import within
from db.ulid import NEW, new_id
from db.unseen import blind

MOST = 50  # entries undone together


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /undo and below the page of an annotation."""
    routes = {"withdraw": withdraw, "restore": restore, "reply": reply}
    return [(r"^/undo$", undo), *((rf"^/q/(?P<id>[^/]+)/{name}$", route) for name, route in routes.items())]


@guard.writes("annotate")
async def undo(datasette: Any, request: Any, posted: Posted) -> Any:
    """Undo entries of one's own, together; those undone already stay so."""
    ids = list(dict.fromkeys(drafts.text(posted.fields.get("entry")).split()))
    if not 0 < len(ids) <= MOST:
        raise Refused(400, f"Give the ids of 1 to {MOST} entries of the journal, with spaces between them.")
    found, entered = await asyncio.to_thread(undone, desk.places(datasette), ids, posted.actor["id"], bool(blind()))
    entries, shown = [entry.id for entry in entered.entries], entered.shown
    to = within(posted.fields.get("to")) or (onward(found.about, entries) if found.about else "/log")
    return await guard.done(request, {"entries": entries, "shown": shown}, to)


@guard.writes("reply")
async def withdraw(datasette: Any, request: Any, posted: Posted) -> Any:
    """Let an annotation go."""
    return await decide(datasette, request, posted, "withdraw")


@guard.writes("reply")
async def restore(datasette: Any, request: Any, posted: Posted) -> Any:
    """Take a withdrawal back."""
    return await decide(datasette, request, posted, "restore")


async def decide(datasette: Any, request: Any, posted: Posted, what: str) -> Any:
    """Withdraw or restore: one's own, or with a reason another's, where one may moderate."""
    id, reason = unquote(request.url_vars["id"]), drafts.text(posted.fields.get("reason")).strip()
    note, history = await known(datasette, id)
    other = annotating.withdrawn_by(history) if what == "restore" else ""
    actor = posted.actor["id"]
    own = guard.may(datasette, posted.actor, "withdraw own", note["actor"]) and other in ("", actor)
    if not own and not guard.may(datasette, posted.actor, "moderate"):
        raise Refused(403, f"Only who made it, or a reviewer, may {what} an annotation. You may reply to it.")
    if not own and not reason:
        raise Refused(400, f"Say why you {what} what another wrote: the reason is logged for all to read.")
    if len(reason) > LONG:
        raise Refused(400, f"The reason has {len(reason):,} characters; {LONG:,} is the most.")
    if note["status"] == ("withdrawn" if what == "withdraw" else "active"):
        return await guard.done(request, {"id": id, "entry": None, "address": onward(id)}, onward(id))
    draft = Draft(actor, what, {"annotation": id, **({"reason": reason} if reason else {})})
    entered = await asyncio.to_thread(desk.enter, desk.places(datasette), [draft])
    entry = entered.entries[0].id
    result = {"id": id, "entry": entry, "address": onward(id), "shown": entered.shown}
    return await guard.done(request, result, onward(id, [entry]))


async def known(datasette: Any, id: str) -> tuple[Row, list[Row]]:
    """An annotation with its history. Raises Refused."""
    read = await reading(datasette, lambda conn: (annotating.annotation(conn, id), annotating.history(conn, id)))
    if not read[0]:
        raise Refused(404, f"There is no annotation {id}.")
    return read[0], read[1]


async def reply(datasette: Any, request: Any) -> Any:
    """The form to reply with; and what was sent with it is entered."""
    if request.method == "POST":
        return await answer(datasette, request)
    if not request.actor:
        return guard.sign_in_first(request.full_path)
    try:
        if not guard.may(datasette, request.actor, "reply"):
            raise Refused(403, f"{request.actor['id']} may read, not reply: ask whoever runs this site for the role.")
        note, _ = await known(datasette, unquote(request.url_vars["id"]))
    except Refused as refusal:
        return await guard.refuse(datasette, request, refusal)
    return await form(datasette, request, note, {key: request.args.get(key) or "" for key in ("stance", "text")}, {})


async def form(
    datasette: Any, request: Any, note: Row, filled: dict[str, str], mistakes: dict[str, str], status: int = 200
) -> Any:
    """The form to reply with, with everything kept."""
    context = {
        "note": note,
        "address": onward(note["id"]),
        "filled": filled,
        "mistakes": mistakes,
        "reply_id": new_id(),
    }
    html = await datasette.render_template("reply.html", context, request=request)
    return Response.html(html, status=status, headers=dict(UNKEPT))


@guard.writes("reply")
async def answer(datasette: Any, request: Any, posted: Posted) -> Any:
    """Answer an annotation; the same form twice makes one reply."""
    note, _ = await known(datasette, unquote(request.url_vars["id"]))
    filled = {key: drafts.text(posted.fields.get(key)).strip() for key in ("stance", "text", "id")}
    if note["status"] == "withdrawn":
        raise Refused(409, "This annotation was withdrawn: there is nothing to answer.")
    if mistakes := drafts.answer_mistakes(filled):
        if guard.wants_json(request):
            raise Refused(400, " ".join(mistakes.values()))
        return await form(datasette, request, note, filled, mistakes, 400)
    id, who = filled["id"] if NEW.fullmatch(filled["id"]) else new_id(), posted.actor["id"]
    made = {"creator": who, "created": now()}
    payload = {"id": id, "annotation": note["id"], "stance": filled["stance"], "text": filled["text"], **made}
    entry, shown = await asyncio.to_thread(sent.once, desk.places(datasette), Draft(who, "reply", payload))
    result = {"id": id, "entry": entry, "address": onward(id), "shown": shown}
    return await guard.done(request, result, f"{onward(note['id'], [entry])}#{id}", 201)
