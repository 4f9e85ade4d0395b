"""The check of TheyWorkForYou's files against publicwhip.dtd and against the values that a DTD cannot list."""

from copy import deepcopy
from functools import cache
from pathlib import Path

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
    ("speech", "error"): {"No match"},
}


@cache
def _load_dtd() -> etree.DTD:
    return etree.DTD(str(Path(__file__).with_name("publicwhip.dtd")))


def has_parliament_html(kind: str, date: str) -> bool:
    """Return True for written answers and statements from their own service, which hold Parliament's own HTML."""
    return kind in WRITTEN and date >= PARLIAMENT_HTML_SINCE


def check_schema(root: Element, html: bool = False) -> None:
    """Raise ValueError with the line of anything in a file that publicwhip.dtd or WORDS does not allow.

    With `html` the attributes inside answers and statements are ignored, because nothing is read from them.
    """
    root = _strip_attributes(root) if html else root
    if root.tag != "publicwhip":
        raise ValueError(f"line {root.sourceline}: the file is <{root.tag!s}>, not <publicwhip>")
    dtd = _load_dtd()
    if not dtd.validate(root):
        found = dtd.error_log.filter_from_errors()[0]
        raise ValueError(f"line {found.line}: {found.message}")
    for (tag, attribute), words in WORDS.items():
        if unknown := set(_select_attribute_values(tag, attribute)(root)) - words:
            value = min(unknown)
            line = next(e.sourceline for e in root.iter(tag) if e.get(attribute) == value)
            raise ValueError(f"line {line}: unknown {attribute} {value!r} of <{tag}>")


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
    return etree.XPath(f"{'/publicwhip' if tag == 'speech' else '/'}/{tag}/@{attribute}", smart_strings=False)
