"""The check of TheyWorkForYou's files against publicwhip.dtd and against the values that a DTD cannot list."""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from scrapers.parsing.markup import Element

TURNS = frozenset(
    f"{part} {turn}"
    for part in ("Start", "Continuation")
    for turn in (
        *("Question", "SupplementaryQuestion", "Answer", "Speech", "Intervention", "Statement", "PointOfOrder"),
        *("MaidenSpeech", "UrgentQuestion", "BusinessQuestion", "Petition", "Other"),
    )
)
WRITTEN = frozenset({"wrans", "lordswrans", "wms", "lordswms"})
PARLIAMENT_HTML_SINCE = "2014-09-01"  # about when written answers and statements moved out of Hansard
PARAGRAPH_CLASSES = frozenset(
    {
        *("", "indent", "italic", "indentitalic", "numindent", "holdinganswer", "askedtoreply"),
        *("letterinlibrary", "letterfrom", "error"),
    }
)
MOTIONS = frozenset(  # in the Lords, the effect of a line of a motion
    {
        *("yes", "unrecognized", "lines", "quot", "title", "bill", "act", "date", "asked", "summons", "misc"),
        *("moved", "notmoved", "withdrawn", "agreedto", "agreeto", "disagreedto", "negatived", "considered"),
        *("divided", "introduced", "message", "suspended", "resumed", "adjourned"),
    }
)
WORDS = {  # the allowed values that publicwhip.dtd cannot list
    ("p", "class"): PARAGRAPH_CLASSES,
    ("p", "pwmotiontext"): MOTIONS,
    ("speech", "type"): TURNS,
}
ITEMS = frozenset(
    {
        *("oral-heading", "major-heading", "minor-heading", "speech", "ques", "reply", "division", "divisioncount"),
        *("gidredirect", "bill", "committee", "witnesses"),
    }
)
COLUMN = re.compile(r"\s*\d{1,5}[A-Z]{0,2}\s*", re.ASCII)
LOOSE = "words outside any item"


class SchemaFaults(NamedTuple):
    """The faults of a file: by element below the root the reason, and the lines and reasons of loose words."""

    elements: dict[Element, str]
    loose: list[tuple[int, str]]


@cache
def _load_dtd() -> etree.DTD:
    return etree.DTD(str(Path(__file__).with_name("publicwhip.dtd")))


def has_parliament_html(kind: str, date: str) -> bool:
    """Return True for written answers and statements from their own service, which hold Parliament's own HTML."""
    return kind in WRITTEN and date >= PARLIAMENT_HTML_SINCE


def find_schema_faults(root: Element, html: bool = False) -> SchemaFaults:
    """Find what publicwhip.dtd or WORDS does not allow in a file, by the element below the root that holds it.

    With `html` the attributes inside answers and statements are ignored, because nothing is read from them. Raises
    ValueError for what concerns the whole file.
    """
    checked = _strip_attributes(root) if html else root
    if root.tag != "publicwhip":
        raise ValueError(f"line {root.sourceline}: the file is <{root.tag!s}>, not <publicwhip>")
    if _load_dtd().validate(checked) and not _find_unknown_words(checked):
        return SchemaFaults({}, [])
    if reason := _find_fault(etree.Element("publicwhip", dict(root.attrib))):
        raise ValueError(f"line {root.sourceline}: {reason}")
    elements, loose = {}, [(root.sourceline or 0, LOOSE)] if root.text and root.text.strip() else []
    for element, copy in zip(root, checked, strict=True):
        if isinstance(element.tag, str) and (reason := _find_item_fault(copy)):
            elements[element] = reason
        if element.tail and element.tail.strip():
            loose.append((element.sourceline or 0, LOOSE))
    return SchemaFaults(elements, loose)


def _find_item_fault(element: Element) -> str:
    if element.tag not in ITEMS:
        return f"unknown element <{element.tag!s}>"
    return _find_fault(element) or _find_unknown_words(element)


def _find_fault(element: Element) -> str:
    """Describe the first thing in an element that the DTD does not allow; "" if there is none."""
    dtd = _load_dtd()
    if dtd.validate(element):
        return ""
    found = dtd.error_log.filter_from_errors()
    return f"line {found[0].line}: {found[0].message}" if found else "it is not as publicwhip.dtd has it"


def _find_unknown_words(element: Element) -> str:
    """Describe the first value in an element that WORDS does not list; "" if there is none."""
    for (tag, attribute), words in WORDS.items():
        if unknown := set(_select_attribute_values(tag, attribute)(element)) - words:
            value = min(unknown)
            line = next(e.sourceline for e in element.iter(tag) if e.get(attribute) == value)
            return f"line {line}: unknown {attribute} {value!r} of <{tag}>"
    for column in element.iter("col"):
        if column.text and not COLUMN.fullmatch(column.text):
            return f"line {column.sourceline}: <col> holds {column.text[:40]!r}, which is no column"
    return ""


def _strip_attributes(root: Element) -> Element:
    """Copy the tree without the attributes inside answers and statements."""
    copy = deepcopy(root)
    for turn in copy.iterchildren("reply", "speech"):
        for element in turn.iterdescendants():
            needed = {"phrase": {"class"}}.get(str(element.tag), set())
            for name in set(map(str, element.attrib)) - needed:
                del element.attrib[name]
    return copy


@cache
def _select_attribute_values(tag: str, attribute: str) -> etree.XPath:
    place = "self::speech|speech" if tag == "speech" else f".//{tag}"
    return etree.XPath(f"({place})/@{attribute}", smart_strings=False)
