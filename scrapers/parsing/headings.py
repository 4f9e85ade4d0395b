"""Headings as a reader writes them: the source prints many in capitals, and the site re-cases those."""

import re

SMALL = frozenset(
    {*("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"), "etc"}
)
ACRONYMS = frozenset(
    {
        *("UK", "EU", "UN", "US", "USA", "NHS", "BBC", "ID", "MP", "MPS", "NATO", "HM", "PLC", "VAT", "IT", "II"),
        "III",
        "IV",
    }
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
STEM = re.compile("['’]")
DASH = " — "


def recase(heading: str) -> str:
    """A heading with its parts in capitals put in title case; parts with any small letter stay as they are.

    >>> recase("DUCHY OF LANCASTER")
    'Duchy of Lancaster'
    >>> recase("[Mr. Ash in the Chair] — CHILDREN, SCHOOLS AND FAMILIES")
    '[Mr. Ash in the Chair] — Children, Schools and Families'
    """
    return DASH.join(_title(part) if part.isupper() else part for part in heading.split(DASH))


def _title(part: str) -> str:
    seen = 0

    def word(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        text, stem = match[0], STEM.split(match[0])[0]
        if stem in ACRONYMS and not (text in ("IT", "US") and seen > 1):
            return ("MPs" if stem == "MPS" else stem) + text[len(stem) :].lower()
        lower = text.lower()
        return lower if lower in SMALL and seen > 1 else lower[0].upper() + lower[1:]

    return WORD.sub(word, part)
