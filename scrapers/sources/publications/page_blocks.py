"""A page of publications.parliament.uk as its blocks in reading order, each with the anchors before its first word.

The bytes become a tree, the tree a row of tokens, and the tokens blocks. The pages of 2006 to 2010 leave their anchors
open and break their columns in mid-sentence, so that only the order of the tokens is reliable, not the tree.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from lxml import etree, html

from scrapers.parsing.markup import INVALID_CHARACTERS, Element, collapse_space
from scrapers.sources.publications.question_numbers import is_oral_number

PARLIAMENT_NUMBER = re.compile(r"\d{13,15}")  # Parliament's own number of an element: date, batch and sequence
SITE_LINK = re.compile(r"(?:next|previous|home page|contents|index|back to top)\b.*", re.IGNORECASE)
COLUMN = re.compile(r"(?:\d{1,2} \w+ \d{4} ?: ?)?Column (\w+)(?: ?[-–—] ?continued)?", re.IGNORECASE)
INLINE = {"i": "i", "em": "i", "b": "b", "strong": "b", "sup": "sup", "sub": "sub", "u": "u", "q": "q"}
CELLS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
LISTS = frozenset({"ul", "ol", "dl", "blockquote"})
BLOCKS = LISTS | {"p", "table", "center", "div", "li", "dt", "dd", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
TRANSPARENT = frozenset({"a", "columnnum", "font", "span", "small", "big", "nobr", "cite", "tt", "html", "body"})
WITHOUT_WORDS = frozenset({"pagex", "head", "img", "script", "style", "link"})  # they hold no words spoken in the House
PLAIN_TAGS = {"li": "p", "dt": "p", "dd": "p", "ul": "div", "ol": "div", "dl": "div", "blockquote": "div"}


class Token(NamedTuple):
    """One step through a page; `value` is a tag, words, the name of an anchor, a column or the address of a page."""

    kind: Literal["open", "close", "text", "anchor", "column", "gap", "page", "br"]
    value: str = ""
    element: Element | None = None


class PageBlock(NamedTuple):
    """A heading, paragraph, table or loose run of words, with the anchors up to its first word.

    `tag` is h1 to h6, p, indent, table, center or loose. `number` ("2.") and `bold` are the number and the bold words
    at its beginning; `element` holds the words after them, as scrapers.parsing.markup reads them. `column` is where it
    begins.
    """

    tag: str
    names: tuple[str, ...]
    number: str
    bold: str
    element: Element
    column: str | None
    page: str
    line: int


def read_page(body: bytes) -> Element:
    """Parse a page in UTF-8 or Windows-1252 and return its root, without the site's frame round a whole document.

    Raises etree.LxmlError, and ValueError for a page without any number or column, which is not a page of Hansard but
    an error page or a browser check.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    parser = html.HTMLParser(encoding="utf-8")
    root: Element = html.document_fromstring(text.encode("utf-8"), parser=parser)
    if fatal := [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]:
        raise ValueError(f"line {fatal[0].line}: {fatal[0].message}")
    marks = [element for element in root.iter("a", "notus-date") if _is_mark(element)]
    if not marks:
        raise ValueError("it holds neither a numbered anchor nor a column: this is no page of Hansard")
    return _cut_frame(marks[0], marks[-1]) if b"<body" in body.lower() else root


def _is_mark(element: Element) -> bool:
    name = element.get("name") or ""
    return element.tag == "notus-date" or name.startswith("column_") or PARLIAMENT_NUMBER.fullmatch(name) is not None


def _cut_frame(first: Element, last: Element) -> Element:
    """Return the element that holds all marks, cut before the first mark and from the site's links after the last."""
    above = set(last.iterancestors())
    content = next(ancestor for ancestor in first.iterancestors() if ancestor in above)
    children = list(content)
    start = next(n for n, child in enumerate(children) if first in child.iter())
    end = max(n for n, child in enumerate(children) if last in child.iter())
    links_after = (n for n in range(end + 1, len(children)) if _is_site_link(children[n]))
    content.text = None
    for child in [*children[:start], *children[next(links_after, len(children)) :]]:
        content.remove(child)
    return content


def _is_site_link(element: Element) -> bool:
    links = element.xpath("descendant-or-self::a[@href]")
    return element.tag == "hr" or any(SITE_LINK.match(collapse_space("".join(link.itertext()))) for link in links)


def read_blocks(root: Element, page: str) -> Iterator[PageBlock]:
    """Yield the blocks of a page in reading order. Raises ValueError with the line of an unknown element."""
    reader = _BlockReader(page)
    for token in _join_page_breaks(_read_tokens_inside(root)):
        yield from reader.read(token)
    yield from reader.flush()


def _read_tokens_inside(element: Element) -> Iterator[Token]:
    if element.text:
        yield Token("text", INVALID_CHARACTERS.sub("", element.text))
    for child in element:
        if isinstance(child.tag, str):  # a comment has no words, but its tail may
            yield from _read_tokens_of(child, child.tag)
        if child.tail:
            yield Token("text", INVALID_CHARACTERS.sub("", child.tail))


def _read_tokens_of(element: Element, tag: str) -> Iterator[Token]:
    if tag in WITHOUT_WORDS:
        return
    if tag in ("b", "p") and (column := COLUMN.fullmatch(collapse_space("".join(element.itertext(etree.Element))))):
        yield Token("column", column[1])
    elif tag == "br":
        yield Token("br")
    elif tag in ("page", "meta", "notus-date"):
        yield Token("page", element.get("url", "")) if tag == "page" else Token("gap")
        yield from _read_tokens_inside(element)
    elif tag in TRANSPARENT:
        if name := element.get("name") or element.get("id"):
            yield Token("column", name[7:]) if name.startswith("column_") else Token("anchor", name)
        yield from _read_tokens_inside(element)
    elif tag in INLINE or tag in BLOCKS or tag in CELLS:
        yield Token("open", INLINE.get(tag, tag), element)
        yield from _read_tokens_inside(element)
        yield Token("close", INLINE.get(tag, tag))
    else:
        raise ValueError(f"line {element.sourceline}: unknown element <{tag}>")


def _join_page_breaks(tokens: Iterable[Token]) -> Iterator[Token]:
    """Replace each page break, however many lines long, with one gap and its columns."""
    run: list[Token] = []
    for token in tokens:
        if token.kind in ("br", "gap", "column") or (token.kind == "text" and not token.value.strip()):
            run.append(token)
        else:
            yield from _make_page_break(run)
            yield token
            run = []
    yield from _make_page_break(run)


def _make_page_break(run: list[Token]) -> list[Token]:
    columns = [token for token in run if token.kind == "column"]
    return [Token("gap"), *columns] if columns or any(token.kind == "gap" for token in run) else run


class _BlockReader:
    """A builder of blocks from tokens, with the state of the block that has not ended yet."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.column: str | None = None
        self.first_column: str | None = None  # the column of the block's first word
        self.tag = "loose"
        self.names: list[str] = []
        self.tokens: list[Token] = []
        self.has_words = False
        self.indent = self.tables = self.line = 0

    def read(self, token: Token) -> Iterator[PageBlock]:
        kind, value = token.kind, token.value
        if kind == "page" or (kind in ("open", "close") and value in BLOCKS and not self._is_in_table(token)):
            yield from self.flush()
            self._begin_block(token)
        elif kind == "column":
            self.column = value
        elif kind == "anchor" and (self.tag == "loose" or not self.has_words):
            if self.has_words:
                yield from self.flush()
            self.names.append(value)
        else:
            if kind == "text" and value.strip() and not self.has_words:
                self.has_words, self.first_column = True, self.column
            self.tokens.append(token)

    def _is_in_table(self, token: Token) -> bool:
        if token.value == "table" and self.tables:
            self.tables += 1 if token.kind == "open" else -1
        return self.tables > 0

    def _begin_block(self, token: Token) -> None:
        opens = token.kind == "open"
        if token.kind == "page":
            self.page = token.value
        elif token.value in LISTS:
            self.indent = max(0, self.indent + (1 if opens else -1))
        self.tag = "loose"
        if opens and token.value not in LISTS | {"div", "hr"}:
            self.tag = PLAIN_TAGS.get(token.value, token.value)
            self.tables = int(token.value == "table")
        if token.element is not None:
            self.line = token.element.sourceline or 0

    def flush(self) -> Iterator[PageBlock]:
        """Yield the block read so far, unless it has no words."""
        tokens, has_words, self.tokens, self.has_words = self.tokens, self.has_words, [], False
        if not has_words:
            return
        tag = "indent" if self.indent and self.tag in ("p", "loose") else self.tag
        names, number, bold, rest = ([], "", "", tokens) if tag == "table" else _split_beginning(tokens)
        element = _build_element("table" if tag == "table" else "p", rest, tag == "loose" and Token("br") in rest)
        yield PageBlock(
            tag=tag,
            names=(*self.names, *names),
            number=number,
            bold=bold,
            element=element,
            column=self.first_column,
            page=self.page,
            line=self.line,
        )
        self.names = []


def _split_beginning(tokens: list[Token]) -> tuple[list[str], str, str, list[Token]]:
    """Split a block's tokens into the anchors, number and bold words at its beginning, and the rest."""
    names: list[str] = []
    number = ""
    at = 0
    while at < len(tokens):
        kind, value, _ = tokens[at]
        if kind == "anchor":
            names.append(value)
        elif kind == "text" and value.strip():
            if number or not is_oral_number(value.strip()):
                break
            number = value.strip()
        elif kind == "open":
            end = _find_end_of_bold(tokens, at) if value == "b" else at
            names += [token.value for token in tokens[at:end] if token.kind == "anchor"]
            if bold := collapse_space(
                "".join(token.value for token in tokens[at:end] if token.kind in ("text", "gap"))
            ):
                return names, number, bold, tokens[end:]
            if end == at:
                break
            at = end - 1  # bold without words
        at += 1
    return names, "", "", tokens


def _find_end_of_bold(tokens: list[Token], start: int) -> int:
    depth = 0
    for at in range(start, len(tokens)):
        if tokens[at].value == "b" and tokens[at].kind in ("open", "close"):
            depth += 1 if tokens[at].kind == "open" else -1
        if not depth:
            return at + 1
    return len(tokens)


def _build_element(tag: str, tokens: Iterable[Token], lines: bool) -> Element:
    """Build an element that scrapers.parsing.markup can read; a page break becomes a space, or <br/> between lines."""
    root = etree.Element(tag)
    stack: list[Element] = [root]
    for kind, value, source in tokens:
        top, value = stack[-1], PLAIN_TAGS.get(value, value)
        if kind == "br" or (kind == "gap" and lines):
            etree.SubElement(top, "br")
        elif kind in ("text", "gap"):
            _append_words(top, value or " ")
        elif kind == "open" and value != "hr" and source is not None:
            spans = {name: source.get(name, "") for name in ("colspan", "rowspan") if source.get(name)}
            stack.append(etree.SubElement(top, value, spans))
        elif kind == "close" and top.tag == value and len(stack) > 1:
            stack.pop()
    return root


def _append_words(element: Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
