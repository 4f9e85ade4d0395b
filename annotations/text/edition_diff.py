"""The differences of two editions of a speech: runs of words that are the same, removed or added.

White space and the shape of quotation marks and dashes do not count: printers choose them, not speakers.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple, TypeVar

from annotations.text.figure_signs import COMPARED, CURRENCY
from annotations.text.normalize import unify_marks
from annotations.text.word_diff import align_words

RunKind = Literal["same", "removed", "added"]
Token = tuple[str, str]  # a word, and the characters between it and the next; the word is "" before the first
Item = TypeVar("Item")
MINUS = r"(?:(?<![^\s(\[])[-−–‑])?"
WORD = re.compile(
    rf"({MINUS}[{CURRENCY}{COMPARED}−]*(?:\d[\d,.]*\d|\d\w*)%?|\w+(?:['‘’]\w+)*)"
)  # a sign belongs to its figure
PARAGRAPH = re.compile(r".+?(?:\n\n\s*|\Z)", re.DOTALL)


class WordRun(NamedTuple):
    """Successive words of one kind, as the newer wording has them, or the older where they were removed."""

    kind: RunKind
    text: str


class DifferenceCounts(NamedTuple):
    """Counts of differences: places that differ in words; words changed, added and removed; places in marks alone."""

    places: int
    changed: int
    added: int
    removed: int
    marks: int


def has_same_words(one: str, other: str) -> bool:
    """Return True if two wordings have the same words in the same order, whatever the marks between them."""
    return one == other or _list_words(one) == _list_words(other)


def _list_words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(unify_marks(text)))


def compare_editions(older: str, newer: str) -> list[WordRun]:
    """Compare an older wording with a newer one; a removed run comes before the run added in its place."""
    return _merge_runs(
        _merge_runs(WordRun(kind, text) for kind, text in _split_runs(older.strip(), newer.strip()) if text)
    )


def _merge_runs(found: Iterable[WordRun]) -> list[WordRun]:
    """Merge adjacent runs of one kind; white space between two removed or two added runs belongs to them."""
    joined = [
        WordRun(kind, "".join(run.text for run in group)) for kind, group in groupby(found, key=lambda run: run.kind)
    ]
    for n in range(1, len(joined) - 1):
        before, run, after = joined[n - 1 : n + 2]
        if run.text.isspace() and before.kind == after.kind:
            joined[n] = run._replace(kind=before.kind)
    return joined


def _split_runs(older: str, newer: str) -> Iterator[tuple[RunKind, str]]:
    space = ""  # of the older wording alone, after the last word of the newer
    for same, before, after in _align_texts(older, newer):
        if same:
            for (_, a), (word, b) in zip(before, after, strict=True):
                yield "same", word
                yield from _compare_gap(a, b)
                space = "" if b[-1:].isspace() else a[len(a.rstrip()) :]
        else:
            removed = "".join(map("".join, before))
            yield "removed", space + removed if removed else ""
            yield "added", "".join(map("".join, after))


def _compare_gap(older: str, newer: str) -> Iterator[tuple[RunKind, str]]:
    """Yield the runs of the marks between two words that both wordings have."""
    if older == newer or _strip_space(older) == _strip_space(newer):
        yield "same", newer
    else:
        marks, gone = newer.rstrip(), older.rstrip()
        same = min(len(marks), len(gone)) if marks.startswith(gone) or gone.startswith(marks) else 0
        yield "same", marks[:same]
        yield "removed", gone[same:]
        yield "added", marks[same:]
        yield "same", newer[len(marks) :]


def _strip_space(text: str) -> str:
    return "".join(unify_marks(text).split())


def _align_texts(older: str, newer: str) -> Iterator[tuple[bool, list[Token], list[Token]]]:
    """Yield stretches of words; only paragraphs that differ are compared word by word."""
    whole = has_same_words(older, newer)
    before, after = ([older], [newer]) if whole else (PARAGRAPH.findall(older), PARAGRAPH.findall(newer))
    for same, a, b in _align_items(before, after, _list_words):
        for mine, its in zip(a, b, strict=True) if same else [("".join(a), "".join(b))]:
            yield from _align_items(_split_tokens(mine), _split_tokens(its), lambda token: unify_marks(token[0]))


def _split_tokens(text: str) -> list[Token]:
    parts = WORD.split(text)
    return list(zip(["", *parts[1::2]], parts[::2], strict=True))


def _align_items(
    before: list[Item], after: list[Item], key: Callable[[Item], Hashable]
) -> Iterator[tuple[bool, list[Item], list[Item]]]:
    """Yield stretches of two lists in order, each with True if its items are the same by a key."""
    for each in align_words([key(item) for item in before], [key(item) for item in after], "longest runs"):
        yield each.same, before[each.start : each.end], after[each.other_start : each.other_end]


def count_differences(found: Sequence[WordRun]) -> DifferenceCounts:
    """Count the differences among the runs of two wordings."""
    places = changed = added = removed = marks = 0
    for same, group in groupby(found, key=lambda run: run.kind == "same"):
        sides = {} if same else {run.kind: len(_list_words(run.text)) for run in group}
        out, come = sides.get("removed", 0), sides.get("added", 0)
        places, marks = places + bool(out or come), marks + (not same and not out and not come)
        changed, added, removed = changed + min(out, come), added + max(0, come - out), removed + max(0, out - come)
    return DifferenceCounts(places=places, changed=changed, added=added, removed=removed, marks=marks)
