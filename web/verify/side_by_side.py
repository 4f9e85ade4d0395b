"""A quotation and the record's words side by side, in pieces that show the differences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotations.text.quotation import GAP
from annotations.text.quote_diff import Difference, Wording, align_quote, compare_wordings
from annotations.text.quote_words import QuoteWord, read_quotation, read_words


class MarkedPiece(NamedTuple):
    """Words as written, and the kinds of their difference from the other text; "" for none."""

    words: str
    kind: str


def divide_side_by_side(
    quoted: str, said: str, found: Sequence[Difference]
) -> tuple[list[MarkedPiece], list[MarkedPiece]]:
    """Divide a quotation and the words of the record into pieces; without differences, each is one piece.

    The pieces of a text, joined, are that text.
    """
    if not found:
        return [MarkedPiece(quoted, "")], [MarkedPiece(said, "")]
    mine, its = Wording(quoted, read_quotation(quoted)), Wording(said, read_quotation(said))
    if not any(word.folded == GAP for word in mine.words):
        its = its._replace(words=read_words(said))
    kinds = {each.kind for each in found}
    runs = list(_find_differing_runs(mine, its, "order" if "order" in kinds else ""))
    return (
        list(_cut_pieces(quoted, mine.words, [(first, last, kind) for (first, last), _, kind in runs])),
        list(_cut_pieces(said, its.words, [(first, last, kind) for _, (first, last), kind in runs])),
    )


def show_cut_words(said: str, found: Sequence[Difference]) -> str:
    """Return the words of the record with those that a grave cut took from before or behind them.

    >>> show_cut_words("going there", [Difference("cut", "going", "not going", "substance")])
    'not going there'
    """
    for each in found:
        if each.kind == "cut" and each.grade == "substance" and each.quoted and each.said not in said:
            opening = each.said.lower().endswith(each.quoted.lower())
            said = _join_overlapping(each.said, said) if opening else _join_overlapping(said, each.said)
    return said


def _join_overlapping(first: str, second: str) -> str:
    """Join two texts, of which the end of the first is the beginning of the second."""
    shared = next(n for n in range(min(len(first), len(second)), -1, -1) if first.endswith(second[:n]))
    return first + second[shared:]


def _find_differing_runs(
    mine: Wording, its: Wording, moved: str
) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """Yield the differing runs as ranges of word indexes in both texts, with their kinds."""
    for each in align_quote([word.folded for word in mine.words], [word.folded for word in its.words]):
        a, b = (each.start, each.end), (each.other_start, each.other_end)
        if not each.same:
            yield a, b, moved or _classify_run(mine, its, a, b)
            continue
        for n, m in zip(range(*a), range(*b), strict=True):
            if mine.words[n].folded != its.words[m].folded:
                yield (n, n + 1), (m, m + 1), _classify_run(mine, its, (n, n + 1), (m, m + 1))


def _classify_run(mine: Wording, its: Wording, a: tuple[int, int], b: tuple[int, int]) -> str:
    """Return the kinds of a run's differences; "" where only the print differs."""
    found = compare_wordings(mine._replace(words=mine.words[slice(*a)]), its._replace(words=its.words[slice(*b)]))
    return ", ".join(dict.fromkeys(each.kind for each in found if each.grade))


def _cut_pieces(text: str, words: Sequence[QuoteWord], runs: Iterable[tuple[int, int, str]]) -> Iterator[MarkedPiece]:
    done = 0
    for first, last, kind in runs:
        if first == last or not kind:
            continue
        start, end = max(done, words[first].start), words[last - 1].end
        if start > done:
            yield MarkedPiece(text[done:start], "")
        yield MarkedPiece(text[start:end], kind)
        done = end
    if done < len(text):
        yield MarkedPiece(text[done:], "")
