"""A quotation as people write it, read into the parts that must stand in the record."""

import re
from typing import NamedTuple

from annotations.fold import fold

GAP = "\x03"
DOTS = re.compile(r"( ?)(?:[\[(] ?\.{2,} ?[\])]|\.{3,}|(?<=\w)\.\.(?!\.))(?= ?)")
SIC = re.compile(r" ?[\[(](?:sic|emphasis added|my emphasis)[.!]?[\])]", re.IGNORECASE)
LETTER = re.compile(r"\[(\w{1,2})\](?=\w)|(?<=\w)\[(\w{1,3})\]")  # [T]he, want[ed]
PUT_IN = re.compile(r" ?\[[^\[\]]{1,80}\]")


class Part(NamedTuple):
    """Folded words that a writer left whole; the flags tell whether dots cut a word in two before or after them."""

    words: str
    cut_before: bool = False
    cut_after: bool = False


def parts(quotation: str, notes: bool = False) -> list[Part]:
    """What stands between the dots of a quotation, without [sic], words put in, and quote marks round the whole."""
    text = DOTS.sub(rf"\1{GAP}", fold(quotation, notes).text)
    for pattern, instead in ((SIC, ""), (LETTER, r"\1\2"), (PUT_IN, "")):
        text = pattern.sub(instead, text)
    bits = text.strip(" '").split(GAP)
    found = []
    for n, bit in enumerate(bits):
        cut_before, cut_after = n > 0 and bit[:1].isalnum(), n < len(bits) - 1 and bit[-1:].isalnum()
        words = bit.strip(" '")
        if re.search(r"\w", words):
            found.append(Part(words, cut_before, cut_after))
    return found
