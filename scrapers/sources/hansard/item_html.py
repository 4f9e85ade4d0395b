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
from lxml import etree

from scrapers.parsing.markup import C1, squeeze, words_of

ORAL = re.compile(r"\s*([A-Z]?\d{1,3})\.\s+(?:\[(\d{4,7})\]\s*)?", re.ASCII)
NUMBER = re.compile(r"\[((?:HL\s?\d{1,5})|\d{4,7})\](?=\s*(?:$|\n|\(\d))", re.ASCII)
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no XML can hold
LEFTOVER = re.compile("[\x80-\x9f]")
BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
DEEPEST = 50
UNWRAPPED = frozenset(
    {"html", "body", "question", "questiontext", "span", "font", "abbr", "cite", "date", "member", "number", "uin"}
)
INLINE = frozenset({"a", "b", "em", "i", "small", "strong", "sub", "sup", "u"})
BLOCKS = frozenset({"p", "div", "blockquote", "center", "table", "ul", "ol", *(f"h{n}" for n in range(1, 7))})
PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "li"})
EMPTY = frozenset({"br", "col", "img"})
KEPT = frozenset({"class", "colspan", "href", "rowspan"})


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


def safe(text: str) -> str:
    """A text as XML can hold it: C1 leftovers of Windows-1252 as what they mean, lone surrogates as U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return UNSAFE.sub("\ufffd", text.translate(C1) if LEFTOVER.search(text) else text)


def paragraphs(value: str) -> etree._Element:
    """A Value without any markup, as one element."""
    item = etree.Element("item")
    for words in BLANK.split(safe(value.replace("\r\n", "\n").replace("\r", "\n"))):
        etree.SubElement(item, "p").text = words
    return item


class Writer:
    """Writes a fragment as paragraphs and blocks below one element, without its column marks.

    `pending` are words not yet written, so that a mark between two words parts nothing.
    """

    def __init__(self) -> None:
        self.builder = etree.TreeBuilder()
        self.builder.start("item", {})
        self.open: list[tuple[str, dict[str, str]]] = []  # inline elements, opened again in the next paragraph
        self.paragraph = False
        self.blocks = 0
        self.pending = ""
        self.said: list[str] = []
        self.begins: str | None = None
        self.ends: str | None = None

    def close(self) -> etree._Element:
        """The element, done."""
        self._end()
        self.builder.end("item")
        return self.builder.close()

    def walk(self, node: Tag, depth: int) -> None:
        """Write all that is inside a node."""
        if depth > DEEPEST:
            raise ValueError(f"elements are nested deeper than {DEEPEST}")
        for child in node.children:
            if isinstance(child, Tag):
                self._element(child, depth)
            elif type(child) is NavigableString:  # a comment is no words
                self.pending += safe(child)  # a reference may have meant what no XML can hold
        self._flush()

    def _element(self, child: Tag, depth: int) -> None:
        if "column-number" in child.get_attribute_list("class"):
            self._mark(child)
            return
        if child.name not in UNWRAPPED:
            self._flush()
        if child.name in EMPTY:
            self._empty(child)
        elif child.name in INLINE and not self.blocks:
            self._inline(child, depth)
        elif child.name in BLOCKS or (self.blocks and child.name in INLINE | PARTS):
            self._block(child, depth)
        elif child.name in PARTS:  # of a table or list that began in no Value
            self._end()
            self.walk(child, depth + 1)
            self._end()
        elif child.name in UNWRAPPED:
            self.walk(child, depth + 1)
        else:
            raise ValueError(f"unknown element <{child.name}>")

    def _mark(self, mark: Tag) -> None:
        number, inside = mark.get("data-column-number"), mark.get_text(strip=True)
        if not isinstance(number, str) or not re.fullmatch(r"[\w./ -]*\w", number) or inside not in ("", number):
            raise ValueError(f"a column mark says {number!r} and holds {inside!r}")
        if not self.pending.strip() and not any(map(str.strip, self.said)):
            self.begins = number
        self.ends = number

    def _inline(self, child: Tag, depth: int) -> None:
        name, attributes = child.name, _attributes(child)
        self.open.append((name, attributes))
        if self.paragraph:
            self.builder.start(name, attributes)
        self.walk(child, depth + 1)
        self.open.pop()
        if self.paragraph:
            self.builder.end(name)

    def _block(self, child: Tag, depth: int) -> None:
        self._end()
        self.builder.start(child.name, _attributes(child))
        self.blocks += 1
        self.walk(child, depth + 1)
        self.blocks -= 1
        self.builder.end(child.name)

    def _empty(self, child: Tag) -> None:
        if child.name == "col":
            return
        if not self.blocks:
            self._begin()
        self.builder.start(child.name, {})
        self.builder.end(child.name)

    def _begin(self) -> None:
        if not self.paragraph:
            self.paragraph = True
            self.builder.start("p", {})
            for name, attributes in self.open:
                self.builder.start(name, attributes)

    def _end(self) -> None:
        if self.paragraph:
            for name, _ in reversed(self.open):
                self.builder.end(name)
            self.builder.end("p")
            self.paragraph = False

    def _flush(self) -> None:
        text, self.pending = self.pending, ""
        self.said.append(text)
        for number, part in enumerate(BLANK.split(text)):
            if number and self.blocks and not text.isspace():
                self.builder.start("br", {})
                self.builder.end("br")
            elif number and not self.blocks:
                self._end()
            if part and (self.paragraph or self.blocks or not part.isspace()):
                if not self.blocks:
                    self._begin()
                self.builder.data(part)


def _attributes(tag: Tag) -> dict[str, str]:
    return {name: safe(" ".join(tag.get_attribute_list(name))) for name in tag.attrs if name in KEPT}
