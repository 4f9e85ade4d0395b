"""/feeds and the Atom feeds beneath it: new mentions, new annotations, changed texts, moderation, and any search."""

import re
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from datasette import hookimpl

from db.records.source import LICENCE
from web.feeds import entries as news
from web.feeds import queries as feeds
from web.feeds.atom import MEDIA_TYPE, Entry, Feed, updated, write
from web.feeds.entries import Site
from web.http.conditional import answer_conditionally
from web.http.pages import page, redirect
from web.http.reading import reading
from web.http.site_url import base_url
from web.search.query_parser import LONGEST, parse

HOST = re.compile(r"[a-z0-9][a-z0-9.-]*")
FILTERS = ("house", "year", "speaker", "kind")
SINCE = "2026"  # when the authority of a tag: URI was that of this archive
SAFE = "/?&=%+:"


Entries = Callable[[sqlite3.Connection, Site], list[Entry]]


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /feeds and at each feed."""
    return [
        (r"^/feeds/?$", about),
        (r"^/feeds/(?P<name>mentions|annotations|changes|log)\.atom$", newest),
        (r"^/feeds/search\.atom$", of_search),
    ]


async def about(datasette: Any, request: Any) -> Any:
    """What feeds there are, and how to make one of a search."""
    return await page(datasette, request, "feeds/feeds.html", {"feeds": TITLES})


async def newest(datasette: Any, request: Any) -> Any:
    """The feed of what is new of one kind."""
    name = request.url_vars["name"]
    title, subtitle, alternate, entries = TITLES[name]
    return await _answer(datasette, request, (name, title, subtitle, alternate), entries)


async def of_search(datasette: Any, request: Any) -> Any:
    """The newest speeches that a search finds; a question with nothing to look for has none."""
    typed = (request.args.get("q") or "").replace("\0", "").strip()[:LONGEST].rstrip()
    filters = {key: (request.args.get(key) or "").replace("\0", "")[:100] for key in FILTERS}
    asked = parse(typed)
    given = {key: value for key, value in {"q": typed, **filters}.items() if value}
    if request.query_string != urlencode(given):  # one search has one address, which its feed names
        return redirect(f"/feeds/search.atom?{urlencode(given)}".rstrip("?"))
    words = ", ".join([asked.explained or "nothing to look for", *(v for k, v in given.items() if k != "q")])
    head = (
        f"search?{urlencode(given)}",
        f"Search: {typed[:60]}",
        f"Speeches with {words}",
        f"/search?{urlencode(given)}",
    )

    def entries(conn: sqlite3.Connection, site: Site) -> list[Entry]:
        return [news.hit(hit, site) for hit in feeds.hits(conn, asked.match, filters)]

    return await _answer(datasette, request, head, entries)


async def _answer(datasette: Any, request: Any, head: tuple[str, str, str, str], entries: Entries) -> Any:
    name, title, subtitle, alternate = head
    site = _site(datasette, request)
    path, _, query = name.partition("?")
    found = await reading(datasette, lambda conn: entries(conn, site), typed=bool(query))
    own = site.at(f"/feeds/{path}.atom{f'?{query}' if query else ''}")
    feed = Feed(site.tag(f"feed/{name}"), f"Dispatch Box: {title}", subtitle, own, site.at(alternate), LICENCE, found)
    return answer_conditionally(request, write(feed), MEDIA_TYPE, updated(feed))


def _site(datasette: Any, request: Any) -> Site:
    """The authority of tag: URIs is the site's host, unless metadata.json names another."""

    def absolute(path: str) -> str:
        return f"{base_url(request)}{path}"

    given = (datasette.plugin_config("dispatch-box") or {}).get("authority")
    host = str(given or urlsplit(absolute("/")).hostname).lower()
    authority = host if HOST.fullmatch(host) else "localhost"
    return Site(lambda name: f"tag:{authority},{SINCE}:{quote(name, safe=SAFE)}", absolute)


TITLES: dict[str, tuple[str, str, str, Entries]] = {
    "mentions": ("new mentions", "Speeches and titles that name a topic, as they came", "/timeline", news.mentions),
    "annotations": (
        "new annotations",
        "Words that somebody linked to a point of guidance",
        "/coverage",
        news.annotations,
    ),
    "changes": ("changed texts", "Speeches of which another wording is held", "/debates", news.changes),
    "log": ("moderation", "What reviewers withdrew and brought back, and why", "/log?moderation=1", news.moderation),
}
