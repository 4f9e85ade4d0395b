"""Cookies as every later reader sees them: those that can be read, with the CSRF token that belongs to the session."""

from functools import wraps
from http.cookies import CookieError, SimpleCookie

from web.http.auth import CSRF_COOKIE, SESSION_COOKIE, make_csrf_token
from web.http.datasette_types import App, Datasette, Receive, Scope, Send


def bind_csrf_tokens(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that the token of forms belongs to the session.

    Datasette's own check compares a form's token with a cookie, which a neighbouring host may set. Here the cookie is
    replaced by the token of the session before that check, so that a token from anywhere else is refused.
    """

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        sent = dict(scope["headers"]).get(b"cookie") if scope["type"] == "http" else None
        if sent is not None:
            cookies = read_cookies(sent.decode("latin-1"))
            if session := cookies.get(SESSION_COOKIE):
                cookies[CSRF_COOKIE] = make_csrf_token(datasette, session.value)
            written = "; ".join(f"{name}={cookie.coded_value}" for name, cookie in cookies.items())
            others = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            scope = {**scope, "headers": [*others, (b"cookie", written.encode("latin-1"))]}
        await app(scope, receive, send)

    return serve


def read_cookies(header: str) -> SimpleCookie:
    """Read the cookies of a request, each by itself, without those that Python's reader cannot read.

    >>> read_cookies("a,b=1; c=2").keys()
    dict_keys(['c'])
    """
    cookies = SimpleCookie()
    for pair in header.split(";"):
        try:
            cookies.load(pair.strip())
        except CookieError:
            continue
    return cookies
