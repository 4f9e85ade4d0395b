"""The Value of an item of Hansard's API: a fragment of HTML as plain text, with its columns and question numbers.

A column mark, <span data-column-number>, may be anywhere, even inside a word. A blank line separates paragraphs.
<Question> and <QuestionText> hold a question, with its number before or after its words.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree

from scrapers.parsing.markup import C1, INVALID_CHARACTERS, collapse_space, read_text_and_markup
from scrapers.parsing.size_limits import API_ITEM, check_size

ORAL_NUMBER = re.compile(r"\s*([A-Z]?\d{1,3})\.\s+(?:\[(\d{4,7})\]\s*)?", re.ASCII)
QUESTION_NUMBER = re.compile(r"\[((?:HL\s?\d{1,5})|\d{4,7})\](?=\s*(?:$|\n|\(\d))", re.ASCII)
BOLD = re.compile(r"<(?:strong|b)\b", re.IGNORECASE)
C1_CHARACTERS = re.compile("[\x80-\x9f]")
BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
RUN_ON = re.compile(r"[\w(\[“‘\"]")  # what begins another word
MAX_DEPTH = 50  # elements inside elements
UNWRAPPED = frozenset(
    {"html", "body", "question", "questiontext", "span", "font", "abbr", "cite", "date", "member", "number", "uin"}
)
INLINE = frozenset({"a", "b", "em", "i", "small", "strong", "sub", "sup", "u"})
BLOCKS = frozenset({"p", "div", "blockquote", "center", "table", "ul", "ol", *(f"h{n}" for n in range(1, 7))})
TABLE_AND_LIST_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "li"})
EMPTY_ELEMENTS = frozenset({"br", "col", "img"})
KEPT_ATTRIBUTES = frozenset({"class", "colspan", "href", "rowspan"})


class ItemText(NamedTuple):
    """The words of a Value and the facts in its markup."""

    text: str
    markup: str | None
    first_column: str | None  # the column of a mark before all words
    last_column: str | None  # the column of the last mark
    is_question: bool
    oral_number: str | None  # the question's place in the day's list
    question_numbers: tuple[str, ...]  # the question's own numbers
    bold_names: tuple[str, ...]  # names in bold with a colon, as in the damaged answers of 2007
    trailing_words: str  # words inside a question after its own text


def read_value(value: str, question: bool = False) -> ItemText:
    """Read the words of a Value; `question` makes it a question, whatever its markup. Raises ValueError."""
    check_size(value, API_ITEM)
    if not question and "<" not in value and "&" not in value:
        text, _ = read_text_and_markup(make_paragraphs(value))  # most Values hold no HTML
        return ItemText(
            text=text,
            markup=None,
            first_column=None,
            last_column=None,
            is_question=False,
            oral_number=None,
            question_numbers=(),
            bold_names=(),
            trailing_words="",
        )
    try:
        # without preserve_whitespace_tags a blank line between two elements becomes one line break
        soup = BeautifulSoup(
            f"<body>{replace_invalid_characters(value)}</body>", "lxml", preserve_whitespace_tags={"body"}
        )
    except ParserRejectedMarkup as error:
        raise ValueError(f"a Value is no HTML: {error}") from error
    questions = soup.find_all("question") if "<question" in value.lower() else []
    oral, number = _take_oral_number(questions or ([soup] if question else []))
    writer = ItemWriter()
    writer.write_children(soup, 0)
    item = writer.close()
    text, markup = read_text_and_markup(item)  # which writes superscripts and the like into the item as in the text
    if _remove_space(text) != _remove_space(collapse_space("".join(item.itertext()))):
        raise ValueError("words of a table or list stand outside its cells")
    bracketed = QUESTION_NUMBER.findall(text) if questions or question else []
    return ItemText(
        text=text,
        markup=markup,
        first_column=writer.first_column,
        last_column=writer.last_column,
        is_question=bool(questions) or question,
        oral_number=oral,
        question_numbers=tuple(dict.fromkeys([*filter(None, [number]), *map(_remove_space, bracketed)])),
        bold_names=tuple(_find_bold_names(soup)) if BOLD.search(value) else (),
        trailing_words=" ".join(filter(None, map(_read_words_after_question, questions))),
    )


def _remove_space(text: str) -> str:
    return "".join(text.split())


def _take_oral_number(questions: list[Tag]) -> tuple[str | None, str | None]:
    """Cut the printed number ("3.", and "[234797]" after it) off the first question; return both, or None for each."""
    for string in questions[0].find_all(string=re.compile(r"\S"))[:1] if questions else []:
        if isinstance(string, NavigableString) and (match := ORAL_NUMBER.match(string)):
            string.replace_with(string[match.end() :])
            return match[1], match[2]
    return None, None


def _find_bold_names(soup: BeautifulSoup) -> Iterator[str]:
    for bold in soup.find_all(["strong", "b"]):
        name = collapse_space(bold.get_text())
        if re.fullmatch(r"[^\W\d_][^:]*:", name):
            yield name[:-1]


def _read_words_after_question(question: Tag) -> str:
    own = question.find("questiontext")
    if not isinstance(own, Tag) or not own.get_text(strip=True):
        return ""
    after = collapse_space("".join(node.get_text() for node in own.next_siblings))
    return after if re.search(r"\w", QUESTION_NUMBER.sub("", after)) else ""


def replace_invalid_characters(text: str) -> str:
    """Make a text fit for XML: read C1 characters as Windows-1252, and replace what XML cannot hold by U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return INVALID_CHARACTERS.sub("\ufffd", text.translate(C1) if C1_CHARACTERS.search(text) else text)


def make_paragraphs(value: str) -> etree._Element:
    """Return a Value without any markup as one element."""
    item = etree.Element("item")
    for words in BLANK_LINES.split(replace_invalid_characters(value.replace("\r\n", "\n").replace("\r", "\n"))):
        etree.SubElement(item, "p").text = words
    return item


class ItemWriter:
    """A writer of a fragment as paragraphs and blocks below one element, without its column marks.

    `pending` holds words not yet written, so that a column mark between two words does not separate them.
    """

    def __init__(self) -> None:
        self.builder = etree.TreeBuilder()
        self.builder.start("item", {})
        self.open: list[
            tuple[str, dict[str, str]]
        ] = []  # open inline elements, which are opened again in the next paragraph
        self.paragraph = False
        self.blocks = 0
        self.pending = ""
        self.written: list[str] = []
        self.first_column: str | None = None
        self.last_column: str | None = None

    def close(self) -> etree._Element:
        """End the element and return it."""
        self._end_paragraph()
        self.builder.end("item")
        return self.builder.close()

    def write_children(self, node: Tag, depth: int) -> None:
        """Write everything inside a node."""
        if depth > MAX_DEPTH:
            raise ValueError(f"elements are nested deeper than {MAX_DEPTH}")
        for child in node.children:
            if isinstance(child, Tag):
                self._write_element(child, depth)
            elif type(child) is NavigableString:  # not a comment
                self.pending += replace_invalid_characters(
                    child
                )  # a character reference may stand for what XML cannot hold
        self._flush_pending()

    def _write_element(self, child: Tag, depth: int) -> None:
        if "column-number" in child.get_attribute_list("class"):
            self._read_column_mark(child)
            return
        if child.name not in UNWRAPPED:
            self._flush_pending()
        if child.name in EMPTY_ELEMENTS:
            self._write_empty(child)
        elif child.name in INLINE and not self.blocks:
            self._write_inline(child, depth)
        elif child.name in BLOCKS or (self.blocks and child.name in INLINE | TABLE_AND_LIST_PARTS):
            self._write_block(child, depth)
        elif child.name in TABLE_AND_LIST_PARTS:  # of a table or list that has no beginning in this Value
            self._end_paragraph()
            self.write_children(child, depth + 1)
            self._end_paragraph()
        elif child.name in UNWRAPPED:
            self.write_children(child, depth + 1)
            if child.name == "questiontext" and RUN_ON.match(str(child.next_sibling or "")):
                self.pending += " "  # "</QuestionText>Pursuant to" in the answers of 2007
        else:
            raise ValueError(f"unknown element <{child.name}>")

    def _read_column_mark(self, mark: Tag) -> None:
        number, inside = mark.get("data-column-number"), mark.get_text(strip=True)
        if not isinstance(number, str) or not re.fullmatch(r"[\w./ -]*\w", number) or inside not in ("", number):
            raise ValueError(f"a column mark says {number!r} and holds {inside!r}")
        if not self.pending.strip() and not any(map(str.strip, self.written)):
            self.first_column = number
        self.last_column = number

    def _write_inline(self, child: Tag, depth: int) -> None:
        name, attributes = child.name, _keep_attributes(child)
        self.open.append((name, attributes))
        if self.paragraph:
            self.builder.start(name, attributes)
        self.write_children(child, depth + 1)
        self.open.pop()
        if self.paragraph:
            self.builder.end(name)

    def _write_block(self, child: Tag, depth: int) -> None:
        self._end_paragraph()
        self.builder.start(child.name, _keep_attributes(child))
        self.blocks += 1
        self.write_children(child, depth + 1)
        self.blocks -= 1
        self.builder.end(child.name)

    def _write_empty(self, child: Tag) -> None:
        if child.name == "col":
            return
        if not self.blocks:
            self._begin_paragraph()
        self.builder.start(child.name, {})
        self.builder.end(child.name)

    def _begin_paragraph(self) -> None:
        if not self.paragraph:
            self.paragraph = True
            self.builder.start("p", {})
            for name, attributes in self.open:
                self.builder.start(name, attributes)

    def _end_paragraph(self) -> None:
        if self.paragraph:
            for name, _ in reversed(self.open):
                self.builder.end(name)
            self.builder.end("p")
            self.paragraph = False

    def _flush_pending(self) -> None:
        text, self.pending = self.pending, ""
        self.written.append(text)
        for number, part in enumerate(BLANK_LINES.split(text)):
            if number and self.blocks and not text.isspace():
                self.builder.start("br", {})
                self.builder.end("br")
            elif number and not self.blocks:
                self._end_paragraph()
            if part and (self.paragraph or self.blocks or not part.isspace()):
                if not self.blocks:
                    self._begin_paragraph()
                self.builder.data(part)


def _keep_attributes(tag: Tag) -> dict[str, str]:
    return {
        name: replace_invalid_characters(" ".join(tag.get_attribute_list(name)))
        for name in tag.attrs
        if name in KEPT_ATTRIBUTES
    }
