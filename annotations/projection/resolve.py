"""Where every annotation stands today: from files, journal and statements.db to rows."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from annotations.anchoring.locate import context, locate
from annotations.projection.passes import passes
from annotations.projection.repair_list import repairs
from annotations.state.model import State, quote_of
from annotations.state.reducer import reduce
from db.journal.entries import Entry, JournalError
from db.records.annotation import Anchor, Annotation, Selector
from db.references import find
from db.statements import speaker_counts as heard
from db.statements.annotations import People, Placed, alters, save_people, save_some, seen

HAS_EDITIONS = "SELECT 1 FROM sqlite_schema WHERE name = 'editions'"
EDITIONS = "SELECT text FROM editions WHERE speech_id = ? AND text <> ? ORDER BY received DESC"


class Resolved(NamedTuple):
    """What people have said, ready to be saved; `astray` are annotations on points that no guidance has."""

    state: State
    people: People
    astray: list[Annotation]


class Captured(NamedTuple):
    """Words that somebody wants to annotate: the speech's gid, their selector as they stand there, and the proof."""

    target: str
    selector: Selector
    anchor: Anchor


def refresh(conn: sqlite3.Connection, curated: Iterable[Annotation], read: Callable[[], Iterable[Entry]]) -> Resolved:
    """Bring what people have said in statements.db up to date with files and journal, in one transaction.

    `read` reads the journal, and is called within it, so that a later state never gives way to an earlier one.
    """
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        found = resolve(conn, curated, read())
        save_people(conn, found.people)
    return found


def catch_up(conn: sqlite3.Connection, latest: Callable[[], State]) -> None:
    """The same for what the journal has had since: only the annotations that its new entries are about are worked on.

    `latest` tells what the journal amounts to, and is called within the transaction. `conn` may be a connection of
    another SQLite library than the standard one.
    """
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        state = latest()
        known = seen(conn)
        events = [event for event in state.history if known.pop(event.id, None) != alters(event)]
        if known:  # another journal than before
            save_people(conn, resolved(conn, state).people)
            return
        touched = {event.annotation_id for event in events if event.annotation_id}
        people = resolved(conn, state, touched).people
        save_some(conn, people._replace(history=events), touched)
        heard.catch_up(conn)


def capture(conn: sqlite3.Connection, target: str, selector: Selector) -> Captured:
    """Find words in a speech before they are entered. Raises JournalError where the archive has no such speech.

    Where they are found (`exact` or `moved`), the selector is that of the speaker's own words; else it is as given.
    """
    gid, text = meant(conn, target)
    anchor = locate(text, selector)
    if anchor.state not in ("exact", "moved") or anchor.start is None or anchor.end is None:
        return Captured(gid, selector, anchor)
    return Captured(gid, selected(text, anchor.start, anchor.end), anchor)


def meant(conn: sqlite3.Connection, target: str) -> tuple[str, str]:
    """The gid and text of the one speech that a target means today. Raises JournalError."""
    speech_id, what = _speech(conn, target)
    if not speech_id:
        raise JournalError(f"{what}: {target}")
    gid, text = conn.execute("SELECT gid, text FROM speeches WHERE id = ?", (speech_id,)).fetchone()
    return str(gid), str(text)


def selected(text: str, start: int, end: int) -> Selector:
    """The selector of words of a text, with what stands around them."""
    return Selector(text[start:end], *context(text, start, end), start, end)


def resolve(conn: sqlite3.Connection, curated: Iterable[Annotation], entries: Iterable[Entry]) -> Resolved:
    """Find where the annotations of files and of a journal stand in statements.db; all else that people have said."""
    return resolved(conn, reduce(entries, curated))


def resolved(conn: sqlite3.Connection, state: State, only: Collection[str] | None = None) -> Resolved:
    """Find where annotations stand, all or those of some ids alone; and all else that people have said."""
    points = {id for (id,) in conn.execute("SELECT id FROM guidance_points")}
    annotations = sorted(state.annotations.values(), key=lambda each: (each.origin == "journal", each.created, each.id))
    wanted = [each for each in annotations if only is None or each.id in only]
    placed = [place(conn, annotation) for annotation in wanted if annotation.point_id in points]
    astray = [annotation for annotation in annotations if annotation.point_id not in points]
    lost = {annotation.id for annotation in astray}
    moments = [
        (m._replace(annotation_id=None) if m.annotation_id in lost else m, _speech(conn, m.target)[0])
        for _, m in sorted(state.moments.items())
    ]
    decisions = [decision for _, decision in sorted(state.decisions.items())]
    people = People(placed, list(repairs(placed)), moments, decisions, passes(conn, state), state.history)
    return Resolved(state, people, astray)


def place(conn: sqlite3.Connection, annotation: Annotation) -> Placed:
    """An annotation with its speech, found by any gid that the speech ever had, and the place of its words in it."""
    selector, quote = annotation.selector, quote_of(annotation)
    words = selector.exact or quote
    speech_id, what = _speech(conn, annotation.target)
    if not speech_id:
        anchor = Anchor("lost", None, None, 0.0, f"{what}: {annotation.target}")
        return Placed(annotation, None, anchor, words, selector.prefix, selector.suffix, quote)
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (speech_id,)).fetchone()[0]
    anchor = _locate(conn, speech_id, text, selector)
    if anchor.start is None or anchor.end is None:
        return Placed(annotation, speech_id, anchor, words, selector.prefix, selector.suffix, quote)
    around = context(text, anchor.start, anchor.end)
    return Placed(annotation, speech_id, anchor, text[anchor.start : anchor.end], *around, quote)


def _speech(conn: sqlite3.Connection, target: str) -> tuple[str | None, str]:
    """The id of the one speech that a target means today; else None, and why there is none."""
    speeches = [found.speech_id for found in find(conn, target) if found.speech_id]
    if len(speeches) == 1:
        return speeches[0], ""
    return None, "the archive has no such speech" if not speeches else f"the target names {len(speeches)} speeches"


def _locate(conn: sqlite3.Connection, speech_id: str, text: str, selector: Selector) -> Anchor:
    """Locate a quote in a speech; where it does not stand at its stored place, by the edition that it was made in."""
    anchor = locate(text, selector)
    if anchor.state == "exact" and selector.start is not None:
        return anchor
    old = old_text(conn, speech_id, text, selector)
    return anchor if old is None else locate(text, selector, old)


def old_text(conn: sqlite3.Connection, speech_id: str, text: str, selector: Selector) -> str | None:
    """The newest other wording of a speech in which a selector's words stand exactly, where the archive has one."""
    if not conn.execute(HAS_EDITIONS).fetchone():
        return None
    older = (old for (old,) in conn.execute(EDITIONS, (speech_id, text)))
    return next((old for old in older if locate(old, selector).state == "exact"), None)
