"""Where words that somebody wants to annotate stand in a speech: found, to be chosen, or not there, as sentences."""

import sqlite3
from hashlib import sha256
from typing import NamedTuple

from annotations.projection.resolve import Captured, capture
from db.journal.payload_schemas import LONG
from db.rows import Row
from web.annotate.choices import Choice, choice, everywhere
from web.annotate.fields import Asked, selector

FOUND = {
    "exact": "Found: these words stand in the speech.",
    "moved": "Found, in another place than was given: these words stand there.",
}


class Sought(NamedTuple):
    """The words as they stand (None where they do not), a sentence about it, and the places to choose between."""

    captured: Captured | None
    sentence: str
    choices: list[Choice]


def sought(conn: sqlite3.Connection, speech: Row, asked: Asked) -> Sought:
    """Find the words that somebody means; the sentence is a mistake where `captured` is None."""
    wanted = selector(speech["text"], asked)
    if not wanted:
        return Sought(None, "Give the words: choose a sentence, or paste what was said.", [])
    if len(wanted.exact) > LONG:
        return Sought(None, f"The quote has {len(wanted.exact):,} characters; {LONG:,} is the most.", [])
    captured = capture(conn, speech["gid"], wanted)
    anchor = captured.anchor
    if anchor.state in FOUND:
        return Sought(captured, FOUND[anchor.state], [])
    since = (
        " The speech has changed since you opened this form." if asked.texts["mark"] not in ("", mark(speech)) else ""
    )
    choices = everywhere(speech["text"], wanted.exact)
    if len(choices) > 1:
        return Sought(None, f"The words stand in {len(choices)} places: choose which you mean.{since}", choices)
    if anchor.state == "changed" and anchor.start is not None and anchor.end is not None:
        there = choice(speech["text"], anchor.start, anchor.end)
        return Sought(None, f"The speech has other words than these: choose those, if you mean them.{since}", [there])
    return Sought(None, f"These words do not stand in the speech: quote exactly, or choose a sentence.{since}", choices)


def mark(speech: Row) -> str:
    """What tells whether a speech's text is the one that somebody has seen."""
    return sha256(speech["text"].encode()).hexdigest()[:16]
