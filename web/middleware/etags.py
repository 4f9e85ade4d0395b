"""What browsers and proxies may keep: static files by their hash for good, visitors' pages a while, with an ETag."""

import hashlib
import re
from functools import wraps
from pathlib import Path
from typing import Any

from datasette import hookimpl

STATIC = Path(__file__).parents[1] / "static"
HASHED = re.compile(r"^(/static/|/-/static/)")
FOR_GOOD = b"public, max-age=31536000, immutable"
A_WHILE = b"public, max-age=3600"
TAG = re.compile(rb'(?:W/)?("[^"]*")')


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap the whole site."""
    hashes = {f"/static/{path.name}": digest(path) for path in STATIC.iterdir() if path.is_file()}
    hashes["/-/static/app.css"] = datasette.app_css_hash()

    def wrap(app: Any) -> Any:
        @wraps(app)
        async def kept(scope: Any, receive: Any, send: Any) -> None:
            path = scope.get("path", "")
            if HASHED.match(path):
                asked = scope.get("query_string", b"").decode("latin-1")
                send = _static(send, FOR_GOOD if asked and asked == hashes.get(path) else A_WHILE)
            elif scope.get("method") in ("GET", "HEAD"):
                send = _tagged(send, dict(scope["headers"]).get(b"if-none-match", b""))
            await app(scope, receive, send)

        return kept

    return wrap


def digest(path: Path) -> str:
    """What the address of a static file ends with, so that it changes with the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _static(send: Any, how_long: bytes) -> Any:
    async def send_static(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "headers": [*message["headers"], (b"cache-control", how_long)]}
        await send(message)

    return send_static


def _tagged(send: Any, asked: bytes) -> Any:
    """Hold an answer's head back until its body has come: whole, it has a tag; in pieces, it goes as it comes."""
    heads: list[Any] = []

    async def send_tagged(message: Any) -> None:
        if message["type"] == "http.response.start" and _taggable(message):
            heads.append(message)
            return
        if heads:
            head, body = heads.pop(), message.get("body", b"")
            if not message.get("more_body"):
                head, body = _answer(head, body, asked)
            await send(head)
            message = {**message, "body": body}
        await send(message)

    return send_tagged


def _taggable(head: Any) -> bool:
    headers = {key.lower(): value.lower() for key, value in head["headers"]}
    return head["status"] == 200 and b"no-store" not in headers.get(b"cache-control", b"") and b"etag" not in headers


def _answer(head: Any, body: bytes, asked: bytes) -> tuple[Any, bytes]:
    """The answer with its tag, or 304 without a body where the visitor has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'.encode()
    headers = [*head["headers"], (b"etag", tag)]
    if asked.strip() == b"*" or tag in TAG.findall(asked):
        headers = [(k, v) for k, v in headers if k.lower() not in (b"content-type", b"content-length")]
        return {**head, "status": 304, "headers": headers}, b""
    return {**head, "headers": headers}, body
