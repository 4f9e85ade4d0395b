"""A quotation as people write it, with dots and brackets, divided into the parts that must be in the record."""

import re
from typing import NamedTuple

from annotations.text.normalize import fold_typography

GAP = "\x03"
DOTS = re.compile(r"( ?)(?:[\[(] ?\.{2,} ?[\])]|\.{3,}|(?<=\w)\.\.(?!\.))(?= ?)")
SIC = re.compile(r" ?[\[(](?:sic|emphasis added|my emphasis)[.!]?[\])]", re.IGNORECASE)
# [T]he, [un]fair, want[ed], care[less], [1]5; a figure beside a word is a note's number
LETTER = re.compile(r"\[([^\W\d]{1,5}-?|\d{1,3}(?=\]\d))\](?=\w)|(?<=\w)\[(-?[^\W\d]{1,4}|(?<=\d\[)\w{1,3})\]")
INSERTION = re.compile(r" ?\[[^\[\]]{1,80}\]")


class QuotedPart(NamedTuple):
    """Folded words between the dots of a quotation.

    `more_before` and `more_after` are set where dots stand beside the part; `cut_before` and `cut_after`, where these
    cut a word in two.
    """

    words: str
    more_before: bool = False
    more_after: bool = False
    cut_before: bool = False
    cut_after: bool = False


def divide_quotation(quotation: str, notes: bool = False, stand_in: str = "") -> list[QuotedPart]:
    """Divide a quotation at its dots; remove [sic], words in brackets, and quotation marks round the whole.

    `stand_in` replaces the words that the writer put in brackets; `notes` is as for `fold_typography`.
    """
    text = DOTS.sub(rf"\1{GAP}", fold_typography(quotation, notes).text)
    for pattern, instead in ((SIC, ""), (LETTER, r"\1\2"), (INSERTION, stand_in and f" {stand_in}")):
        text = pattern.sub(instead, text)
    pieces = text.strip(" '").split(GAP)
    parts = []
    for n, bit in enumerate(pieces):
        before, after = n > 0, n < len(pieces) - 1
        words = bit.strip(" '")
        if re.search(r"\w", words):
            cuts = before and bit[:1].isalnum(), after and bit[-1:].isalnum()
            parts.append(
                QuotedPart(words=words, more_before=before, more_after=after, cut_before=cuts[0], cut_after=cuts[1])
            )
    return parts
