"""The terms of rules: their syntax, and their places among the folded words of a text."""

import re
from collections.abc import Iterator
from functools import cache

from annotations.text.normalize import Span, WordIndex, fold_words


@cache
def compile_term(term: str) -> re.Pattern[str]:
    """Compile a term to a pattern over folded words: whole words, | between alternatives, * for any ending."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(list_alternatives(term))})(?!\S)")


def list_alternatives(term: str) -> list[str]:
    """Return the pattern of each alternative of a term. Raises ValueError for one without a letter or figure."""
    alternatives = [" ".join(map(_make_word_pattern, alternative.split())).strip() for alternative in term.split("|")]
    if not all(alternatives):
        raise ValueError(f"the term {term!r} holds an alternative without words")
    return alternatives


@cache
def list_beginnings(term: str) -> tuple[str, ...]:
    """Return the beginning of each alternative of a term, after a space: words without any of these do not match."""
    return tuple(" " + fold_words(alternative.partition("*")[0]) for alternative in term.split("|"))


def _make_word_pattern(piece: str) -> str:
    words = re.escape(fold_words(piece)).replace(r"\ ", " ")
    return words + r"\S*" if words and piece.endswith("*") else words


def find_term(term: str, words: WordIndex) -> Iterator[Span]:
    """Yield the numbers of the first and the last word of each place of a term, in order."""
    for match in compile_term(term).finditer(words.text):
        yield words.find_word(match.start()), words.find_word(match.end() - 1)


def find_nearest_pair(one: str, other: str, words: WordIndex, within: int) -> tuple[Span, Span] | None:
    """Return the nearest places of two terms, in either order, with at most `within` words between; None for none."""
    seconds = list(find_term(other, words))
    pairs = [(_count_gap(a, b), a, b) for a in find_term(one, words) for b in seconds if _count_gap(a, b) >= 0]
    gap, a, b = min(pairs, default=(within + 1, (0, 0), (0, 0)))
    return (a, b) if gap <= within else None


def _count_gap(a: Span, b: Span) -> int:
    """Count the words between two places; below 0 where they overlap."""
    return max(b[0] - a[1], a[0] - b[1]) - 1
