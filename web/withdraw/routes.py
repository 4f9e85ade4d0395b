"""/withdraw and /restore below the address of an annotation (/q), a reply (/reply) and a moment (/moment)."""

import asyncio
import sqlite3
from urllib.parse import quote as escaped
from urllib.parse import unquote

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from db.journal.entries import EntryDraft
from db.sqlite import Row, read_first_row
from db.toml.field_checks import MAX_LENGTH
from web.annotate.queries import build_note_address
from web.http.auth import CheckedRequest, accept_writes, answer_done, check_moderation, clean_text
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import RequestRefused
from web.http.reading import read_today
from web.http.until_loaded import wait_until_loaded
from web.urls import url_for

# by the first part of the address: table, field of a journal entry, and column of the history
THINGS = {
    "q": ("annotations", "annotation", "iif(h.reply_id IS NULL AND h.moment_id IS NULL, h.annotation_id, NULL)"),
    "reply": ("replies", "reply", "h.reply_id"),
    "moment": ("moments", "moment", "h.moment_id"),
}
LAST_WITHDRAWAL = "h.kind = 'withdraw' AND NOT h.undone AND h.problem = '' ORDER BY h.id DESC LIMIT 1"


@wait_until_loaded
@accept_writes("withdraw own")
async def withdraw_or_restore(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Withdraw or restore an annotation, a reply or a moment; enter nothing if it has that status already."""
    of, id, what = request.url_vars["of"], unquote(request.url_vars["id"]), request.url_vars["what"]
    one = await read_today(datasette, lambda conn: _read_thing(conn, of, id))
    thing = THINGS[of][1]
    if not one:
        raise RequestRefused(404, f"There is no such {thing} here.")
    reason = _read_reason(posted.fields.get("reason"))
    check_moderation(datasette, posted.actor, what, one["actor"], reason, one["withdrawn_by"])
    if one["status"] == ("withdrawn" if what == "withdraw" else "active"):
        there = _build_page_address(of, one)
        return await answer_done(request, {"id": id, "entry": None, "address": there, "shown": True}, there)
    draft = EntryDraft(posted.actor["id"], what, {thing: id, **({"reason": reason} if reason else {})})
    entered = await asyncio.to_thread(writer.enter_drafts, find_archive_paths(datasette), [draft])
    entry = entered.entries[0].id
    there = _build_page_address(of, one, entry)
    return await answer_done(request, {"id": id, "entry": entry, "address": there, "shown": entered.shown}, there)


def _read_reason(given: object) -> str:
    """Read the reason from a field of the form. Raises RequestRefused if it is too long or not text."""
    reason = clean_text(given).strip()
    if not isinstance(given, str | None):
        raise RequestRefused(400, "Send text as the reason.")
    if len(reason) > MAX_LENGTH:
        raise RequestRefused(400, f"The reason has {len(reason):,} characters; {MAX_LENGTH:,} is the most.")
    return reason


def _read_thing(conn: sqlite3.Connection, of: str, id: str) -> Row | None:
    """Read one of the THINGS with `withdrawn_by`, who withdrew it last (or None); None if there is none.

    The query of `withdrawn_by` bypasses the views of blind mode, since it decides who may restore; it is not shown.
    """
    table, _, column = THINGS[of]
    by = f"(SELECT h.actor FROM main.annotation_history h WHERE {column} = t.id AND {LAST_WITHDRAWAL}) AS withdrawn_by"
    return read_first_row(conn, f"SELECT t.*, {by} FROM {table} t WHERE t.id = ?", (id,))


def _build_page_address(of: str, one: Row, entry: str = "") -> str:
    """Build the address of the page that shows one of the THINGS, with a message about a journal entry."""
    if of == "moment":
        return url_for("tag_moment", id=one["speech_id"]) if one["speech_id"] else url_for("log")
    there = build_note_address(one["annotation_id"] if of == "reply" else one["id"], [entry] if entry else ())
    return f"{there}#{escaped(one['id'])}" if of == "reply" else there
