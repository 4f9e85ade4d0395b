"""Question numbers as the pages print them: "Q1." or "*" before the name that asks, "[211606]" after the question."""

import re

from scrapers.parsing.markup import Element

ORAL = re.compile(r"[QST]?\d{1,3}\.|\*")
BRACKETED = re.compile(r"\s*\[((?:HL)?\d{3,7})\]\s*$")


def is_oral_number(words: str) -> bool:
    """Return True for the place of an oral question in the day's list, which stands before the name that asks.

    >>> [is_oral_number(words) for words in ("3.", "Q1.", "*", "[211606]", "1997")]
    [True, True, True, False, False]
    """
    return ORAL.fullmatch(words) is not None


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
