"""/undo: entries of one's own do not count any more."""

import asyncio
from typing import Any

from datasette import hookimpl

from annotations.commands import writer as desk
from web.annotate import fields as drafts
from web.annotate.queries import onward
from web.annotate.undo_rules import undone
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import Refused
from web.http.site_url import within
from web.http.visibility import blind

MOST = 50  # entries undone together


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /undo."""
    return [(r"^/undo$", undo)]


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
