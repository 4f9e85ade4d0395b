"""Whether what stands at a place is the quote: how alike the words are, and how alike those around them.

The limits were found on real cases of each kind (make bench measures them); below them nothing is said.
"""

import re
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, Wanted, agreement
from annotations.text.normalize import fold
from annotations.text.sentences import SHORTENED

BREAK = re.compile(r"\n|[.?!:;][\"'”’)\]]*(?=\s|\Z)")
FIGURES = re.compile(r"\d+")
ENDED = re.compile(r"[.?!:;][\"'”’)\]]*\s*\Z")
ALIKE, ALONE, LIKE_ALONE = 0.6, 24, 0.8  # of the words; characters and likeness of those of which nothing else is known
TOGETHER = 0.65  # of the words and what stood around them, letter for letter
AGREES, STRAYS = 0.5, 0.3  # the better side at least, and the worse where it belongs to the quote's own sentence
FAR, SAME = 50, 0.85  # characters and likeness of a passage that was taken out of its surroundings
LONG, TRUE, SURE = 60, 0.9, 0.8  # a passage so long and true is no stock phrase where one side agrees so well
MARGIN = 0.02  # by which the best place must be better than any other


class Own(NamedTuple):
    """The folded words of a quote's own sentence that stand before and after it; "" where it begins or ends there."""

    before: str
    after: str


def own(prefix: str, quote: str, suffix: str) -> Own:
    """What of the words around a quote belongs to its own sentence, and so goes where the quote goes."""
    breaks = [match.end() for match in BREAK.finditer(prefix) if not SHORTENED.search(prefix[: match.end()])]
    before = fold(prefix[breaks[-1] :] if breaks else prefix).text.strip()
    if ENDED.search(quote) and not SHORTENED.search(quote):
        return Own(before, "")
    first = BREAK.search(suffix)
    return Own(before, fold(suffix[: first.start()] if first else suffix).text.strip())


def weight(candidate: Candidate, wanted: Wanted) -> float:
    """How alike a quote and what is known to stand around it are to what stands here, letter for letter, 0 to 1."""
    sides = ((candidate.before, wanted.before), (candidate.after, wanted.after))
    known = [(value, len(words)) for value, words in sides if value is not None]
    known.append((candidate.alike, len(wanted.quote)))
    return sum(value * size for value, size in known) / sum(size for _, size in known)


def enough(text: str, candidate: Candidate, wanted: Wanted, around: Own) -> bool:
    """Whether the evidence is enough to say that the quote stands here."""
    known = _known(candidate)
    if not known:
        return candidate.alike == 1 or (candidate.alike >= LIKE_ALONE and len(wanted.quote) >= ALONE)
    if candidate.alike < ALIKE or weight(candidate, wanted) < TOGETHER:
        return False
    sure = candidate.alike >= TRUE and len(wanted.quote) >= LONG and max(known) >= SURE
    sides = _sides(text, candidate, around)
    if _other_figures(text[candidate.start : candidate.end], wanted.quote) and (len(known) < 2 or min(known) < AGREES):
        return False
    if not sure and _torn(candidate, around, sides):
        return False
    same = sum(len(mine) for mine, its in zip(around, sides, strict=True) if mine.lower() == its.lower())
    return max(known) >= AGREES or (candidate.alike >= SAME and len(wanted.quote) + same >= FAR)


def possible(text: str, candidate: Candidate, around: Own) -> bool:
    """Whether the evidence allows that the quote stands here, if the old text leads here."""
    if candidate.alike < ALIKE:
        return False
    moved = candidate.alike == 1 and not _torn(candidate, around, _sides(text, candidate, around))
    return moved or max(_known(candidate), default=1.0) >= AGREES


def _other_figures(words: str, quote: str) -> bool:
    """Whether both have figures that the other has not, as the rows of a table and the next amendment have."""
    mine, its = set(FIGURES.findall(quote)), set(FIGURES.findall(words))
    return bool(mine - its and its - mine)


def _known(candidate: Candidate) -> list[float]:
    return [value for value in (candidate.before, candidate.after) if value is not None]


def _sides(text: str, candidate: Candidate, around: Own) -> tuple[str, str]:
    """What stands here where the rest of the quote's own sentence stood."""
    before, after = len(around.before), len(around.after)
    left = text[max(0, candidate.start - before - 1) : candidate.start].rstrip()
    return left[max(0, len(left) - before) :], text[candidate.end : candidate.end + after + 1].lstrip()[:after]


def _torn(candidate: Candidate, around: Own, sides: tuple[str, str]) -> bool:
    """Whether a quote that went on in its sentence has other words beside it here."""
    values = (candidate.before, candidate.after)
    return any(
        value is not None and len(mine) > 2 and max(value, agreement(mine, its) or 0) < STRAYS
        for value, mine, its in zip(values, around, sides, strict=True)
    )


def undecided(best: Candidate, other: Candidate, wanted: Wanted) -> bool:
    """Whether another place speaks as much for itself as the best: the same words, and no worse what stands around."""
    sides = ((best.before or 0, other.before or 0), (best.after or 0, other.after or 0))
    if best.alike == 1 > other.alike and all(mine >= its for mine, its in sides):
        return False
    if other.alike >= best.alike and any(its > mine + STRAYS for mine, its in sides):
        return True
    return weight(best, wanted) - weight(other, wanted) < MARGIN
