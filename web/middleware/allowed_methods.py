"""Methods by address: answer OPTIONS, send no body to HEAD, and answer 405 with Allow to any other method."""

import re
from collections.abc import Callable, Iterable
from functools import partial, wraps

from web.http.datasette_types import App, Datasette, Message, Receive, Request, Response, Scope, Send
from web.http.error_forms import answer_error_as_data
from web.http.pages import NO_STORE
from web.http.site_url import is_database_address
from web.urls import READ, Route

DATASETTE_PATH = re.compile(r"/(\.json|favicon\.ico|robots\.txt|static/.*|-/(?!logout$).*)", re.DOTALL)


def limit_methods(routes: Iterable[Route]) -> Callable[[Datasette, App], App]:
    """Make the middleware that lets each route, and Datasette's own pages, have only the methods that it takes."""
    known = [(re.compile(route.pattern), route.methods) for route in routes]
    return partial(_limit_methods, known)


def _limit_methods(known: list[tuple[re.Pattern[str], tuple[str, ...]]], datasette: Datasette, app: App) -> App:
    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        methods = find_methods(datasette, known, request.path.partition("?")[0])
        if methods and request.method not in (*READ, *methods):  # a view that only takes POST explains that by itself
            await _refuse_method(request, ", ".join((*methods, "OPTIONS"))).asgi_send(send)
        else:
            await app(scope, receive, _leave_body_out(send) if request.method == "HEAD" else send)

    return serve


def find_methods(
    datasette: Datasette, known: list[tuple[re.Pattern[str], tuple[str, ...]]], path: str
) -> tuple[str, ...]:
    """Return the methods that an address takes; () if its view decides itself, or if no page of ours is there."""
    for pattern, methods in known:
        if pattern.match(path):
            return methods
    return READ if is_database_address(datasette, path) or DATASETTE_PATH.fullmatch(path) else ()


def _refuse_method(request: Request, allowed: str) -> Response:
    """Answer 204 to OPTIONS and 405 to another method, both with the methods that are allowed."""
    headers, sentence = {**NO_STORE, "Allow": allowed}, f"This address takes {allowed}."
    if request.method == "OPTIONS":
        return Response("", status=204, headers=headers)
    return answer_error_as_data(request, 405, sentence, headers) or Response.text(f"{sentence}\n", 405, headers)


def _leave_body_out(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head
