"""The evidence that a candidate is the quote: the similarity of its words, and of the words around them.

The limits come from real cases of each kind (make bench measures them); below them a candidate is dropped.
"""

import re
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, FoldedQuote, score_surroundings
from annotations.text.normalize import fold_typography
from annotations.text.sentences import SHORTENED

BREAK = re.compile(r"\n|[.?!:;][\"'”’)\]]*(?=\s|\Z)")
FIGURES = re.compile(r"\d+")
ENDED = re.compile(r"[.?!:;][\"'”’)\]]*\s*\Z")
MIN_SIMILARITY, MIN_LENGTH_ALONE, MIN_SIMILARITY_ALONE = (
    0.6,
    24,
    0.8,
)  # similarity of the words; size and similarity where nothing else is known
MIN_TOTAL_SIMILARITY = 0.65  # of the words and what stood around them, letter for letter
MIN_BETTER_SIDE, MIN_WORSE_SIDE = (
    0.5,
    0.3,
)  # the better side at least, and the worse where it belongs to the quote's own sentence
MIN_MOVED_LENGTH, MIN_MOVED_SIMILARITY = 50, 0.85  # characters and similarity of a quote that has left its surroundings
LONG_QUOTE_LENGTH, LONG_QUOTE_SIMILARITY, SURE_SIDE = (
    60,
    0.9,
    0.8,
)  # size and similarity that no stock phrase has, where one side agrees by SURE
MIN_MARGIN = 0.02  # by which the best place must be better than any other


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
    """Return True if the evidence is enough to say that the quote stands here."""
    known = _known_sides(candidate)
    if not known:
        return candidate.alike == 1 or (
            candidate.alike >= MIN_SIMILARITY_ALONE and len(wanted.quote) >= MIN_LENGTH_ALONE
        )
    if candidate.alike < MIN_SIMILARITY or weigh_candidate(candidate, wanted) < MIN_TOTAL_SIMILARITY:
        return False
    sure = (
        candidate.alike >= LONG_QUOTE_SIMILARITY and len(wanted.quote) >= LONG_QUOTE_LENGTH and max(known) >= SURE_SIDE
    )
    sides = _sides(text, candidate, around)
    if _figures_differ(text[candidate.start : candidate.end], wanted.quote) and (
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
    """Return True if the candidate is acceptable where the old text leads to it."""
    if candidate.alike < MIN_SIMILARITY:
        return False
    moved = candidate.alike == 1 and not _is_torn(candidate, around, _sides(text, candidate, around))
    return moved or max(_known_sides(candidate), default=1.0) >= MIN_BETTER_SIDE


def _figures_differ(words: str, quote: str) -> bool:
    """Return True if each has figures that the other lacks, as rows of a table and amendments have."""
    mine, its = set(FIGURES.findall(quote)), set(FIGURES.findall(words))
    return bool(mine - its and its - mine)


def _known_sides(candidate: Candidate) -> list[float]:
    return [value for value in (candidate.before, candidate.after) if value is not None]


def _sides(text: str, candidate: Candidate, around: SentenceRest) -> tuple[str, str]:
    """Return the words here in place of the rest of the quote's own sentence."""
    before, after = len(around.before), len(around.after)
    left = text[max(0, candidate.start - before - 1) : candidate.start].rstrip()
    return left[max(0, len(left) - before) :], text[candidate.end : candidate.end + after + 1].lstrip()[:after]


def _is_torn(candidate: Candidate, around: SentenceRest, sides: tuple[str, str]) -> bool:
    """Return True if a quote that stood within its sentence has other words beside it here."""
    values = (candidate.before, candidate.after)
    return any(
        value is not None and len(mine) > 2 and max(value, score_surroundings(mine, its) or 0) < MIN_WORSE_SIDE
        for value, mine, its in zip(values, around, sides, strict=True)
    )
