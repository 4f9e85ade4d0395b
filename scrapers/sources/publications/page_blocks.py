"""A page of publications.parliament.uk as its blocks in reading order, each with the anchors before its first word.

The bytes become a tree, the tree a row of tokens, and the tokens blocks. The pages of 2006 to 2010 leave their anchors
open and break their columns in mid-sentence, so that only the order of the tokens is reliable, not the tree.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from lxml import etree, html

from scrapers.parsing.markup import INVALID_CHARACTERS, STRUCK, Element, collapse_space
from scrapers.parsing.size_limits import PAGE, check_size
from scrapers.sources.publications.question_numbers import parse_place, split_place

PARLIAMENT_NUMBER = re.compile(
    r"\d{13,15}", re.ASCII
)  # Parliament's own number of an element: date, batch and sequence
SITE_LINK = re.compile(r"(?:next|previous|home page|contents|index|back to top)\b.*", re.IGNORECASE)
PLACE_ON_PAGE = re.compile(r"[\w-]+?_(?:spnew|spmin|head|dpthd|sbhd|wqn|para|time)\d+", re.ASCII)  # from 1997 on
COLUMN = re.compile(r"(?:\d{1,2} \w+ \d{4} ?: ?)?Column (\w+)(?: ?[-–—] ?continued)?", re.IGNORECASE)
INLINE = {"i": "i", "em": "i", "b": "b", "strong": "b", **{tag: tag for tag in ("sup", "sub", "u", "q", *STRUCK)}}
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
LISTS = frozenset({"ul", "ol", "dl", "blockquote"})
BLOCKS = LISTS | HEADING_TAGS | {"p", "pre", "table", "center", "div", "li", "dt", "dd", "hr"}
TRANSPARENT = frozenset(
    {
        *("a", "columnnum", "font", "span", "small", "big", "nobr", "html", "body"),
        *("abbr", "acronym", "cite", "code", "dfn", "ins", "kbd", "mark", "samp", "tt", "var"),
    }
)
WITHOUT_WORDS = frozenset({"pagex", "head", "img", "script", "style", "link"})  # they hold no words spoken in the House
PLAIN_TAGS = {"li": "p", "dt": "p", "dd": "p", "pre": "p", "ul": "div", "ol": "div", "dl": "div", "blockquote": "div"}


class Token(NamedTuple):
    """One step through a page; `value` is a tag, words, the name of an anchor, a column or the address of a page.

    A token of the kind "unknown" has the tag of an element that is not known; tokens of what is in it follow.
    """

    kind: Literal["open", "close", "text", "anchor", "column", "gap", "page", "br", "unknown"]
    value: str = ""
    element: Element | None = None


class PageBlock(NamedTuple):
    """A heading, paragraph, table or loose run of words, with the anchors up to its first word.

    `tag` is h1 to h6, p, indent, table, center or loose. `number` ("2.") and `bold` are the number and the bold words
    at its beginning; `element` holds the words after them, as scrapers.parsing.markup reads them. `column` is where it
    begins. `unknown` is the tag of an element in it that is not known, so that its words cannot be trusted, or "".
    """

    tag: str
    names: tuple[str, ...]
    number: str
    bold: str
    element: Element
    column: str | None
    page: str
    line: int
    unknown: str = ""


PARAGRAPH_END = Token("close", "p")


def read_page(body: bytes) -> Element:
    """Parse a page in UTF-8 or Windows-1252 and return its root, without the site's frame round a whole document.

    Raises etree.LxmlError, and ValueError for a page that is too large, and for one without any number or column, which
    is not a page of Hansard but an error page or a browser check.
    """
    check_size(body, PAGE)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    parser = html.HTMLParser(encoding="utf-8")
    root: Element = html.document_fromstring(text.encode("utf-8"), parser=parser)
    if fatal := [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]:
        raise ValueError(f"line {fatal[0].line}: {fatal[0].message}")
    marks = [element for element in root.iter("a", "notus-date", "b") if _is_mark(element)]
    if not marks:
        raise ValueError("it holds neither a numbered anchor nor a column: this is no page of Hansard")
    return _cut_frame(marks[0], marks[-1]) if b"<body" in body.lower() else root


def _is_mark(element: Element) -> bool:
    if element.tag == "b":
        return "column" in (element.text or "").lower() and _find_column(element) is not None
    name = element.get("name") or ""
    is_number = PARLIAMENT_NUMBER.fullmatch(name) or PLACE_ON_PAGE.fullmatch(name)
    return element.tag == "notus-date" or name.startswith("column_") or is_number is not None


def _find_column(element: Element) -> str | None:
    words = "".join(element.itertext(etree.Element))
    column = COLUMN.fullmatch(collapse_space(words)) if len(words) < 200 else None
    return column[1] if column else None


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


def _list_tokens(element: Element, found: list[Token]) -> list[Token]:
    """Add everything inside an element to the tokens found, and return them."""
    if element.text:
        found.append(Token("text", INVALID_CHARACTERS.sub("", element.text)))
    for child in element:
        if isinstance(child.tag, str):  # a comment has no words, but its tail may
            _add_tokens(child, child.tag, found)
        if child.tail:
            found.append(Token("text", INVALID_CHARACTERS.sub("", child.tail)))
    return found


def _add_tokens(element: Element, tag: str, found: list[Token]) -> None:
    if tag in WITHOUT_WORDS:
        return
    if tag in ("b", "p") and (column := _find_column(element)):
        found.append(Token("column", column))
    elif tag == "br":
        found.append(Token("br"))
    elif tag in INLINE or tag in BLOCKS or tag in CELLS:
        found.append(Token("open", INLINE.get(tag, tag), element))
        _list_tokens(element, found)
        found.append(Token("close", INLINE.get(tag, tag)))
    else:
        if tag in ("page", "meta", "notus-date"):
            found.append(Token("page", element.get("url", "")) if tag == "page" else Token("gap"))
        elif tag not in TRANSPARENT:
            found.append(Token("unknown", tag, element))
        elif name := element.get("name") or element.get("id"):
            is_column = name.startswith("column_")
            found.append(Token("column", name[7:]) if is_column else Token("anchor", name))
        _list_tokens(element, found)


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


def _join_broken_sentences(tokens: Iterable[Token]) -> Iterator[Token]:
    """Leave out the end of a paragraph that a column breaks in mid-sentence, as in the pages of 1997."""
    held: list[Token] = []  # the end of a paragraph, and the page break after it
    ends_sentence = True
    for token in tokens:
        if held and token.kind == "text" and token.value.strip():
            yield from held[1:] if len(held) > 1 and not ends_sentence else held
            held = []
        if token.kind == "text" and token.value.strip():
            last = token.value.rstrip()[-1]
            ends_sentence = last != "," and not last.isalnum()
        if token == PARAGRAPH_END:
            yield from held
            held = [token]
        elif held and token.kind in ("gap", "column"):
            held.append(token)
        else:
            yield from held
            held = []
            yield token
    yield from held


class BlockReader:
    """A builder of blocks from tokens, with the state of the block that has not ended yet.

    `column` is the one that has begun last.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.column: str | None = None
        self.first_column: str | None = None  # the column of the block's first word
        self.tag = "loose"
        self.names: list[str] = []
        self.tokens: list[Token] = []
        self.has_words = False
        self.indent = self.tables = self.line = 0
        self.heading = ""  # the open element of a heading, with whatever blocks inside it
        self.unknown = ""

    def read_blocks(self, root: Element) -> Iterator[PageBlock]:
        """Yield the blocks of a page in reading order."""
        for token in _join_broken_sentences(_join_page_breaks(_list_tokens(root, []))):
            yield from self._read(token)
        yield from self._flush()

    def _read(self, token: Token) -> Iterator[PageBlock]:
        kind, value = token.kind, token.value
        if kind == "page" or (kind in ("open", "close") and value in BLOCKS and not self._is_in_table(token)):
            yield from self._flush()
            self._begin_block(token)
        elif kind == "column":
            self.column = value
        elif kind == "unknown":
            self.unknown = self.unknown or value
        elif kind == "anchor" and (self.tag == "loose" or not self.has_words):
            if self.has_words:
                yield from self._flush()
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
        elif token.value in HEADING_TAGS:
            self.heading = token.value if opens else ""
        self.tag = self.heading or "loose"
        if opens and not self.heading and token.value not in LISTS | {"div", "hr"}:
            self.tag = PLAIN_TAGS.get(token.value, token.value)
            self.tables = int(token.value == "table")
        if token.element is not None:
            self.line = token.element.sourceline or 0

    def _flush(self) -> Iterator[PageBlock]:
        """Yield the block read so far, unless it has no words."""
        tokens, has_words, self.tokens, self.has_words = self.tokens, self.has_words, [], False
        unknown, self.unknown = self.unknown, ""
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
            unknown=unknown,
        )
        self.names = []


def _split_beginning(tokens: list[Token]) -> tuple[list[str], str, str, list[Token]]:
    """Split a block's tokens into the anchors, number and bold words at its beginning, and the rest.

    The number may stand before the bold words or as the first of them, and an anchor may stand inside it.
    """
    names: list[str] = []
    first_names: list[str] | None = None  # those before the first word
    before = ""  # words before the bold ones
    at = 0
    while at < len(tokens) and len(before) < 40:  # no number is so long
        kind, value, _ = tokens[at]
        if kind == "anchor":
            names.append(value)
        elif kind == "text" and value.strip():
            first_names = list(names) if first_names is None else first_names
            before += value
        elif kind == "open":
            end = _find_end_of_bold(tokens, at) if value == "b" else at
            inside = [token.value for token in tokens[at:end] if token.kind == "anchor"]
            bold = collapse_space("".join(token.value for token in tokens[at:end] if token.kind in ("text", "gap")))
            if bold and (number := _split_number(before, bold)):
                return names + inside, *number, tokens[end:]
            if bold or end == at:
                break
            names += inside
            at = end - 1  # bold without words
        at += 1
    return names if first_names is None else first_names, "", "", tokens


def _split_number(before: str, bold: str) -> tuple[str, str] | None:
    """Return the number before or in bold words and the bold words without it; None if other words stand before."""
    if not before:
        return split_place(bold)
    place = parse_place(before)
    return (place.printed, bold) if place else None


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
    words: list[str] = []  # not written yet
    for kind, value, source in tokens:
        top, value = stack[-1], PLAIN_TAGS.get(value, value)
        is_break = kind == "br" or (kind == "gap" and lines)
        if kind in ("text", "gap") and not is_break:
            words.append(value or " ")
        elif is_break or (kind in ("open", "close") and value != "hr"):
            _append_words(top, "".join(words))
            words = []
        if is_break:
            etree.SubElement(top, "br")
        elif kind == "open" and value != "hr" and source is not None:
            spans = {name: source.get(name, "") for name in ("colspan", "rowspan") if source.get(name)}
            stack.append(etree.SubElement(top, value, spans))
        elif kind == "close" and top.tag == value and len(stack) > 1:
            stack.pop()
    _append_words(stack[-1], "".join(words))
    return root


def _append_words(element: Element, words: str) -> None:
    if not words:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
