"""/debate/ and /speech/, with any form of reference after them; whatever is not our own address leads to it."""

import sqlite3
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl

from db.references import Found
from db.rows import Row
from db.statements import moments
from db.statements.debates import Whole, whole
from web.as_of.dates import dated, then, too_early
from web.as_of.snapshot import stood
from web.debates import note_history as histories
from web.debates.note_history import Told
from web.debates.notes import narrowed, told
from web.editions.queries import of_debate
from web.editions.view import Changes, changes
from web.http.pages import meant, missing, page
from web.http.site_url import base_url
from web.rendering.speech_blocks import marked, speeches, title


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /debate/ and /speech/."""
    pages = r"debate(?!/.+/(?:changes|blind)$)|speech(?!/.+/(?:editions|moment)$)"  # those are other plugins’ pages
    return [(rf"^/(?P<kind>{pages})/(?P<reference>.+)$", debate_or_speech)]


@dated
async def debate_or_speech(datasette: Any, request: Any) -> Any:
    """A debate, a speech alone, or the way to one of them."""
    kind, reference = request.url_vars["kind"], unquote(request.url_vars["reference"])
    if "://" in reference and request.query_string:
        reference += f"?{request.query_string}"
    found = await meant(datasette, request, reference, kind)
    if not isinstance(found, Found):
        return found
    read, changed, seen, beneath = await stood(datasette, request, lambda conn: _read(conn, found.debate_id))
    if read and (early := await too_early(datasette, request, reference, read.debate["date"])):
        return early
    if not read or not (found.speech_id is None or any(s["id"] == found.speech_id for s in read.speeches)):
        return await missing(datasette, request, reference, "It was replaced this very moment: try again.")
    shown, read = narrowed(read, found.speech_id, request.args)
    read = told(read, found.speech_id, beneath)
    read = read._replace(speeches=moments.beside(read.speeches, seen, read.notes))
    day = then(request)
    shown["asked"]["as_of"] = day.date if day else ""
    context = {**_context(read, changed, found.speech_id), "shown": shown, "base": base_url(request)}
    context["lost"] = [one for one in beneath.lost if found.speech_id in (None, one["speech_id"])]
    return await page(datasette, request, f"debates/{kind}.html", context)


def _read(conn: sqlite3.Connection, id: str) -> tuple[Whole | None, Changes, dict[str, list[Row]], Told]:
    return whole(conn, id), changes(of_debate(conn, id)), moments.of_debate(conn, id), histories.of_debate(conn, id)


def _context(read: Whole, changed: Changes, speech: str | None) -> dict[str, Any]:
    context: dict[str, Any] = {"debate": read.debate, "title": title(read)}
    context |= {"divisions": read.divisions, "votes": read.votes}
    context |= {"others": changed.others, "changed": changed.since(speech)}
    if speech:
        one = next(s for s in read.speeches if s["id"] == speech)
        mentions, notes = read.mentions.get(speech, []), read.notes.get(speech, [])
        alone = [{**one, "new_time": True, "new_column": True, "blocks": marked(one, mentions, notes)}]
        return {**context, "speech": one, "speeches": alone, "mentions": mentions, "notes": notes}
    everything = {key: [row for group in getattr(read, key).values() for row in group] for key in ("mentions", "notes")}
    return {**context, "speeches": speeches(read), **everything}
