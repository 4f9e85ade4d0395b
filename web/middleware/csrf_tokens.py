"""CSRF tokens of sessions: whoever has a session has its token, whatever the cookie of the token says."""

from functools import wraps
from http.cookies import CookieError, SimpleCookie
from typing import Any

from web.http.auth import CSRF_COOKIE, SESSION_COOKIE, make_csrf_token


def bind_csrf_tokens(datasette: Any, app: Any) -> Any:
    """Wrap an ASGI application so that the token of forms belongs to the session.

    Datasette's own check compares a form's token with a cookie, which a neighbouring host may set. Here the cookie is
    replaced by the token of the session before that check, so that a token from anywhere else is refused.
    """

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and (cookies := _bind_cookies(datasette, dict(scope["headers"]).get(b"cookie"))):
            others = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            scope = {**scope, "headers": [*others, (b"cookie", cookies)]}
        await app(scope, receive, send)

    return serve


def _bind_cookies(datasette: Any, sent: bytes | None) -> bytes:
    """Return the cookies with the session's token in place of any other; b"" if they name no session."""
    try:
        cookies = SimpleCookie((sent or b"").decode("latin-1"))
    except CookieError:
        return b""
    if not (session := cookies.get(SESSION_COOKIE)) or not session.value:
        return b""
    cookies[CSRF_COOKIE] = make_csrf_token(datasette, session.value)
    return "; ".join(f"{name}={cookie.coded_value}" for name, cookie in cookies.items()).encode("latin-1")
