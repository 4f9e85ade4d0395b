"""How one wording differs from another, word by word, and what kind of difference each is."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from rapidfuzz.distance import Levenshtein

Kind = Literal["case", "spelling", "number", "word", "order", "cut", "added", "punctuation", "joined"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TOKEN = re.compile(r"\d[\d,.]*\d|\w+(?:'\w+)*|[^\w\s'-]")
NUMBERS = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
ENGLISH = (
    ("is", "iz"),
    ("ys", "yz"),
    ("our", "or"),
    ("ogue", "og"),
    ("ae", "e"),
    ("ll", "l"),
    ("re", "er"),
    ("mme", "m"),
)
TYPING = 2  # letters by which a mistyped word may differ
STAND_IN = "\x04"  # words that a writer put in, in brackets, for others
LONG = 5  # letters from which a word is told by them


class Difference(NamedTuple):
    """One difference: its kind, the words of the quotation, and those of the record; "" where a side has none."""

    kind: Kind
    quoted: str
    said: str


def differences(quoted: str, said: str) -> list[Difference]:
    """Every difference between two folded wordings, in their order."""
    mine, its = TOKEN.findall(quoted), TOKEN.findall(said)
    found: list[Difference] = []
    done = first = 0
    for block in Levenshtein.editops(_low(mine), _low(its)).as_matching_blocks():
        found += _unlike(mine[done : block.a], its[first : block.b])
        done, first = block.a + block.size, block.b + block.size
        pairs = zip(mine[block.a : done], its[block.b : first], strict=True)
        found += (Difference("case", a, b) for a, b in pairs if a != b)
    return _ordered(found)


def changed(found: Iterable[Difference]) -> int:
    """How many letters of a quotation are other words than the record's, or stand elsewhere."""
    return sum(len(each.quoted) for each in found if each.kind in ("number", "word", "order", "added"))


def _low(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def _unlike(mine: Sequence[str], its: Sequence[str]) -> Iterator[Difference]:
    """The differences of two stretches of words that have nothing in common."""
    quoted, said = " ".join(mine), " ".join(its)
    if not (mine or its) or list(mine) == [STAND_IN]:
        return
    if mine and its and "".join(mine).lower() == "".join(its).lower():
        yield Difference("spelling", quoted, said)
    elif len(mine) == len(its):
        yield from (Difference(_kind(a, b), a, b) for a, b in zip(mine, its, strict=True))
    elif mine and its and all(map(_number, (*mine, *its))):
        yield Difference("number", quoted, said)
    elif not any(map(str.isalnum, quoted + said)):
        yield Difference("punctuation", quoted, said)
    else:
        yield Difference("word" if mine and its else "added" if mine else "cut", quoted, said)


def _kind(mine: str, its: str) -> Kind:
    if not any(map(str.isalnum, mine + its)):
        return "punctuation"
    if _number(mine) and _number(its):
        return "number"
    one, other = mine.lower(), its.lower()
    if any(one.replace(a, b) == other.replace(a, b) for a, b in ENGLISH):
        return "spelling"
    typed = min(len(one), len(other)) >= LONG and Levenshtein.distance(one, other) <= TYPING and one[0] == other[0]
    return "spelling" if typed and not _inflected(one, other) else "word"


def _inflected(one: str, other: str) -> bool:
    """Whether two words differ by an ending that changes what is said: Minister, Ministers; agree, agreed."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long != short


def _number(word: str) -> bool:
    return bool(word[0].isdigit() or NUMBERS.fullmatch(word.lower()))


def _ordered(found: list[Difference]) -> list[Difference]:
    """The same differences, where words only changed places told as that."""
    moved = [each for each in found if each.kind in ("word", "cut", "added")]
    quoted, said = (" ".join(filter(None, (each[side] for each in moved))) for side in (1, 2))
    if not moved or Counter(quoted.lower().split()) != Counter(said.lower().split()):
        return found
    rest = [each for each in found if each not in moved]
    return [*rest, Difference("order", quoted, said)]
