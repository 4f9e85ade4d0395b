"""The pages /sign-in and /sign-out, and the actor of a request, by session cookie or token."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Any, TypeVar

from itsdangerous import BadSignature

from accounts import store
from web.http import auth
from web.http.datasette_types import Actor, Datasette, Request, Response
from web.http.pages import NO_STORE, RequestRefused
from web.http.site_url import check_local_address
from web.urls import url_for

KNOWN_BROWSER = "known"  # the cookie of a browser in which somebody has signed in, sent to /sign-in alone
KNOWN_LIFETIME = 365 * 24 * 3600  # seconds
WRONG_PASSWORD = "Wrong name or password. Capital letters matter in both."
Answer = TypeVar("Answer")


def find_actor(datasette: Datasette, request: Request) -> Callable[[], Awaitable[Actor | None]] | None:
    """Find the account of a request's token or session; a request with a token ignores the cookie (against CSRF)."""
    given, cookie = request.headers.get("authorization", ""), request.cookies.get(auth.SESSION_COOKIE, "")
    if not given.startswith("Bearer ") and not cookie:
        return None

    async def actor() -> Actor | None:
        if given.startswith("Bearer "):
            found = await _query_accounts(
                datasette, lambda conn: store.find_token_actor(conn, given.removeprefix("Bearer ").strip())
            )
            return {"id": found.name, "role": found.role, "token": True} if found else None
        now = int(time.time())
        found = await _query_accounts(datasette, lambda conn: store.find_session_actor(conn, cookie, now))
        return {"id": found.name, "role": found.role} if found else None

    return actor


async def _query_accounts(datasette: Datasette, query: Callable[[Connection], Answer]) -> Answer | None:
    """Run a query on accounts.db beside statements.db; None if there is no such file."""
    path = Path(datasette.get_database("statements").path).with_name("accounts.db")

    def answer() -> Answer | None:
        if not path.exists():
            return None
        with store.open_accounts(path) as conn:
            return query(conn)

    return await asyncio.to_thread(answer)


def _check_onward(to: object) -> str:
    """Return the address to redirect to if it is on this site and not that of sign-in or sign-out; else home."""
    here = check_local_address(to)
    return here if here and not here.startswith((url_for("sign_in"), url_for("sign_out"))) else url_for("home")


async def sign_in(datasette: Datasette, request: Request) -> Response:
    """Show the form; start a session if it is posted with the right password."""
    to = _check_onward(request.args.get("to"))
    if request.method != "POST":
        return await _show_form(datasette, request, {"to": to})
    try:
        fields = await auth.read_fields(request)
        auth.check_csrf(request, fields)
    except RequestRefused as refusal:
        return await auth.answer_refusal(datasette, request, refusal)
    name, password = (str(fields.get(field, ""))[:1000] for field in ("name", "password"))
    to, address, now = _check_onward(fields.get("to")), (request.scope.get("client") or [""])[0], int(time.time())
    name, browser = name.strip(), _find_known_browser(datasette, request, name.strip())
    found = await _query_accounts(
        datasette, lambda conn: store.try_password(conn, name, password, address, now, browser)
    )
    if isinstance(found, int):
        minutes = -(-found // 60)
        problem = f"Too many attempts. Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}."
        headers = {"Retry-After": str(found)}
        return await _show_form(datasette, request, {"to": to, "name": name, "problem": problem}, 429, headers)
    if found is None:
        return await _show_form(datasette, request, {"to": to, "name": name, "problem": WRONG_PASSWORD}, 403)
    return await _start_session(datasette, request, found.name, to, browser)


async def _start_session(datasette: Datasette, request: Request, name: str, to: str, browser: str) -> Response:
    """Start a session in place of the browser's old one, and redirect with its cookies."""
    old, now = request.cookies.get(auth.SESSION_COOKIE), int(time.time())
    if old:
        await _query_accounts(datasette, lambda conn: store.end_session(conn, old))
    session = await _query_accounts(datasette, lambda conn: store.start_session(conn, name, now)) or ""
    response = Response.redirect(to, status=303, headers=dict(NO_STORE))
    known = datasette.sign([name.casefold(), browser or secrets.token_hex(8)], KNOWN_BROWSER)
    csrf_token = auth.make_csrf_token(datasette, session)
    set_cookie = partial(response.set_cookie, httponly=True, secure=request.scheme == "https", samesite="lax")
    set_cookie(auth.SESSION_COOKIE, session, max_age=store.SESSION_LIFETIME)
    set_cookie(auth.CSRF_COOKIE, csrf_token)
    set_cookie(KNOWN_BROWSER, known, max_age=KNOWN_LIFETIME, path=url_for("sign_in"))
    return response


def _find_known_browser(datasette: Datasette, request: Request, name: str) -> str:
    """Return the id of a browser in which this name has signed in before; "" if it has not."""
    try:
        known, browser = datasette.unsign(request.cookies.get(KNOWN_BROWSER, ""), KNOWN_BROWSER)
    except (BadSignature, ValueError):
        return ""
    return str(browser) if known == name.casefold() else ""


async def _show_form(
    datasette: Datasette,
    request: Request,
    context: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Render the page to sign in."""
    html = await datasette.render_template("sign_in/sign_in.html", context, request=request)
    return Response.html(html, status=status, headers={**NO_STORE, **(headers or {})})


async def sign_out(datasette: Datasette, request: Request) -> Response:
    """End the session on the server and in the browser."""
    try:
        if request.method != "POST":
            raise RequestRefused(405, "Sign out with the button at the top of a page.")
        auth.check_csrf(request, await auth.read_fields(request))
    except RequestRefused as refusal:
        return await auth.answer_refusal(datasette, request, refusal)
    if secret := request.cookies.get(auth.SESSION_COOKIE):
        await _query_accounts(datasette, lambda conn: store.end_session(conn, secret))
    response = Response.redirect(url_for("home"), status=303, headers=dict(NO_STORE))
    response.set_cookie(
        auth.SESSION_COOKIE, "", max_age=0, httponly=True, secure=request.scheme == "https", samesite="lax"
    )
    return response
