"""Routes of the W3C Annotation Protocol: anybody reads; a program with an annotator's token writes."""

import asyncio
import re
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import unquote

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.commands import writer
from annotations.commands.conflicts import Meanwhile, unchanged
from annotations.commands.places import find_places, read_state
from annotations.commands.writer import Check
from annotations.state.model import State, without
from db.archive.responses import now
from db.journal.entries import Draft, JournalError
from db.records.annotation import Annotation, Moment, Reply
from web.annotate.queries import last
from web.http.auth import may, sentence
from web.http.form_text import clean_text
from web.http.moderation import allowed
from web.http.pages import UNKEPT, Refused, redirect
from web.http.reading import reading
from web.http.site_url import base_url
from web.http.visibility import unseen
from web.protocol.container import Gone, container, member, page
from web.protocol.responses import (
    ALLOWED,
    CONTAINER,
    FORMS,
    JSONLD,
    NOWHERE,
    RESOURCE,
    SHARED,
    answer,
    begun,
    body_of,
    tag_of,
    told,
    view_of,
)
from web.protocol.writes import edited, made

NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@hookimpl
def skip_csrf(scope: Any) -> bool:
    """Skip the CSRF check here, where no cookie counts, so that a form is told to send a token."""
    return str(scope["path"]).startswith("/annotations/")


async def redirect_to_container(request: Any) -> Any:
    """Redirect to the container, whose address ends with a slash."""
    return redirect(f"/annotations/{f'?{request.query_string}' if request.query_string else ''}")


async def show_container(datasette: Any, request: Any) -> Any:
    """Answer with the container or one of its pages; enter what is posted to it."""
    if request.method == "POST":
        return await _write(datasette, request, _post)
    form, done = begun(request, CONTAINER, "/statements/annotations")
    if done:
        return done
    view, base = view_of(request), base_url(request)
    at = request.args.get("page")
    if at is None:
        node = await reading(datasette, lambda conn: container(conn, base, view))
        return answer(request, node, form, CONTAINER)
    if not NUMBER.fullmatch(at):
        return told(400, "page is a number from 0.", CONTAINER)
    found = await reading(datasette, lambda conn: page(conn, base, view, int(at)))
    return answer(request, found, form, RESOURCE) if found else told(404, f"There is no page {at}.", CONTAINER)


async def show_member(datasette: Any, request: Any) -> Any:
    """Answer with one annotation, reply or moment; change it on PUT, and withdraw it on DELETE."""
    id = unquote(request.url_vars["id"])
    if request.method in ("PUT", "DELETE"):
        return await _write(datasette, request, _put if request.method == "PUT" else _delete)
    form, done = begun(request, RESOURCE, f"/q/{escaped(id, safe='')}")
    if done:
        return done
    base = base_url(request)
    try:
        node = await reading(datasette, lambda conn: member(conn, base, id))
    except Gone:
        return told(410, "This annotation was withdrawn.")
    return answer(request, node, form, RESOURCE) if node else told(404, NOWHERE)


async def _write(datasette: Any, request: Any, write: Any) -> Any:
    """Check the token and the media type, write, and answer refusals with their status; no cookie counts here."""
    actor = request.actor or {}
    if not actor.get("token"):
        return told(401, "Send the token of an account, as Authorization: Bearer (make token NAME=...).")
    if not may(datasette, actor, "annotate"):
        return told(403, f"{actor['id']} may not annotate: ask whoever runs this site for the role.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "DELETE" and kind not in FORMS[:2]:
        return told(415, f"Send it as {FORMS[0]} or {FORMS[1]}.")
    try:
        return await write(datasette, request, actor)
    except Refused as error:
        return told(error.status, str(error))
    except Meanwhile as error:
        return told(412, sentence(error))
    except JournalError as error:
        return told(409, sentence(error))


async def _post(datasette: Any, request: Any, actor: Any) -> Any:
    """Enter an annotation, a reply or a moment of a video."""
    body, base, places = await request.post_body(), base_url(request), find_places(datasette)
    state = without(await asyncio.to_thread(read_state, places), await reading(datasette, unseen))
    id, drafts = await reading(datasette, lambda conn: made(conn, state, body, actor["id"], now(), base))
    await asyncio.to_thread(writer.enter, places, drafts)
    return await _answer_now(datasette, request, id, 201)


async def _put(datasette: Any, request: Any, actor: Any) -> Any:
    """Change an annotation or a reply of the visitor to the one that is put."""
    id, body, base = unquote(request.url_vars["id"]), await request.post_body(), base_url(request)
    places = find_places(datasette)
    check = await _check_match(datasette, request, id)
    state = await asyncio.to_thread(read_state, places)
    if not may(datasette, actor, "edit own", _find_made(state, id)[1].actor):
        raise Refused(403, "Only who made it can change it.")
    drafts = await reading(datasette, lambda conn: edited(conn, state, id, body, actor["id"], now(), base))
    if drafts:
        await asyncio.to_thread(writer.enter, places, drafts, check)
    return await _answer_now(datasette, request, id, 200)


async def _delete(datasette: Any, request: Any, actor: Any) -> Any:
    """Withdraw an annotation, a reply or a moment; that of another only by a moderator with ?reason=."""
    id, places = unquote(request.url_vars["id"]), find_places(datasette)
    check = await _check_match(datasette, request, id)
    state, reason = await asyncio.to_thread(read_state, places), clean_text(request.args.get("reason")).strip()
    field, named = _find_made(state, id)
    allowed(datasette, actor, "withdraw", named.actor, reason)
    what = {field: id, **({"reason": reason} if reason else {})}
    await asyncio.to_thread(writer.enter, places, [Draft(actor["id"], "withdraw", what)], check)
    return Response("", status=204, headers={**UNKEPT, **SHARED, "Allow": ALLOWED[RESOURCE], "Link": RESOURCE})


def _find_made(state: State, id: str) -> tuple[str, Annotation | Reply | Moment]:
    """Find an annotation, a reply or a moment, with the field that names it in entries. Raises Refused."""
    if not (found := state.made(id)):
        raise Refused(404, NOWHERE)
    return found


async def _check_match(datasette: Any, request: Any, id: str) -> Check | None:
    """Check that it exists and matches If-Match; return the check to repeat when the journal is written to.

    Raises Refused: 404, 410 or 412.
    """
    base = base_url(request)
    try:
        node, seen = await reading(datasette, lambda conn: (member(conn, base, id), last(conn, id)))
    except Gone:
        raise Refused(410, "This annotation was withdrawn.") from None
    if not node:
        raise Refused(404, NOWHERE)
    given = request.headers.get("if-match", "").strip()
    tags = {tag_of(form, body_of(node)) for form in FORMS[:2]}
    if given and given != "*" and not tags & {tag.strip() for tag in given.split(",")}:
        raise Refused(412, "It has changed since you had it: get it again, and look at what is there now.")
    return unchanged(id, seen) if given and given != "*" else None


async def _answer_now(datasette: Any, request: Any, id: str, status: int) -> Any:
    """Answer with the annotation as it is now."""
    base = base_url(request)
    try:
        node = await reading(datasette, lambda conn: member(conn, base, id))
    except Gone:
        return told(410, f"It was entered as {id}, and withdrawn since.")
    if not node:
        return told(202, f"It is entered as {id}, and shows once the record is loaded that is loading now.")
    made_now = answer(request, node, JSONLD, RESOURCE, UNKEPT)
    made_now.status = status
    if status == 201:
        made_now.headers["Location"] = node["id"]
    return made_now
