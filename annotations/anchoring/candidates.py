"""The candidates: every place in a folded text where a quote may stand, to the letter, in parts or nearly.

locate.py weighs them, and anchor_state.py decides between them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from annotations.text.alignment import EDGE_REACH, align_span, score_similarity
from annotations.text.quotation import QuotedPart

EDGE = "\x1e" * 4  # stands for the beginning or the end of the text beside a quote; no folded text holds it
MOST = 64  # places to the letter that are considered
WORDS, TOO_OFTEN, GROUPS = 24, 30, 3  # words searched for, occurrences that make a word useless, groups considered
MAX_COMPARED_LENGTH = 8000  # characters of a quote that are compared; a longer one is found to the letter or not at all
DOTS = "..."  # folded; a writer puts them where words are left out
APART = 2000  # characters that a writer's dots may stand for
PART = 0.8  # similarity from which words count as a part of a quotation


class FoldedQuote(NamedTuple):
    """A folded quote, or a part of one, with the words before and after it ("" where those are not known)."""

    quote: str
    before: str = ""
    after: str = ""


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


def find_candidates(text: str, wanted: FoldedQuote, read: list[QuotedPart]) -> list[Candidate]:
    """Return the places in a folded text where a quotation may stand, as it is written and by its parts."""
    found = list(find_exact(text, wanted))
    if any((place.before or 0) + (place.after or 0) > 1.2 for place in found):
        return found
    if len(read) > 1:
        return found or _find_by_parts(text, wanted, read)
    plain = _find_by_parts(text, wanted, read) if read and read[0].words != wanted.quote else []
    if plain and DOTS in wanted.quote:
        return found + plain
    near = list(find_similar(text, wanted))
    if plain:
        found += [each for each in plain if not any(_fits_better(text, wanted, other, each) for other in near)]
    return found + [each for each in near if not any(each.is_overlapping(other) for other in found)]


def _fits_better(text: str, wanted: FoldedQuote, place: Candidate, other: Candidate) -> bool:
    """Return True if the quotation as written fits a place better than without what its writer seems to have put in."""
    return (
        place.is_overlapping(other)
        and place.alike > score_similarity(text[other.start : other.end], wanted.quote) + 0.01
    )


def _find_by_parts(text: str, wanted: FoldedQuote, read: list[QuotedPart]) -> list[Candidate]:
    """Return the places where all parts of a quotation follow each other; each as similar as the least similar part."""
    found: dict[int, Candidate] = {}
    first, *others = [_find_part(text, wanted, read, number) for number in range(len(read))]
    for start in first:
        last, alike = start, start.alike
        for choice in others:
            after = [part for part in choice if 0 <= part.start - last.end <= APART]
            if not after:
                break
            last = min(after, key=lambda part: part.start)
            alike = min(alike, last.alike)
        else:
            found[last.end] = score_candidate(text, wanted, start.start, last.end)._replace(alike=alike)
    return list(found.values())


def _find_part(text: str, wanted: FoldedQuote, read: list[QuotedPart], number: int) -> list[Candidate]:
    """Find one part; a letter for its surroundings lets it end within a word, as its writer's dots did."""
    part = read[number]
    before = "x" if part.cut_before else wanted.before if number == 0 else ""
    after = "x" if part.cut_after else wanted.after if number == len(read) - 1 else ""
    part_wanted = FoldedQuote(part.words, before, after)
    found = list(find_exact(text, part_wanted))
    return found or [place for place in find_similar(text, part_wanted) if place.alike >= PART]


def find_by_ends(text: str, wanted: FoldedQuote, head: str, tail: str) -> list[Candidate]:
    """Find each place where the first words of a quote are followed by its last words; the nearest of these end it."""
    ends = [last.end for last in find_exact(text, FoldedQuote(tail))]
    found = []
    for first in find_exact(text, FoldedQuote(head)):
        if end := next((end for end in ends if end >= first.end + len(tail)), None):
            found.append(score_candidate(text, wanted, first.start, end)._replace(alike=1.0))
    return found


def find_exact(text: str, wanted: FoldedQuote) -> Iterator[Candidate]:
    """Yield every place where the quote stands to the letter, and not as a part of longer words."""
    at, size, left = text.find(wanted.quote), len(wanted.quote), MOST
    while size and at >= 0 and left:
        cut = _cuts_word(text, at, wanted.before, wanted.quote) or _cuts_word(
            text, at + size, wanted.quote, wanted.after
        )
        if not cut:
            yield score_candidate(text, wanted, at, at + size)
            left -= 1
        at = text.find(wanted.quote, at + 1)


def find_similar(text: str, wanted: FoldedQuote) -> Iterator[Candidate]:
    """Yield the places where most of the rarer words of a quote and its surroundings stand in their order."""
    needle = (wanted.before + wanted.quote + wanted.after).lower()
    if not wanted.quote or len(needle) > MAX_COMPARED_LENGTH:
        return
    first, last = len(wanted.before), len(wanted.before) + len(wanted.quote)
    haystack = EDGE + text.lower() + EDGE
    for low, high in _word_groups(haystack, needle):
        window = max(0, low - EDGE_REACH)
        if place := align_span(needle, haystack[window : high + len(needle) + EDGE_REACH], first, last):
            start, end = (min(max(0, window + offset - len(EDGE)), len(text)) for offset in place)
            words = text[start:end]
            start, end = end - len(words.lstrip()), start + len(words.rstrip())
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
    """Score the similarity of surroundings, 0 to 1; the half that unrelated texts agree by anyway counts as 0."""
    if not wanted.strip():
        return None
    return max(0.0, 2 * Indel.normalized_similarity(wanted.lower(), found.lower()) - 1)


def _cuts_word(text: str, at: int, left: str, right: str) -> bool:
    """Return True if an offset cuts a word of the text in two where the edge of the quote cut none."""
    return _is_inside_word(text[at - 1 : at], text[at : at + 1]) and not _is_inside_word(left[-1:], right[:1])


def _is_inside_word(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()


def _word_groups(text: str, needle: str) -> list[tuple[int, int]]:
    """Return ranges of the distance (place in the text less place in the needle) at which its words gather."""
    words: dict[str, int] = {}
    for match in re.finditer(r"\w+", needle):
        words.setdefault(match[0], match.start())
    votes = sorted(
        (place - words[word], 1 / len(places))
        for word in sorted(words, key=len, reverse=True)[:WORDS]
        if (places := _occurrences(text, word))
        for place in places
    )
    spread = 40 + len(needle) // 4
    best: list[tuple[int, int]] = []
    for _, low, high in sorted(_weigh_votes(votes, spread), reverse=True):
        if all(high < one - spread or low > other + spread for one, other in best):
            best.append((low, high))
        if len(best) == GROUPS:
            break
    return best


def _weigh_votes(votes: Sequence[tuple[int, float]], spread: int) -> Iterator[tuple[float, int, int]]:
    """Yield for every vote the weight of all votes at most `spread` before it, and the range of them."""
    first, total = 0, 0.0
    for distance, weight in votes:
        total += weight
        while distance - votes[first][0] > spread:
            total -= votes[first][1]
            first += 1
        yield total, votes[first][0], distance


def _occurrences(text: str, word: str) -> list[int]:
    """Return where a word stands in a text; an empty list where it stands too often to be of use."""
    found: list[int] = []
    at = text.find(word)
    while at >= 0:
        if len(found) == TOO_OFTEN:
            return []
        found.append(at)
        at = text.find(word, at + 1)
    return found
