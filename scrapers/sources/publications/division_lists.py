"""Division lists as the pages print them: one name a line, a paragraph or a cell, by side, with the tellers."""

import re
from collections.abc import Iterator

from lxml import etree

from db.records.hansard import Vote
from scrapers.parsing.markup import Element, read_as_line
from scrapers.parsing.vote_counts import describe_mismatch

DIVISION = re.compile(
    r"Division No\.? ?(\d{1,4})\]?(?: ?\[? ?([^\[\]]*[ap]\.? ?m\.?|noon|midnight)\]?)?", re.IGNORECASE
)
DIVIDES = re.compile(r"(?:The House|The Committee|Their Lordships) (?:having )?divided", re.IGNORECASE)
TOTALS = re.compile(
    r"(?:Ayes|Contents),? (\d{1,4})\b[,;] (?:Noes|Not-?Contents),? (\d{1,4})\b", re.IGNORECASE | re.ASCII
)
SIDES = {
    "AYES": "aye",
    "NOES": "no",
    "CONTENTS": "content",
    "NOT-CONTENTS": "not-content",
    "NOT CONTENTS": "not-content",
}
TELLERS = re.compile(r"Tellers? for the (Ayes|Noes|Contents|Not-Contents)\b ?[:.]?\s*(.*)", re.IGNORECASE)
CLOCK = re.compile(r"\[? ?(?:\d[\d.: ]*[ap]\.? ?m\.?|noon|midnight)\]?", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][^,:;?!\[\]]{0,60},(?: [^:;?!\[\]]{1,60})?(?: \[Teller\])?")
TELLER = re.compile(r"[^\W\d_](?:[^\s,:;?!\[\]]+\s?){1,6}")
SMALL_WORDS = frozenset({"upon", "next", "with", "over"})  # words of four letters or more in the titles of peers
NO_NAMES = re.compile(r"(?:Question|Resolved|Order|Amendment|Motion|Clause|Bill|Main|Lords|Adjourned)\b")


def is_printed_vote(words: str) -> bool:
    """Return True for a line of a division list: a member's name, "AYES" or "Tellers for the Ayes:".

    >>> [is_printed_vote(words) for words in ("Ash, rh Mr. A.", "Elm of Oak, L. [Teller]", "It was, he said, so.")]
    [True, True, False]
    """
    if (words.upper() == words and words in SIDES) or TELLERS.fullmatch(words):
        return True
    small = (word for word in re.findall(r"[^\W\d_]{4,}", words) if word[0].islower())
    return bool(NAME.fullmatch(words)) and not NO_NAMES.match(words) and SMALL_WORDS.issuperset(small)


class PrintedVotes:
    """The votes of a division, read line by line; `totals` are the numbers of ayes and noes printed before them."""

    def __init__(self, totals: tuple[int, int] | None) -> None:
        self.totals = totals
        self.votes: list[Vote] = []
        self.side = ""
        self.tellers = 2  # of this side, read so far; 2 outside their list

    def read_line(self, printed: Element) -> bool:
        """Read a line into the list and return True, or return False for one that is no part of it."""
        words = read_as_line(printed)
        if words.upper() == words and words in SIDES:
            self.side, self.tellers = SIDES[words], 2
        elif match := TELLERS.fullmatch(words):
            self.side, self.tellers = SIDES[match[1].upper()], 0
            return not match[2] or self._read_tellers(match[2])
        elif self.side and self.votes and (words.startswith("(") or self._is_name_open()):
            self.votes[-1] = self.votes[-1]._replace(name=f"{self.votes[-1].name} {words}")
        elif self.side and self.tellers < 2 and not _begins_italic(printed):
            return self._read_tellers(words)
        elif self.side and is_printed_vote(words) and not _begins_italic(printed):
            self._add_vote(words, words.endswith("[Teller]"))
        else:
            return CLOCK.fullmatch(words) is not None
        return True

    def is_complete(self) -> bool:
        """Return True if there are as many names as the totals say."""
        return not self.describe_mismatch()

    def describe_mismatch(self) -> str:
        """Say in words where the names and the printed totals disagree; "" if they agree."""
        return describe_mismatch(self.votes, *self.totals) if self.totals else ""

    def _is_name_open(self) -> bool:
        name = self.votes[-1].name
        return name.count("(") > name.count(")")

    def _read_tellers(self, words: str) -> bool:
        names = [name.strip(" .,") for name in re.split(r"\band\b", words) if name.strip(" .,")]
        if self.tellers + len(names) > 2 or not all(map(TELLER.fullmatch, names)):
            return False
        for name in names:
            self._add_vote(name, True)
        self.tellers += len(names)
        return True

    def _add_vote(self, name: str, teller: bool) -> None:
        self.votes.append(Vote(name=name, vote=self.side, teller=teller, member_id=None, person_id=None, proxy=None))


def _begins_italic(printed: Element) -> bool:
    """Return True for "Question accordingly agreed to."; a name begins upright."""
    return not (printed.text or "").strip() and len(printed) > 0 and printed[0].tag == "i"


def split_lines(printed: Element) -> Iterator[Element]:
    """Yield each line of a block (between <br/> elements, or of a cell) as a paragraph, without empty lines."""
    if printed.tag == "table":
        for cell in printed.iter("td", "th"):
            yield from split_lines(cell)
        return
    row = etree.Element("p")
    row.text = printed.text
    for child in list(printed):
        if child.tag in ("br", "p"):
            yield from [row] if read_as_line(row) else []
            yield from split_lines(child) if child.tag == "p" else []
            row = etree.Element("p")
            row.text = child.tail
        else:
            row.append(child)
    yield from [row] if read_as_line(row) else []
