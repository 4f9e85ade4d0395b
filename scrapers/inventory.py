"""What a file of TheyWorkForYou's may hold: publicwhip.dtd, and the values that a DTD cannot list."""

from functools import cache
from pathlib import Path

from lxml import etree

from scrapers.markup import Element

TURNS = frozenset(
    f"{part} {turn}"
    for part in ("Start", "Continuation")
    for turn in (
        *("Question", "SupplementaryQuestion", "Answer", "Speech", "Intervention", "Statement", "PointOfOrder"),
        *("MaidenSpeech", "UrgentQuestion", "BusinessQuestion", "Petition", "Other"),
    )
)
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


def check(root: Element) -> None:
    """Raise ValueError with line and finding where a file holds what is not in publicwhip.dtd or WORDS."""
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


@cache
def _values(tag: str, attribute: str) -> etree.XPath:
    return etree.XPath(f"{'/publicwhip' if tag == 'speech' else '/'}/{tag}/@{attribute}", smart_strings=False)
