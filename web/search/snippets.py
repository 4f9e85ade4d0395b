"""Snippets: the sentence of a text in which the words of a search stand, with the words marked."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from annotations.text.sentences import find_sentences

MAX_WORDS, LEAD_WORDS = 48, 16  # words of a snippet; words before the first mark of a sentence that is cut
MAX_PARAGRAPHS = 20  # that are looked at for the best sentence
WORD = re.compile(r"\S+")


class MarkedText(NamedTuple):
    """A text, and the places of the words found in it: start and end, in their order."""

    text: str
    places: list[tuple[int, int]]


def read_marks(marked: str, opening: str, closing: str) -> MarkedText:
    """Read a text in which the index has put signs around the words found.

    >>> read_marks("a [word] here", "[", "]")
    MarkedText(text='a word here', places=[(2, 6)])
    """
    text, places = "", []
    for n, piece in enumerate(re.split(f"{re.escape(opening)}|{re.escape(closing)}", marked)):
        if n % 2:
            places.append((len(text), len(text) + len(piece)))
        text += piece
    return MarkedText(text, places)


def write_snippet(found: MarkedText, is_meant: Callable[[str], bool] = bool) -> Markup:
    """Write the sentence with most of the words found, whole or cut at words, as HTML with the words marked.

    `is_meant` says of words that the index found whether they are marked.
    """
    text, places = found.text, [place for place in found.places if is_meant(found.text[slice(*place)])]
    start, end = _choose_sentence(text, places)
    within = [place for place in places if start <= place[0] and place[1] <= end]
    first, last = _cut_words(text, start, end, within[0][0] if within else start)
    html, done = Markup("… " if first > start else ""), first
    for a, b in within:
        if a >= done and b <= last:
            html += escape(text[done:a]) + _mark(text[a:b])
            done = b
    return html + escape(text[done:last]) + ("" if last == end else " …")


def mark_words(found: MarkedText) -> Markup:
    """Write a whole text as HTML with the words found marked."""
    html, done = Markup(), 0
    for a, b in found.places:
        html += escape(found.text[done:a]) + _mark(found.text[a:b])
        done = b
    return html + escape(found.text[done:])


def _mark(words: str) -> Markup:
    return Markup(f"<mark>{escape(words)}</mark>")


def _choose_sentence(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the sentence in which most different words are marked, the first of several."""
    best, most = (0, 0), -1
    starts = [a for a, _ in places]
    for first, last in _find_paragraphs(text, starts or [0]):
        for start, end in find_sentences(text[first:last]):
            inside = places[bisect_left(starts, first + start) : bisect_left(starts, first + end)]
            words = {text[a:b].lower() for a, b in inside}
            if len(words) > most:
                best, most = (first + start, first + end), len(words)
    return best


def _find_paragraphs(text: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs, or lines of a table, in which places are, up to MAX_PARAGRAPHS of them."""
    done = count = 0
    for place in places:
        if (place >= done or not count) and count < MAX_PARAGRAPHS:
            first, last = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            done, count = len(text) if last < 0 else last, count + 1
            yield first, done


def _cut_words(text: str, start: int, end: int, mark: int) -> tuple[int, int]:
    """Return the part of a sentence that is shown: MAX_WORDS, from a few before the first mark."""
    words = [match.span() for match in WORD.finditer(text, start, end)]
    if len(words) <= MAX_WORDS:
        return start, end
    at = next((n for n, (_, b) in enumerate(words) if b > mark), 0)
    first = max(0, min(at - LEAD_WORDS, len(words) - MAX_WORDS))
    last = min(len(words), first + MAX_WORDS)
    return (words[first][0] if first else start), (words[last - 1][1] if last < len(words) else end)
