"""Reject malformed or oversized requests before routing, explain errors, and close Datasette's debug pages."""

import errno
import re
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from datasette import Response
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

from web.http.auth import answer_refusal
from web.http.pages import RequestRefused, render_missing

MAX_BODY_SIZE = 1_000_000  # bytes
MAX_ADDRESS_SIZE = 16_000  # bytes
CLOSED_FIELDS = {"_where", "_searchmode", "_through"}  # query parameters of Datasette that take SQL or raise errors
CLOSED_FIELD_REFUSAL = "That is not taken here: ask in SQL, at /statements?sql=."
WRITE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
KNOWN_METHODS = ("GET", "HEAD", "OPTIONS", *WRITE_METHODS)
RETRY_AFTER = 10  # seconds
BUSY = f"It took too long and was stopped: there is much to do here at the moment. Try again in {RETRY_AFTER} seconds."
STOPPED = "The question took too long, and was stopped. Ask for less: fewer rows, or one day, one house, one speaker."
OTHER_VERSION = (
    "This page needs a newer database than the one that is served. Whoever runs this site brings it up to date with "
    "python -m scrapers load, then python -m annotations load."
)
NO_ROWS = "That has no rows: name a table, as /statements/debates.csv, or ask in SQL, with ?sql=."


async def answer_debug_page(datasette: Any, request: Any) -> Any:
    """Answer 404 to one of Datasette's debug pages."""
    return await render_missing(datasette, request, request.path, "It is a tool for those who write Datasette.")


def answer_mistake(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer 400 or 405 where Datasette 0.65.5 answers 500 to a visitor's mistake, and 503 if the server is busy.

    Mistakes are an unknown column, an unknown method, and a POST to a canned query. The server is busy if
    sql_time_limit_ms stopped a page or a canned query, which may succeed later. None leaves the error to Datasette.
    """
    if request.method not in KNOWN_METHODS or (request.method == "POST" and request.path.startswith("/statements")):
        return Response.text("Here can be done: GET, HEAD.\n", status=405, headers={"Allow": "GET, HEAD"})
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    canned = datasette.metadata("queries", database="statements") or {}
    stopped = isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted"
    if stopped and request.url_vars.get("table") in canned:
        return answer_busy(datasette, request)
    if isinstance(exception, DatasetteError) and exception.message_is_html:  # its HTML has a script
        exception.message, exception.message_is_html = STOPPED, False
    if isinstance(exception, sqlite3.OperationalError) and str(exception) == "interrupted":
        return answer_busy(datasette, request)
    if isinstance(exception, sqlite3.OperationalError) and str(exception).startswith("no such table: "):
        return answer_refusal(datasette, request, RequestRefused(503, OTHER_VERSION))
    if isinstance(exception, KeyError) and re.fullmatch(r"/statements\.(csv|json)", request.path):  # a whole database
        return answer_refusal(datasette, request, RequestRefused(400, NO_ROWS))
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return render_missing(datasette, request, request.path[:100])
    return None


async def answer_busy(datasette: Any, request: Any) -> Any:
    """Answer 503 with Retry-After, as a page or as JSON."""
    response = await answer_refusal(datasette, request, RequestRefused(503, BUSY))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def guard_requests(_: Any, app: Any) -> Any:
    """Wrap an ASGI application so that malformed and oversized requests are refused first."""

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        refusal = (check_address(scope) or check_headers(scope["method"], headers)) if scope["type"] == "http" else None
        if not refusal and scope.get("method") in WRITE_METHODS and _has_form(headers):
            receive, refusal = await _read_form(receive)
        if refusal:
            await Response.text(f"{refusal[1]}\n", status=refusal[0]).asgi_send(send)
        else:
            await app(scope, receive, send)

    return serve


def _has_form(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").strip().lower().startswith(b"application/x-www-form-urlencoded")


async def _read_form(receive: Any) -> tuple[Any, tuple[int, str] | None]:
    """Read the body of a form; return a `receive` that gives it again, and the refusal of check_form."""
    body, message = b"", {"type": "http.request", "more_body": True}
    while message.get("more_body") and len(body) <= MAX_BODY_SIZE:
        message = await receive()
        body += message.get("body", b"")
    given: list[Any] = [message if message["type"] == "http.disconnect" else {"type": "http.request", "body": body}]

    async def receive_body() -> Any:
        return given.pop() if given else await receive()

    return receive_body, check_form(body)


def check_form(body: bytes) -> tuple[int, str] | None:
    """Return a status and a reason if a form is too long, not UTF-8, or has a token that is not ASCII."""
    if len(body) > MAX_BODY_SIZE:
        return 413, f"At most {MAX_BODY_SIZE:,} bytes are taken at once."
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        return 400, "The form cannot be read: send it as UTF-8."
    if not all(value.isascii() for name, value in fields if name == "csrftoken"):
        return 400, "A cookie or a token here holds ASCII letters only."
    return None


def check_address(scope: Any) -> tuple[int, str] | None:
    """Return a status and a reason if an address is too long, or has an invalid or closed parameter."""
    query = scope.get("query_string", b"")
    if len(scope.get("raw_path") or scope["path"]) + len(query) > MAX_ADDRESS_SIZE:
        return 414, f"At most {MAX_ADDRESS_SIZE:,} bytes of an address are read here."
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if not all(re.fullmatch(r"[0-9]{1,6}", value) for name, value in given if name == "_timelimit"):
        return 400, "_timelimit is a number of milliseconds."
    return (400, CLOSED_FIELD_REFUSAL) if CLOSED_FIELDS & {name for name, _ in given} else None


def check_headers(method: str, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    """Return a status and a reason if a header is not ASCII, or a body is too long or of the wrong kind."""
    if not all(headers.get(name, b"").isascii() for name in (b"cookie", b"x-csrftoken", b"authorization")):
        return 400, "A cookie or a token here holds ASCII letters only."
    if method not in WRITE_METHODS:
        return None
    if headers.get(b"content-type", b"").strip().lower().startswith(b"multipart/"):
        return 400, "Send the form without parts, as application/x-www-form-urlencoded: no file is taken here."
    length = headers.get(b"content-length", b"")
    if not length.isdigit() and b"transfer-encoding" in headers:
        return 411, "Say how long it is: a body in pieces, without Content-Length, is not taken here."
    if length.isdigit() and int(length) > MAX_BODY_SIZE:
        return 413, f"At most {MAX_BODY_SIZE:,} bytes are taken at once."
    return None
