"""Question numbers as the pages print them: "Q1. [211606]" or "*" before the name that asks, "[211606]" at the end."""

import re
from typing import NamedTuple

from scrapers.parsing.markup import Element

PLACE = re.compile(r"\s*((?:[QST]?\s?\d{1,3}\.(?:\s*\[(\d{3,7})\])?|\*))\s*", re.ASCII)
BRACKETED = re.compile(r"\s*\[((?:HL)?\d{3,7})\]\s*$", re.ASCII)


class QuestionPlace(NamedTuple):
    """The place of an oral question in the day's list as printed ("Q1. [211606]"), and its own number, or None."""

    printed: str
    own_number: str | None


def parse_place(words: str) -> QuestionPlace | None:
    """Parse words that are only a question's place in the day's list; return None for other words.

    >>> [bool(parse_place(words)) for words in ("3.", "Q1. ", "T10.[66880]", "*", "[211606]", "1997")]
    [True, True, True, True, False, False]
    """
    match = PLACE.fullmatch(words)
    return QuestionPlace(match[1], match[2]) if match else None


def split_place(words: str) -> tuple[str, str]:
    """Split the place in the day's list off the words that name who asks; "" where there is none.

    >>> split_place("3. Ada Thistlewick:"), split_place("Ada Thistlewick:")
    (('3.', 'Ada Thistlewick:'), ('', 'Ada Thistlewick:'))
    """
    match = PLACE.match(words)
    return (match[1], words[match.end() :]) if match and words[match.end() :] else ("", words)


def take_question_number(paragraph: Element) -> str | None:
    """Cut a question's own number ("[211622]", "[HL1234]") off the end of a paragraph and return it without brackets.

    Return None, and leave the paragraph unchanged, where it ends with no number.
    """
    holder, part = (paragraph[-1], "tail") if len(paragraph) else (paragraph, "text")
    match = BRACKETED.search(getattr(holder, part) or "")
    if not match:
        return None
    setattr(holder, part, match.string[: match.start()])
    return match[1]
