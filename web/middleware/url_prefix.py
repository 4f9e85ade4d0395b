"""The prefix of the site's addresses: taken off here, so that all that follows reads paths within the site."""

from functools import wraps

from web.http.datasette_types import App, Datasette, Receive, Response, Scope, Send
from web.urls import PREFIX, read_prefix, url_for


def strip_prefix(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that it is asked for paths within the site, and its pages lead to the prefix.

    A request without the prefix is answered too, since a proxy may have removed it. The prefix alone is redirected to
    the home page.
    """
    prefix = read_prefix(datasette)

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        before = PREFIX.set(prefix)
        try:
            if prefix and scope["type"] == "http" and scope["path"] == prefix:
                await Response.redirect(url_for("home"), status=301).asgi_send(send)
            else:
                await app(_move_to_root(scope, prefix), receive, send)
        finally:
            PREFIX.reset(before)

    return serve


def _move_to_root(scope: Scope, prefix: str) -> Scope:
    """Remove the prefix from the path of a request, as it was sent and as it was decoded."""
    raw, start = scope.get("raw_path"), f"{prefix}/"
    if not prefix or not scope.get("path", "").startswith(start) or (raw and not raw.startswith(start.encode())):
        return scope
    return {**scope, "path": scope["path"][len(prefix) :], "raw_path": raw and raw[len(prefix) :]}
