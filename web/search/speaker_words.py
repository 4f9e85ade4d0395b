"""Names of speakers and of offices among the words of a search: pure, without a database."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from web.rendering.folding import fold_words

TITLES = frozenset(
    [
        *("mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "baroness", "baron", "viscount", "earl"),
        *("viscountess", "countess", "marquess", "duke", "duchess", "bishop", "archbishop", "the", "rev", "professor"),
        *("prof", "rt", "right", "hon", "honourable", "mp"),
    ]
)
ROLES = frozenset({"speaker", "members", "member", "lords", "chairman", "clerk", "gentleman"})  # no surnames
OUTSIDE = re.compile(r"\(.*?\)|,.*$")  # what follows or qualifies a printed name or an office


class MeaningfulWords(NamedTuple):
    """Words of a search that stand in a row and mean something: their first and last index, and what they mean."""

    first: int
    last: int
    meaning: tuple[str, ...]


@lru_cache(maxsize=20_000)
def list_name_words(name: str) -> frozenset[str]:
    """List the words of a printed name, to see quickly whether a search has one of them."""
    return frozenset(fold_words(name)) - TITLES


@lru_cache(maxsize=20_000)
def find_surname(name: str) -> str:
    """Return the last word of a printed name, folded; "" without one."""
    return (fold_words(name) or [""])[-1]


def list_name_forms(name: str) -> set[tuple[str, ...]]:
    """List what may be typed for a printed name: all of it, first and last name, title and surname, surname.

    >>> sorted(" ".join(form) for form in list_name_forms("Lord Gravesby of Larrow"))
    ['gravesby', 'gravesby of larrow', 'lord gravesby', 'lord gravesby of larrow']
    """
    words = fold_words(OUTSIDE.sub("", name))
    own = [word for word in words if word not in TITLES]
    core = own[: own.index("of")] if "of" in own[1:] else own
    if not core:
        return set()
    if core[-1] in ROLES:
        return {tuple(words)}
    surnames = [core[-1:]]
    if "-" in name and len(core) > 1 and len(hyphened := fold_words(name.split()[-1])) > 1:
        surnames.append(hyphened)
    titles = [word for word in words[: words.index(own[0])] if word != "the"]
    forms = {tuple(words), tuple(own), *map(tuple, surnames)}
    if len(core) > 1:
        forms |= {(core[0], *surname) for surname in surnames} | {(*surname, core[0]) for surname in surnames}
    forms |= {(title, *surname) for title in titles or ("mr", "mrs", "ms") for surname in surnames}
    return {form for form in forms if form}


@lru_cache(maxsize=5_000)
def list_office_forms(office: str) -> set[tuple[str, ...]]:
    """List what may be typed for an office: all of it, or its role without the department.

    >>> sorted(" ".join(form) for form in list_office_forms("The Parliamentary Secretary, Cabinet Office"))
    ['parliamentary secretary', 'parliamentary secretary cabinet office']
    """
    whole, role = (fold_words(re.sub(r"^the\s+", "", text, flags=re.IGNORECASE)) for text in _cut_office(office))
    return {tuple(words) for words in (whole, role) if len(words) > 1}


def _cut_office(office: str) -> tuple[str, str]:
    return office, OUTSIDE.sub("", office)


def find_longest_run(words: Sequence[str], forms: Iterable[tuple[tuple[str, ...], str]]) -> MeaningfulWords | None:
    """Find the longest run of words that is a form of something; of several as long, the first.

    >>> find_longest_run(["blog", "tom", "watson"], [(("tom", "watson"), "Tom Watson"), (("watson",), "Lord Watson")])
    MeaningfulWords(first=1, last=3, meaning=('Tom Watson',))
    """
    meanings: dict[tuple[str, ...], dict[str, None]] = {}
    for form, meaning in forms:
        meanings.setdefault(form, {})[meaning] = None
    for first, last in _list_ranges(len(words)):
        if found := meanings.get(tuple(words[first:last])):
            return MeaningfulWords(first, last, tuple(found))
    return None


def _list_ranges(count: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `count` words, the longest first."""
    for length in range(count, 0, -1):
        for first in range(count - length + 1):
            yield first, first + length
