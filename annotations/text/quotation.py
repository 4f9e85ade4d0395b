"""A quotation as people write it, read into the parts that must stand in the record."""

import re
from typing import NamedTuple

from annotations.text.normalize import fold

GAP = "\x03"
DOTS = re.compile(r"( ?)(?:[\[(] ?\.{2,} ?[\])]|\.{3,}|(?<=\w)\.\.(?!\.))(?= ?)")
SIC = re.compile(r" ?[\[(](?:sic|emphasis added|my emphasis)[.!]?[\])]", re.IGNORECASE)
LETTER = re.compile(r"\[(\w{1,2})\](?=\w)|(?<=\w)\[(\w{1,3})\]")  # [T]he, want[ed]
PUT_IN = re.compile(r" ?\[[^\[\]]{1,80}\]")


class Part(NamedTuple):
    """Folded words that a writer left whole.

    `more_before` and `more_after` tell whether dots stand there for more; `cut_before` and `cut_after`, whether these
    cut a word in two.
    """

    words: str
    more_before: bool = False
    more_after: bool = False
    cut_before: bool = False
    cut_after: bool = False


def parts(quotation: str, notes: bool = False, stand_in: str = "") -> list[Part]:
    """What stands between the dots of a quotation, without [sic], words put in, and quote marks round the whole.

    `stand_in` takes the place of words that the writer put in, in brackets; `notes` is as fold() has it.
    """
    text = DOTS.sub(rf"\1{GAP}", fold(quotation, notes).text)
    for pattern, instead in ((SIC, ""), (LETTER, r"\1\2"), (PUT_IN, stand_in and f" {stand_in}")):
        text = pattern.sub(instead, text)
    bits = text.strip(" '").split(GAP)
    found = []
    for n, bit in enumerate(bits):
        before, after = n > 0, n < len(bits) - 1
        words = bit.strip(" '")
        if re.search(r"\w", words):
            cuts = before and bit[:1].isalnum(), after and bit[-1:].isalnum()
            found.append(Part(words, before, after, *cuts))
    return found
