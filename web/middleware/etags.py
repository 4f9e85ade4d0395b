"""Caching headers: static files may be kept for ever under their hash, pages get an ETag, or 304 if it matches."""

import re
from functools import wraps

from web.http.conditional import make_etag, matches_etag
from web.http.datasette_types import App, Datasette, Message, Receive, Scope, Send
from web.urls import STATIC, hash_static_file, path_for

STATIC_PATH = re.compile(r"^(/static/|/-/static/)")
CACHE_FOREVER = b"public, max-age=31536000, immutable"
CACHE_ONE_HOUR = b"public, max-age=3600"


def add_etags(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that static files may be cached, and other answers to GET have an ETag."""
    hashes = {path_for("static", file=path.name): hash_static_file(path) for path in STATIC.iterdir() if path.is_file()}
    hashes["/-/static/app.css"] = datasette.app_css_hash()

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if STATIC_PATH.match(path):
            version = scope.get("query_string", b"").decode("latin-1")
            send = _send_static(send, CACHE_FOREVER if version and version == hashes.get(path) else CACHE_ONE_HOUR)
        elif scope.get("method") in ("GET", "HEAD"):
            known = dict(scope["headers"]).get(b"if-none-match", b"")
            send = _send_with_etag(send, known.decode("latin-1"))
        await app(scope, receive, send)

    return serve


def _send_static(send: Send, cache_control: bytes) -> Send:
    async def send_static(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "headers": [*message["headers"], (b"cache-control", cache_control)]}
        await send(message)

    return send_static


def _send_with_etag(send: Send, if_none_match: str) -> Send:
    """Delay an answer's head until its body comes: a body in one piece gets an ETag, one in several is passed on."""
    heads: list[Message] = []

    async def send_with_etag(message: Message) -> None:
        if message["type"] == "http.response.start" and _needs_etag(message):
            heads.append(message)
            return
        if heads:
            head, body = heads.pop(), message.get("body", b"")
            if not message.get("more_body"):
                head, body = _add_etag(head, body, if_none_match)
            await send(head)
            message = {**message, "body": body}
        await send(message)

    return send_with_etag


def _needs_etag(head: Message) -> bool:
    headers = {key.lower(): value.lower() for key, value in head["headers"]}
    return head["status"] == 200 and b"no-store" not in headers.get(b"cache-control", b"") and b"etag" not in headers


def _add_etag(head: Message, body: bytes, if_none_match: str) -> tuple[Message, bytes]:
    """Add the ETag to an answer's head, or make the answer 304 without a body if the visitor has it."""
    etag = make_etag(body)
    headers = [*head["headers"], (b"etag", etag.encode())]
    if matches_etag(if_none_match, etag):
        headers = [(k, v) for k, v in headers if k.lower() not in (b"content-type", b"content-length")]
        return {**head, "status": 304, "headers": headers}, b""
    return {**head, "headers": headers}, body
