"""/q/<id>/withdraw and /restore; the same of a reply, below /reply/, and of the moment of a video, below /moment/."""

import asyncio
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl

from annotations.commands import writer as desk
from db.journal.entries import Draft
from db.journal.payload_schemas import LONG
from web.annotate import fields as drafts
from web.annotate import withdraw_queries as settling
from web.http import auth as guard
from web.http.auth import Posted
from web.http.moderation import allowed
from web.http.pages import Refused, reading


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer below the address of each thing that people enter."""
    return [(r"^/(?P<of>q|reply|moment)/(?P<id>[^/]+)/(?P<what>withdraw|restore)$", settle)]


@guard.writes("withdraw own")
async def settle(datasette: Any, request: Any, posted: Posted) -> Any:
    """Let something go, or bring it back; what is so already stays so."""
    of, id, what = request.url_vars["of"], unquote(request.url_vars["id"]), request.url_vars["what"]
    one = await reading(datasette, lambda conn: settling.held(conn, of, id))
    named = settling.THINGS[of][1]
    if not one:
        raise Refused(404, f"There is no such {named} here.")
    reason = drafts.text(posted.fields.get("reason")).strip()
    if not isinstance(posted.fields.get("reason"), str | None):
        raise Refused(400, "Send text as the reason.")
    if len(reason) > LONG:
        raise Refused(400, f"The reason has {len(reason):,} characters; {LONG:,} is the most.")
    allowed(datasette, posted.actor, what, one["actor"], reason, one["withdrawn_by"])
    if one["status"] == ("withdrawn" if what == "withdraw" else "active"):
        there = settling.page_of(of, one)
        return await guard.done(request, {"id": id, "entry": None, "address": there, "shown": True}, there)
    draft = Draft(posted.actor["id"], what, {named: id, **({"reason": reason} if reason else {})})
    entered = await asyncio.to_thread(desk.enter, desk.places(datasette), [draft])
    there, entry = settling.page_of(of, one, entered.entries[0].id), entered.entries[0].id
    result = {"id": id, "entry": entry, "address": there, "shown": entered.shown}
    return await guard.done(request, result, there)
