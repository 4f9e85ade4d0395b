"""Words in brackets at an edge of a quotation: the words of the record beside that edge for which they stand.

[The Minister] before "mended it" stands for the record's "He"; [of May] after "the end" may stand for nothing. What
cannot be told counts as replaced, so that a reader learns of it.
"""

import re
from collections.abc import Sequence

from annotations.text.difference_grade import FUNCTION_WORDS, PRONOUNS

REACH = 200  # characters beside an edge that are read
WORD = r"(?:(?:[Hh]on|Mrs?|Dr|Rt)\.|\d[\d.,:]*\d|[^\s,;:.!?()\[\]—–]+)"
AFTER, BEFORE = re.compile(rf"(?:\s+{WORD})+"), re.compile(rf"(?:(?<!\S){WORD}\s+)+\Z")
DETERMINERS = {"a", "an", "the", "my", "our", "his", "her", "their", "its", "your", "this", "that", "these", "those"}
OBJECTS = PRONOUNS - DETERMINERS | {"here", "there"}
CONNECTORS = FUNCTION_WORDS - PRONOUNS - DETERMINERS - {"here", "there"}  # a phrase ends before them
CONNECTORS |= {"but", "because", "if", "when", "where", "while", "after", "before", "under", "over", "through"}
CONNECTORS |= {"between", "against", "about", "until", "since", "although", "not"}
OPEN = CONNECTORS | DETERMINERS - {"this", "that", "these", "those", "her"} | {"no", "every", "each", "very"}
ADDRESSING = {
    "hon.",
    "hon",
    "right",
    "rt.",
    "rt",
    "learned",
    "gallant",
    "noble",
    "mr.",
    "mr",
    "mrs.",
    "mrs",
    "dr.",
    "dr",
}


def find_replaced_end(text: str, at: int, inner: str) -> int:
    """Return the end of the words after an edge for which words in brackets stand; the edge where they only add."""
    if not (phrase := AFTER.match(text, at, at + REACH)):
        return at
    words = [(match[0].lower(), match.end()) for match in re.compile(WORD).finditer(text, at, phrase.end())]
    added = _split_words(inner)
    last = (re.findall(r"\S+", text[max(0, at - REACH) : at]) or [""])[-1].lower().strip("\"'“‘(")
    is_open = last in OPEN or last.endswith(("'s", "’s", "s'", "s’"))
    if not is_open and (added[0] in CONNECTORS or words[0][0] in CONNECTORS):
        return at
    return words[_count_replaced([word for word, _ in words], len(added)) - 1][1]


def find_replaced_start(text: str, at: int, inner: str) -> int:
    """Return the start of the words before an edge for which words in brackets stand; the edge where they only add."""
    start = max(0, at - REACH)
    if not (phrase := BEFORE.search(text[start:at])):
        return at
    words = [(match[0].lower(), start + match.start()) for match in re.finditer(WORD, text[start:at])]
    words = [each for each in words if each[1] >= start + phrase.start()][::-1]
    if words[0][0] in CONNECTORS | DETERMINERS:
        return at
    return words[_count_replaced([word for word, _ in words], len(_split_words(inner))) - 1][1]


def _split_words(inner: str) -> list[str]:
    return inner.strip("[] ").lower().split() or [""]


def _count_replaced(words: Sequence[str], added: int) -> int:
    """Count the words, from the edge on, that so many words in brackets replace: a pronoun alone, or a whole name."""
    if words[0] in OBJECTS or (words[0] == "her" and words[1:2] and words[1] in CONNECTORS):
        return 1
    count = min(added, len(words))
    while count < len(words) and words[count - 1] in FUNCTION_WORDS | ADDRESSING:
        count += 1
    return count
