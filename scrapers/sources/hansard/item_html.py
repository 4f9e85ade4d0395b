"""The Value of an item of Hansard's API: a fragment of HTML, read as words with their columns and question numbers.

A mark <span data-column-number> may stand anywhere, in mid-word too; a blank line parts paragraphs; <Question> and
<QuestionText> hold a question, with its number before or after its words.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup

from scrapers.parsing.markup import squeeze, words_of
from scrapers.sources.hansard.html_cleaner import Writer, paragraphs, safe

ORAL = re.compile(r"\s*([A-Z]?\d{1,3})\.\s+(?:\[(\d{4,7})\]\s*)?", re.ASCII)
NUMBER = re.compile(r"\[((?:HL\s?\d{1,5})|\d{4,7})\](?=\s*(?:$|\n|\(\d))", re.ASCII)


class Words(NamedTuple):
    """What a Value says: `begins` is the column of a mark before all words, `ends` that of the last mark.

    `names` are names in bold with a colon, as the damaged answers of 2007 hold them; `glued` are words that stand in a
    question behind its own text.
    """

    text: str
    markup: str | None
    begins: str | None
    ends: str | None
    question: bool
    oral: str | None
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    glued: str


def read_value(value: str, question: bool = False) -> Words:
    """The words of a Value; `question` says that it is one, whatever its markup. Raises ValueError."""
    if not question and "<" not in value and "&" not in value:
        text, _ = words_of(paragraphs(value))  # as most are: no HTML to parse
        return Words(text, None, None, None, False, None, (), (), "")
    try:
        # otherwise it makes one line break of a blank line between two elements
        soup = BeautifulSoup(f"<body>{safe(value)}</body>", "lxml", preserve_whitespace_tags={"body"})
    except ParserRejectedMarkup as error:
        raise ValueError(f"a Value is no HTML: {error}") from error
    questions = soup.find_all("question")
    oral, number = _take_oral(questions or ([soup] if question else []))
    writer = Writer()
    writer.walk(soup, 0)
    text, markup = words_of(writer.close())
    if _solid(text) != _solid("".join(writer.said)):
        raise ValueError("words of a table or list stand outside its cells")
    asked = NUMBER.findall(text) if questions or question else []
    return Words(
        text=text,
        markup=markup,
        begins=writer.begins,
        ends=writer.ends,
        question=bool(questions) or question,
        oral=oral,
        numbers=tuple(dict.fromkeys([*filter(None, [number]), *map(_joined, asked)])),
        names=tuple(_names(soup)),
        glued=" ".join(filter(None, map(_glued, questions))),
    )


def _solid(text: str) -> str:
    return "".join(text.split())


def _joined(number: str) -> str:
    return "".join(number.split())


def _take_oral(questions: list[Tag]) -> tuple[str | None, str | None]:
    """Take the printed number ("3.", and "[234797]" beside it) off the first question; both, or None."""
    for string in questions[0].find_all(string=re.compile(r"\S"))[:1] if questions else []:
        if isinstance(string, NavigableString) and (match := ORAL.match(string)):
            string.replace_with(string[match.end() :])
            return match[1], match[2]
    return None, None


def _names(soup: BeautifulSoup) -> Iterator[str]:
    for bold in soup.find_all(["strong", "b"]):
        name = squeeze(bold.get_text())
        if re.fullmatch(r"[^\W\d_][^:]*:", name):
            yield name[:-1]


def _glued(question: Tag) -> str:
    own = question.find("questiontext")
    if not isinstance(own, Tag) or not own.get_text(strip=True):
        return ""
    after = squeeze("".join(node.get_text() for node in own.next_siblings))
    return after if re.search(r"\w", NUMBER.sub("", after)) else ""
