"""Where in a folded text a quote may stand, to the letter or nearly; the anchor decides between the places."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from annotations.text.alignment import REACH, align, likeness

EDGE = "\x1e" * 4  # white space that no folded text has, for the words around a quote: there the text begins or ends
MOST = 64  # places to the letter that are looked at
WORDS, TOO_OFTEN, GROUPS = 24, 30, 3  # words looked for, places in which a word says nothing, groups of words followed
LONGEST = 8000  # characters of a quote that are compared; a longer one is found to the letter or not at all


class Wanted(NamedTuple):
    """A folded quote, or a part of one, with what stands before and after it ("" where that is not known)."""

    quote: str
    before: str = ""
    after: str = ""


class Candidate(NamedTuple):
    """A place in the folded text, how alike its words are to the quote, and how alike those before and after it.

    Each runs from 0 to 1, and is None where nothing is known of what stood there.
    """

    start: int
    end: int
    alike: float
    before: float | None
    after: float | None

    def shares(self, other: "Candidate") -> bool:
        """Whether two places have half of this one in common."""
        return 2 * (min(self.end, other.end) - max(self.start, other.start)) >= self.end - self.start


def to_the_letter(text: str, wanted: Wanted) -> Iterator[Candidate]:
    """Every place where the quote stands, and not as a part of longer words."""
    at, size, left = text.find(wanted.quote), len(wanted.quote), MOST
    while size and at >= 0 and left:
        cut = _cuts(text, at, wanted.before, wanted.quote) or _cuts(text, at + size, wanted.quote, wanted.after)
        if not cut:
            yield judge(text, wanted, at, at + size)
            left -= 1
        at = text.find(wanted.quote, at + 1)


def nearly(text: str, wanted: Wanted) -> Iterator[Candidate]:
    """The places where most of the rarer words of a quote and its surroundings stand in their order."""
    needle = (wanted.before + wanted.quote + wanted.after).lower()
    if not wanted.quote or len(needle) > LONGEST:
        return
    first, last = len(wanted.before), len(wanted.before) + len(wanted.quote)
    haystack = EDGE + text.lower() + EDGE
    for low, high in _groups(haystack, needle):
        window = max(0, low - REACH)
        if place := align(needle, haystack[window : high + len(needle) + REACH], first, last):
            start, end = (min(max(0, window + offset - len(EDGE)), len(text)) for offset in place)
            words = text[start:end]
            start, end = end - len(words.lstrip()), start + len(words.rstrip())
            if start < end:
                yield judge(text, wanted, start, end)


def judge(text: str, wanted: Wanted, start: int, end: int) -> Candidate:
    """A place with how alike it and its surroundings are to what is wanted."""
    before, after = wanted.before.strip(), wanted.after.strip()
    left = text[max(0, start - len(before) - 1) : start].rstrip()[-len(before) :]
    right = text[end : end + len(after) + 1].lstrip()[: len(after)]
    begins = wanted.before == EDGE and start < 2 and not text[:start].strip()
    ends = wanted.after == EDGE and not text[end:].strip()
    around = (1.0 if begins else agreement(before, left), 1.0 if ends else agreement(after, right))
    return Candidate(start, end, likeness(text[start:end], wanted.quote), *around)


def agreement(wanted: str, found: str) -> float | None:
    """How alike surroundings are, 0 to 1: two that have nothing to do with each other are half alike already."""
    if not wanted.strip():
        return None
    return max(0.0, 2 * Indel.normalized_similarity(wanted.lower(), found.lower()) - 1)


def _cuts(text: str, at: int, left: str, right: str) -> bool:
    """Whether an offset cuts a word of the text in two where the edge of the quote cut none."""
    return _joined(text[at - 1 : at], text[at : at + 1]) and not _joined(left[-1:], right[:1])


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()


def _groups(text: str, needle: str) -> list[tuple[int, int]]:
    """Ranges of the distance (place in the text less place in the needle) at which words of the needle gather."""
    words: dict[str, int] = {}
    for match in re.finditer(r"\w+", needle):
        words.setdefault(match[0], match.start())
    votes = sorted(
        (place - words[word], 1 / len(places))
        for word in sorted(words, key=len, reverse=True)[:WORDS]
        if (places := _places(text, word))
        for place in places
    )
    spread = 40 + len(needle) // 4
    best: list[tuple[int, int]] = []
    for _, low, high in sorted(_gathered(votes, spread), reverse=True):
        if all(high < one - spread or low > other + spread for one, other in best):
            best.append((low, high))
        if len(best) == GROUPS:
            break
    return best


def _gathered(votes: Sequence[tuple[int, float]], spread: int) -> Iterator[tuple[float, int, int]]:
    """For every vote the weight of all that are at most so far before it, and the range of them."""
    first, total = 0, 0.0
    for distance, weight in votes:
        total += weight
        while distance - votes[first][0] > spread:
            total -= votes[first][1]
            first += 1
        yield total, votes[first][0], distance


def _places(text: str, word: str) -> list[int]:
    """Where a word stands in a text; nowhere where it stands too often to say anything."""
    found: list[int] = []
    at = text.find(word)
    while at >= 0:
        if len(found) == TOO_OFTEN:
            return []
        found.append(at)
        at = text.find(word, at + 1)
    return found
