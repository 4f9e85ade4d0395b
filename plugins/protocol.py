"""/annotations/: the W3C Annotation Protocol, its half for reading."""

import hashlib
import json
import re
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import unquote

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.exchange import w3c
from annotations.exchange.container import Gone, View, container, member, page
from db.accept import liked
from db.pages import CACHED, reading, redirect
from db.site import base_url

JSONLD = "application/ld+json"
PROFILE = f'{JSONLD}; profile="{w3c.CONTEXT}"'
FORMS = (JSONLD, "application/json", "text/html")
ALLOWED = "GET, HEAD, OPTIONS"
LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"
CONTAINER = f'<{LDP}BasicContainer>; rel="type", <http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"'
RESOURCE = f'<{LDP}Resource>; rel="type"'
SHARED = {
    "Allow": ALLOWED,
    "Vary": "Accept, Prefer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, Content-Location, ETag, Link, Location, Preference-Applied, Vary",
}
ASKING = {"Access-Control-Allow-Methods": ALLOWED, "Access-Control-Allow-Headers": "Accept, If-None-Match, Prefer"}
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
    """The container, or one of its pages."""
    form, told = _begun(request, CONTAINER, "/statements/annotations")
    if told:
        return told
    view, base = _view(request), base_url(request)
    at = request.args.get("page")
    if at is None:
        node = await reading(datasette, lambda conn: container(conn, base, view))
        return _answer(request, node, form, CONTAINER)
    if not NUMBER.fullmatch(at):
        return _told(400, "page is a number from 0.")
    found = await reading(datasette, lambda conn: page(conn, base, view, int(at)))
    return _answer(request, found, form, RESOURCE) if found else _told(404, f"There is no page {at}.")


async def one(datasette: Any, request: Any) -> Any:
    """One annotation, or one reply."""
    id = unquote(request.url_vars["id"])
    form, told = _begun(request, RESOURCE, f"/q/{escaped(id, safe='')}")
    if told:
        return told
    base = base_url(request)
    try:
        node = await reading(datasette, lambda conn: member(conn, base, id))
    except Gone:
        return _told(410, "This annotation was withdrawn.")
    return (
        _answer(request, node, form, RESOURCE) if node else _told(404, "There is no such annotation in this archive.")
    )


def _begun(request: Any, link: str, page_of_it: str) -> tuple[str, Any]:
    """The form to answer in, or the answer, where that needs no annotation: to a browser, the page for people."""
    if request.method == "OPTIONS":
        return "", Response("", headers={**SHARED, **ASKING, "Link": link}, content_type=PROFILE)
    if request.method not in ("GET", "HEAD"):
        return "", _told(405, f"Annotations can only be read here: {ALLOWED}.")
    form = liked(request.headers.get("accept", ""), FORMS)
    if form is None:
        return "", _told(406, f"Annotations can be had as {' or '.join(FORMS)}.")
    if form == "text/html":
        return "", Response.redirect(page_of_it, status=303, headers=dict(SHARED))
    return form, None


def _view(request: Any) -> View:
    """What of the container is wanted: by the address, else by the header Prefer; whole annotations by default."""
    prefer = request.headers.get("prefer", "")
    iris = request.args.get("iris") == "1" or (
        "iris" not in request.args and f"{OA}PreferContainedIRIs" in prefer and f"{OA}PreferContainedDesc" not in prefer
    )
    return View(iris, f"{LDP}PreferMinimalContainer" in prefer)


def _answer(request: Any, node: w3c.Node, form: str, link: str) -> Any:
    """The node with all that the protocol wants told of it; 304 without it where the visitor has it."""
    body = json.dumps(node, ensure_ascii=False, indent=1).encode()
    tag = f'"{hashlib.sha256(form.encode() + body).hexdigest()[:20]}"'
    headers = {**CACHED, **SHARED, "Link": link, "ETag": tag, "Content-Location": node["id"]}
    if "return=representation" in request.headers.get("prefer", "") and link == CONTAINER:
        headers["Preference-Applied"] = "return=representation"
    media = PROFILE if form == JSONLD else form
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in TAG.findall(known):
        return Response("", status=304, headers=headers, content_type=media)
    return Response(b"" if request.method == "HEAD" else body, headers=headers, content_type=media)


def _told(status: int, sentence: str) -> Any:
    return Response.json({"error": sentence}, status=status, headers={**CACHED, **SHARED})
