"""Writes a text bit by bit, in order, as HTML, and marks what spans cover.

Spans are offsets in the plain text, and the markup has other white space; but both hold the same other characters in
the same order. So a place is counted in those ("solid" characters), and is the same place in both.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from markupsafe import escape

LANES = 3  # underlines that stand clear of each other below one line
WORDS = re.compile(r"\S+|\s+")


class Span(NamedTuple):
    """Words to mark: a mention (numbered), an annotated quote (numbered as its note) or a quote alone (number 0).

    Offsets are code points of the plain text, end exclusive.
    """

    start: int
    end: int
    kind: Literal["mention", "note", "quote"]
    number: int = 0
    reading: str = ""
    anchor: str = ""


def solid(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


class Pen:
    """`at` counts the solid characters written; `ended` holds the notes whose quotes have ended, until taken."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        counted = (s._replace(start=len(solid(text[: s.start])), end=len(solid(text[: s.end]))) for s in spans)
        self.spans = sorted((s for s in counted if s.start < s.end), key=lambda s: (s.start, -s.end, s.number))
        self.starts = [s.start for s in self.spans]
        self.bounds = sorted({at for s in self.spans for at in (s.start, s.end)})
        self.lanes = _lanes(self.spans)
        self.at = 0
        self.ended: list[int] = []

    def write(self, words: str) -> str:
        """The next words as HTML."""
        if not self.spans or not words:
            return str(escape(words))
        html = ""
        for cover, run in groupby(self._pieces(words), key=lambda piece: piece[1]):
            piece = "".join(bit for bit, _ in run)
            start, self.at = self.at, self.at + len(solid(piece))
            ends = [s for s in cover if s.end == self.at and s.kind == "note"]
            self.ended += [s.number for s in ends]
            html += _anchors(cover, start) + self._mark(piece, cover) + "".join(map(_reference, ends))
        return html

    def _pieces(self, words: str) -> Iterator[tuple[str, tuple[Span, ...]]]:
        at, end = self.at, self.at + len(solid(words))
        if bisect_left(self.bounds, at) == bisect_right(self.bounds, end):
            yield words, self._cover(at, end)
            return
        for bit in WORDS.findall(words):
            if bit.isspace():
                yield bit, tuple(s for s in self.spans[: bisect_left(self.starts, at)] if at < s.end)
                continue
            within = slice(bisect_right(self.bounds, at), bisect_left(self.bounds, at + len(bit)))
            cuts = [bound - at for bound in self.bounds[within]]
            for first, last in zip([0, *cuts], [*cuts, len(bit)], strict=True):
                yield bit[first:last], self._cover(at + first, at + last)
            at += len(bit)

    def _cover(self, start: int, end: int) -> tuple[Span, ...]:
        return tuple(s for s in self.spans[: bisect_right(self.starts, start)] if end <= s.end)

    def _mark(self, words: str, cover: tuple[Span, ...]) -> str:
        """Words within one <mark> a span: aria-details may name but one note (ARIA 1.2). A line is drawn but once."""
        html = str(escape(words))
        lines: set[str] = set()
        for span in sorted(cover, key=lambda s: s.number, reverse=True):
            line = f"{span.reading} lane-{self.lanes[span]}" if span.reading else ""
            classes = " ".join(filter(None, (span.kind, span.anchor, line if line not in lines else "")))
            lines.add(line)
            details = f' aria-details="note-{span.number}"' if span.kind == "note" else ""
            html = f'<mark class="{escape(classes)}"{details}>{html}</mark>'
        return html


def _lanes(spans: Iterable[Span]) -> dict[Span, int]:
    """Which underline each quote has, from 1 at the top: the same for the same words, others clear of each other."""
    ends: list[tuple[int, tuple[int, int, str]]] = []
    lanes = {}
    for span in (s for s in spans if s.reading):
        words = (span.start, span.end, span.reading)
        lane = next((n for n, (end, same) in enumerate(ends) if end <= span.start or same == words), len(ends))
        ends[lane : lane + 1] = [(span.end, words)]
        lanes[span] = min(lane + 1, LANES)
    return lanes


def _anchors(cover: tuple[Span, ...], at: int) -> str:
    numbers = (s.number for s in cover if s.start == at and s.kind == "mention" and s.number)
    return "".join(f'<span class="at" id="mention-{n}"></span>' for n in numbers)


def _reference(span: Span) -> str:
    n = span.number
    return f'<sup class="reference"><a href="#note-{n}" id="reference-{n}" aria-label="Note {n}">{n}</a></sup>'
