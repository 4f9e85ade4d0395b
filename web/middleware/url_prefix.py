"""The prefix of the site's addresses: taken off here, so that all that follows reads paths within the site."""

from functools import wraps
from typing import Any

from datasette import Response

from web.urls import PREFIX, read_prefix, url_for


def strip_prefix(datasette: Any, app: Any) -> Any:
    """Wrap an ASGI application so that it is asked for paths within the site, and its pages lead to the prefix.

    A request without the prefix is answered too, since a proxy may have removed it. The prefix alone is redirected to
    the home page.
    """
    prefix = read_prefix(datasette)

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        before = PREFIX.set(prefix)
        try:
            if prefix and scope["type"] == "http" and scope["path"] == prefix:
                await Response.redirect(url_for("home"), status=301).asgi_send(send)
            else:
                await app(_move_to_root(scope, prefix), receive, send)
        finally:
            PREFIX.reset(before)

    return serve


def _move_to_root(scope: Any, prefix: str) -> Any:
    """Remove the prefix from the path of a request, as it was sent and as it was decoded."""
    raw, start = scope.get("raw_path"), f"{prefix}/"
    if not prefix or not scope.get("path", "").startswith(start) or (raw and not raw.startswith(start.encode())):
        return scope
    return {**scope, "path": scope["path"][len(prefix) :], "raw_path": raw and raw[len(prefix) :]}
