"""What a file of TheyWorkForYou's may hold: publicwhip.dtd, and the values that a DTD cannot list."""

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
SINCE = "2014-09-01"  # about when they left Hansard
P_CLASSES = frozenset(
    {
        *("", "indent", "italic", "indentitalic", "numindent", "holdinganswer", "askedtoreply"),
        *("letterinlibrary", "letterfrom", "error"),
    }
)
MOTIONS = frozenset(  # in the Lords, what a line of a motion does
    {
        *("yes", "unrecognized", "lines", "quot", "title", "bill", "act", "date", "asked", "summons", "misc"),
        *("moved", "notmoved", "withdrawn", "agreedto", "agreeto", "disagreedto", "negatived", "considered"),
        *("divided", "introduced", "message", "suspended", "resumed", "adjourned"),
    }
)
WORDS = {  # the values that publicwhip.dtd cannot list
    ("p", "class"): P_CLASSES,
    ("p", "pwmotiontext"): MOTIONS,
    ("speech", "type"): TURNS,
    ("speech", "error"): {"No match"},
}


@cache
def _dtd() -> etree.DTD:
    return etree.DTD(str(Path(__file__).with_name("publicwhip.dtd")))


def is_written(kind: str, date: str) -> bool:
    """Is a file of the written answers and statements that come from their own service, in Parliament's own HTML?"""
    return kind in WRITTEN and date >= SINCE


def check(root: Element, html: bool = False) -> None:
    """Raise ValueError with line and finding where a file holds what is not in publicwhip.dtd or WORDS.

    Of HTML in answers and statements only the elements are looked at: its attributes say nothing that is kept.
    """
    root = _bare(root) if html else root
    if root.tag != "publicwhip":
        raise ValueError(f"line {root.sourceline}: the file is <{root.tag!s}>, not <publicwhip>")
    dtd = _dtd()
    if not dtd.validate(root):
        found = dtd.error_log.filter_from_errors()[0]
        raise ValueError(f"line {found.line}: {found.message}")
    for (tag, attribute), words in WORDS.items():
        if unknown := set(_values(tag, attribute)(root)) - words:
            value = min(unknown)
            line = next(e.sourceline for e in root.iter(tag) if e.get(attribute) == value)
            raise ValueError(f"line {line}: unknown {attribute} {value!r} of <{tag}>")


def _bare(root: Element) -> Element:
    """A copy without the attributes that are inside answers and statements."""
    copy = deepcopy(root)
    for turn in copy.iterchildren("reply", "speech"):
        for element in turn.iterdescendants():
            needed = {"phrase": {"class"}}.get(str(element.tag), set())
            for name in set(map(str, element.attrib)) - needed:
                del element.attrib[name]
    return copy


@cache
def _values(tag: str, attribute: str) -> etree.XPath:
    return etree.XPath(f"{'/publicwhip' if tag == 'speech' else '/'}/{tag}/@{attribute}", smart_strings=False)
