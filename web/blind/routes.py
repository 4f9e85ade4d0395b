"""/debate/<id>/blind: begin a blind pass over a debate, finish it, and undo; and the hooks that apply blind mode."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from datasette import hookimpl
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Response

from annotations.commands import writer
from annotations.commands.places import Places, find_places
from annotations.state.history import own_entry
from db.journal.entries import Draft, read_journal
from db.references import find
from db.sqlite import Row, first
from web.http.auth import Posted, done, may, wants_json, writes
from web.http.pages import UNKEPT, Refused, missing, page
from web.http.reading import reading
from web.http.visibility import BlindPass, blind, find_own_passes, read_viewer, remember_viewer

DEBATE = "SELECT id, title, house, date, section, citation FROM debates WHERE id = ?"
CLOSED = "The tables and queries of the archive are closed to you while you annotate a debate blind: they hold what \
others say of it. Finish your pass first."
TABLES = {"view-database", "view-database-download", "view-table", "view-query", "execute-sql"}
WRONG = {
    "begin": "You have {state} this debate already.",
    "finish": "You have no open pass over this debate: take it blind first, or finish only once.",
    "leave": "You have no open pass over this debate.",
    "reopen": "You have not finished this debate.",
}


@hookimpl(hookwrapper=True)
def actor_from_request(datasette: Any) -> Iterator[None]:
    """Remember who asks, with the debates that they annotate blind."""
    outcome: Any = yield
    outcome.force_result([partial(_known, datasette, found) for found in outcome.get_result()])


async def _known(datasette: Any, found: Any) -> Any:
    actor = await await_me_maybe(found)
    if actor:
        remember_viewer(await reading(datasette, lambda conn: read_viewer(conn, str(actor.get("id")))))
    return actor


@hookimpl
def extra_template_vars() -> dict[str, object]:
    """Give every template the visitor's passes (`own_passes`), and those that are open (`blind_passes`)."""
    return {"own_passes": find_own_passes(), "blind_passes": blind()}


@hookimpl(trylast=True)
def permission_allowed(action: str) -> bool | None:
    """Close Datasette's own pages to a blind annotator; the last word on a permission counts."""
    return False if action in TABLES and blind() else None


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any) -> Callable[[], Any] | None:
    """Explain why they are closed."""
    return partial(_closed, datasette, request) if blind() else None


async def _closed(datasette: Any, request: Any) -> Any:
    if wants_json(request) or request.path.endswith((".json", ".csv")):
        return Response.json({"ok": False, "error": CLOSED}, status=403, headers=UNKEPT)
    html = await datasette.render_template("error.html", {"title": "Closed for now", "error": CLOSED}, request=request)
    return Response.html(html, status=403, headers=UNKEPT)


async def own_pass(datasette: Any, request: Any) -> Any:
    """Show the page about one's own pass over a debate; take a step if a form was sent."""
    if request.method == "POST":
        return await taken(datasette, request)
    debate = await _debate(datasette, request)
    if not debate:
        return await missing(datasette, request, f"debate {request.url_vars['id']}")
    own = find_own_passes().get(debate["id"])
    begin = may(datasette, request.actor, "annotate")
    context = {"debate": debate, "own": own, "state": _state(own), "may_begin": begin}
    return await page(datasette, request, "blind/blind.html", context)


@writes("annotate")
async def taken(datasette: Any, request: Any, posted: Posted) -> Any:
    """Begin a pass (`step` begin), finish it, or undo either (leave, reopen)."""
    debate = await _debate(datasette, request)
    if not debate:
        raise Refused(404, "There is no such debate in this archive.")
    step, id, person = str(posted.fields.get("step", "begin")), debate["id"], posted.actor["id"]
    if step not in STEPS:
        raise Refused(400, f"A step is one of {', '.join(STEPS)}.")
    before, after, kind = STEPS[step]
    state = _state(find_own_passes().get(id))
    if state != before:
        raise Refused(409, WRONG[step].format(state="finished" if state == "done" else "taken"))
    places = find_places(datasette)
    draft = Draft(person, kind, {"debate": id})
    if step in ("leave", "reopen"):
        draft = Draft(person, "undo", {"entry": await _entry(datasette, places, kind, person, id)})
    entered = await asyncio.to_thread(writer.enter, places, [draft])
    own = find_own_passes().get(id)
    if step == "reopen" and not (own and own.begun):
        after = "none"
    result = {"debate": id, "state": after, "entry": entered.entries[0].id, "shown": entered.shown}
    return await done(request, result, f"/debate/{id}{'/blind' if after == 'done' else ''}", 201)


STEPS = {  # the state that a step needs, the state that it leads to, and the kind of entry that it makes or undoes
    "begin": ("none", "open", "begin"),
    "finish": ("open", "done", "done"),
    "leave": ("open", "none", "begin"),
    "reopen": ("done", "open", "done"),
}


async def _entry(datasette: Any, places: Places, kind: str, person: str, id: str) -> str:
    """Find the entry that is to be undone, and return its id. Raises Refused if somebody else entered it."""
    entries = await asyncio.to_thread(lambda: list(read_journal(places.journal)))
    found = await reading(
        datasette,
        lambda conn: own_entry(entries, kind, person, lambda other: id in [at.debate_id for at in find(conn, other)]),
    )
    if not found:
        raise Refused(409, "Somebody else entered that for you: only they can undo it.")
    return found.id


async def _debate(datasette: Any, request: Any) -> Row | None:
    return await reading(datasette, lambda conn: first(conn, DEBATE, (request.url_vars["id"],)))


def _state(own: BlindPass | None) -> str:
    return "none" if not own else "done" if own.done else "open"
