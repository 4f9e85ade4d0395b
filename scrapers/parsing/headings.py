"""Title case for headings, many of which the sources print in capitals."""

import re

SMALL = frozenset(
    {
        *("a", "an", "and", "as", "at", "by", "etc", "for", "from", "in", "into", "of", "on"),
        *("or", "the", "to", "with"),
    }
)
ACRONYMS = frozenset(
    {
        *("UK", "EU", "UN", "US", "USA", "NHS", "BBC", "ID", "MP", "MPS", "NATO", "HM", "PLC", "VAT", "IT", "II"),
        *("III", "IV"),
    }
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
STEM = re.compile("['’]")
DASH = " — "


def recase_heading(heading: str) -> str:
    """Put the parts of a heading that are all in capitals in title case, and leave the other parts unchanged.

    >>> recase_heading("DUCHY OF LANCASTER")
    'Duchy of Lancaster'
    >>> recase_heading("[Mr. Ash in the Chair] — CHILDREN, SCHOOLS AND FAMILIES")
    '[Mr. Ash in the Chair] — Children, Schools and Families'
    """
    return DASH.join(_to_title_case(part) if part.isupper() else part for part in heading.split(DASH))


def _to_title_case(part: str) -> str:
    count = 0

    def recase_word(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        text, stem = match[0], STEM.split(match[0])[0]
        if stem in ACRONYMS and not (text in ("IT", "US") and count > 1):
            return ("MPs" if stem == "MPS" else stem) + text[len(stem) :].lower()
        lower = text.lower()
        return lower if lower in SMALL and count > 1 else lower[0].upper() + lower[1:]

    return WORD.sub(recase_word, part)
