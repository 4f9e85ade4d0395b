"""Write text as HTML, wrapping character spans in <mark>.

Spans are offsets in the plain text. The markup has different white space but the same other characters in the same
order, so positions are counted in those ("solid" characters).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import Literal, NamedTuple

from markupsafe import escape

WORD = re.compile(r"\S+")


class MarkedSpan(NamedTuple):
    """Words to mark: a mention (numbered), an annotated quote (numbered as its note) or a quote alone (number 0).

    Offsets are code points of the plain text, end exclusive.
    """

    start: int
    end: int
    kind: Literal["mention", "note", "quote"]
    number: int = 0
    reading: str = ""
    anchor: str = ""


def remove_white_space(text: str) -> str:
    """Remove the white space of a text."""
    return "".join(text.split())


def _count_solid(text: str, places: Iterable[int]) -> dict[int, int]:
    """Count the solid characters before each place."""
    counts, last, count = {}, 0, 0
    for place in sorted(places):
        count += len(remove_white_space(text[last:place]))
        counts[place], last = count, place
    return counts


def _find_cuts(words: str, counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """For each count of solid characters, yield where they end in `words` and where the next one begins."""
    if not counts:
        return
    runs = [match.span() for match in WORD.finditer(words)]
    starts = [*(start for start, _ in runs), len(words)]
    before = [0, *accumulate(end - start for start, end in runs)]
    for count in counts:
        n = bisect_left(before, count)
        first = starts[n - 1] + count - before[n - 1] if n else 0
        yield first, starts[n] if before[n] == count else first


class HtmlWriter:
    """A writer of one text as HTML, piece by piece and in order.

    `at` counts the solid characters written; `ended` has the notes whose quotes ended since the caller emptied it.
    """

    def __init__(self, text: str, spans: Sequence[MarkedSpan]) -> None:
        places = _count_solid(text, {at for s in spans for at in (s.start, s.end)})
        counted = (s._replace(start=places[s.start], end=places[s.end]) for s in spans)
        self.spans = sorted((s for s in counted if s.start < s.end), key=lambda s: (s.start, -s.end, s.number))
        self.bounds = sorted({at for s in self.spans for at in (s.start, s.end)})
        self.lines = _choose_lines(self.spans)
        self.at = 0
        self.ended: list[int] = []
        self._coming = iter(self.spans)
        self._next = next(self._coming, None)
        self._open: list[MarkedSpan] = []

    def write(self, words: str) -> str:
        """Write the next words as HTML."""
        if not self.spans or not words:
            return str(escape(words))
        html = ""
        for cover, run in groupby(self._pieces(words), key=lambda piece: piece[1]):
            piece = "".join(bit for bit, _ in run)
            start, self.at = self.at, self.at + len(remove_white_space(piece))
            ends = [s for s in cover if s.end == self.at and s.kind == "note"]
            self.ended += [s.number for s in ends]
            html += _write_anchors(cover, start) + self._mark(piece, cover) + "".join(map(_write_reference, ends))
        return html

    def _pieces(self, words: str) -> Iterator[tuple[str, tuple[MarkedSpan, ...]]]:
        """Cut words where spans begin or end; white space at a cut is only marked by spans that continue over it."""
        at, end = self.at, self.at + len(remove_white_space(words))
        cuts = self.bounds[bisect_left(self.bounds, at) : bisect_right(self.bounds, end)]
        done, last = at, 0
        for cut, (first, after) in zip(cuts, _find_cuts(words, [cut - at for cut in cuts]), strict=True):
            if first > last:
                yield words[last:first], self._cover(done, cut)
            if after > first:
                yield words[first:after], tuple(s for s in self._near(cut) if s.start < cut < s.end)
            done, last = cut, after
        if last < len(words):
            yield words[last:], self._cover(done, end)

    def _cover(self, start: int, end: int) -> tuple[MarkedSpan, ...]:
        return tuple(s for s in self._near(start) if end <= s.end)

    def _near(self, at: int) -> list[MarkedSpan]:
        """Return the spans that contain or touch a place; places must come in ascending order."""
        while self._next and self._next.start <= at:
            self._open.append(self._next)
            self._next = next(self._coming, None)
        self._open = [s for s in self._open if at <= s.end]
        return self._open

    def _mark(self, words: str, cover: tuple[MarkedSpan, ...]) -> str:
        """Wrap words in a <mark> for each span, as aria-details names one note only (ARIA 1.2); draw each line once."""
        html = str(escape(words))
        lines: set[str] = set()
        for span in sorted(cover, key=lambda s: s.number, reverse=True):
            line = self.lines.get(span, "")
            classes = " ".join(filter(None, (span.kind, span.anchor, line if line not in lines else "")))
            lines.add(line)
            details = f' aria-details="note-{span.number}"' if span.kind == "note" else ""
            html = f'<mark class="{escape(classes)}"{details}>{html}</mark>'
        return html


def _choose_lines(spans: Iterable[MarkedSpan]) -> dict[MarkedSpan, str]:
    """Choose the underline of each quote, as classes: overlapping quotes have one for each reading, but two at most."""
    lines: dict[MarkedSpan, str] = {}
    readings: list[str] = []
    end = 0
    for span in (s for s in spans if s.reading):
        if span.start >= end:
            readings = []
        if span.reading not in readings:
            readings.append(span.reading)
        end = max(end, span.end)
        lines[span] = ("{0}", "{0} lower", "")[readings.index(span.reading)].format(span.reading)
    return lines


def _write_anchors(cover: tuple[MarkedSpan, ...], at: int) -> str:
    numbers = (s.number for s in cover if s.start == at and s.kind == "mention" and s.number)
    return "".join(f'<span class="at" id="mention-{n}"></span>' for n in numbers)


def _write_reference(span: MarkedSpan) -> str:
    n = span.number
    return f'<a class="reference" href="#note-{n}" id="reference-{n}" aria-label="Note {n}" data-n="{n}"></a>'
