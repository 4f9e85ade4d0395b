"""Writes a fragment of Hansard's HTML as one element: paragraphs and blocks, without its column marks."""

import re

from bs4 import Tag
from bs4.element import NavigableString
from lxml import etree

from scrapers.parsing.markup import C1

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
