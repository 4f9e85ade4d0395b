"""Quotations as an article prints them: with who said it, a citation or an address beside the quotation marks."""

import re

from annotations.text.difference_grade import count_negations

WORD = r"[\w.’'-]+"
VERB = (
    "(?:said|says|told|tells|added|adds|asked|asks|replied|replies|continued|continues|insisted|insists|declared|declares"
    "|argued|argues|warned|warns|explained|explains|claimed|claims|went on|goes on)"
)
CLAUSE = rf"\s*(?:,\s*)?(?:{WORD}\s+){{0,7}}{VERB}(?:\s+{WORD}){{0,7}}\s*(?:[,:.]\s*)?"
OPEN, CLOSE = '[“"„«]', '[”"“»]'
ATTRIBUTIONS = (
    re.compile(rf"\A{CLAUSE}(?={OPEN})"),
    re.compile(rf"(?<=[,.!?…]{CLOSE}){CLAUSE}(?={OPEN})"),
    re.compile(rf"(?<=[\w,.!?…]{CLOSE}){CLAUSE}\Z"),
)
SOURCES = (
    re.compile(r"(?<!\s)\s*\((?:HC|HL|Hansard|Official Report)\b[^()]{0,80}\)\.?\s*\Z"),
    re.compile(r"(?<!\s)\s*https?://\S+\s*\Z"),
    re.compile(rf"(?<={CLOSE})\s*[-–—]\s*(?:{WORD}\s*){{1,6}}\Z"),
)


def blank_attribution(quotation: str) -> str:
    """Replace what is printed beside a quotation by spaces, so that every offset stays; the same text if nothing is.

    >>> " ".join(blank_attribution("“We shall act,” he said, “and soon.”").split())
    '“We shall act,” “and soon.”'
    """
    for pattern in (*SOURCES, *ATTRIBUTIONS):
        quotation = pattern.sub(_blank, quotation)
    return quotation


def _blank(match: re.Match[str]) -> str:
    return match[0] if count_negations(match[0]) else " " * len(match[0])
