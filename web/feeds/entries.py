"""What is new, as entries of Atom feeds: mentions, annotations, changed texts, moderation, and what a search finds."""

import json
import sqlite3
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from db.sqlite import Row
from web.feeds import queries as feeds
from web.feeds.atom import Entry, when
from web.rendering.markdown import prose
from web.rendering.speech_blocks import in_sentence

READ = {"said": "is said in", "implied": "is implied by", "contradicts": "is contradicted by"}
DONE = {"withdraw": "withdrew", "restore": "brought back", "undo": "took back what was done with"}
AROUND = 160  # characters shown around the first difference of two wordings
QUOTE = Markup("<blockquote>{}</blockquote>")


class Site(NamedTuple):
    """What makes a tag: URI (RFC 4151) of a name that survives a rebuild, and a whole address of a path."""

    tag: Callable[[str], str]
    at: Callable[[str], str]


def mentions(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Speeches and titles that name a topic, as they came."""
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


def annotations(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Words that somebody linked to a point of guidance."""
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


def changes(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Speeches of which another wording is held."""
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


def moderation(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """What reviewers did with what others entered."""
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


def hit(hit: Row, site: Site) -> Entry:
    """A speech that a search finds."""
    where = site.at(f"/debate/{hit['debate_id']}#{hit['id']}")
    shown = Markup("<p>{}</p>").format(hit["snippet"])
    return _entry(site.tag(f"speech/{hit['id']}"), hit["title"], where, hit, hit["received"], hit["date"], shown)


def _entry(id: str, title: str, link: str, row: Row, came: str, first: str, shown: Markup) -> Entry:
    """An entry about somebody's words, whose author is the speaker."""
    who = row["speaker"] or "The proceedings"
    about = Markup("<p>{}, {}</p>").format(who, row["citation"])
    return Entry(id, title, link, who, when(came), when(first), str(shown + about))
