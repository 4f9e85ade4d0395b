"""/people: the speakers; /people/<number>: one person, with their quotes by point of guidance."""

import sqlite3

from db.sqlite import Row
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, redirect_permanently, render_missing, render_page
from web.http.portraits import find_portrait
from web.http.reading import read_page
from web.people.person_links import list_links
from web.people.queries import (
    MAX_UNIDENTIFIED,
    NEWEST,
    add_offices_and_numbers,
    follow_redirect,
    read_person,
    read_speakers,
    read_unidentified_speakers,
)
from web.people.speaker_list import ORDERS, SpeakerList, list_speakers, merge_memberships
from web.rendering.speech_blocks import mark_in_sentence
from web.urls import url_for

FILTERS = ("name", "house", "party", "order")
MAX_PAGE = 1_000  # pages
REASONS = {  # of the record, in words for readers
    "people.json has not been loaded": "the register of people has not been loaded",
    "its redirect in people.json leads nowhere": "the id was replaced by one that the register lacks",
    "several persons in people.json have that number": "several people in the register have this number",
    "no person in people.json has that number": "no one in the register has this number",
    "no such membership in people.json": "the register has no such membership",
    "no such person in people.json": "the register has no such person",
    "its two ids are of two persons": "the source gives the ids of two different people",
    "several memberships of that house on that day": "the register has several memberships of this person on that day",
    "no membership of that house on that day": "the register has no seat of this person in that House on that day",
    "membership not dated to that day": "the register has no membership of this person on that day",
}


@serve_as_of
async def show_people(datasette: Datasette, request: Request) -> Response:
    """List speakers, most mentions first; the last page also has the speakers who are not identified."""
    filters, at = read_arguments(request, FILTERS), parse_page_number(request.args.get("page"), MAX_PAGE)
    listed, apart, of_newest = await read_page(datasette, lambda conn: _read_page_data(conn, filters, at))
    context = {
        "listed": listed,
        "filters": filters,
        "orders": ORDERS,
        "at": at,
        "unidentified": apart[:MAX_UNIDENTIFIED],
        "reasons": REASONS,
        "some": len(apart) > MAX_UNIDENTIFIED,
        "of_newest": of_newest,
        "portrait": find_portrait,
    }
    return await render_page(datasette, request, "people/people.html", context)


def _read_page_data(conn: sqlite3.Connection, filters: dict[str, str], at: int) -> tuple[SpeakerList, list[Row], int]:
    """Read one page of speakers, and with the last page of all of them those who are not identified."""
    listed = list_speakers(read_speakers(conn), filters, at)
    listed = listed._replace(people=add_offices_and_numbers(conn, listed.people))
    ends_all = not listed.more and not any(filters[key] for key in ("name", "house", "party"))
    return listed, *(read_unidentified_speakers(conn) if ends_all else ([], 0))


@serve_as_of
async def show_person(datasette: Datasette, request: Request) -> Response:
    """Show one person; redirect from a superseded id."""
    id = f"person/{request.url_vars['id'].removeprefix('person/')}"
    found, new = await read_page(datasette, lambda conn: (read_person(conn, id), follow_redirect(conn, id)))
    if not found and new and new.startswith("person/"):
        return redirect_permanently(url_for("person", id=new.removeprefix("person/")))
    if not found:
        return await render_missing(datasette, request, id, "Everybody who spoke in these debates is under People.")
    if "/" in request.url_vars["id"]:
        return redirect_permanently(url_for("person", id=id.removeprefix("person/")))
    for passages in found["points"].values():
        for passage in passages:
            passage["quote"] = _mark_quote(passage, passage["reading"])
    for mention in found["named"]:
        mention["quote"] = _mark_quote(mention)
    spells = merge_memberships(found["memberships"])
    context = {"person": found, "spells": spells, "links": list_links(id, found["ids"]), "newest": NEWEST}
    context |= {"portrait": find_portrait}
    return await render_page(datasette, request, "people/person.html", context)


def _mark_quote(row: Row, reading: str = "") -> object:
    return mark_in_sentence(row["text"], row["start"], row["end"], reading)
