"""The speeches of a debate as blocks of HTML, with marked words and the notes whose quotes end in each block."""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from annotations.text.sentences import find_sentences
from db.sqlite import Row
from db.statements.debates import DebateRecord
from web.rendering.highlight import write_blocks, write_speech
from web.rendering.html_writer import MarkedSpan

LONGEST_SENTENCE = 360  # characters of sentences that a list shows around a quote


def write_speeches(whole: DebateRecord) -> list[Row]:
    """Add `blocks` (html, notes) to each speech, and `new_time` and `new_column`, True where those change."""
    found, time, column = [], None, None
    for speech in whole.speeches:
        new = {"new_time": speech["time"] != time, "new_column": speech["column"] != column}
        time, column = speech["time"] or time, speech["column"] or column
        mentions, notes = whole.mentions.get(speech["id"], ()), whole.notes.get(speech["id"], ())
        found.append({**speech, **new, "blocks": write_speech_blocks(speech, mentions, notes)})
    return found


def write_speech_blocks(speech: Row, mentions: Sequence[Row], notes: Sequence[Row]) -> list[Row]:
    """Write the blocks of a speech: `html`, and the `notes` whose quotes end in it."""
    by_number = {note["number"]: note for note in notes}
    spans = [*_make_mention_spans(mentions), *map(_make_note_span, notes)]
    written = write_blocks(speech["text"], speech["markup"], spans)
    return [{"html": b.html, "notes": [by_number[number] for number in b.notes]} for b in written]


def _make_mention_spans(mentions: Sequence[Row]) -> list[MarkedSpan]:
    return [MarkedSpan(start=m["start"], end=m["end"], kind="mention", number=m["number"]) for m in mentions]


def _make_note_span(note: Row) -> MarkedSpan:
    return MarkedSpan(
        start=note["start"],
        end=note["end"],
        kind="note",
        number=note["number"],
        reading=_choose_underline(note),
        anchor="changed" if note["anchor"] == "changed" else "",
    )


def _make_quote_span(start: int, end: int, reading: str) -> MarkedSpan:
    return MarkedSpan(start=start, end=end, kind="quote", reading=reading)


def _choose_underline(note: Row) -> str:
    """Return the reading that the underline shows; "" if the words have changed."""
    return "" if note["anchor"] == "changed" else str(note["reading"])


def write_title(whole: DebateRecord) -> Markup:
    """Write the title of a debate as one line, mentions marked."""
    mentions = whole.mentions.get("", ())
    return write_line(whole.debate["title"], _make_mention_spans(mentions))


def write_line(text: str, spans: Sequence[MarkedSpan]) -> Markup:
    """Write a one-line text without <p>."""
    return Markup(write_speech(" ".join(text.split("\n")), None, spans).removeprefix("<p>").removesuffix("</p>"))


@lru_cache(maxsize=4096)
def mark_in_sentence(text: str, start: int, end: int, reading: str = "") -> Markup:
    """Write the sentences around a quote, with the quote marked."""
    first, last = _find_sentences_around(text, start, end)
    before, after = "… " if text[:first].strip() else "", "\u00a0…" if text[last:].strip() else ""
    at = len(before) - first
    words = before + text[first:last] + after
    return write_speech(words, None, [_make_quote_span(start + at, end + at, reading)])


def mark_in_short_sentence(text: str, start: int, end: int, reading: str = "") -> Markup:
    """Write the sentences around a quote, with the quote marked; if they are long or a table, its words alone."""
    first, last = _find_sentences_around(text, start, end)
    if last - first <= LONGEST_SENTENCE and "\t" not in text[first:last]:
        return mark_in_sentence(text, start, end, reading)
    words = " ".join(text[start:end].split())
    return mark_in_sentence(words, 0, len(words), reading)


def _find_sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    bounds = [(a, b) for a, b in find_sentences(text) if a < end and b > start] or [(start, end)]
    return min(bounds[0][0], start), max(bounds[-1][1], end)


def write_paragraphs(text: str, markup: str | None, start: int, end: int, reading: str = "") -> Markup:
    """Write the paragraphs that contain a quote, with the quote marked."""
    written = write_blocks(text, markup, [_make_quote_span(start, end, reading)])
    return Markup("\n").join(block.html for block in written if "<mark" in block.html)
