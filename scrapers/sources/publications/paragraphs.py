"""The paragraphs of a turn, divided and marked as in TheyWorkForYou's XML."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from db.records.hansard import SpeechKind
from scrapers.parsing.markup import Element, read_as_line
from scrapers.sources.publications.page_blocks import PageBlock
from scrapers.sources.publications.question_numbers import take_question_number

HOLDING_ANSWER = re.compile(r"\s*\[(holding answer[^\]]*)\]\s*:?\s*", re.IGNORECASE)
NAME_END = re.compile(r"\s*((?:\([^()]*\)\s*)*):\s*")
FIRST_PART = re.compile(r"\s(?=\(1\)\s)")


def complete_name(block: PageBlock) -> PageBlock:
    """Return a turn's first block with seat, party and colon in its bold words, where they stand after these."""
    match = NAME_END.match(block.element.text or "")
    if block.bold.endswith(":") or not match:
        return block
    whole = deepcopy(block.element)
    whole.text = match.string[match.end() :]
    return block._replace(bold=f"{block.bold} {match[1].strip()}".rstrip() + ":", element=whole)


def restore_beginning(block: PageBlock) -> Element:
    """Return the block's words with its number and bold words put back at the beginning."""
    if not block.bold:
        return block.element
    whole = deepcopy(block.element)
    bold = etree.Element("b")
    bold.text, bold.tail, whole.text = block.bold, whole.text, block.number and f"{block.number} "
    whole.insert(0, bold)
    return whole


def make_paragraphs(block: PageBlock, kind: SpeechKind) -> list[Element]:
    """Return the paragraphs of a block, with the classes that TheyWorkForYou's XML would give them."""
    element = block.element
    if element.tag == "table":
        return [element]
    words = "".join(element.itertext())
    if match := HOLDING_ANSWER.match(words):
        holding, rest = _cut_words(element, match.start(1), match.end(1)), _cut_words(element, match.end(), len(words))
        holding.set("class", "holdinganswer")
        return [holding, rest]
    number = take_question_number(element) if kind == "question" else None
    if number:
        element.set("qnum", number)
    if block.tag == "indent":
        element.set("class", "indent")
    elif is_italic(element):
        element.set("class", "italic")
    return [element]


def split_question(root: Element) -> None:
    """Split the paragraph "To ask ... (1) how many" before its part (1), if a part (2) follows."""
    words = ["".join(p.itertext()) for p in root]
    match = FIRST_PART.search(words[0]) if words else None
    if not match or not any(re.match(r"\s*\(2\)\s", each) for each in words[1:]):
        return
    number = root[0].attrib.pop("qnum", None)
    head, tail = _cut_words(root[0], 0, match.start()), _cut_words(root[0], match.end(), len(words[0]))
    if number:
        tail.set("qnum", number)
    root[0:1] = [head, tail]
    for p in root[1:]:
        if re.match(r"\s*\(\d+\)\s", "".join(p.itertext())):
            p.set("class", "numindent")


def _cut_words(element: Element, start: int, end: int) -> Element:
    """Return a copy of an element with only the words from one offset to another (code points, end exclusive)."""
    twin, position = deepcopy(element), 0
    for node, part in _iterate_text_nodes(twin):
        words = getattr(node, part) or ""
        setattr(node, part, words[max(0, start - position) : max(0, end - position)])
        position += len(words)
    return twin


def _iterate_text_nodes(element: Element) -> Iterator[tuple[Element, str]]:
    yield element, "text"
    for child in element:
        yield from _iterate_text_nodes(child)
        yield child, "tail"


def is_italic(paragraph: Element) -> bool:
    """Return True if all words of a paragraph are in italics."""
    upright = [paragraph.text, *(child.tail for child in paragraph)]
    upright += [read_as_line(child) for child in paragraph if child.tag != "i"]
    return len(paragraph) > 0 and not any(words and words.strip() for words in upright)
