"""The word diff: the stretches of words that two wordings share; edition_diff and quote_diff present the result."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

Method = Literal["longest runs", "fewest edits"]


class Stretch(NamedTuple):
    """Items of two sequences that are the same, or that differ: numbers from 0, end exclusive.

    A stretch that differs is empty on one side where only the other has items there.
    """

    same: bool
    start: int
    end: int
    other_start: int
    other_end: int


def align_words(words: Sequence[Hashable], others: Sequence[Hashable], method: Method) -> Iterator[Stretch]:
    """Yield the stretches of two sequences in order; together they cover both.

    "longest runs" keeps whole phrases together, for readers of long texts. "fewest edits" replaces word by word, as
    people misquote a sentence, so that each difference can be classified.
    """
    if words == others:  # difflib ignores very frequent items
        yield Stretch(same=True, start=0, end=len(words), other_start=0, other_end=len(others))
        return
    if method == "longest runs":
        opcodes: Iterable[tuple[str, int, int, int, int]] = SequenceMatcher(None, words, others).get_opcodes()
    else:
        edits = Levenshtein.opcodes(words, others)
        opcodes = ((each.tag, each.src_start, each.src_end, each.dest_start, each.dest_end) for each in edits)
    for tag, start, end, first, last in opcodes:
        yield Stretch(same=tag == "equal", start=start, end=end, other_start=first, other_end=last)
