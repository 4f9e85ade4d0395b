"""/speech/<id>/editions and /debate/<id>/changes: every edition, and the changes since the first."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from db.references import ResolvedReference
from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import DEBATE
from db.statements.withdrawn_speeches import list_withdrawn_of_debate
from web.editions import queries as editions
from web.editions.view import compare_first, compare_with_shown, find_changes, make_edition_data, summarise_changes
from web.http.as_of_date import render_if_too_early, render_not_held, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_page
from web.http.reading import read_page
from web.http.references import resolve_reference

SPEECHES = """
SELECT s.id, s.kind, s.speaker, s.citation, EXISTS (SELECT 1 FROM wordings w WHERE w.speech_id = s.id) AS compared
  FROM speeches s WHERE s.debate_id = ? ORDER BY s.position
"""
Context = dict[str, Any]
Reader = Callable[[sqlite3.Connection, ResolvedReference], Context | None]


@serve_as_of
async def show_editions(datasette: Datasette, request: Request) -> Response:
    """Show every edition of a speech compared with the best one."""
    return await _answer(datasette, request, "speech", _read_speech)


@serve_as_of
async def show_changes(datasette: Datasette, request: Request) -> Response:
    """Show the changes to the speeches of a debate since they were first published."""
    return await _answer(datasette, request, "debate", _read_changes)


async def _answer(datasette: Datasette, request: Request, kind: str, reader: Reader) -> Response:
    """Answer with the page or JSON (?format=json), or redirect to it; ?whole=1 shows texts unshortened."""
    reference = unquote(request.url_vars["id"])
    found = await resolve_reference(datasette, request, reference, kind, editions=True)
    if not isinstance(found, ResolvedReference):
        return found
    debate, context = await read_page(datasette, lambda conn: (_read_debate(conn, found), reader(conn, found)))
    if debate and (early := await render_if_too_early(datasette, request, reference, debate["date"])):
        return early
    if not debate or not context:
        return await render_not_held(datasette, request, reference)
    context["debate"] = debate
    if request.args.get("format") == "json":
        return Response.json(_make_data(context), headers=CACHE_MINUTE)
    context["whole"] = bool(request.args.get("whole"))
    return await render_page(
        datasette, request, "editions/editions.html" if kind == "speech" else "editions/changes.html", context
    )


def _read_debate(conn: sqlite3.Connection, found: ResolvedReference) -> Row | None:
    return read_first_row(conn, DEBATE, (found.debate_id,))


def _read_speech(conn: sqlite3.Connection, found: ResolvedReference) -> Context | None:
    rows = editions.read_editions(conn, found.speech_id or "")
    if not rows:
        return None
    return {
        "shown": next(each for each in rows if each["best"]),
        "since": compare_first(rows),
        "editions": compare_with_shown(rows),
        "doubts": editions.read_doubts(conn, found.speech_id or ""),
    }


def _read_changes(conn: sqlite3.Connection, found: ResolvedReference) -> Context:
    speeches = {speech["id"]: speech for speech in read_rows(conn, SPEECHES, (found.debate_id,))}
    withdrawn = list_withdrawn_of_debate(conn, found.debate_id)
    changed = find_changes(editions.read_editions_of_debate(conn, found.debate_id), withdrawn)
    compared = sum(speech["compared"] for speech in speeches.values())
    return {
        "speeches": speeches,
        "since": {"told": summarise_changes(changed, compared, len(speeches))},
        "changes": changed,
        "doubts": editions.read_doubts_of_debate(conn, found.debate_id),
    }


def _make_data(context: Context) -> Context:
    """Turn the context of a page into data for JSON."""
    common = {"debate_id": context["debate"]["id"], "told": context["since"]["told"], "doubts": context["doubts"]}
    if "editions" in context:
        return {
            "speech_id": context["shown"]["speech_id"],
            **common,
            "editions": list(map(make_edition_data, context["editions"])),
        }
    changed = context["changes"]
    others = {"places": changed.count_places(), "punctuation": changed.marks, "other_wordings": changed.others}
    named = [make_edition_data(each) for each in changed.speakers]
    return {
        **common,
        **others,
        "changed": list(map(make_edition_data, changed.changed)),
        "other_speakers": named,
        "withdrawn": changed.withdrawn,
    }
