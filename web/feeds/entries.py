"""Entries of the Atom feeds, with their ids: mentions, annotations, changed texts, moderation, search results."""

import json
import sqlite3
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from db.sqlite import Row
from web.feeds import queries
from web.feeds.atom import Entry, when
from web.rendering.markdown import prose
from web.rendering.speech_blocks import in_sentence

READ = {"said": "is said in", "implied": "is implied by", "contradicts": "is contradicted by"}
DONE = {"withdraw": "withdrew", "restore": "brought back", "undo": "took back what was done with"}
AROUND = 160  # characters shown around the first difference of two wordings
QUOTE = Markup("<blockquote>{}</blockquote>")


class Site(NamedTuple):
    """The functions that make a tag: URI (RFC 4151) of a lasting name, and a full address of a path."""

    tag: Callable[[str], str]
    at: Callable[[str], str]


def mentions(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Make the entries of new mentions: speeches and titles that name a topic."""
    return [_make_mention(row, site) for row in queries.mentions(conn)]


def _make_mention(row: Row, site: Site) -> Entry:
    """Make the entry of a new mention."""
    where = f"/debate/{row['debate_id']}" + (f"#{row['speech_id']}" if row["speech_id"] else "")
    quotes = (
        [in_sentence(row["text"], *place) for place in sorted(json.loads(row["places"]))]
        if row["text"]
        else [row["title"]]
    )
    shown = Markup("").join(QUOTE.format(quote) for quote in dict.fromkeys(quotes))
    what = f"{row['topic_title']}: {row['title']}"
    return _make_entry(
        id=site.tag(f"mention/{row['topic']}/{row['speech_id'] or row['debate_id']}"),
        title=what,
        link=site.at(where),
        row=row,
        came=row["received"],
        first=row["date"],
        shown=shown,
    )


def annotations(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Make the entries of new annotations."""
    return [_make_annotation(row, site) for row in queries.annotations(conn)]


def _make_annotation(row: Row, site: Site) -> Entry:
    """Make the entry of a new annotation."""
    title = f"{row['point_title']} {READ[row['reading']]} {row['citation']}"
    quote = QUOTE.format(in_sentence(row["text"], row["start"], row["end"], row["reading"]))
    note = Markup("<p>{}, {}. {}:</p>{}").format(
        row["speaker"] or "", row["citation"], row["document_title"], prose(row["note"])
    )
    where = site.at(f"/debate/{row['debate_id']}#{row['speech_id']}")
    return Entry(
        id=site.tag(f"annotation/{row['id']}"),
        title=title,
        link=where,
        author=row["creator"] or "unknown",
        updated=when(row["touched"]),
        published=when(row["created"]),
        html=quote + note,
    )


def changes(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Make the entries of changed texts: speeches with another wording."""
    return [_make_change(row, site) for row in queries.changes(conn)]


def _make_change(row: Row, site: Site) -> Entry:
    """Make the entry of a changed text."""
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
    title = f"Another wording: {row['title']}"
    return _make_entry(id=name, title=title, link=where, row=row, came=row["came"], first=first, shown=shown)


def moderation(conn: sqlite3.Connection, site: Site) -> list[Entry]:
    """Make the entries of moderation: reviewers' decisions on what others entered."""
    return [_make_moderation(row, site) for row in queries.moderation(conn)]


def _make_moderation(row: Row, site: Site) -> Entry:
    """Make the entry of one act of moderation, with its reason."""
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
    return Entry(
        id=site.tag(f"log/{row['id']}"),
        title=title,
        link=where,
        author=row["actor"],
        updated=when(row["time"]),
        published=when(row["time"]),
        html=str(shown),
    )


def hit(hit: Row, site: Site) -> Entry:
    """Make the entry of a speech that a search finds."""
    where = site.at(f"/debate/{hit['debate_id']}#{hit['id']}")
    shown = Markup("<p>{}</p>").format(hit["snippet"])
    return _make_entry(
        id=site.tag(f"speech/{hit['id']}"),
        title=hit["title"],
        link=where,
        row=hit,
        came=hit["received"],
        first=hit["date"],
        shown=shown,
    )


def _make_entry(id: str, title: str, link: str, row: Row, came: str, first: str, shown: Markup) -> Entry:
    """Make an entry about words of the record, whose author is the speaker.

    `came` is when the words came to this archive, `first` when they were said.
    """
    who = row["speaker"] or "The proceedings"
    about = Markup("<p>{}, {}</p>").format(who, row["citation"])
    return Entry(
        id=id,
        title=title,
        link=link,
        author=who,
        updated=when(came),
        published=when(first),
        html=str(shown + about),
    )
