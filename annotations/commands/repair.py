"""Repairs of quotes whose wording changed or is lost, as entries for the journal."""

import sqlite3

from annotations.projection.capture import Captured, selected
from annotations.projection.resolve import place
from annotations.state.model import fields_of
from db.journal.entries import Draft, JournalError
from db.records.annotation import Annotation


def confirmed(
    conn: sqlite3.Connection, annotation: Annotation, actor: str, reason: str, seen: str | None = None
) -> Draft:
    """Make the entry that confirms that the words there now are the speaker's, and that the reading still holds.

    `seen` are the words that the person saw there, if that is known. Raises JournalError where other words are there
    now, or where the wording did not change.
    """
    placed = place(conn, annotation)
    start, end = placed.anchor.start, placed.anchor.end
    if placed.anchor.state != "changed" or start is None or end is None:
        raise JournalError(f"{annotation.id} is {placed.anchor.state}: only a changed wording can be confirmed")
    if seen is not None and seen.split() != placed.exact.split():
        raise JournalError(f"other words stand there now: {placed.exact}; nothing was entered: read them first")
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (placed.speech_id,)).fetchone()[0]
    payload = {"annotation": annotation.id, "selector": fields_of(selected(text, start, end)), "reason": reason}
    return Draft(actor, "confirm", payload)


def repaired(annotation: Annotation, words: Captured, actor: str, reason: str) -> Draft:
    """Make the entry that puts an annotation on other words, of its speech or of another."""
    there = {"target": words.target} if words.target != annotation.target else {}
    selector = fields_of(words.selector)
    return Draft(actor, "repair", {"annotation": annotation.id, "selector": selector, "reason": reason, **there})


def withdrawn(annotation: Annotation, actor: str, reason: str) -> Draft:
    """Make the entry that withdraws an annotation."""
    return Draft(actor, "withdraw", {"annotation": annotation.id, "reason": reason})
