"""A final slash: an address that ends with one leads to the same address without it, on the whole site."""

from functools import wraps

from web.http.datasette_types import App, Datasette, Message, Receive, Response, Scope, Send
from web.http.site_url import check_local_address
from web.urls import add_prefix, path_for

OWN_SLASH = (path_for("home"), path_for("annotations"))  # paths that end with a slash; the second is the W3C protocol's


def redirect_final_slashes(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that an address with a final slash is redirected to the one without it.

    An application that redirects such an address itself, knows better: TheyWorkForYou's addresses have that slash.
    """

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _read_path(scope).endswith(b"/") or scope["path"] in OWN_SLASH:
            await app(scope, receive, send)
        elif target := remove_final_slash(scope):
            is_read = scope["method"] in ("GET", "HEAD")
            await app(scope, receive, _send_redirect(send, target) if is_read else send)
        else:
            await Response.text("Page not found.\n", status=404).asgi_send(send)

    return serve


def remove_final_slash(scope: Scope) -> str:
    """Return the address of a request without its final slashes, with its query; "" if it may lead to another site."""
    query = scope.get("query_string", b"")
    address = _read_path(scope).rstrip(b"/") + (b"?" + query if query else b"")
    return check_local_address(add_prefix(address.decode("ascii", "replace")))


def _read_path(scope: Scope) -> bytes:
    """Return the path as it was sent, percent-encoded."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return path.partition(b"?")[0]


def _send_redirect(send: Send, target: str) -> Send:
    """Send a redirect in place of an answer that is a page, found or missing; pass on every other answer."""
    replaced = False

    async def send_redirect(message: Message) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start" and message["status"] in (200, 300, 302, 404, 410):
            replaced = True
            await Response.redirect(target, status=301).asgi_send(send)
        elif not replaced:
            await send(message)

    return send_redirect
