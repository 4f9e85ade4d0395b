"""The terms that part the sentences of a point from all others, and that its rules might need."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

from annotations.suggesters.likeness import STOP_WORDS
from annotations.text.normalize import fold_words

MAX_WORDS = 3  # of a term
MIN_RIGHT = 2  # right sentences that a term must stand in
MIN_WEIGHT = 1.5  # log of the odds: below it, words as "government" would mark far too much
PRIOR = 0.5  # added to every count, so that a term that stands in none of the others is not infinitely good


class DistinctiveTerm(NamedTuple):
    """A term, the numbers of right and of other sentences that hold it, and the log of the odds between them."""

    term: str
    right: int
    others: int
    weight: float


def find_distinctive_terms(right: Sequence[str], others: Sequence[str], limit: int = 20) -> list[DistinctiveTerm]:
    """Return the terms that part right sentences from others, the best first.

    A longer term that stands in the same sentences as a shorter one is given, and the shorter left out.
    """
    ours, theirs = Counter[str](), Counter[str]()
    for counts, sentences in ((ours, right), (theirs, others)):
        for sentence in sentences:
            counts.update(set(_list_terms(sentence)))
    found = [
        DistinctiveTerm(term, count, theirs[term], _weigh(count, len(right), theirs[term], len(others)))
        for term, count in ours.items()
        if count >= MIN_RIGHT
    ]
    found.sort(key=lambda each: (-each.weight * each.right, -len(each.term), each.term))
    return _leave_out_parts(found)[:limit]


def _list_terms(sentence: str) -> Iterable[str]:
    words = fold_words(sentence).split()
    for size in range(1, MAX_WORDS + 1):
        for start in range(len(words) - size + 1):
            term = words[start : start + size]
            if term[0] not in STOP_WORDS and term[-1] not in STOP_WORDS and any(word.isalpha() for word in term):
                yield " ".join(term)


def _weigh(ours: int, of_ours: int, theirs: int, of_theirs: int) -> float:
    share, other = (ours + PRIOR) / (of_ours + 2 * PRIOR), (theirs + PRIOR) / (of_theirs + 2 * PRIOR)
    return log(share / (1 - share)) - log(other / (1 - other))


def _leave_out_parts(terms: Sequence[DistinctiveTerm]) -> list[DistinctiveTerm]:
    """Leave out a term that says little, or is part of another with the same counts."""
    return [
        each
        for each in terms
        if each.weight >= MIN_WEIGHT
        and not any(
            f" {each.term} " in f" {other.term} " and (other.right, other.others) == (each.right, each.others)
            for other in terms
            if other.term != each.term
        )
    ]
