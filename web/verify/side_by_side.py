"""A quotation and the record's words side by side, in pieces that show the differences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotations.text.normalize import fold_typography
from annotations.text.quote_diff import TOKEN, Difference, align_quote, classify_differences


class MarkedPiece(NamedTuple):
    """Words as written, and the kinds of their difference from the other text; "" for none."""

    words: str
    kind: str


class ComparedWord(NamedTuple):
    """A folded word, and its place in the original text (code points, end exclusive)."""

    folded: str
    start: int
    end: int


def divide_side_by_side(
    quoted: str, said: str, found: Sequence[Difference]
) -> tuple[list[MarkedPiece], list[MarkedPiece]]:
    """Divide a quotation and the words of the record into pieces; without differences, each is one piece.

    The pieces of a text, joined, are that text.
    """
    if not found:
        return [MarkedPiece(quoted, "")], [MarkedPiece(said, "")]
    mine, its = _split_words(quoted), _split_words(said)
    kinds = {each.kind for each in found}
    runs = list(_find_differing_runs(mine, its, "order" if "order" in kinds else ""))
    return (
        list(_cut_pieces(quoted, mine, [(first, last, kind) for (first, last), _, kind in runs])),
        list(_cut_pieces(said, its, [(first, last, kind) for _, (first, last), kind in runs])),
    )


def _split_words(text: str) -> list[ComparedWord]:
    folded = fold_typography(text)
    found = TOKEN.finditer(folded.text)
    return [
        ComparedWord(match[0], folded.find_text_start(match.start()), folded.find_text_end(match.end()))
        for match in found
    ]


def _find_differing_runs(
    mine: Sequence[ComparedWord], its: Sequence[ComparedWord], moved: str
) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """Yield the differing runs as ranges of word indexes in both texts, with their kinds."""
    for each in align_quote([word.folded for word in mine], [word.folded for word in its]):
        a, b = (each.start, each.end), (each.other_start, each.other_end)
        if not each.same:
            yield a, b, moved or _classify_run(mine[slice(*a)], its[slice(*b)])
            continue
        for n, m in zip(range(*a), range(*b), strict=True):
            if mine[n].folded != its[m].folded:
                yield (n, n + 1), (m, m + 1), "case"


def _classify_run(mine: Iterable[ComparedWord], its: Iterable[ComparedWord]) -> str:
    quoted, said = (" ".join(word.folded for word in words) for words in (mine, its))
    return ", ".join(dict.fromkeys(each.kind for each in classify_differences(quoted, said))) or "word"


def _cut_pieces(
    text: str, words: Sequence[ComparedWord], runs: Iterable[tuple[int, int, str]]
) -> Iterator[MarkedPiece]:
    done = 0
    for first, last, kind in runs:
        if first == last:
            continue
        start, end = max(done, words[first].start), words[last - 1].end
        if start > done:
            yield MarkedPiece(text[done:start], "")
        yield MarkedPiece(text[start:end], kind)
        done = end
    if done < len(text):
        yield MarkedPiece(text[done:], "")
