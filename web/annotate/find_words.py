"""Find the words that a person wants to annotate in a speech: where they stand, or the places to choose between."""

import sqlite3
from hashlib import sha256
from typing import NamedTuple

from annotations.anchoring.candidates import Wanted, to_the_letter
from annotations.projection.capture import Captured, capture
from annotations.text.normalize import NOTES, fold
from db.journal.payload_schemas import LONG
from db.sqlite import Row
from web.annotate.fields import Asked, selector

AROUND = 80  # characters shown before and after a place
FOUND = {
    "exact": "Found: these words stand in the speech.",
    "moved": "Found, in another place than was given: these words stand there.",
}


class Choice(NamedTuple):
    """A place in a text (code points, end exclusive), the words there, and the text around them."""

    start: int
    end: int
    before: str
    words: str
    after: str


class Sought(NamedTuple):
    """The words as they stand (None where they do not), a sentence about it, and the places to choose between."""

    captured: Captured | None
    sentence: str
    choices: list[Choice]


def choice(text: str, start: int, end: int) -> Choice:
    """Make a place to choose, with up to AROUND characters of text on each side."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Choice(
        start=start,
        end=end,
        before=f"… {before}" if start > AROUND else before,
        words=text[start:end],
        after=f"{after} …" if end + AROUND < len(text) else after,
    )


def everywhere(text: str, quote: str) -> list[Choice]:
    """Find every place of a quote in a text, but for differences that fold() removes; 64 at most."""
    notes = bool(NOTES.search(quote))
    folded = fold(text, notes)
    places = to_the_letter(folded.text, Wanted(fold(quote, notes).text.strip()))
    return [choice(text, folded.begins(place.start), folded.ends(place.end)) for place in places]


def sought(conn: sqlite3.Connection, speech: Row, asked: Asked) -> Sought:
    """Find the words of a form in a speech; the sentence describes a mistake where `captured` is None."""
    wanted = selector(speech["text"], asked)
    if not wanted:
        return Sought(None, "Give the words: choose a sentence, or paste what was said.", [])
    if len(wanted.exact) > LONG:
        return Sought(None, f"The quote has {len(wanted.exact):,} characters; {LONG:,} is the most.", [])
    captured = capture(conn, speech["gid"], wanted)
    anchor = captured.anchor
    if anchor.state in FOUND:
        return Sought(captured, FOUND[anchor.state], [])
    changed = asked.texts["mark"] not in ("", mark(speech))
    since = " The speech has changed since you opened this form." if changed else ""
    choices = everywhere(speech["text"], wanted.exact)
    if len(choices) > 1:
        return Sought(None, f"The words stand in {len(choices)} places: choose which you mean.{since}", choices)
    if anchor.state == "changed" and anchor.start is not None and anchor.end is not None:
        there = choice(speech["text"], anchor.start, anchor.end)
        return Sought(None, f"The speech has other words than these: choose those, if you mean them.{since}", [there])
    return Sought(None, f"These words do not stand in the speech: quote exactly, or choose a sentence.{since}", choices)


def mark(speech: Row) -> str:
    """Return a hash of a speech's text, by which a form notices that the text has changed."""
    return sha256(speech["text"].encode()).hexdigest()[:16]
