"""A quotation and the record's words side by side: both whole, in pieces, with every piece that differs classed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotations.text.normalize import fold
from annotations.text.quote_diff import TOKEN, Difference, align_quote, differences


class Piece(NamedTuple):
    """Words as they are written, and how they differ from the other text's: kinds in words, "" where they do not."""

    words: str
    kind: str


class Word(NamedTuple):
    """A word as compared, and where it stands in the text as written (code points, end exclusive)."""

    folded: str
    start: int
    end: int


def beside(quoted: str, said: str, found: Sequence[Difference]) -> tuple[list[Piece], list[Piece]]:
    """The pieces of a quotation and of the words beside it; where nothing was found to differ, each is one piece.

    A piece joined of all its text's pieces is that text: nothing is lost, and nothing is added.
    """
    if not found:
        return [Piece(quoted, "")], [Piece(said, "")]
    mine, its = _words(quoted), _words(said)
    told = {each.kind for each in found}
    runs = list(_runs(mine, its, "order" if "order" in told else ""))
    return (
        list(_pieces(quoted, mine, [(first, last, kind) for (first, last), _, kind in runs])),
        list(_pieces(said, its, [(first, last, kind) for _, (first, last), kind in runs])),
    )


def _words(text: str) -> list[Word]:
    folded = fold(text)
    found = TOKEN.finditer(folded.text)
    return [Word(match[0], folded.begins(match.start()), folded.ends(match.end())) for match in found]


def _runs(
    mine: Sequence[Word], its: Sequence[Word], moved: str
) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """The stretches of words that are not the same, by number of word, and of what kinds."""
    for each in align_quote([word.folded for word in mine], [word.folded for word in its]):
        a, b = (each.start, each.end), (each.other_start, each.other_end)
        if not each.same:
            yield a, b, moved or _kinds(mine[slice(*a)], its[slice(*b)])
            continue
        for n, m in zip(range(*a), range(*b), strict=True):
            if mine[n].folded != its[m].folded:
                yield (n, n + 1), (m, m + 1), "case"


def _kinds(mine: Iterable[Word], its: Iterable[Word]) -> str:
    quoted, said = (" ".join(word.folded for word in words) for words in (mine, its))
    return ", ".join(dict.fromkeys(each.kind for each in differences(quoted, said))) or "word"


def _pieces(text: str, words: Sequence[Word], runs: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    done = 0
    for first, last, kind in runs:
        if first == last:
            continue
        start, end = max(done, words[first].start), words[last - 1].end
        if start > done:
            yield Piece(text[done:start], "")
        yield Piece(text[start:end], kind)
        done = end
    if done < len(text):
        yield Piece(text[done:], "")
