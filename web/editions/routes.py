"""/speech/<id>/editions and /debate/<id>/changes: every wording held, and what changed since the first."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from datasette import Response

from db.references import ResolvedReference
from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import DEBATE
from web.editions import queries as editions
from web.editions.view import compare_first, compare_with_shown, find_changes, make_edition_data, summarise_changes
from web.http.as_of_date import refuse_too_early, serve_as_of
from web.http.pages import CACHED, render_missing, render_page
from web.http.reading import read_page
from web.http.references import resolve_reference

SPEECHES = """
SELECT s.id, s.kind, s.speaker, s.citation, EXISTS (SELECT 1 FROM wordings w WHERE w.speech_id = s.id) AS compared
  FROM speeches s WHERE s.debate_id = ? ORDER BY s.position
"""
Context = dict[str, Any]
Reader = Callable[[sqlite3.Connection, ResolvedReference], Context | None]


@serve_as_of
async def show_editions(datasette: Any, request: Any) -> Any:
    """Show every edition of a speech beside the wording shown."""
    return await _answer(datasette, request, "speech", _speech)


@serve_as_of
async def show_changes(datasette: Any, request: Any) -> Any:
    """Show what changed in the speeches of a debate since they were first published."""
    return await _answer(datasette, request, "debate", _changes)


async def _answer(datasette: Any, request: Any, kind: str, reader: Reader) -> Any:
    """Answer with the page, with the same as JSON (?format=json), or lead there; ?whole=1 shortens nothing."""
    reference = unquote(request.url_vars["reference"])
    found = await resolve_reference(datasette, request, reference, kind, editions=True)
    if not isinstance(found, ResolvedReference):
        return found
    debate, context = await read_page(datasette, lambda conn: (_debate(conn, found), reader(conn, found)))
    if debate and (early := await refuse_too_early(datasette, request, reference, debate["date"])):
        return early
    if not debate or not context:
        return await render_missing(datasette, request, reference, "It was replaced this very moment: try again.")
    context["debate"] = debate
    if request.args.get("format") == "json":
        return Response.json(_data(context), headers=CACHED)
    context["whole"] = bool(request.args.get("whole"))
    return await render_page(
        datasette, request, "editions/editions.html" if kind == "speech" else "editions/changes.html", context
    )


def _debate(conn: sqlite3.Connection, found: ResolvedReference) -> Row | None:
    return read_first_row(conn, DEBATE, (found.debate_id,))


def _speech(conn: sqlite3.Connection, found: ResolvedReference) -> Context | None:
    held = editions.read_editions(conn, found.speech_id or "")
    if not held:
        return None
    return {
        "shown": next(each for each in held if each["best"]),
        "since": compare_first(held),
        "editions": compare_with_shown(held),
        "doubts": editions.read_doubts(conn, found.speech_id or ""),
    }


def _changes(conn: sqlite3.Connection, found: ResolvedReference) -> Context:
    speeches = {speech["id"]: speech for speech in read_rows(conn, SPEECHES, (found.debate_id,))}
    changed = find_changes(editions.read_editions_of_debate(conn, found.debate_id))
    compared = sum(speech["compared"] for speech in speeches.values())
    return {
        "speeches": speeches,
        "since": {"told": summarise_changes(changed, compared, len(speeches))},
        "changes": changed,
        "doubts": editions.read_doubts_of_debate(conn, found.debate_id),
    }


def _data(context: Context) -> Context:
    """Turn the context of a page into data."""
    kept = {"debate_id": context["debate"]["id"], "told": context["since"]["told"], "doubts": context["doubts"]}
    if "editions" in context:
        return {
            "speech_id": context["shown"]["speech_id"],
            **kept,
            "editions": list(map(make_edition_data, context["editions"])),
        }
    changed = context["changes"]
    others = {"places": changed.count_places(), "punctuation": changed.marks, "other_wordings": changed.others}
    return {**kept, **others, "changed": list(map(make_edition_data, changed.changed))}
