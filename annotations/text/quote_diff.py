"""The differences of a quotation from the record, word by word, each with its kind, such as spelling or cut."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from annotations.text.word_diff import Stretch, align_words

DifferenceKind = Literal["case", "spelling", "number", "word", "order", "cut", "added", "punctuation", "joined"]
TOKEN = re.compile(r"\d[\d,.]*\d|\w+(?:'\w+)*|[^\w\s'-]")
NUMBERS = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
SPELLING_VARIANTS = (
    *(("is", "iz"), ("ys", "yz"), ("our", "or"), ("ogue", "og")),
    *(("ae", "e"), ("ll", "l"), ("re", "er"), ("mme", "m")),
)
MAX_TYPOS = 2  # letters in which a mistyped word may differ
STAND_IN = "\x04"  # stands for the words that a writer put in brackets in place of others
MIN_TYPO_LENGTH = 5  # letters of a word that may be mistyped; two similar shorter words are different


class Difference(NamedTuple):
    """One difference: its kind, the words of the quotation, and those of the record; "" where a side has none."""

    kind: DifferenceKind
    quoted: str
    said: str


def classify_differences(quoted: str, said: str) -> list[Difference]:
    """Return every difference between two folded wordings, in their order."""
    mine, its = TOKEN.findall(quoted), TOKEN.findall(said)
    found: list[Difference] = []
    for same, group in groupby(align_quote(mine, its), key=lambda each: each.same):
        stretches = list(group)
        pair = mine[stretches[0].start : stretches[-1].end], its[stretches[0].other_start : stretches[-1].other_end]
        if same:
            found += (Difference("case", a, b) for a, b in zip(*pair, strict=True) if a != b)
        else:
            found += _classify_stretch(*pair)
    return _mark_order(found)


def align_quote(quoted: Sequence[str], said: Sequence[str]) -> Iterator[Stretch]:
    """Yield the stretches of words that a quotation and the record share, or in which they differ; case is ignored."""
    return align_words([word.lower() for word in quoted], [word.lower() for word in said], "fewest edits")


def count_changed_letters(found: Iterable[Difference]) -> int:
    """Count the letters of a quotation in words that are not the record's, or in another order."""
    return sum(len(each.quoted) for each in found if each.kind in ("number", "word", "order", "added"))


def _classify_stretch(mine: Sequence[str], its: Sequence[str]) -> Iterator[Difference]:
    """Yield the differences of two stretches of words that have nothing in common."""
    quoted, said = " ".join(mine), " ".join(its)
    if not (mine or its) or list(mine) == [STAND_IN]:
        return
    if mine and its and "".join(mine).lower() == "".join(its).lower():
        yield Difference("spelling", quoted, said)
    elif len(mine) == len(its):
        yield from (Difference(_classify_word(a, b), a, b) for a, b in zip(mine, its, strict=True))
    elif mine and its and all(map(_is_number, (*mine, *its))):
        yield Difference("number", quoted, said)
    elif not any(map(str.isalnum, quoted + said)):
        yield Difference("punctuation", quoted, said)
    else:
        yield Difference("word" if mine and its else "added" if mine else "cut", quoted, said)


def _classify_word(mine: str, its: str) -> DifferenceKind:
    if not any(map(str.isalnum, mine + its)):
        return "punctuation"
    if _is_number(mine) and _is_number(its):
        return "number"
    one, other = mine.lower(), its.lower()
    if any(one.replace(a, b) == other.replace(a, b) for a, b in SPELLING_VARIANTS):
        return "spelling"
    typed = (
        min(len(one), len(other)) >= MIN_TYPO_LENGTH
        and Levenshtein.distance(one, other) <= MAX_TYPOS
        and one[0] == other[0]
    )
    return "spelling" if typed and not _is_inflected(one, other) else "word"


def _is_inflected(one: str, other: str) -> bool:
    """Return True if two words differ by an ending that changes the meaning: Minister, Ministers; agree, agreed."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long != short


def _is_number(word: str) -> bool:
    return bool(word[0].isdigit() or NUMBERS.fullmatch(word.lower()))


def _mark_order(found: list[Difference]) -> list[Difference]:
    """Replace differences by one of the kind `order` where words only changed places."""
    moved = [each for each in found if each.kind in ("word", "cut", "added")]
    quoted, said = (" ".join(filter(None, (each[side] for each in moved))) for side in (1, 2))
    if not moved or Counter(quoted.lower().split()) != Counter(said.lower().split()):
        return found
    rest = [each for each in found if each not in moved]
    return [*rest, Difference("order", quoted, said)]
