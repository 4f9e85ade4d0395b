"""Entries of the Atom feeds, with their ids: mentions, annotations, changed texts, moderation, search results."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from db.sqlite import Row
from db.statements.withdrawn_speeches import list_last_withdrawn
from web.feeds import queries
from web.feeds.xml_writer import FeedEntry, format_time
from web.rendering.markdown import render_markdown
from web.rendering.speech_blocks import mark_in_sentence
from web.urls import path_for

READING_PHRASES = {"said": "is said in", "implied": "is implied by", "contradicts": "is contradicted by"}
MODERATION_VERBS = {"withdraw": "withdrew", "restore": "restored", "undo": "undid an entry about"}
CONTEXT_LENGTH = 160  # characters shown around the first difference of two wordings
QUOTE = Markup("<blockquote>{}</blockquote>")


class FeedSite(NamedTuple):
    """Functions of a site: make a tag: URI (RFC 4151) from a permanent name, and a full address from a path."""

    make_id: Callable[[str], str]
    make_address: Callable[[str], str]


def list_mentions(conn: sqlite3.Connection, site: FeedSite) -> list[FeedEntry]:
    """Make the entries of new mentions of topics, in speeches and titles."""
    rows = queries.read_mentions(conn)
    first_ids = queries.find_first_ids(conn, (row["speech_id"] or row["debate_id"] for row in rows))
    return [_make_mention(row, first_ids, site) for row in rows]


def _make_mention(row: Row, first_ids: Mapping[str, str], site: FeedSite) -> FeedEntry:
    where = path_for("debate", id=row["debate_id"]) + (f"#{row['speech_id']}" if row["speech_id"] else "")
    quotes = (
        [mark_in_sentence(row["text"], *place) for place in sorted(json.loads(row["places"]))]
        if row["text"]
        else [row["title"]]
    )
    shown = Markup("").join(QUOTE.format(quote) for quote in dict.fromkeys(quotes))
    what = f"{row['topic_title']}: {row['title']}"
    id = row["speech_id"] or row["debate_id"]
    return _make_entry(
        id=site.make_id(f"mention/{row['topic']}/{first_ids.get(id, id)}"),
        title=what,
        link=site.make_address(where),
        row=row,
        received=row["received"],
        said=row["date"],
        shown=shown,
    )


def list_annotations(conn: sqlite3.Connection, site: FeedSite, person_id: str = "") -> list[FeedEntry]:
    """Make the entries of new annotations, of one person's words or of all."""
    return [_make_annotation(row, site) for row in queries.read_annotations(conn, person_id)]


def _make_annotation(row: Row, site: FeedSite) -> FeedEntry:
    title = f"{row['point_title']} {READING_PHRASES[row['reading']]} {row['citation']}"
    quote = QUOTE.format(mark_in_sentence(row["text"], row["start"], row["end"], row["reading"]))
    note = Markup("<p>{}, {}. {}:</p>{}").format(
        row["speaker"] or "", row["citation"], row["document_title"], render_markdown(row["note"])
    )
    where = site.make_address(f"{path_for('debate', id=row['debate_id'])}#{row['speech_id']}")
    return FeedEntry(
        id=site.make_id(f"annotation/{row['id']}"),
        title=title,
        link=where,
        author=row["creator"] or "unknown",
        updated=format_time(row["touched"]),
        published=format_time(row["created"]),
        html=quote + note,
    )


def list_changes(conn: sqlite3.Connection, site: FeedSite) -> list[FeedEntry]:
    """Make the entries of changes: speeches with other words or another speaker, and withdrawn speeches; newest first.

    An id names a wording by its words and speaker, so that no later letter changes it.
    """
    rows, withdrawn = queries.read_changes(conn), list_last_withdrawn(conn, queries.NEWEST)
    first_ids = queries.find_first_ids(conn, (*(row["speech_id"] for row in rows), *(row["id"] for row in withdrawn)))
    made = {entry.id: entry for row in rows for entry in [_make_change(row, first_ids, site)]}
    found = [*made.values(), *(_make_withdrawal(row, first_ids, site) for row in withdrawn)]
    return sorted(found, key=lambda entry: entry.updated, reverse=True)[: queries.NEWEST]


def _make_change(row: Row, first_ids: Mapping[str, str], site: FeedSite) -> FeedEntry:
    first = first_ids.get(row["speech_id"], row["speech_id"])
    wording = sha256(f"{row['other_name'] or ''}\n{row['other_text']}".encode("utf-8", "surrogatepass")).hexdigest()
    return _make_entry(
        id=site.make_id(f"change/{first}/{row['other']}/{wording[:16]}"),
        title=f"{'Another wording' if row['text'] != row['other_text'] else 'Another speaker'}: {row['title']}",
        link=site.make_address(f"{path_for('debate', id=row['debate_id'])}#{row['speech_id']}"),
        row=row,
        received=row["came"],
        said=min(row["received"], row["other_received"]),
        shown=_show_speakers(row) + _show_wordings(row),
    )


def _show_speakers(row: Row) -> Markup:
    """Say whom each edition names, where that is not the same person."""
    if not row["other_speaker"]:
        return Markup()
    named = (row["other"], row["other_edition"], row["other_name"] or "nobody")
    shown = (row["source"], row["edition"], row["speaker"] or "nobody")
    return Markup("<p>{} {} names {} as the speaker, {} {} names {}.</p>").format(*named, *shown)


def _show_wordings(row: Row) -> Markup:
    """Quote two wordings from shortly before their first difference, or the beginning of words that are the same."""
    if row["text"] == row["other_text"]:
        return QUOTE.format(_shorten(row["text"]))
    pairs = enumerate(zip(row["text"], row["other_text"], strict=False))
    at = next((n for n, (one, other) in pairs if one != other), min(len(row["text"]), len(row["other_text"])))
    begin = max(at - CONTEXT_LENGTH // 2, 0)
    return Markup("<p>{} {}:</p>{}<p>{} {}:</p>{}").format(
        *(row["source"], row["edition"], QUOTE.format(f"… {row['text'][begin : at + CONTEXT_LENGTH]} …")),
        *(row["other"], row["other_edition"], QUOTE.format(f"… {row['other_text'][begin : at + CONTEXT_LENGTH]} …")),
    )


def _make_withdrawal(row: Row, first_ids: Mapping[str, str], site: FeedSite) -> FeedEntry:
    told = Markup("<p>This speech was {}. Its last words:</p>").format(row["withdrawal"])
    return _make_entry(
        id=site.make_id(f"withdrawn/{first_ids.get(row['id'], row['id'])}"),
        title=f"Withdrawn: {row['title']}",
        link=site.make_address(row["address"]),
        row=row,
        received=row["withdrawn"],
        said=row["date"],
        shown=told + QUOTE.format(_shorten(row["text"])),
    )


def _shorten(text: str) -> str:
    return text if len(text) <= 2 * CONTEXT_LENGTH else f"{text[: 2 * CONTEXT_LENGTH]} …"


def list_moderation(conn: sqlite3.Connection, site: FeedSite) -> list[FeedEntry]:
    """Make the entries of moderation: entries of other people that reviewers withdrew or restored."""
    return [_make_moderation(row, site) for row in queries.read_moderation(conn)]


def _make_moderation(row: Row, site: FeedSite) -> FeedEntry:
    """Make the entry of one act of moderation, with its reason."""
    what = "a reply" if row["reply_id"] else "the moment of a video" if row["moment_id"] else "an annotation"
    id = row["annotation_id"]
    about = path_for("quote", id=id) if id else f"{path_for('log')}?entry={row['id']}"
    shown = Markup("<p>{} {}{}.</p><p>{}</p>").format(
        *(
            row["actor"],
            row["summary"],
            ", undone since" if row["undone"] else "",
            row["reason"] or "No reason is given.",
        )
    )
    where = site.make_address(f"{about}#{quote(row['reply_id'])}" if row["reply_id"] else about)
    title = f"{row['actor']} {MODERATION_VERBS[row['kind']]} {what}"
    return FeedEntry(
        id=site.make_id(f"log/{row['id']}"),
        title=title,
        link=where,
        author=row["actor"],
        updated=format_time(row["time"]),
        published=format_time(row["time"]),
        html=str(shown),
    )


def make_hit_entry(hit: Row, first_ids: Mapping[str, str], site: FeedSite) -> FeedEntry:
    """Make the entry of a speech that matches a search; `first_ids` has its id in the first letter of its day."""
    where = site.make_address(f"{path_for('debate', id=hit['debate_id'])}#{hit['id']}")
    shown = Markup("<p>{}</p>").format(hit["snippet"])
    return _make_entry(
        id=site.make_id(f"speech/{first_ids.get(hit['id'], hit['id'])}"),
        title=hit["title"],
        link=where,
        row=hit,
        received=hit["received"],
        said=hit["date"],
        shown=shown,
    )


def _make_entry(id: str, title: str, link: str, row: Row, received: str, said: str, shown: Markup) -> FeedEntry:
    """Make an entry about a speech, whose author is the speaker.

    `received` is when the archive received the words, `said` when they were said.
    """
    who = row["speaker"] or "The proceedings"
    about = Markup("<p>{}, {}</p>").format(who, row["citation"])
    return FeedEntry(
        id=id,
        title=title,
        link=link,
        author=who,
        updated=format_time(received),
        published=format_time(said),
        html=str(shown + about),
    )
