"""Reject malformed or oversized requests before routing, explain errors, and close Datasette's debug pages."""

import errno
import re
from collections.abc import Awaitable, Sequence
from functools import wraps
from traceback import print_exception
from typing import Any
from urllib.parse import parse_qsl

from datasette.database import QueryInterrupted
from datasette.utils import ValueAsBooleanError
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from db.sqlite import OPERATIONAL_ERRORS, list_error_classes
from web.http.auth import answer_refusal
from web.http.datasette_types import App, Datasette, Message, Receive, Request, Response, Scope, Send
from web.http.error_forms import answer_error_as_data
from web.http.pages import NO_STORE, RequestRefused, render_missing
from web.http.site_url import find_own_host, is_database_address, is_own_origin, knows_own_address
from web.urls import PREFIX, url_for

MAX_BODY_SIZE = 1_000_000  # bytes
MAX_ADDRESS_SIZE = 16_000  # bytes
# query parameters of Datasette that take SQL, names of tables, or JSON
CLOSED_FIELDS = {"_where", "_searchmode", "_through", "_fts_table", "_fts_pk"}
CLOSED_FIELD_REFUSAL = "Send SQL to {}?sql= instead."
COLUMN_FIELDS = re.compile(r"_(facet(_array|_date)?|sort|sort_desc|col|nocol|label)")  # each names a column
COLUMN = re.compile(r"\w*")
PARAMETER = re.compile(r"[\w.:~-]*")  # names of columns and of parameters of SQL, and what others add to addresses
SINGLE_HEADERS = (
    *(b"host", b"origin", b"sec-fetch-site", b"authorization", b"x-csrftoken"),
    *(b"content-type", b"content-length", b"transfer-encoding"),
)
WRITE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
NO_ADDRESS = (
    "Writing is switched off because this site does not know its own address: whoever runs it must set BASE_URL."
)
FOREIGN = "This form did not come from this site: open the page here and send it again."
RETRY_AFTER = 10  # seconds
BUSY = f"This took too long and was stopped, because the site is busy. Try again in {RETRY_AFTER} seconds."
STOPPED = "The query took too long and was stopped. Ask for less: fewer rows, or one day, one house or one speaker."
OTHER_VERSION = "This page needs a newer database. Whoever runs this site can update it with dispatch-box load."
UNREADABLE = "A parameter of this address cannot be read: use plain values, and leave out what you do not need."
MISTAKES = (
    *(ValueError, TypeError, KeyError, IndexError, OverflowError, ValueAsBooleanError),
    *list_error_classes("IntegrityError", "InterfaceError", "ProgrammingError"),
)
WRONG_SQL = ("Invalid SQL", "SQL Interrupted")  # titles of Datasette's errors
MISSING = ("no such table: ", "no such column: ")  # SQLite's words, of a database that another version made
NO_ROWS = "That has no rows: name a table, as {}.csv, or ask in SQL, with ?sql=."


async def answer_debug_page(datasette: Datasette, request: Request) -> Response:
    """Answer 404 to one of Datasette's debug pages."""
    return await render_missing(datasette, request, request.path, "It is a tool for developers of Datasette.")


def answer_mistake(
    datasette: Datasette, request: Request, exception: Exception
) -> Awaitable[Response] | Response | None:
    """Answer 400 where Datasette 0.65.5 answers 500 to a visitor's mistake, and 503 if the server is busy.

    Mistakes are an unknown column, and a parameter that cannot be read. The server is busy if sql_time_limit_ms stopped
    a page or a canned query, which may succeed later. An error is JSON or text where data is asked for. None leaves the
    error to Datasette.
    """
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    canned = datasette.metadata("queries", database="statements") or {}
    stopped = isinstance(exception, QueryInterrupted) or getattr(exception, "title", "") == "SQL Interrupted"
    if stopped and request.url_vars.get("table") in canned:
        return answer_busy(datasette, request)
    if isinstance(exception, DatasetteError) and exception.message_is_html:  # its HTML has a script
        exception.message, exception.message_is_html = STOPPED, False
    if isinstance(exception, DatasetteError) and exception.title in WRONG_SQL and not request.path.endswith(".json"):
        exception.error_dict = {"sql": request.args.get("sql")}  # which the page has in a form, to be changed
    if isinstance(exception, OPERATIONAL_ERRORS) and str(exception) == "interrupted":
        return answer_busy(datasette, request)
    if refused := _find_refusal(request, exception):
        return answer_refusal(datasette, request, refused)
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return render_missing(datasette, request, request.path[:100])
    if isinstance(exception, MISTAKES) and "database" in request.url_vars and request.query_string:
        print_exception(exception)
        return answer_refusal(datasette, request, RequestRefused(400, UNREADABLE))
    if isinstance(exception, Base400 | DatasetteError) and not request.path.endswith(".json"):  # Datasette's has more
        return _answer_as_data(request, exception)
    return None


def _find_refusal(request: Request, exception: Exception) -> RequestRefused | None:
    if isinstance(exception, QueryInterrupted):  # of a CSV, where Datasette does not catch it
        return RequestRefused(400, STOPPED)
    if isinstance(exception, OPERATIONAL_ERRORS) and str(exception).startswith(MISSING):
        return RequestRefused(503, OTHER_VERSION)
    if isinstance(exception, KeyError) and re.fullmatch(r"/statements\.(csv|json)", request.path):  # a whole database
        return RequestRefused(400, NO_ROWS.format(url_for("table", name="debates")))
    return None


def _answer_as_data(request: Request, exception: Any) -> Response | None:
    """Answer one of Datasette's errors as JSON or text, or leave it to Datasette's page."""
    sentence = exception.message if isinstance(exception, DatasetteError) else exception.args[0]
    return answer_error_as_data(request, exception.status, f"{sentence}", NO_STORE)


async def answer_busy(datasette: Datasette, request: Request) -> Response:
    """Answer 503 with Retry-After, as a page or as JSON."""
    response = await answer_refusal(datasette, request, RequestRefused(503, BUSY))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def guard_requests(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that malformed, oversized and forged requests are refused first.

    Each later reader sees the site's own host, whatever the header Host says.
    """

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request, headers = Request(scope, receive), dict(scope["headers"])
        refusal = (
            check_address(datasette, request)
            or check_headers(scope["method"], scope["headers"])
            or check_origin(request)
        )
        if not refusal and scope["method"] in WRITE_METHODS and _has_form(headers):
            receive, refusal = await _read_form(receive)
        if refusal:
            answer = answer_error_as_data(request, *refusal, NO_STORE)
            await (answer or Response.text(f"{refusal[1]}\n", refusal[0], dict(NO_STORE))).asgi_send(send)
        else:
            await app({**scope, "headers": _name_own_host(request)}, receive, send)

    return serve


def _name_own_host(request: Request) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request with the site's own host in place of what was sent."""
    others = [pair for pair in request.scope["headers"] if pair[0] not in (b"host", b"x-forwarded-host")]
    return [(b"host", find_own_host(request).encode("latin-1")), *others]


def check_origin(request: Request) -> tuple[int, str] | None:
    """Return a status and a reason if a browser says that a request to write comes from another site.

    A request with a token and without a cookie is not asked, since a browser adds no token by itself; one without these
    headers comes from no browser of today, and needs the session's own CSRF token like any other.
    """
    headers = request.headers
    by_token = headers.get("authorization", "").startswith("Bearer ") and "cookie" not in headers
    if request.method not in WRITE_METHODS or by_token:
        return None
    site, origin = headers.get("sec-fetch-site", "same-origin"), headers.get("origin")
    if site not in ("same-origin", "none") or (origin is not None and not is_own_origin(request, origin)):
        return 403, FOREIGN if knows_own_address(request) else NO_ADDRESS
    return None


def _has_form(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").strip().lower().startswith(b"application/x-www-form-urlencoded")


async def _read_form(receive: Receive) -> tuple[Receive, tuple[int, str] | None]:
    """Read the body of a form; return a `receive` that gives it again, and the refusal of check_form."""
    body = b""
    message: Message = {"type": "http.request", "more_body": True}
    while message.get("more_body") and len(body) <= MAX_BODY_SIZE:
        message = await receive()
        body += message.get("body", b"")
    given: list[Message] = [message if message["type"] == "http.disconnect" else {"type": "http.request", "body": body}]

    async def receive_body() -> Message:
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
        return 400, "A cookie or a token may have ASCII characters only."
    return None


def check_address(datasette: Datasette, request: Request) -> tuple[int, str] | None:
    """Return a status and a reason if an address is too long, or has an invalid or closed parameter.

    Parameters are read by Datasette's own reader, as they will be used.
    """
    if len(request.scope.get("raw_path") or request.path) + len(request.query_string) > MAX_ADDRESS_SIZE:
        return 414, f"At most {MAX_ADDRESS_SIZE:,} bytes of an address are read here."
    if request.path.startswith(("//", "/\\")):
        return 400, "An address here begins with one slash."
    if PREFIX.get() and request.path.startswith(url_for("home")):  # Datasette would take the prefix off again
        return 404, "Page not found."
    if is_database_address(datasette, request.path) and not all(map(PARAMETER.fullmatch, request.args)):
        return 400, "The name of a parameter here has letters, digits and _ only."
    given = [(name, value) for name in request.args for value in request.args.getlist(name)]
    if not all(re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) for name, value in given if name == "_timelimit"):
        return 400, "_timelimit is a number of milliseconds."
    if not all(COLUMN.fullmatch(value) for name, value in given if COLUMN_FIELDS.fullmatch(name)):
        return 400, "_facet, _sort, _col and _label each take the name of a column."
    return (
        (400, CLOSED_FIELD_REFUSAL.format(url_for("database"))) if CLOSED_FIELDS & {name for name, _ in given} else None
    )


def check_headers(method: str, pairs: Sequence[tuple[bytes, bytes]]) -> tuple[int, str] | None:
    """Return a status and a reason if a header is doubled or not ASCII, or a body is too long or of the wrong kind."""
    headers, names = dict(pairs), [name for name, _ in pairs]
    if any(names.count(name) > 1 for name in SINGLE_HEADERS):
        return 400, "A header was sent twice that may be sent only once."
    if not all(headers.get(name, b"").isascii() for name in (b"cookie", b"x-csrftoken", b"authorization")):
        return 400, "A cookie or a token may have ASCII characters only."
    if method not in WRITE_METHODS:
        return None
    if headers.get(b"content-type", b"").strip().lower().startswith(b"multipart/"):
        return 400, "Send the form without parts, as application/x-www-form-urlencoded: files are not accepted here."
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" in headers:
        return 411, "Send Content-Length: a body in chunks is not accepted here."
    if length.isdigit() and int(length) > MAX_BODY_SIZE:
        return 413, f"At most {MAX_BODY_SIZE:,} bytes are taken at once."
    return None
