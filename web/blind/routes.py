"""/debate/<id>/blind: begin and finish a blind pass over a debate, or undo that; hooks that apply blind mode."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from datasette.utils import await_me_maybe

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import ArchivePaths, find_archive_paths
from annotations.commands.journal_reader import read_pass_entries
from annotations.state.history import find_pass_entry
from db.journal.entries import EntryDraft
from db.references import find_references
from db.sqlite import Row, read_first_row
from web.http.auth import CheckedRequest, accept_writes, answer_done, may_act
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import wants_json
from web.http.pages import NO_STORE, RequestRefused, render_missing, render_page
from web.http.reading import read_today
from web.http.visibility import BlindPass, find_open_passes, find_own_passes, read_viewer, remember_viewer
from web.urls import url_for

DEBATE = "SELECT id, title, house, date, section, citation FROM debates WHERE id = ?"
TABLES_CLOSED = (
    "Tables and queries are closed to you while you annotate a debate blind, because they contain other people’s \
notes. Finish your pass first."
)
TABLE_ACTIONS = {"view-database", "view-database-download", "view-table", "view-query", "execute-sql"}
STEP_REFUSALS = {
    "begin": "You have {state} this debate already.",
    "finish": "You have no open blind pass over this debate. Start one first.",
    "leave": "You have no open blind pass over this debate.",
    "reopen": "You have not finished a blind pass over this debate.",
}


async def remember_actor(datasette: Datasette, result: object) -> object:
    """Set the viewer of the request, with the debates that they annotate blind; return the actor of a hook's result."""
    actor = await await_me_maybe(result)
    if actor:
        remember_viewer(await read_today(datasette, lambda conn: read_viewer(conn, str(actor.get("id")))))
    return actor


def make_pass_variables() -> dict[str, object]:
    """Give every template the visitor's passes (`own_passes`), and those that are open (`blind_passes`)."""
    return {"own_passes": find_own_passes(), "blind_passes": find_open_passes()}


def allow_action(action: str) -> bool | None:
    """Close Datasette's own pages to a blind annotator; Datasette takes the last answer."""
    return False if action in TABLE_ACTIONS and find_open_passes() else None


def answer_forbidden(datasette: Datasette, request: Request) -> Callable[[], Awaitable[Response]] | None:
    """Explain why Datasette's own pages are closed."""
    return partial(_answer_closed, datasette, request) if find_open_passes() else None


async def _answer_closed(datasette: Datasette, request: Request) -> Response:
    if wants_json(request) or request.path.endswith((".json", ".csv")):
        return Response.json({"ok": False, "error": TABLES_CLOSED}, status=403, headers=NO_STORE)
    html = await datasette.render_template(
        "error.html", {"title": "Closed for now", "error": TABLES_CLOSED}, request=request
    )
    return Response.html(html, status=403, headers=NO_STORE)


async def show_own_pass(datasette: Datasette, request: Request) -> Response:
    """Show the page about the visitor's pass over a debate; take a step if a form is posted."""
    if request.method == "POST":
        return await take_step(datasette, request)
    debate = await _read_debate(datasette, request)
    if not debate:
        return await render_missing(datasette, request, f"debate {request.url_vars['id']}")
    own = find_own_passes().get(debate["id"])
    begin = may_act(datasette, request.actor, "annotate")
    context = {"debate": debate, "own": own, "state": _describe_state(own), "may_begin": begin}
    return await render_page(datasette, request, "blind/blind.html", context)


@accept_writes("annotate")
async def take_step(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Begin a pass (`step` begin), finish it, or undo either (leave, reopen)."""
    debate = await _read_debate(datasette, request)
    if not debate:
        raise RequestRefused(404, "There is no such debate in this archive.")
    step, id, person = str(posted.fields.get("step", "begin")), debate["id"], posted.actor["id"]
    if step not in STEPS:
        raise RequestRefused(400, f"A step is one of {', '.join(STEPS)}.")
    before, after, kind = STEPS[step]
    state = _describe_state(find_own_passes().get(id))
    if state != before:
        raise RequestRefused(409, STEP_REFUSALS[step].format(state="finished" if state == "done" else "started"))
    places = find_archive_paths(datasette)
    draft = EntryDraft(person, kind, {"debate": id})
    if step in ("leave", "reopen"):
        draft = EntryDraft(person, "undo", {"entry": await _find_entry(datasette, places, kind, person, id)})
    entered = await asyncio.to_thread(writer.enter_drafts, places, [draft])
    own = find_own_passes().get(id)
    if step == "reopen" and not (own and own.begun):
        after = "none"
    result = {"debate": id, "state": after, "entry": entered.entries[0].id, "shown": entered.shown}
    return await answer_done(request, result, url_for("blind" if after == "done" else "debate", id=id), 201)


STEPS = {  # for each step: the state before, the state after, and the kind of entry that it makes or undoes
    "begin": ("none", "open", "begin"),
    "finish": ("open", "done", "done"),
    "leave": ("open", "none", "begin"),
    "reopen": ("done", "open", "done"),
}


async def _find_entry(datasette: Datasette, places: ArchivePaths, kind: str, person: str, id: str) -> str:
    """Find the id of the entry to undo. Raises RequestRefused if somebody else entered it."""
    entries = await asyncio.to_thread(read_pass_entries, places, person)
    found = await read_today(
        datasette,
        lambda conn: find_pass_entry(
            entries, kind, person, lambda other: id in [at.debate_id for at in find_references(conn, other)]
        ),
    )
    if not found:
        raise RequestRefused(409, "Someone else entered that for you. Only they can undo it.")
    return found.id


async def _read_debate(datasette: Datasette, request: Request) -> Row | None:
    return await read_today(datasette, lambda conn: read_first_row(conn, DEBATE, (request.url_vars["id"],)))


def _describe_state(own: BlindPass | None) -> str:
    return "none" if not own else "done" if own.done else "open"
