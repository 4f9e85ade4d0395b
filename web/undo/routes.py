"""The page /undo: take back journal entries of your own."""

import asyncio

from annotations.commands.archive_paths import find_archive_paths
from web.annotate.queries import build_note_address
from web.http.auth import CheckedRequest, accept_writes, answer_done, clean_text
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import RequestRefused
from web.http.site_url import check_local_address
from web.http.visibility import find_open_passes
from web.undo.undo_rules import undo_once
from web.urls import url_for

MOST_ENTRIES = 300  # entries undone together: those of a batch of review, and more


@accept_writes("annotate")
async def undo_entries(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Undo 1 to MOST_ENTRIES entries of the visitor together; entries that are undone already stay undone."""
    ids = list(dict.fromkeys(clean_text(posted.fields.get("entry")).split()))
    if not 0 < len(ids) <= MOST_ENTRIES:
        raise RequestRefused(
            400, f"Give the ids of 1 to {MOST_ENTRIES} entries of the journal, with spaces between them."
        )
    plan, entered = await asyncio.to_thread(
        undo_once, find_archive_paths(datasette), ids, posted.actor["id"], bool(find_open_passes())
    )
    entries, shown = [entry.id for entry in entered.entries], entered.shown
    to = check_local_address(posted.fields.get("to")) or (
        build_note_address(plan.about, entries) if plan.about else url_for("log")
    )
    return await answer_done(request, {"entries": entries, "shown": shown}, to)
