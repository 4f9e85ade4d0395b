"""/people: the speakers; /people/<number>: one person, with their quotes by point of guidance."""

import sqlite3

from db.sqlite import Row
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, redirect_permanently, render_missing, render_page
from web.http.reading import read_page
from web.people.queries import (
    MAX_UNRESOLVED,
    NEWEST,
    PAGE_SIZE,
    follow_redirect,
    read_person,
    read_speakers,
    read_unresolved_speakers,
)
from web.rendering.speech_blocks import mark_in_sentence
from web.urls import url_for

MAX_PAGE = 1_000  # pages


@serve_as_of
async def show_people(datasette: Datasette, request: Request) -> Response:
    """List speakers, most mentions first; the last page also has unresolved speakers, with the reason."""
    at = parse_page_number(request.args.get("page"), MAX_PAGE)
    found, more, apart = await read_page(datasette, lambda conn: _read_page_data(conn, at))
    shown = found[PAGE_SIZE * (at - 1) : PAGE_SIZE * at]
    context = {"people": shown, "total": len(found), "at": at, "more": more, "unresolved": apart[:MAX_UNRESOLVED]}
    return await render_page(
        datasette, request, "people/people.html", {**context, "unknown": len(apart) > MAX_UNRESOLVED}
    )


def _read_page_data(conn: sqlite3.Connection, at: int) -> tuple[list[Row], bool, list[Row]]:
    """Read the speakers, True if there is another page, and on the last page the unresolved speakers."""
    found = read_speakers(conn)
    more = len(found) > PAGE_SIZE * at
    return found, more, [] if more else read_unresolved_speakers(conn)


@serve_as_of
async def show_person(datasette: Datasette, request: Request) -> Response:
    """Show one person; redirect from a superseded id."""
    id = f"person/{request.url_vars['id'].removeprefix('person/')}"
    found, new = await read_page(datasette, lambda conn: (read_person(conn, id), follow_redirect(conn, id)))
    if not found and new and new.startswith("person/"):
        return redirect_permanently(url_for("person", id=new.removeprefix("person/")))
    if not found:
        return await render_missing(
            datasette, request, id, "Everybody who spoke where a topic is named is under People."
        )
    if "/" in request.url_vars["id"]:
        return redirect_permanently(url_for("person", id=id.removeprefix("person/")))
    for passages in found["points"].values():
        for passage in passages:
            passage["quote"] = _mark_quote(passage, passage["reading"])
    for mention in found["named"]:
        mention["quote"] = _mark_quote(mention)
    return await render_page(datasette, request, "people/person.html", {"person": found, "newest": NEWEST})


def _mark_quote(row: Row, reading: str = "") -> object:
    return mark_in_sentence(row["text"], row["start"], row["end"], reading)
