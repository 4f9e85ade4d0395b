"""/feeds and the Atom feeds beneath it: new mentions, new annotations, changed texts, moderation, and any search."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from datasette import hookimpl
from markupsafe import Markup

from annotations.marked import in_sentence
from annotations.prose import prose
from db import feeds
from db.atom import MEDIA_TYPE, Entry, Feed, updated, when, write
from db.kept import kept
from db.pages import page, reading, redirect
from db.records import LICENCE
from db.rows import Row
from db.search import LONGEST, parse
from db.site import base_url

HOST = re.compile(r"[a-z0-9][a-z0-9.-]*")
FILTERS = ("house", "year", "speaker", "kind")
SINCE = "2026"  # when the authority of a tag: URI was that of this archive
READ = {"said": "is said in", "implied": "is implied by", "contradicts": "is contradicted by"}
DONE = {"withdraw": "withdrew", "restore": "brought back", "undo": "took back what was done with"}
SAFE = "/?&=%+:"
AROUND = 160  # characters shown around the first difference of two wordings
QUOTE = Markup("<blockquote>{}</blockquote>")


class Site(NamedTuple):
    """What makes a tag: URI (RFC 4151) of a name that survives a rebuild, and a whole address of a path."""

    tag: Callable[[str], str]
    at: Callable[[str], str]


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
    return await page(datasette, request, "feeds.html", {"feeds": TITLES})


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
        return [_hit(hit, site) for hit in feeds.hits(conn, asked.match, filters)]

    return await _answer(datasette, request, head, entries)


async def _answer(datasette: Any, request: Any, head: tuple[str, str, str, str], entries: Entries) -> Any:
    name, title, subtitle, alternate = head
    site = _site(datasette, request)
    path, _, query = name.partition("?")
    found = await reading(datasette, lambda conn: entries(conn, site), typed=bool(query))
    own = site.at(f"/feeds/{path}.atom{f'?{query}' if query else ''}")
    feed = Feed(site.tag(f"feed/{name}"), f"Dispatch Box: {title}", subtitle, own, site.at(alternate), LICENCE, found)
    return kept(request, write(feed), MEDIA_TYPE, updated(feed))


def _site(datasette: Any, request: Any) -> Site:
    """The authority of tag: URIs is the site's host, unless metadata.json names another."""

    def absolute(path: str) -> str:
        return f"{base_url(request)}{path}"

    given = (datasette.plugin_config("dispatch-box") or {}).get("authority")
    host = str(given or urlsplit(absolute("/")).hostname).lower()
    authority = host if HOST.fullmatch(host) else "localhost"
    return Site(lambda name: f"tag:{authority},{SINCE}:{quote(name, safe=SAFE)}", absolute)


def _mentions(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    return [_mention(row, site) for row in feeds.mentions(conn)]


def _mention(row: Row, site: Site) -> Entry:
    where = f"/debate/{row['debate_id']}" + (f"#{row['speech_id']}" if row["speech_id"] else "")
    quotes = (
        [in_sentence(row["text"], *place) for place in sorted(json.loads(row["places"]))]
        if row["text"]
        else [row["title"]]
    )
    shown = Markup("").join(QUOTE.format(quote) for quote in dict.fromkeys(quotes))
    what = f"{row['topic_title']}: {row['title']}"
    return _entry(
        *(site.tag(f"mention/{row['topic']}/{row['speech_id'] or row['debate_id']}"), what, site.at(where), row),
        *(row["received"], row["date"], shown),
    )


def _annotations(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    return [_annotation(row, site) for row in feeds.annotations(conn)]


def _annotation(row: Row, site: Site) -> Entry:
    title = f"{row['point_title']} {READ[row['reading']]} {row['citation']}"
    quote = QUOTE.format(in_sentence(row["text"], row["start"], row["end"], row["reading"]))
    note = Markup("<p>{}, {}. {}:</p>{}").format(
        row["speaker"] or "", row["citation"], row["document_title"], prose(row["note"])
    )
    where = site.at(f"/debate/{row['debate_id']}#{row['speech_id']}")
    times = (when(row["touched"]), when(row["created"]))
    return Entry(site.tag(f"annotation/{row['id']}"), title, where, row["creator"] or "unknown", *times, quote + note)


def _changes(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    return [_change(row, site) for row in feeds.changes(conn)]


def _change(row: Row, site: Site) -> Entry:
    pairs = enumerate(zip(row["text"], row["other_text"], strict=False))
    at = next((n for n, (one, other) in pairs if one != other), min(len(row["text"]), len(row["other_text"])))
    begin = max(at - AROUND // 2, 0)
    shown = Markup("<p>{} {}:</p>{}<p>{} {}:</p>{}").format(
        *(row["source"], row["edition"], QUOTE.format(f"… {row['text'][begin : at + AROUND]} …")),
        *(row["other"], row["other_edition"], QUOTE.format(f"… {row['other_text'][begin : at + AROUND]} …")),
    )
    where = site.at(f"/debate/{row['debate_id']}#{row['speech_id']}")
    name = site.tag(f"change/{row['speech_id']}/{row['other']}/{row['other_edition']}")
    first = min(row["received"], row["other_received"])
    return _entry(name, f"Another wording: {row['title']}", where, row, row["came"], first, shown)


def _moderation(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    return [_moderated(row, site) for row in feeds.moderation(conn)]


def _moderated(row: Row, site: Site) -> Entry:
    """What a reviewer did with what somebody else entered, and why."""
    what = "a reply" if row["reply_id"] else "the moment of a video" if row["moment_id"] else "an annotation"
    about = f"/q/{quote(row['annotation_id'], safe='')}" if row["annotation_id"] else f"/log?entry={row['id']}"
    shown = Markup("<p>{} {}{}.</p><p>{}</p>").format(
        *(
            row["actor"],
            row["summary"],
            ", undone since" if row["undone"] else "",
            row["reason"] or "No reason is given.",
        )
    )
    where = site.at(f"{about}#{quote(row['reply_id'])}" if row["reply_id"] else about)
    title = f"{row['actor']} {DONE[row['kind']]} {what}"
    return Entry(site.tag(f"log/{row['id']}"), title, where, row["actor"], *(when(row["time"]),) * 2, str(shown))


def _hit(hit: Row, site: Site) -> Entry:
    where = site.at(f"/debate/{hit['debate_id']}#{hit['id']}")
    shown = Markup("<p>{}</p>").format(hit["snippet"])
    return _entry(site.tag(f"speech/{hit['id']}"), hit["title"], where, hit, hit["received"], hit["date"], shown)


def _entry(id: str, title: str, link: str, row: Row, came: str, first: str, shown: Markup) -> Entry:
    """An entry about somebody's words, whose author is the speaker."""
    who = row["speaker"] or "The proceedings"
    about = Markup("<p>{}, {}</p>").format(who, row["citation"])
    return Entry(id, title, link, who, when(came), when(first), str(shown + about))


TITLES: dict[str, tuple[str, str, str, Entries]] = {
    "mentions": ("new mentions", "Speeches and titles that name a topic, as they came", "/timeline", _mentions),
    "annotations": ("new annotations", "Words that somebody linked to a point of guidance", "/coverage", _annotations),
    "changes": ("changed texts", "Speeches of which another wording is held", "/debates", _changes),
    "log": ("moderation", "What reviewers withdrew and brought back, and why", "/log?moderation=1", _moderation),
}
