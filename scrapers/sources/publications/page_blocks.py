"""A page of publications.parliament.uk in reading order: its blocks, each with the anchors before its first word.

The pages of 2006 to 2010 leave their anchors open and break their columns in mid-sentence, so that their tree says
little; their order says all.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from scrapers.parsing.markup import Element, squeeze
from scrapers.sources.publications.tokens import LINES, Block, Token, build, lead

COLUMN = re.compile(r"(?:\d{1,2} \w+ \d{4} ?: ?)?Column (\w+)(?: ?[-–—] ?continued)?", re.IGNORECASE)
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no character of any text
INLINE = {"i": "i", "em": "i", "b": "b", "strong": "b", "sup": "sup", "sub": "sub", "u": "u", "q": "q"}
CELLS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
LISTS = frozenset({"ul", "ol", "dl", "blockquote"})
BLOCKS = LISTS | {"p", "table", "center", "div", "li", "dt", "dd", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
THROUGH = frozenset({"a", "columnnum", "font", "span", "small", "big", "nobr", "cite", "tt", "html", "body"})
SILENT = frozenset({"pagex", "head", "img", "script", "style", "link"})  # they hold no words of the House


def blocks(root: Element, page: str) -> Iterator[Block]:
    """The blocks of a page in reading order; raises ValueError with line and element where one is unknown."""
    reader = _Reader(page)
    for token in _joined(_inside(root)):
        yield from reader.read(token)
    yield from reader.flush()


def _inside(element: Element) -> Iterator[Token]:
    if element.text:
        yield Token("text", NEVER.sub("", element.text))
    for child in element:
        if isinstance(child.tag, str):  # a comment has no words, only a tail
            yield from _of(child, child.tag)
        if child.tail:
            yield Token("text", NEVER.sub("", child.tail))


def _of(element: Element, tag: str) -> Iterator[Token]:
    if tag in SILENT:
        return
    if tag in ("b", "p") and (column := COLUMN.fullmatch(squeeze("".join(element.itertext(etree.Element))))):
        yield Token("column", column[1])
    elif tag == "br":
        yield Token("br")
    elif tag in ("page", "meta", "notus-date"):
        yield Token("page", element.get("url", "")) if tag == "page" else Token("gap")
        yield from _inside(element)
    elif tag in THROUGH:
        if name := element.get("name") or element.get("id"):
            yield Token("column", name[7:]) if name.startswith("column_") else Token("anchor", name)
        yield from _inside(element)
    elif tag in INLINE or tag in BLOCKS or tag in CELLS:
        yield Token("open", INLINE.get(tag, tag), element)
        yield from _inside(element)
        yield Token("close", INLINE.get(tag, tag))
    else:
        raise ValueError(f"line {element.sourceline}: unknown element <{tag}>")


def _joined(tokens: Iterable[Token]) -> Iterator[Token]:
    """Tokens with every page break, however many lines it takes, as one gap and its columns."""
    run: list[Token] = []
    for token in tokens:
        if token.kind in ("br", "gap", "column") or (token.kind == "text" and not token.value.strip()):
            run.append(token)
        else:
            yield from _break(run)
            yield token
            run = []
    yield from _break(run)


def _break(run: list[Token]) -> list[Token]:
    columns = [token for token in run if token.kind == "column"]
    return [Token("gap"), *columns] if columns or any(token.kind == "gap" for token in run) else run


class _Reader:
    """What has been read of a block that is not yet ended."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.column: str | None = None
        self.began: str | None = None  # the column of the block's first word
        self.tag = "loose"
        self.names: list[str] = []
        self.tokens: list[Token] = []
        self.words = False
        self.indent = self.tables = self.line = 0

    def read(self, token: Token) -> Iterator[Block]:
        kind, value = token.kind, token.value
        if kind == "page" or (kind in ("open", "close") and value in BLOCKS and not self._within_table(token)):
            yield from self.flush()
            self._turn(token)
        elif kind == "column":
            self.column = value
        elif kind == "anchor" and (self.tag == "loose" or not self.words):
            if self.words:
                yield from self.flush()
            self.names.append(value)
        else:
            if kind == "text" and value.strip() and not self.words:
                self.words, self.began = True, self.column
            self.tokens.append(token)

    def _within_table(self, token: Token) -> bool:
        if token.value == "table" and self.tables:
            self.tables += 1 if token.kind == "open" else -1
        return self.tables > 0

    def _turn(self, token: Token) -> None:
        opens = token.kind == "open"
        if token.kind == "page":
            self.page = token.value
        elif token.value in LISTS:
            self.indent = max(0, self.indent + (1 if opens else -1))
        self.tag = "loose"
        if opens and token.value not in LISTS | {"div", "hr"}:
            self.tag = LINES.get(token.value, token.value)
            self.tables = int(token.value == "table")
        if token.element is not None:
            self.line = token.element.sourceline or 0

    def flush(self) -> Iterator[Block]:
        """The block read so far, unless it has no words."""
        tokens, words, self.tokens, self.words = self.tokens, self.words, [], False
        if not words:
            return
        tag = "indent" if self.indent and self.tag in ("p", "loose") else self.tag
        names, number, bold, rest = ([], "", "", tokens) if tag == "table" else lead(tokens)
        element = build("table" if tag == "table" else "p", rest, tag == "loose" and Token("br") in rest)
        yield Block(tag, (*self.names, *names), number, bold, element, self.began, self.page, self.line)
        self.names = []
