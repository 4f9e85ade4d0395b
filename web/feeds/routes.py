"""The page /feeds and the Atom feeds: new mentions and annotations, changed texts, moderation, a person, any search."""

import re
import sqlite3
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit

from db.records.source import LICENCE
from web.feeds import queries
from web.feeds.atom_entries import (
    FeedSite,
    list_annotations,
    list_changes,
    list_mentions,
    list_moderation,
    make_hit_entry,
)
from web.feeds.xml_writer import MEDIA_TYPE, Feed, FeedEntry, find_newest_time, write_feed
from web.http.conditional import answer_conditionally
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import read_arguments, redirect_permanently, render_missing, render_page
from web.http.reading import read_today
from web.http.site_url import find_base_url
from web.people.queries import follow_redirect, read_name
from web.search.query_parser import MAX_LENGTH, parse_search
from web.urls import path_for, url_for

HOST = re.compile(r"[a-z0-9][a-z0-9.-]*")
FILTERS = ("house", "year", "speaker", "kind")
AUTHORITY_YEAR = "2026"  # a year in which this archive owned its host, for tag: URIs (RFC 4151)
SAFE_CHARACTERS = "/?&=%+:"
Entries = Callable[[sqlite3.Connection, FeedSite], list[FeedEntry]]


async def show_feeds(datasette: Datasette, request: Request) -> Response:
    """Show the list of feeds, and how to make one of a search."""
    return await render_page(datasette, request, "feeds/feeds.html", {"feeds": FEEDS})


async def show_feed(datasette: Datasette, request: Request) -> Response:
    """Answer with one of the FEEDS."""
    name = request.url_vars["name"]
    title, subtitle, alternate, entries = FEEDS[name]
    return await _answer(datasette, request, (name, title, subtitle, alternate), entries)


async def show_person_feed(datasette: Datasette, request: Request) -> Response:
    """Answer with the feed of a person's quotes."""
    number = request.url_vars["id"]
    id = f"person/{number}"
    named, new = await read_today(datasette, lambda conn: (read_name(conn, id), follow_redirect(conn, id)))
    if not named and new and new.startswith("person/"):
        return redirect_permanently(url_for("person_feed", id=new.removeprefix("person/")))
    if not named:
        return await render_missing(datasette, request, id)
    head = (id, f"quotes of {named}", f"Words of {named} linked to guidance", path_for("person", id=number))
    return await _answer(datasette, request, head, lambda conn, site: list_annotations(conn, site, id))


async def show_search_feed(datasette: Datasette, request: Request) -> Response:
    """Answer with the feed of a search: the newest matching speeches; empty for an empty search."""
    typed = (request.args.get("q") or "").replace("\0", "").strip()[:MAX_LENGTH].rstrip()
    filters = read_arguments(request, FILTERS)
    search = parse_search(typed)
    given = {key: value for key, value in {"q": typed, **filters}.items() if value}
    if request.query_string != urlencode(given):  # each search has one address, which its feed contains
        return redirect_permanently(f"{url_for('search_feed')}?{urlencode(given)}".rstrip("?"))
    words = ", ".join([search.explained or "nothing to look for", *(v for k, v in given.items() if k != "q")])
    head = (
        f"search?{urlencode(given)}",
        f"Search: {typed[:60]}",
        f"Speeches with {words}",
        f"{path_for('search')}?{urlencode(given)}",
    )

    def entries(conn: sqlite3.Connection, site: FeedSite) -> list[FeedEntry]:
        hits = queries.find_hits(conn, typed, filters)
        first = queries.find_first_ids(conn, (hit["id"] for hit in hits))
        return [make_hit_entry(hit, first, site) for hit in hits]

    return await _answer(datasette, request, head, entries)


async def _answer(
    datasette: Datasette, request: Request, head: tuple[str, str, str, str], entries: Entries
) -> Response:
    name, title, subtitle, alternate = head
    site = _make_site(datasette, request)
    path, _, query = name.partition("?")
    found = await read_today(datasette, lambda conn: entries(conn, site), typed=bool(query))
    own = site.make_address(path_for("feed", name=path) + (f"?{query}" if query else ""))
    feed = Feed(
        id=site.make_id(f"feed/{name}"),
        title=f"Dispatch Box: {title}",
        subtitle=subtitle,
        self=own,
        alternate=site.make_address(alternate),
        rights=LICENCE,
        entries=found,
    )
    return answer_conditionally(request, write_feed(feed), MEDIA_TYPE, find_newest_time(feed))


def _make_site(datasette: Datasette, request: Request) -> FeedSite:
    """Make the FeedSite; the authority of tag: URIs is the host, unless metadata.json names another."""

    def absolute(path: str) -> str:
        return f"{find_base_url(request)}{path}"

    given = (datasette.plugin_config("dispatch-box") or {}).get("authority")
    host = str(given or urlsplit(absolute(path_for("home"))).hostname).lower()
    authority = host if HOST.fullmatch(host) else "localhost"
    return FeedSite(
        make_id=lambda name: f"tag:{authority},{AUTHORITY_YEAR}:{quote(name, safe=SAFE_CHARACTERS)}",
        make_address=absolute,
    )


FEEDS: dict[str, tuple[str, str, str, Entries]] = {
    "mentions": (
        "new mentions",
        "Speeches and titles that mention a topic, newest first",
        path_for("timeline"),
        list_mentions,
    ),
    "annotations": (
        "new notes",
        "Quotes that people linked to a point of guidance",
        path_for("coverage"),
        list_annotations,
    ),
    "changes": (
        "changed texts",
        "Speeches whose words or speaker changed, and speeches that were withdrawn",
        path_for("debates"),
        list_changes,
    ),
    "log": (
        "moderation",
        "What reviewers withdrew and restored, and why",
        f"{path_for('log')}?moderation=1",
        list_moderation,
    ),
}
