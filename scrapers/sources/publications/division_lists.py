"""Division lists as the pages print them: one name a line, by side, with the tellers."""

import re
from collections.abc import Iterator

from lxml import etree

from db.records.hansard import Vote
from scrapers.parsing.markup import Element, read_as_line

DIVISION = re.compile(r"Division No\. ?(\d+)\]?", re.IGNORECASE)
DIVIDES = re.compile(r"(?:The House|The Committee|Their Lordships) (?:having )?divided", re.IGNORECASE)
TOTALS = re.compile(r"(?:Ayes|Contents),? (\d+)[,;] (?:Noes|Not-?Contents),? (\d+)", re.IGNORECASE)
SIDES = {
    "AYES": "aye",
    "NOES": "no",
    "CONTENTS": "content",
    "NOT-CONTENTS": "not-content",
    "NOT CONTENTS": "not-content",
}
TELLERS = re.compile(r"Tellers? for the (Ayes|Noes):?", re.IGNORECASE)


class PrintedVotes:
    """The votes of a division, read line by line."""

    def __init__(self) -> None:
        self.votes: list[Vote] = []
        self.side = ""
        self.reading_tellers = False

    def read_line(self, printed: Element) -> bool:
        """Read a line into the list and return True, or return False for the first line after the list."""
        words = read_as_line(printed)
        if words.upper() == words and words.upper() in SIDES:
            self.side, self.reading_tellers = SIDES[words], False
        elif match := TELLERS.fullmatch(words):
            self.side, self.reading_tellers = SIDES[match[1].upper()], True
        elif self.side and not _is_sentence(printed, words, self.reading_tellers):
            teller = self.reading_tellers or words.endswith("[Teller]")
            name = words.removesuffix(" and") if self.reading_tellers else words
            self.votes.append(
                Vote(name=name, vote=self.side, teller=teller, member_id=None, person_id=None, proxy=None)
            )
        else:
            return False
        return True


def _is_sentence(printed: Element, words: str, telling: bool) -> bool:
    if not (printed.text or "").strip() and len(printed) and printed[0].tag == "i":
        return True  # "Question accordingly agreed to."; a name begins upright
    return not telling and "," not in words


def split_lines(printed: Element) -> Iterator[Element]:
    """Yield each line of a block (between <br/> elements) as a paragraph, without empty lines."""
    row = etree.Element("p")
    row.text = printed.text
    for child in list(printed):
        if child.tag == "br":
            yield from [row] if read_as_line(row) else []
            row = etree.Element("p")
            row.text = child.tail
        else:
            row.append(child)
    yield from [row] if read_as_line(row) else []
