"""What a page is made of: its tokens in reading order, and the blocks that they make."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from lxml import etree

from scrapers.parsing.markup import Element, squeeze

NUMBER = re.compile(r"[QST]?\d{1,3}\.|\*")  # of an oral question, before the name
LINES = {"li": "p", "dt": "p", "dd": "p", "ul": "div", "ol": "div", "dl": "div", "blockquote": "div"}


class Token(NamedTuple):
    """One step through a page; `value` is a tag, words, an anchor's name, a column or a page's address."""

    kind: Literal["open", "close", "text", "anchor", "column", "gap", "page", "br"]
    value: str = ""
    element: Element | None = None


class Block(NamedTuple):
    """A heading, paragraph, table or loose run of words, with the anchors up to its first word.

    `tag` is h1 to h6, p, indent, table, center or loose. `number` ("2.") and `bold` are what it begins with; `element`
    holds the words after them in the shape that markup.plain_text reads. `column` is where it begins.
    """

    tag: str
    names: tuple[str, ...]
    number: str
    bold: str
    element: Element
    column: str | None
    page: str
    line: int


def lead(tokens: list[Token]) -> tuple[list[str], str, str, list[Token]]:
    """The anchors, the number and the bold words that a block begins with, and what follows them."""
    names: list[str] = []
    number = ""
    at = 0
    while at < len(tokens):
        kind, value, _ = tokens[at]
        if kind == "anchor":
            names.append(value)
        elif kind == "text" and value.strip():
            if number or not NUMBER.fullmatch(value.strip()):
                break
            number = value.strip()
        elif kind == "open":
            end = _end_of_bold(tokens, at) if value == "b" else at
            names += [token.value for token in tokens[at:end] if token.kind == "anchor"]
            if bold := squeeze("".join(token.value for token in tokens[at:end] if token.kind in ("text", "gap"))):
                return names, number, bold, tokens[end:]
            if end == at:
                break
            at = end - 1  # bold without words
        at += 1
    return names, "", "", tokens


def _end_of_bold(tokens: list[Token], start: int) -> int:
    depth = 0
    for at in range(start, len(tokens)):
        if tokens[at].value == "b" and tokens[at].kind in ("open", "close"):
            depth += 1 if tokens[at].kind == "open" else -1
        if not depth:
            return at + 1
    return len(tokens)


def build(tag: str, tokens: Iterable[Token], lines: bool) -> Element:
    """An element of the words in the shape that markup reads; a page break is a space, or between lines a <br/>."""
    root = etree.Element(tag)
    stack: list[Element] = [root]
    for kind, value, source in tokens:
        top, value = stack[-1], LINES.get(value, value)
        if kind == "br" or (kind == "gap" and lines):
            etree.SubElement(top, "br")
        elif kind in ("text", "gap"):
            _say(top, value or " ")
        elif kind == "open" and value != "hr" and source is not None:
            spans = {name: source.get(name, "") for name in ("colspan", "rowspan") if source.get(name)}
            stack.append(etree.SubElement(top, value, spans))
        elif kind == "close" and top.tag == value and len(stack) > 1:
            stack.pop()
    return root


def _say(element: Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
