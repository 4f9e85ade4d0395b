"""The page /undo: take back journal entries of your own."""

import asyncio
from typing import Any

from annotations.commands.places import find_places
from web.annotate.queries import onward
from web.http import auth
from web.http.auth import Posted
from web.http.form_text import clean_text
from web.http.pages import Refused
from web.http.site_url import within
from web.http.visibility import blind
from web.undo.undo_rules import undone

MOST = 50  # entries undone together


@auth.writes("annotate")
async def undo(datasette: Any, request: Any, posted: Posted) -> Any:
    """Undo 1 to MOST entries of the visitor together; entries that are undone already stay undone."""
    ids = list(dict.fromkeys(clean_text(posted.fields.get("entry")).split()))
    if not 0 < len(ids) <= MOST:
        raise Refused(400, f"Give the ids of 1 to {MOST} entries of the journal, with spaces between them.")
    plan, entered = await asyncio.to_thread(undone, find_places(datasette), ids, posted.actor["id"], bool(blind()))
    entries, shown = [entry.id for entry in entered.entries], entered.shown
    to = within(posted.fields.get("to")) or (onward(plan.about, entries) if plan.about else "/log")
    return await auth.done(request, {"entries": entries, "shown": shown}, to)
