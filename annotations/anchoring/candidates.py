"""The candidates: every place in a folded text where a quote may be: exact, in parts or similar.

locate.py weighs them, and anchor_state.py decides between them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rapidfuzz.distance import Indel

from annotations.text.alignment import EDGE_REACH, align_span, score_similarity
from annotations.text.quotation import QuotedPart
from annotations.text.word_edges import is_inside_word, widen_to_words

EDGE = "\x1e" * 4  # stands for the beginning or the end of the text beside a quote; not in any folded text
MAX_EXACT_PLACES = 64  # exact places that are considered
MAX_WORDS, TOO_FREQUENT, MAX_GROUPS = 24, 30, 3  # words searched for, occurrences from which a word is useless, groups
MAX_COMPARED_LENGTH = 8000  # characters; a longer quote is found only as an exact match
DOTS = "..."  # folded; they mark an omission
MAX_OMISSION = 2000  # characters that dots may stand for
MIN_PART_SIMILARITY = 0.8  # similarity from which words count as a part of a quotation


class FoldedQuote(NamedTuple):
    """A folded quote, or a part of one, with the words before and after it ("" where those are not known).

    `cuts` are True where dots say that the quote begins, and that it ends, within a word.
    """

    quote: str
    before: str = ""
    after: str = ""
    cuts: tuple[bool, bool] = (False, False)


class Candidate(NamedTuple):
    """A place in the folded text, with the similarity of its words to the quote, and of those before and after it.

    Similarities run from 0 to 1; `before` and `after` are None where the words around the quote are not known.
    """

    start: int
    end: int
    alike: float
    before: float | None
    after: float | None

    def is_overlapping(self, other: "Candidate") -> bool:
        """Return True if two places have half of this one in common."""
        return 2 * (min(self.end, other.end) - max(self.start, other.start)) >= self.end - self.start


def find_candidates(text: str, wanted: FoldedQuote, parts: list[QuotedPart]) -> list[Candidate]:
    """Return the places in a folded text where a quote may be, as it is written or by its parts."""
    found = list(find_exact(text, wanted))
    if any((place.before or 0) + (place.after or 0) > 1.2 for place in found):
        return found
    if len(parts) > 1:
        return found or _find_by_parts(text, wanted, parts)
    plain = _find_by_parts(text, wanted, parts) if parts and parts[0].words != wanted.quote else []
    if plain and DOTS in wanted.quote:
        return found + plain
    near = list(find_similar(text, wanted))
    if plain:
        found += [each for each in plain if not any(_fits_better(text, wanted, other, each) for other in near)]
    return found + [each for each in near if not any(each.is_overlapping(other) for other in found)]


def _fits_better(text: str, wanted: FoldedQuote, place: Candidate, other: Candidate) -> bool:
    """Return True if the quote as written fits a place better than without the insertions that its brackets suggest."""
    return (
        place.is_overlapping(other)
        and place.alike > score_similarity(text[other.start : other.end], wanted.quote) + 0.01
    )


def _find_by_parts(text: str, wanted: FoldedQuote, parts: list[QuotedPart]) -> list[Candidate]:
    """Return the places where all parts of a quote follow each other; each as similar as its least similar part."""
    found: dict[int, Candidate] = {}
    first, *others = [_find_part(text, wanted, parts, number) for number in range(len(parts))]
    for start in first:
        last, alike = start, start.alike
        for choice in others:
            after = [part for part in choice if 0 <= part.start - last.end <= MAX_OMISSION]
            if not after:
                break
            last = min(after, key=lambda part: part.start)
            alike = min(alike, last.alike)
        else:
            found[last.end] = score_candidate(text, wanted, start.start, last.end)._replace(alike=alike)
    return list(found.values())


def _find_part(text: str, wanted: FoldedQuote, parts: list[QuotedPart], number: int) -> list[Candidate]:
    """Find one part of a quote; the words around the quote stand beside its first and its last part."""
    part = parts[number]
    before = wanted.before if number == 0 and not part.cut_before else ""
    after = wanted.after if number == len(parts) - 1 and not part.cut_after else ""
    part_wanted = FoldedQuote(part.words, before, after, (part.cut_before, part.cut_after))
    found = list(find_exact(text, part_wanted))
    return found or [place for place in find_similar(text, part_wanted) if place.alike >= MIN_PART_SIMILARITY]


def find_by_ends(text: str, wanted: FoldedQuote, head: str, tail: str) -> list[Candidate]:
    """Find each place where the first words of a quote are followed by its last words, up to the nearest of these."""
    ends = [last.end for last in find_exact(text, FoldedQuote(tail))]
    found = []
    for first in find_exact(text, FoldedQuote(head)):
        if end := next((end for end in ends if end >= first.end + len(tail)), None):
            found.append(score_candidate(text, wanted, first.start, end)._replace(alike=1.0))
    return found


def find_exact(text: str, wanted: FoldedQuote) -> Iterator[Candidate]:
    """Yield every exact place of the quote that does not begin or end within a word or a number."""
    left = MAX_EXACT_PLACES
    for start, end in _find_spans(text, wanted.quote):
        if left and not _is_cut(text, start, wanted.cuts[0]) and not _is_cut(text, end, wanted.cuts[1]):
            yield score_candidate(text, wanted, start, end)
            left -= 1


def find_longer_words(text: str, quote: str) -> list[tuple[int, int]]:
    """Return the whole words of a folded text around every exact place of a quote within words or numbers."""
    wider = [(span, widen_to_words(text, *span)) for span in islice(_find_spans(text, quote), MAX_EXACT_PLACES)]
    return [words for span, words in wider if span != words]


def _find_spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    at = text.find(quote) if quote else -1
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)


def find_similar(text: str, wanted: FoldedQuote) -> Iterator[Candidate]:
    """Yield the places where most of the rarer words of a quote and its surroundings are, in order."""
    needle = (wanted.before + wanted.quote + wanted.after).lower()
    if not wanted.quote or len(needle) > MAX_COMPARED_LENGTH:
        return
    first, last = len(wanted.before), len(wanted.before) + len(wanted.quote)
    haystack = EDGE + text.lower() + EDGE
    for low, high in _find_word_groups(haystack, needle):
        window = max(0, low - EDGE_REACH)
        if place := align_span(needle, haystack[window : high + len(needle) + EDGE_REACH], first, last):
            start, end = (min(max(0, window + offset - len(EDGE)), len(text)) for offset in place)
            words = text[start:end]
            start, end = _widen(text, end - len(words.lstrip()), start + len(words.rstrip()), wanted)
            if start < end:
                yield score_candidate(text, wanted, start, end)


def score_candidate(text: str, wanted: FoldedQuote, start: int, end: int) -> Candidate:
    """Score a place: the similarity of its words, and of those around it, to the quote's."""
    before, after = wanted.before.strip(), wanted.after.strip()
    left = text[max(0, start - len(before) - 1) : start].rstrip()[-len(before) :]
    right = text[end : end + len(after) + 1].lstrip()[: len(after)]
    begins = wanted.before == EDGE and start < 2 and not text[:start].strip()
    ends = wanted.after == EDGE and not text[end:].strip()
    return Candidate(
        start=start,
        end=end,
        alike=score_similarity(text[start:end], wanted.quote),
        before=1.0 if begins else score_surroundings(before, left),
        after=1.0 if ends else score_surroundings(after, right),
    )


def score_surroundings(wanted: str, found: str) -> float | None:
    """Score the similarity of surroundings, 0 to 1; below half, as in unrelated texts, it counts as 0."""
    if not wanted.strip():
        return None
    return max(0.0, 2 * Indel.normalized_similarity(wanted.lower(), found.lower()) - 1)


def _is_cut(text: str, at: int, announced: bool) -> bool:
    """Return True if an offset cuts a word or a number; dots may announce that they cut a word, never a number."""
    return is_inside_word(text, at) and not (announced and text[at - 1].isalpha() and text[at].isalpha())


def _widen(text: str, start: int, end: int, wanted: FoldedQuote) -> tuple[int, int]:
    """Widen a place to whole words, but where dots announce that the quote cuts a word."""
    first, last = widen_to_words(text, start, end)
    return start if wanted.cuts[0] else first, end if wanted.cuts[1] else last


def _find_word_groups(text: str, needle: str) -> list[tuple[int, int]]:
    """Return the ranges of distances (offset in the text less offset in the needle) that most words have."""
    words: dict[str, int] = {}
    for match in re.finditer(r"\w+", needle):
        words.setdefault(match[0], match.start())
    votes = sorted(
        (place - words[word], 1 / len(places))
        for word in sorted(words, key=len, reverse=True)[:MAX_WORDS]
        if (places := _find_occurrences(text, word))
        for place in places
    )
    spread = 40 + len(needle) // 4
    best: list[tuple[int, int]] = []
    for _, low, high in sorted(_weigh_votes(votes, spread), reverse=True):
        if all(high < one - spread or low > other + spread for one, other in best):
            best.append((low, high))
        if len(best) == MAX_GROUPS:
            break
    return best


def _weigh_votes(votes: Sequence[tuple[int, float]], spread: int) -> Iterator[tuple[float, int, int]]:
    """Yield for every vote the weight of all votes at most `spread` before it, and their range."""
    first, total = 0, 0.0
    for distance, weight in votes:
        total += weight
        while distance - votes[first][0] > spread:
            total -= votes[first][1]
            first += 1
        yield total, votes[first][0], distance


def _find_occurrences(text: str, word: str) -> list[int]:
    """Return the offsets of a word in a text; an empty list where there are too many."""
    found: list[int] = []
    at = text.find(word)
    while at >= 0:
        if len(found) == TOO_FREQUENT:
            return []
        found.append(at)
        at = text.find(word, at + 1)
    return found
