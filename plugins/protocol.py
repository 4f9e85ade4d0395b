"""/annotations/: the W3C Annotation Protocol; anybody reads, a program with an annotator's token writes."""

import asyncio
import hashlib
import json
import re
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import unquote

from datasette import hookimpl
from datasette.utils.asgi import Response

from accounts.guard import UNKEPT, may, sentence
from annotations import desk
from annotations.exchange import w3c
from annotations.exchange.container import Gone, View, container, member, page
from annotations.exchange.writing import Wrong, edited, made, withdrawn
from db.accept import liked
from db.archive import now
from db.journal import JournalError, read_journal
from db.pages import CACHED, reading, redirect
from db.site import base_url

JSONLD = "application/ld+json"
PROFILE = f'{JSONLD}; profile="{w3c.CONTEXT}"'
FORMS = (JSONLD, "application/json", "text/html")
LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"
CONTAINER = f'<{LDP}BasicContainer>; rel="type", <http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"'
RESOURCE = f'<{LDP}Resource>; rel="type"'
EXPOSED = ("Accept-Post", "Allow", "Content-Location", "ETag", "Link", "Location", "Preference-Applied", "Vary")
ALLOWED = {CONTAINER: "GET, HEAD, OPTIONS, POST", RESOURCE: "GET, HEAD, OPTIONS, PUT, DELETE"}
POSTED = f"{PROFILE}, application/json"
NOWHERE = "There is no such annotation in this archive."
SHARED = {
    "Vary": "Accept, Prefer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
}
ASKED = "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Slug"
TAG = re.compile(r'(?:W/)?("[^"]*")')
NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /annotations/ and at each annotation below it."""
    return [
        (r"^/annotations$", whole),
        (r"^/annotations/$", all_of_them),
        (r"^/annotations/(?P<id>[^/]+)$", one),
    ]


async def whole(request: Any) -> Any:
    """To the container, whose address ends with a slash."""
    return redirect(f"/annotations/{f'?{request.query_string}' if request.query_string else ''}")


async def all_of_them(datasette: Any, request: Any) -> Any:
    """The container, or one of its pages; to a program with a token, the place to post to."""
    if request.method == "POST":
        return await _written(datasette, request, _post)
    form, told = _begun(request, CONTAINER, "/statements/annotations")
    if told:
        return told
    view, base = _view(request), base_url(request)
    at = request.args.get("page")
    if at is None:
        node = await reading(datasette, lambda conn: container(conn, base, view))
        return _answer(request, node, form, CONTAINER)
    if not NUMBER.fullmatch(at):
        return _told(400, "page is a number from 0.", CONTAINER)
    found = await reading(datasette, lambda conn: page(conn, base, view, int(at)))
    return _answer(request, found, form, RESOURCE) if found else _told(404, f"There is no page {at}.", CONTAINER)


async def one(datasette: Any, request: Any) -> Any:
    """One annotation, or one reply; to a program with its author's token, to be changed or taken back."""
    id = unquote(request.url_vars["id"])
    if request.method in ("PUT", "DELETE"):
        return await _written(datasette, request, _put if request.method == "PUT" else _delete)
    form, told = _begun(request, RESOURCE, f"/q/{escaped(id, safe='')}")
    if told:
        return told
    base = base_url(request)
    try:
        node = await reading(datasette, lambda conn: member(conn, base, id))
    except Gone:
        return _told(410, "This annotation was withdrawn.")
    return _answer(request, node, form, RESOURCE) if node else _told(404, NOWHERE)


async def _written(datasette: Any, request: Any, write: Any) -> Any:
    """What comes of writing, by whoever sends the token of an account; no cookie ever counts here."""
    actor = request.actor or {}
    if not actor.get("token"):
        return _told(401, "Send the token of an account, as Authorization: Bearer (make token NAME=...).")
    if not may(datasette, actor, "annotate"):
        return _told(403, f"{actor['id']} may not annotate: ask whoever runs this site for the role.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "DELETE" and kind not in FORMS[:2]:
        return _told(415, f"Send it as {FORMS[0]} or {FORMS[1]}.")
    try:
        return await write(datasette, request, actor)
    except Wrong as error:
        return _told(error.status, str(error))
    except JournalError as error:
        return _told(409, sentence(error))


async def _post(datasette: Any, request: Any, actor: Any) -> Any:
    """Make an annotation, or a reply."""
    body, base, places = await request.post_body(), base_url(request), desk.places(datasette)
    state = await asyncio.to_thread(desk.state, places)
    id, drafts = await reading(datasette, lambda conn: made(conn, state, body, actor["id"], now(), base))
    await asyncio.to_thread(desk.enter, places, drafts)
    return await _now(datasette, request, id, 201)


async def _put(datasette: Any, request: Any, actor: Any) -> Any:
    """Put other words, another point, reading or note in the place of one's own."""
    id, body, base = unquote(request.url_vars["id"]), await request.post_body(), base_url(request)
    places = desk.places(datasette)
    state = await _matched(datasette, request, places, id)
    if id not in state.annotations:
        raise Wrong(405, "A reply is not changed: take it back, and post another.")
    if not may(datasette, actor, "edit own", state.annotations[id].actor):
        raise Wrong(403, "Only its own annotator can change it.")
    drafts = await reading(datasette, lambda conn: edited(conn, state, id, body, actor["id"], now(), base))
    if drafts:
        await asyncio.to_thread(desk.enter, places, drafts)
    return await _now(datasette, request, id, 200)


async def _delete(datasette: Any, request: Any, actor: Any) -> Any:
    """Withdraw an annotation, or take back a reply."""
    id, places = unquote(request.url_vars["id"]), desk.places(datasette)
    state = await _matched(datasette, request, places, id)
    if id in state.annotations:
        own = may(datasette, actor, "withdraw own", state.annotations[id].actor)
        if not own and not may(datasette, actor, "moderate"):
            raise Wrong(403, "Only its own annotator can withdraw it, or a reviewer.")
    journal = await asyncio.to_thread(read_journal, places.journal)
    await asyncio.to_thread(desk.enter, places, withdrawn(state, journal, id, actor["id"]))
    return Response("", status=204, headers={**UNKEPT, **SHARED, "Allow": ALLOWED[RESOURCE], "Link": RESOURCE})


async def _matched(datasette: Any, request: Any, places: Any, id: str) -> Any:
    """What people have decided, where the annotation is there, and as the visitor says that it knows it."""
    base = base_url(request)
    try:
        node = await reading(datasette, lambda conn: member(conn, base, id))
    except Gone:
        raise Wrong(410, "This annotation was withdrawn.") from None
    if not node:
        raise Wrong(404, NOWHERE)
    given = request.headers.get("if-match", "").strip()
    tags = {_tag(form, _body(node)) for form in FORMS[:2]}
    if given and given != "*" and not tags & {tag.strip() for tag in given.split(",")}:
        raise Wrong(412, "It has changed since you had it: get it again, and look at what is there now.")
    return await asyncio.to_thread(desk.state, places)


async def _now(datasette: Any, request: Any, id: str, status: int) -> Any:
    """The annotation as it is now."""
    base = base_url(request)
    node = await reading(datasette, lambda conn: member(conn, base, id))
    if not node:
        return _told(202, f"It is entered as {id}, and shows once the record is loaded that is loading now.")
    answer = _answer(request, node, JSONLD, RESOURCE, UNKEPT)
    answer.status = status
    if status == 201:
        answer.headers["Location"] = node["id"]
    return answer


def _begun(request: Any, link: str, page_of_it: str) -> tuple[str, Any]:
    """The form to answer in, or the answer, where that needs no annotation: to a browser, the page for people."""
    told = {**SHARED, "Allow": ALLOWED[link], "Link": link, **({"Accept-Post": POSTED} if link == CONTAINER else {})}
    if request.method == "OPTIONS":
        asking = {"Access-Control-Allow-Methods": ALLOWED[link], "Access-Control-Allow-Headers": ASKED}
        return "", Response("", headers={**told, **asking}, content_type=PROFILE)
    if request.method not in ("GET", "HEAD"):
        return "", _told(405, f"Here can be done: {ALLOWED[link]}.", link)
    form = liked(request.headers.get("accept", ""), FORMS)
    if form is None:
        return "", _told(406, f"Annotations can be had as {' or '.join(FORMS)}.", link)
    if form == "text/html":
        return "", Response.redirect(page_of_it, status=303, headers=told)
    return form, None


def _view(request: Any) -> View:
    """What of the container is wanted: by the address, else by the header Prefer; whole annotations by default."""
    prefer = request.headers.get("prefer", "")
    iris = request.args.get("iris") == "1" or (
        "iris" not in request.args and f"{OA}PreferContainedIRIs" in prefer and f"{OA}PreferContainedDesc" not in prefer
    )
    return View(iris, f"{LDP}PreferMinimalContainer" in prefer)


def _answer(request: Any, node: w3c.Node, form: str, link: str, keep: Any = CACHED) -> Any:
    """The node with all that the protocol wants told of it; 304 without it where the visitor has it."""
    body = _body(node)
    tag = _tag(form, body)
    headers = {**keep, **SHARED, "Allow": ALLOWED[link], "Link": link, "ETag": tag, "Content-Location": node["id"]}
    headers |= {"Accept-Post": POSTED} if link == CONTAINER else {}
    if "return=representation" in request.headers.get("prefer", "") and link == CONTAINER:
        headers["Preference-Applied"] = "return=representation"
    media = PROFILE if form == JSONLD else form
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in TAG.findall(known):
        return Response("", status=304, headers=headers, content_type=media)
    return Response(b"" if request.method == "HEAD" else body, headers=headers, content_type=media)


def _body(node: w3c.Node) -> bytes:
    return json.dumps(node, ensure_ascii=False, indent=1).encode()


def _tag(form: str, body: bytes) -> str:
    return f'"{hashlib.sha256(form.encode() + body).hexdigest()[:20]}"'


def _told(status: int, sentence: str, link: str = RESOURCE) -> Any:
    headers = {**(CACHED if status in (404, 410) else UNKEPT), **SHARED, "Allow": ALLOWED[link]}
    headers |= {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response.json({"error": sentence}, status=status, headers=headers)
