"""How a wording of a speech became another: runs of words that both have, that were taken out, and that were put in.

Quotation marks and dashes of any shape are one, and white space is none: printers choose them, not speakers.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple, TypeVar

Kind = Literal["same", "removed", "added"]
Token = tuple[str, str]  # a word, and what stands between it and the next; before the first word, none
Part = TypeVar("Part")
WORD = re.compile(r"(\d[\d,.]*\d|\w+(?:['‘’]\w+)*)")
PARAGRAPH = re.compile(r".+?(?:\n\n\s*|\Z)", re.DOTALL)
SHAPES = tuple(zip("‘’“”–—‑−", "''\"\"----", strict=True))


class Run(NamedTuple):
    """Words that follow one another, as they stand in the newer wording, or where they were removed in the older."""

    kind: Kind
    text: str


class Tally(NamedTuple):
    """How much differs: places that differ in words; words changed, added and removed there; places in marks alone."""

    places: int
    changed: int
    added: int
    removed: int
    marks: int


def _plain(text: str) -> str:
    """A text with one shape of quotation marks and dashes; to replace each is far faster than to translate all."""
    if not text.isascii():
        for shape, one in SHAPES:
            text = text.replace(shape, one)
    return text


def same_words(one: str, other: str) -> bool:
    """Whether two wordings have the same words in the same order, whatever stands between them."""
    return one == other or _words(one) == _words(other)


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(_plain(text)))


def runs(older: str, newer: str) -> list[Run]:
    """What became of a wording in another, from its beginning to its end; the removed stands before the added."""
    return _joined(_joined(Run(kind, text) for kind, text in _pieces(older.strip(), newer.strip()) if text))


def _joined(found: Iterable[Run]) -> list[Run]:
    """Runs of one kind as one; white space between two runs that both were removed, or added, is part of that."""
    joined = [Run(kind, "".join(run.text for run in group)) for kind, group in groupby(found, key=lambda run: run.kind)]
    for n in range(1, len(joined) - 1):
        before, run, after = joined[n - 1 : n + 2]
        if run.text.isspace() and before.kind == after.kind:
            joined[n] = run._replace(kind=before.kind)
    return joined


def _pieces(older: str, newer: str) -> Iterator[tuple[Kind, str]]:
    space = ""  # that only the older wording has, behind the last word of the newer
    for same, before, after in _aligned(older, newer):
        if same:
            for (_, a), (word, b) in zip(before, after, strict=True):
                yield "same", word
                yield from _between(a, b)
                space = "" if b[-1:].isspace() else a[len(a.rstrip()) :]
        else:
            removed = "".join(map("".join, before))
            yield "removed", space + removed if removed else ""
            yield "added", "".join(map("".join, after))


def _between(older: str, newer: str) -> Iterator[tuple[Kind, str]]:
    """What stands between two words that both wordings have."""
    if older == newer or _marks(older) == _marks(newer):
        yield "same", newer
    else:
        marks, gone = newer.rstrip(), older.rstrip()
        same = min(len(marks), len(gone)) if marks.startswith(gone) or gone.startswith(marks) else 0
        yield "same", marks[:same]
        yield "removed", gone[same:]
        yield "added", marks[same:]
        yield "same", newer[len(marks) :]


def _marks(text: str) -> str:
    return "".join(_plain(text).split())


def _aligned(older: str, newer: str) -> Iterator[tuple[bool, list[Token], list[Token]]]:
    """Stretches of words; first paragraph by paragraph, for only those that are unlike need to be compared by words."""
    whole = same_words(older, newer)
    before, after = ([older], [newer]) if whole else (PARAGRAPH.findall(older), PARAGRAPH.findall(newer))
    for same, a, b in _stretches(before, after, _words):
        for mine, its in zip(a, b, strict=True) if same else [("".join(a), "".join(b))]:
            yield from _stretches(_tokens(mine), _tokens(its), lambda token: _plain(token[0]))


def _tokens(text: str) -> list[Token]:
    parts = WORD.split(text)
    return list(zip(["", *parts[1::2]], parts[::2], strict=True))


def _stretches(
    before: list[Part], after: list[Part], key: Callable[[Part], Hashable]
) -> Iterator[tuple[bool, list[Part], list[Part]]]:
    """Stretches of two lists in their order, and whether they are alike."""
    a, b = [key(each) for each in before], [key(each) for each in after]
    if a == b:  # difflib takes what comes very often for no likeness
        yield True, before, after
        return
    for operation, start, end, first, last in SequenceMatcher(None, a, b).get_opcodes():
        yield operation == "equal", before[start:end], after[first:last]


def tally(found: Sequence[Run]) -> Tally:
    """How much differs between two wordings."""
    places = changed = added = removed = marks = 0
    for same, group in groupby(found, key=lambda run: run.kind == "same"):
        sides = {} if same else {run.kind: len(_words(run.text)) for run in group}
        out, come = sides.get("removed", 0), sides.get("added", 0)
        places, marks = places + bool(out or come), marks + (not same and not out and not come)
        changed, added, removed = changed + min(out, come), added + max(0, come - out), removed + max(0, out - come)
    return Tally(places, changed, added, removed, marks)
