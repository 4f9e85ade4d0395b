"""The evidence that a candidate is the quote: the similarity of its words, and of the words around them.

Similarities run from 0 to 1, lengths are in characters. The limits come from real cases (make bench measures them).
"""

import re
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, FoldedQuote, score_surroundings
from annotations.text.normalize import fold_typography
from annotations.text.sentences import SHORTENED

BREAK = re.compile(r"\n|[.?!:;][\"'”’)\]]*(?=\s|\Z)")
FIGURES = re.compile(r"\d+")
ENDED = re.compile(r"[.?!:;][\"'”’)\]]*\s*\Z")
MIN_SIMILARITY = 0.6  # of the words
MIN_SIMILARITY_ALONE, MIN_LENGTH_ALONE = 0.8, 24  # of a changed quote whose surroundings are not known
MIN_TOTAL_SIMILARITY = 0.65  # of the words and their surroundings, weighted by length
MIN_BETTER_SIDE, MIN_WORSE_SIDE = 0.5, 0.3  # of the surroundings; the worse, where it belongs to the quote's sentence
MIN_MOVED_SIMILARITY, MIN_MOVED_LENGTH = 0.85, 50  # of a quote in other surroundings
LONG_QUOTE_SIMILARITY, LONG_QUOTE_LENGTH = 0.9, 60  # no stock phrase has these, where one side has SURE_SIDE
SURE_SIDE = 0.8
MIN_MARGIN = 0.02  # between the best place and any other


class SentenceRest(NamedTuple):
    """The folded words of a quote's own sentence that stand before and after it; "" where it begins or ends there."""

    before: str
    after: str


def find_sentence_rest(prefix: str, quote: str, suffix: str) -> SentenceRest:
    """Return the words around a quote that belong to its own sentence, and so move with it."""
    breaks = [match.end() for match in BREAK.finditer(prefix) if not SHORTENED.search(prefix[: match.end()])]
    before = fold_typography(prefix[breaks[-1] :] if breaks else prefix).text.strip()
    if ENDED.search(quote) and not SHORTENED.search(quote):
        return SentenceRest(before, "")
    first = BREAK.search(suffix)
    return SentenceRest(before, fold_typography(suffix[: first.start()] if first else suffix).text.strip())


def weigh_candidate(candidate: Candidate, wanted: FoldedQuote) -> float:
    """Score a candidate, 0 to 1: the similarity of the quote and of the known words around it, by their lengths."""
    sides = ((candidate.before, wanted.before), (candidate.after, wanted.after))
    known = [(value, len(words)) for value, words in sides if value is not None]
    known.append((candidate.alike, len(wanted.quote)))
    return sum(value * size for value, size in known) / sum(size for _, size in known)


def is_convincing(text: str, candidate: Candidate, wanted: FoldedQuote, around: SentenceRest) -> bool:
    """Return True if the evidence is enough, without an old text."""
    known = _list_known_sides(candidate)
    if not known:
        return candidate.alike == 1 or (
            candidate.alike >= MIN_SIMILARITY_ALONE and len(wanted.quote) >= MIN_LENGTH_ALONE
        )
    if candidate.alike < MIN_SIMILARITY or weigh_candidate(candidate, wanted) < MIN_TOTAL_SIMILARITY:
        return False
    sure = (
        candidate.alike >= LONG_QUOTE_SIMILARITY and len(wanted.quote) >= LONG_QUOTE_LENGTH and max(known) >= SURE_SIDE
    )
    sides = _find_sides(text, candidate, around)
    if _have_different_figures(text[candidate.start : candidate.end], wanted.quote) and (
        len(known) < 2 or min(known) < MIN_BETTER_SIDE
    ):
        return False
    if not sure and _is_torn(candidate, around, sides):
        return False
    same = sum(len(mine) for mine, its in zip(around, sides, strict=True) if mine.lower() == its.lower())
    return max(known) >= MIN_BETTER_SIDE or (
        candidate.alike >= MIN_MOVED_SIMILARITY and len(wanted.quote) + same >= MIN_MOVED_LENGTH
    )


def is_possible(text: str, candidate: Candidate, around: SentenceRest) -> bool:
    """Return True if the evidence is enough where the old text confirms the candidate."""
    if candidate.alike < MIN_SIMILARITY:
        return False
    moved = candidate.alike == 1 and not _is_torn(candidate, around, _find_sides(text, candidate, around))
    return moved or max(_list_known_sides(candidate), default=1.0) >= MIN_BETTER_SIDE


def _have_different_figures(words: str, quote: str) -> bool:
    """Return True if each has figures that the other lacks, as in rows of a table and in amendments."""
    mine, its = set(FIGURES.findall(quote)), set(FIGURES.findall(words))
    return bool(mine - its and its - mine)


def _list_known_sides(candidate: Candidate) -> list[float]:
    return [value for value in (candidate.before, candidate.after) if value is not None]


def _find_sides(text: str, candidate: Candidate, around: SentenceRest) -> tuple[str, str]:
    """Return the words before and after a candidate, as many characters as the rest of the quote's own sentence has."""
    before, after = len(around.before), len(around.after)
    left = text[max(0, candidate.start - before - 1) : candidate.start].rstrip()
    return left[max(0, len(left) - before) :], text[candidate.end : candidate.end + after + 1].lstrip()[:after]


def _is_torn(candidate: Candidate, around: SentenceRest, sides: tuple[str, str]) -> bool:
    """Return True if the candidate has other words beside it than the rest of the quote's own sentence."""
    values = (candidate.before, candidate.after)
    return any(
        value is not None and len(mine) > 2 and max(value, score_surroundings(mine, its) or 0) < MIN_WORSE_SIDE
        for value, mine, its in zip(values, around, sides, strict=True)
    )
