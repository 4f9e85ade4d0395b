"""A text as folded words that know where they stand, and terms that are looked for among them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from annotations.suggesters.key import fold

WORD = re.compile(r"[\w\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]+")
Span = tuple[int, int]
fold_word = lru_cache(maxsize=1 << 16)(fold)


class Folded(NamedTuple):
    """Folded words parted by one space, where each begins there, and where it stands in the text it is from."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Span, ...]

    def number(self, at: int) -> int:
        """Which word, counted from 0, holds an offset of the folded text."""
        return bisect_right(self.starts, at) - 1


def folded(text: str, start: int = 0, end: int | None = None) -> Folded:
    """The words of a part of a text; offsets are code points of the whole text, end exclusive."""
    words, starts, places, at = [], [], [], 0
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        for word in fold_word(match[0]).split():
            words.append(word)
            starts.append(at)
            places.append(match.span())
            at += len(word) + 1
    return Folded(" ".join(words), tuple(starts), tuple(places))


@cache
def term_pattern(term: str) -> re.Pattern[str]:
    """What finds a term among folded words: alternatives parted by |, whole words, * at the end of one that may go on.

    Raises ValueError for an alternative without a letter or figure.
    """
    alternatives = [" ".join(map(_piece, alternative.split())).strip() for alternative in term.split("|")]
    if not all(alternatives):
        raise ValueError(f"the term {term!r} holds an alternative without words")
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)")


@cache
def beginnings(term: str) -> tuple[str, ...]:
    """How each alternative of a term begins among folded words, after a space: a text without any cannot hold it."""
    return tuple(" " + fold(alternative.partition("*")[0]) for alternative in term.split("|"))


def _piece(piece: str) -> str:
    words = re.escape(fold(piece)).replace(r"\ ", " ")
    return words + r"\S*" if words and piece.endswith("*") else words


def find(term: str, words: Folded) -> Iterator[Span]:
    """The number of the first and of the last word of each place where a term stands, in order."""
    for match in term_pattern(term).finditer(words.text):
        yield words.number(match.start()), words.number(match.end() - 1)


def nearest(one: str, other: str, words: Folded, within: int) -> tuple[Span, Span] | None:
    """The two nearest places of two terms, in either order, with at most `within` words between; None: too far."""
    seconds = list(find(other, words))
    pairs = [(_between(a, b), a, b) for a in find(one, words) for b in seconds if _between(a, b) >= 0]
    gap, a, b = min(pairs, default=(within + 1, (0, 0), (0, 0)))
    return (a, b) if gap <= within else None


def _between(a: Span, b: Span) -> int:
    """How many words stand between two places; below 0 where they overlap."""
    return max(b[0] - a[1], a[0] - b[1]) - 1
