"""Find the words of an annotation form in a speech, or the places to choose from."""

import sqlite3
from hashlib import sha256
from typing import NamedTuple

from annotations.anchoring.candidates import FoldedQuote, find_exact, find_longer_words
from annotations.anchoring.locate import widen_selector
from annotations.projection.capture import CapturedWords, capture_words
from annotations.text.normalize import NOTES, fold_typography
from db.sqlite import Row
from db.toml.field_checks import MAX_LENGTH
from web.annotate.fields import FormFields, make_selector

CONTEXT_LENGTH = 80  # characters shown before and after a place
FOUND_SENTENCES = {
    "exact": "These words are in the speech.",
    "moved": "These words are in the speech, in another place than was given.",
}
WIDENED = "These words are in the speech. The quote was widened to whole words."


class Choice(NamedTuple):
    """A place in a text (code points, end exclusive), the words there, and the text around them."""

    start: int
    end: int
    before: str
    words: str
    after: str


class QuoteMatch(NamedTuple):
    """The captured words (None if not found), a sentence about the result, and the places to choose from."""

    captured: CapturedWords | None
    sentence: str
    choices: list[Choice]


def make_choice(text: str, start: int, end: int) -> Choice:
    """Make a Choice with up to CONTEXT_LENGTH characters of text on each side."""
    before, after = text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]
    return Choice(
        start=start,
        end=end,
        before=f"… {before}" if start > CONTEXT_LENGTH else before,
        words=text[start:end],
        after=f"{after} …" if end + CONTEXT_LENGTH < len(text) else after,
    )


def find_every_place(text: str, quote: str) -> list[Choice]:
    """Find every place of a quote in a text, ignoring typography (fold_typography); at most 64.

    Where it stands only inside longer words or numbers, find those.
    """
    notes = bool(NOTES.search(quote))
    folded, wanted = fold_typography(text, notes), fold_typography(quote, notes).text.strip()
    places = [(place.start, place.end) for place in find_exact(folded.text, FoldedQuote(wanted))]
    return [
        make_choice(text, folded.find_text_start(start), folded.find_text_end(end))
        for start, end in places or find_longer_words(folded.text, wanted)
    ]


def find_words(conn: sqlite3.Connection, speech: Row, filled: FormFields) -> QuoteMatch:
    """Find the words of a form in a speech; if `captured` is None, the sentence describes the mistake."""
    wanted = make_selector(speech["text"], filled)
    if not wanted:
        return QuoteMatch(None, "Choose a sentence, or paste the words.", [])
    if len(wanted.exact) > MAX_LENGTH:
        return QuoteMatch(None, f"The quote has {len(wanted.exact):,} characters; {MAX_LENGTH:,} is the most.", [])
    captured = capture_words(conn, speech["gid"], wanted)
    anchor = captured.anchor
    if anchor.state in FOUND_SENTENCES:
        is_widened = widen_selector(speech["text"], wanted) != wanted
        return QuoteMatch(captured, WIDENED if is_widened else FOUND_SENTENCES[anchor.state], [])
    changed = filled.texts["mark"] not in ("", hash_text(speech))
    since = " The speech has changed since you opened this form." if changed else ""
    choices = find_every_place(speech["text"], wanted.exact)
    if len(choices) > 1:
        return QuoteMatch(None, f"These words are in the speech {len(choices)} times: choose one.{since}", choices)
    if anchor.state == "changed" and anchor.start is not None and anchor.end is not None:
        there = make_choice(speech["text"], anchor.start, anchor.end)
        return QuoteMatch(None, f"The words in the speech differ: choose those below if you mean them.{since}", [there])
    return QuoteMatch(None, f"These words are not in the speech: quote exactly, or choose a sentence.{since}", choices)


def hash_text(speech: Row) -> str:
    """Return a hash of a speech's text, by which a form notices that the text has changed."""
    return sha256(speech["text"].encode()).hexdigest()[:16]
