"""Entries that confirm, repair or withdraw annotations whose wording changed or is lost."""

import sqlite3

from annotations.projection.capture import CapturedWords, make_selector
from annotations.projection.resolution import find_corrected_speaker, place_annotation
from annotations.state.model import make_selector_fields
from db.journal.entries import EntryDraft, JournalError
from db.records.annotation import Annotation


def make_confirmation(
    conn: sqlite3.Connection, annotation: Annotation, actor: str, reason: str, seen_words: str | None = None
) -> EntryDraft:
    """Make the entry that confirms that the words there now are the speaker's, and that the reading still holds.

    `seen_words` are the words that the person read there, if known. Raises JournalError where other words are there
    now, or where the wording did not change.
    """
    placed = place_annotation(conn, annotation)
    start, end = placed.anchor.start, placed.anchor.end
    if placed.anchor.state != "changed" or start is None or end is None:
        raise JournalError(f"{annotation.id} is {placed.anchor.state}: only a changed wording can be confirmed")
    if seen_words is not None and seen_words.split() != placed.exact.split():
        raise JournalError(f"the words there have changed to: {placed.exact}; nothing was saved: read them first")
    gid, text = conn.execute("SELECT gid, text FROM speeches WHERE id = ?", (placed.speech_id,)).fetchone()
    payload = {
        "annotation": annotation.id,
        "selector": make_selector_fields(make_selector(text, start, end)),
        "reason": reason,
    }
    if find_corrected_speaker(conn, str(placed.speech_id), annotation):  # today's address is today's speaker's
        payload["target"] = gid
    return EntryDraft(actor, "confirm", payload)


def make_repair(annotation: Annotation, words: CapturedWords, actor: str, reason: str) -> EntryDraft:
    """Make the entry that puts an annotation on other words, of its speech or of another."""
    target = {"target": words.target} if words.target != annotation.target else {}
    selector = make_selector_fields(words.selector)
    return EntryDraft(actor, "repair", {"annotation": annotation.id, "selector": selector, "reason": reason, **target})


def make_withdrawal(annotation: Annotation, actor: str, reason: str) -> EntryDraft:
    """Make the entry that withdraws an annotation."""
    return EntryDraft(actor, "withdraw", {"annotation": annotation.id, "reason": reason})
