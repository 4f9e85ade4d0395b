"""Routes of the W3C Annotation Protocol: anybody reads; a program with an annotator's token writes."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.edit_conflicts import ConflictError, make_unchanged_check
from annotations.commands.journal_reader import read_state_of
from annotations.commands.journal_writer import EarlierCheck
from annotations.curated.toml_files import CuratedError
from annotations.state.model import State, hide_annotations
from db.archive.responses import format_now
from db.journal.entries import EntryDraft, JournalError
from db.records.annotation import Annotation, Moment, Reply
from web.annotate.queries import read_last_entry
from web.http.auth import check_moderation, clean_text, may_act, write_sentence
from web.http.datasette_types import Actor, Datasette, Request, Response, Scope
from web.http.pages import NO_STORE, RequestRefused, redirect_permanently
from web.http.reading import read_today
from web.http.site_url import find_base_url
from web.http.until_loaded import wait_until_loaded
from web.http.visibility import read_hidden_annotations
from web.protocol.container import WithdrawnError, make_container, make_member, make_page
from web.protocol.journal_drafts import draft_edit, draft_new
from web.protocol.responses import (
    ALLOWED_METHODS,
    COMMON_HEADERS,
    CONTAINER,
    FORMS,
    JSONLD,
    NOT_FOUND,
    RESOURCE,
    answer_node,
    answer_sentence,
    make_node_etag,
    negotiate_form,
    read_view,
    write_body,
)
from web.urls import path_for, url_for

PAGE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def skips_csrf(scope: Scope) -> bool:
    """Skip the CSRF check here, where cookies are ignored, so that a form is answered with a request for a token."""
    return str(scope["path"]).startswith(path_for("annotations"))


async def redirect_to_container(request: Request) -> Response:
    """Redirect to the container, whose address ends with a slash."""
    return redirect_permanently(url_for("annotations") + (f"?{request.query_string}" if request.query_string else ""))


async def show_container(datasette: Datasette, request: Request) -> Response:
    """Answer with the container or one of its pages; enter what is posted to it."""
    if request.method == "POST":
        return await _write(datasette, request, _post_item)
    form, done = negotiate_form(request, CONTAINER, url_for("table", name="annotations"))
    if done:
        return done
    view, base = read_view(request), find_base_url(request)
    at = request.args.get("page")
    if at is None:
        node = await read_today(datasette, lambda conn: make_container(conn, base, view))
        return answer_node(request, node, form, CONTAINER)
    if not PAGE_NUMBER.fullmatch(at):
        return answer_sentence(400, "page is a number from 0.", CONTAINER)
    found = await read_today(datasette, lambda conn: make_page(conn, base, view, int(at)))
    return (
        answer_node(request, found, form, RESOURCE)
        if found
        else answer_sentence(404, f"There is no page {at}.", CONTAINER)
    )


@wait_until_loaded
async def show_member(datasette: Datasette, request: Request) -> Response:
    """Answer with one annotation, reply or moment; change it on PUT, and withdraw it on DELETE."""
    id = unquote(request.url_vars["id"])
    if request.method in ("PUT", "DELETE"):
        return await _write(datasette, request, _put_item if request.method == "PUT" else _delete_item)
    form, done = negotiate_form(request, RESOURCE, url_for("quote", id=id))
    if done:
        return done
    base = find_base_url(request)
    try:
        node = await read_today(datasette, lambda conn: make_member(conn, base, id))
    except WithdrawnError:
        return answer_sentence(410, "This annotation was withdrawn.")
    return answer_node(request, node, form, RESOURCE) if node else answer_sentence(404, NOT_FOUND)


async def _write(
    datasette: Datasette, request: Request, write: Callable[[Datasette, Request, Actor], Awaitable[Response]]
) -> Response:
    """Check the token and the media type, write, and answer refusals with their status; cookies are ignored."""
    actor = request.actor or {}
    if not actor.get("token"):
        return answer_sentence(401, "Send an account's token, as Authorization: Bearer (dispatch-box user token NAME).")
    if not may_act(datasette, actor, "annotate"):
        return answer_sentence(403, f"{actor['id']} may not annotate: ask whoever runs this site for the role.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "DELETE" and kind not in FORMS[:2]:
        return answer_sentence(415, f"Send it as {FORMS[0]} or {FORMS[1]}.")
    try:
        return await write(datasette, request, actor)
    except RequestRefused as error:
        return answer_sentence(error.status, str(error))
    except ConflictError as error:
        return answer_sentence(412, write_sentence(error))
    except (JournalError, CuratedError) as error:
        return answer_sentence(409, write_sentence(error))


async def _post_item(datasette: Datasette, request: Request, actor: Actor) -> Response:
    """Enter an annotation, a reply or a moment of a video."""
    body, base, places = await request.post_body(), find_base_url(request), find_archive_paths(datasette)
    hidden = await read_today(datasette, read_hidden_annotations)

    def find_state(*ids: str) -> State:
        """Read the state of some items, without annotations that are hidden from this visitor."""
        return hide_annotations(read_state_of(places, *ids), hidden)

    id, drafts = await read_today(
        datasette, lambda conn: draft_new(conn, find_state, body, actor["id"], format_now(), base)
    )
    await asyncio.to_thread(writer.enter_drafts, places, drafts)
    return await _answer_stored(datasette, request, id, 201)


async def _put_item(datasette: Datasette, request: Request, actor: Actor) -> Response:
    """Replace the visitor's own annotation or reply by the body."""
    id, body, base = unquote(request.url_vars["id"]), await request.post_body(), find_base_url(request)
    places = find_archive_paths(datasette)
    check = await _check_match(datasette, request, id)
    state = await asyncio.to_thread(read_state_of, places, id)
    if not may_act(datasette, actor, "edit own", _find_item(state, id)[1].actor):
        raise RequestRefused(403, "Only who made it can change it.")
    drafts = await read_today(
        datasette, lambda conn: draft_edit(conn, state, id, body, actor["id"], format_now(), base)
    )
    if drafts:
        await asyncio.to_thread(writer.enter_drafts, places, drafts, check)
    return await _answer_stored(datasette, request, id, 200)


async def _delete_item(datasette: Datasette, request: Request, actor: Actor) -> Response:
    """Withdraw an annotation, a reply or a moment; another person's only as a moderator and with ?reason=."""
    id, places = unquote(request.url_vars["id"]), find_archive_paths(datasette)
    check = await _check_match(datasette, request, id)
    state, reason = await asyncio.to_thread(read_state_of, places, id), clean_text(request.args.get("reason")).strip()
    field, named = _find_item(state, id)
    check_moderation(datasette, actor, "withdraw", named.actor, reason)
    what = {field: id, **({"reason": reason} if reason else {})}
    await asyncio.to_thread(writer.enter_drafts, places, [EntryDraft(actor["id"], "withdraw", what)], check)
    return Response(
        "", status=204, headers={**NO_STORE, **COMMON_HEADERS, "Allow": ALLOWED_METHODS[RESOURCE], "Link": RESOURCE}
    )


def _find_item(state: State, id: str) -> tuple[str, Annotation | Reply | Moment]:
    """Find an annotation, a reply or a moment, with the field that names it in entries. Raises RequestRefused."""
    if not (found := state.find_item(id)):
        raise RequestRefused(404, NOT_FOUND)
    return found


async def _check_match(datasette: Datasette, request: Request, id: str) -> EarlierCheck | None:
    """Check that an item exists and matches If-Match; return the check to repeat on writing to the journal.

    Raises RequestRefused: 404, 410 or 412.
    """
    base = find_base_url(request)
    try:
        node, seen = await read_today(datasette, lambda conn: (make_member(conn, base, id), read_last_entry(conn, id)))
    except WithdrawnError:
        raise RequestRefused(410, "This annotation was withdrawn.") from None
    if not node:
        raise RequestRefused(404, NOT_FOUND)
    given = request.headers.get("if-match", "").strip()
    tags = {make_node_etag(form, write_body(node)) for form in FORMS[:2]}
    if given and given != "*" and not tags & {tag.strip() for tag in given.split(",")}:
        raise RequestRefused(412, "It has changed since you had it: get it again, and look at what is there now.")
    return make_unchanged_check(id, seen) if given and given != "*" else None


async def _answer_stored(datasette: Datasette, request: Request, id: str, status: int) -> Response:
    """Answer with the item as it is stored now; 202 if it is not loaded yet."""
    base = find_base_url(request)
    try:
        node = await read_today(datasette, lambda conn: make_member(conn, base, id))
    except WithdrawnError:
        return answer_sentence(410, f"It was entered as {id}, and withdrawn since.")
    if not node:
        return answer_sentence(202, f"It is entered as {id}, and shows once the record is loaded that is loading now.")
    response = answer_node(request, node, JSONLD, RESOURCE, NO_STORE)
    response.status = status
    if status == 201:
        response.headers["Location"] = node["id"]
    return response
