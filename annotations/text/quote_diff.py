"""The differences of a quotation from the record, word by word, each with its kind, such as spelling or cut."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Literal, NamedTuple

from annotations.text.difference_grade import (
    ADDRESS,
    BARE_CONTRACTIONS,
    FUNCTION_WORDS,
    PLURAL_ADDRESS,
    PRONOUNS,
    Grade,
    count_negations,
    find_content_words,
    find_weighty_words,
    fold_spelling,
    has_reversal,
    is_edited,
    is_same_joined,
)
from annotations.text.figure_words import fold_figures, has_cased_unit, is_number, is_same_number
from annotations.text.quote_words import STAND_IN, QuoteWord, cut_words, read_words
from annotations.text.word_diff import Stretch, align_words

DifferenceKind = Literal[
    "case",
    "spelling",
    "punctuation",
    "figures",  # printed otherwise, and the same
    "number",
    "word",
    "order",
    "cut",
    "added",
    "joined",
    "omitted",  # what dots stand for
    "replaced",  # by words in brackets
    "explained",  # in brackets
]
OTHER_MODAL = re.compile(r"\b(?:may|might|can|could|should|must|ought)\b", re.IGNORECASE)  # no tense of "will"
MIN_STEM = 5  # first letters by which a word in brackets shows another, as [changed] shows change
MAX_BETWEEN, MAX_BESIDE = 2, 3  # same words within a number or date, and beside it
THOUSANDS, LEADING_FIGURE = re.compile(r"\d{3}"), re.compile(r"\D{0,2}\d{1,3}(?:,\d{3})*")
MAX_AFTER = 3  # words after a difference that tell a form of address
PROPER_WORDS = {"labour", "conservative", "conservatives", "liberal", "liberals", "green", "greens", "unionist"}
PROPER_WORDS |= {"unionists", "may", "march", "august", "polish", "turkey", "china"}  # others without their capital
MIN_TITLE_WORD = 3  # letters; a title has longer words in capitals
SHORT_CAPITALS = FUNCTION_WORDS - {"a", "i"} | {"aids", "arm", "sad", "ham"}  # words that are others in capitals


class Difference(NamedTuple):
    """One difference: its kind, the words of the quotation, those of the record, and its grade.

    The words are cut from their texts; "" where a side has none.
    """

    kind: DifferenceKind
    quoted: str
    said: str
    grade: Grade = "substance"


class Wording(NamedTuple):
    """A text and its words, or those of a part of it."""

    text: str
    words: Sequence[QuoteWord]

    def cut(self, start: int, end: int) -> str:
        """Cut the words from number start to number end, exclusive, out of the text."""
        return cut_words(self.text, self.words[start:end])

    def fold(self, start: int, end: int) -> tuple[str, ...]:
        """Return folded words by their numbers, end exclusive."""
        return tuple([word.folded for word in self.words[start:end]])


def classify_differences(quoted: str, said: str) -> list[Difference]:
    """Return every difference between two texts, in their order."""
    return compare_wordings(Wording(quoted, read_words(quoted)), Wording(said, read_words(said)))


def compare_wordings(quoted: Wording, said: Wording) -> list[Difference]:
    """Return every difference between a quotation, or a part of one, and words of the record."""
    mine, its = ([word.folded for word in each.words] for each in (quoted, said))
    found: list[Difference] = []
    moved: list[tuple[Stretch, Difference]] = []
    for whole in _join_same_numbers(quoted, said, _list_runs(mine, its)):
        if whole.same:
            found += _compare_capitals(quoted, said, whole)
        else:
            changes = list(_classify_stretch(quoted, said, whole))
            found += changes
            moved += ((whole, each) for each in changes if each.kind in ("word", "cut", "added"))
    return _mark_order(quoted, said, found, moved)


def _list_runs(quoted: Sequence[str], said: Sequence[str]) -> list[Stretch]:
    """List the longest stretches that are the same or differ, by turns."""
    groups = (list(group) for _, group in groupby(align_quote(quoted, said), key=lambda each: each.same))
    return [stretches[0]._replace(end=stretches[-1].end, other_end=stretches[-1].other_end) for stretches in groups]


def _join_same_numbers(quoted: Wording, said: Wording, runs: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches; those that only print a number in another way count as one, with the words between."""
    n = 0
    while n < len(runs):
        last = n
        if not runs[n].same and n + 2 < len(runs) and runs[n + 1].end - runs[n + 1].start <= MAX_BETWEEN:
            whole = runs[n]._replace(end=runs[n + 2].end, other_end=runs[n + 2].other_end)
            if _find_same_number(quoted, said, whole):
                last = n + 2
        yield runs[n]._replace(end=runs[last].end, other_end=runs[last].other_end)
        n = last + 1


def _find_same_number(quoted: Wording, said: Wording, each: Stretch) -> DifferenceKind | None:
    """Return the kind of two stretches that, with the same words beside them, are the same number or date."""
    before = _count_same(quoted.words[: each.start][::-1], said.words[: each.other_start][::-1])
    after = _count_same(quoted.words[each.end :], said.words[each.other_end :])
    mine = _list_figures(quoted, each.start - before, each.end + after)
    its = _list_figures(said, each.other_start - before, each.other_end + after)
    if not (mine and its and is_same_number(mine, its)):
        return None
    return "figures" if fold_figures(mine) == fold_figures(its) else "spelling"


def _count_same(mine: Sequence[QuoteWord], its: Sequence[QuoteWord]) -> int:
    """Count the first words that are the same, at most MAX_BESIDE."""
    pairs = zip(mine[:MAX_BESIDE], its[:MAX_BESIDE], strict=False)
    return len(list(takewhile(lambda pair: pair[0].folded.lower() == pair[1].folded.lower(), pairs)))


def _list_figures(wording: Wording, start: int, end: int) -> list[str]:
    """List folded words by their numbers; figures with a space between thousands are one."""
    found: list[str] = []
    for n, word in enumerate(wording.words[start:end], start):
        parted = n > start and wording.text[wording.words[n - 1].end : word.start] in (" ", "\xa0", "\u2009", "\u202f")
        if parted and THOUSANDS.fullmatch(word.folded) and LEADING_FIGURE.fullmatch(found[-1]):
            found[-1] += f",{word.folded}"
        else:
            found.append(word.folded)
    return found


def align_quote(quoted: Sequence[str], said: Sequence[str]) -> Iterator[Stretch]:
    """Yield the stretches of words that a quotation and the record share, or in which they differ.

    Case and the commas of thousands are ignored.
    """
    mine, its = ([fold_figures([word]) or word for word in words] for words in (quoted, said))
    return align_words(mine, its, "fewest edits")


def count_changed_letters(found: Iterable[Difference]) -> int:
    """Count the letters of a quotation in words that are not the record's, or in another order."""
    changed = (each for each in found if each.grade == "substance")
    return sum(len(each.quoted) for each in changed if each.kind in ("number", "word", "order", "added"))


def _compare_capitals(quoted: Wording, said: Wording, each: Stretch) -> Iterator[Difference]:
    """Yield the differences of words that are the same but for capitals or commas of thousands."""
    for n, m in zip(range(each.start, each.end), range(each.other_start, each.other_end), strict=True):
        one, other = quoted.words[n].folded, said.words[m].folded
        if one.lower() != other.lower():
            yield Difference("figures", quoted.cut(n, n + 1), said.cut(m, m + 1), "")
        elif one != other:
            acronym = one.lower() in SHORT_CAPITALS and one.isupper() != other.isupper()
            proper = one.lower() in PROPER_WORDS and not _begins_sentence(quoted, n) and not _begins_sentence(said, m)
            unclear = _is_shouted(quoted) or _is_shouted(said) or (proper and _has_style_of_capitals(quoted))
            meaning = has_cased_unit(one, other) or ((acronym or proper) and not unclear)
            yield Difference("case", quoted.cut(n, n + 1), said.cut(m, m + 1), "substance" if meaning else "surface")


def _begins_sentence(wording: Wording, n: int) -> bool:
    return n == 0 or wording.words[n - 1].folded in (".", "!", "?", ":")


def _has_style_of_capitals(wording: Wording) -> bool:
    """Return True for words in small letters throughout, or with capitals throughout, as a title has."""
    if not any(map(str.isupper, wording.text)):
        return True
    long = [word.folded for word in wording.words if len(word.folded) > MIN_TITLE_WORD and word.folded.isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    return 4 * capitals > 3 * len(long)


def _is_shouted(wording: Wording) -> bool:
    """Return True for words that are mostly in capitals, among which no acronym can be told."""
    long = [word.folded for word in wording.words if len(word.folded) > 1 and word.folded.isalpha()]
    return 2 * sum(map(str.isupper, long)) > len(long)


def _classify_stretch(quoted: Wording, said: Wording, each: Stretch) -> Iterator[Difference]:
    """Yield the differences of two stretches of words that have nothing in common."""
    mine = quoted.fold(each.start, each.end)
    if STAND_IN in mine:
        yield from _classify_brackets(quoted, said, each, mine.index(STAND_IN))
        return
    its = said.fold(each.other_start, each.other_end)
    if not (mine or its):
        return
    if print_only := _find_same_number(quoted, said, each):
        words = quoted.cut(each.start, each.end), said.cut(each.other_start, each.other_end)
        yield Difference(print_only, *words, "surface" if print_only == "spelling" else "")
        return
    whole = _classify_words(mine, its, quoted.fold(each.end, each.end + MAX_AFTER))
    if len(mine) == len(its) and whole[1] == "substance":
        for n, (one, other) in enumerate(zip(mine, its, strict=True)):
            kind, grade = _classify_words((one,), (other,))
            yield Difference(
                kind,
                quoted.cut(each.start + n, each.start + n + 1),
                said.cut(each.other_start + n, each.other_start + n + 1),
                grade,
            )
        return
    yield Difference(whole[0], quoted.cut(each.start, each.end), said.cut(each.other_start, each.other_end), whole[1])


@lru_cache(maxsize=1 << 14)
def _classify_words(
    mine: tuple[str, ...], its: tuple[str, ...], after: tuple[str, ...] = ()
) -> tuple[DifferenceKind, Grade]:
    """Return the kind and grade of the difference of two runs of words, of which one may be empty.

    `after` are the words that follow in both. Results are remembered, as one quotation is compared with many places.
    """
    both = (*mine, *its)
    if mine and its and fold_figures(mine) == fold_figures(its):
        return "figures", ""
    if mine and its and is_same_number(mine, its):
        return "spelling", "surface"
    if all(is_number(word) or (not word.isalnum() and any(map(is_number, both))) for word in both):
        return "number", "substance"
    if not any(map(str.isalnum, "".join(both))):
        return "punctuation", "substance" if ("?" in mine) != ("?" in its) else "surface"
    if mine and its and _is_spelt_otherwise(mine, its):
        return "spelling", "surface"
    kind: DifferenceKind = "word" if mine and its else "added" if mine else "cut"
    return kind, "edited" if is_edited(mine, its, after) else "substance"


def _is_spelt_otherwise(mine: Sequence[str], its: Sequence[str]) -> bool:
    """Return True if words differ by a variant of spelling, or by a space within a word of content."""
    mine, its = ([word for word in words if any(map(str.isalnum, word))] for words in (mine, its))
    if "".join(mine).lower() == "".join(its).lower():
        return is_same_joined(mine, its)
    if len(mine) != len(its):
        return False
    return all(_is_one_word(one.lower(), other.lower()) for one, other in zip(mine, its, strict=True))


def _is_one_word(mine: str, its: str) -> bool:
    """Return True for two spellings of a word, or a contraction with and without its apostrophe, as wont and won't."""
    bare = mine.replace("'", "")
    if mine != its and bare == its.replace("'", ""):
        return bare in BARE_CONTRACTIONS or "n't" in (mine[-3:], its[-3:])
    return fold_spelling(mine) == fold_spelling(its)


def _classify_brackets(quoted: Wording, said: Wording, each: Stretch, at: int) -> Iterator[Difference]:
    """Yield the differences of a stretch with words in brackets: these replace what the words beside them leave."""
    before, after = at, each.end - each.start - at - 1
    size = each.other_end - each.other_start
    first = each.other_start + min(before, size)
    last = max(first, each.other_end - after)
    yield from _classify_stretch(quoted, said, each._replace(end=each.start + at, other_end=first))
    yield grade_brackets(quoted.cut(each.start + at, each.start + at + 1), said.cut(first, last))
    yield from _classify_stretch(quoted, said, each._replace(start=each.start + at + 1, other_start=last))


def grade_brackets(inner: str, replaced: str) -> Difference:
    """Return the difference that words in brackets make for the words of the record that they replace, "" for none."""
    kind: DifferenceKind = "replaced" if replaced else "explained"
    reverses = count_negations(inner) - count_negations(replaced)
    return Difference(kind, inner, replaced, "substance" if reverses or has_reversal(inner) else "marked")


def find_left_out(found: Iterable[Difference]) -> list[str]:
    """List the words of weight that brackets hide: negations first, then figures, names, units and others."""
    hidden = [
        word for each in found if each.kind == "replaced" for word in _find_replaced_words(each.quoted, each.said)
    ]
    return sort_hidden_words(hidden)


def sort_hidden_words(hidden: Iterable[str]) -> list[str]:
    """Sort words that are left out: each once, negations first."""
    return sorted(dict.fromkeys(hidden), key=lambda word: not count_negations(word))


def _find_replaced_words(inner: str, said: str) -> list[str]:
    """List the words of the record that a reader of the brackets cannot know of."""
    if all(word in PRONOUNS for word in said.split() if word != "I"):
        return []
    named = {word.lower() for word in inner.strip("[]").split()} & PRONOUNS or _may_be_name(inner, said)
    stands_for_address = bool(named or ADDRESS.search(inner.lower()))
    shown = {word.lower()[:MIN_STEM] for word in find_content_words(inner, keep_address=True)}
    shown |= set(inner.lower().strip("[]").split())
    turned = {"would", "will", "shall"} if OTHER_MODAL.search(inner) else {"would"}
    modals = [word for word in said.split() if word in turned]
    words = [*find_weighty_words(said), *modals, *find_content_words(said, keep_address=not stands_for_address)]
    missing = {word.lower(): word for word in reversed(words) if word.lower()[:MIN_STEM] not in shown}
    return [missing[word] for word in dict.fromkeys(map(str.lower, words)) if word in missing]


def _may_be_name(inner: str, said: str) -> bool:
    """Return True if words in brackets may name those whom the record addresses; [Voters] is no name of Ministers."""
    plural = PLURAL_ADDRESS.search(said.lower()) and len(inner.strip("[] ").split()) == 1
    return not plural and bool(re.search(r"[A-Z]|^$", inner))


def _mark_order(
    quoted: Wording, said: Wording, found: list[Difference], moved: Sequence[tuple[Stretch, Difference]]
) -> list[Difference]:
    """Replace differences by one of the kind `order` where words only changed places."""
    mine = Counter(word.lower() for each, _ in moved for word in quoted.fold(each.start, each.end))
    its = Counter(word.lower() for each, _ in moved for word in said.fold(each.other_start, each.other_end))
    if not moved or mine != its:
        return found
    changes = [change for _, change in moved]
    rest = [each for each in found if each not in changes]
    first, last = moved[0][0], moved[-1][0]
    return [
        *rest,
        Difference("order", quoted.cut(first.start, last.end), said.cut(first.other_start, last.other_end)),
    ]
