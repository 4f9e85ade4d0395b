"""The page /me: my notes, replies to me, passes and decisions; private to the person who is signed in."""

from web.http.auth import redirect_to_sign_in
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import NO_STORE, render_page
from web.http.reading import read_today
from web.http.visibility import find_own_passes
from web.my_notes.queries import read_own_work
from web.my_notes.view import build_context
from web.urls import url_for


async def show_my_notes(datasette: Datasette, request: Request) -> Response:
    """Show what the visitor wrote; ask those who are not signed in to do so."""
    if not request.actor:
        return redirect_to_sign_in(url_for("my_notes"))
    person = str(request.actor["id"])
    work = await read_today(datasette, lambda conn: read_own_work(conn, person))
    page = await render_page(datasette, request, "my_notes/my_notes.html", build_context(work, find_own_passes()))
    page.headers = {**page.headers, **NO_STORE, "X-Robots-Tag": "noindex"}
    return page
