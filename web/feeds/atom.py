"""A feed as Atom (RFC 4287): bytes from records, escaped whatever they hold."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 has no way to write
NEVER = "2026-01-01T00:00:00Z"  # when a feed without entries was last updated: no archive is older
WHOLE = re.compile(r"(?<=:\d\d)Z$")  # of a time that is told to the second


class Entry(NamedTuple):
    """One entry: tag: URI, title, address, author, HTML, and when it came here and was first said or made (UTC)."""

    id: str
    title: str
    link: str
    author: str
    updated: str
    published: str
    html: str


class Feed(NamedTuple):
    """A feed: tag: URI, title, what it is about, its own address, the page that it is beside, licence and entries."""

    id: str
    title: str
    subtitle: str
    self: str
    alternate: str
    rights: str
    entries: Sequence[Entry]


def updated(feed: Feed) -> str:
    """When the newest entry came, in UTC."""
    return max((entry.updated for entry in feed.entries), default=NEVER)


def write(feed: Feed) -> bytes:
    """The feed as a document in UTF-8."""
    root = etree.Element("feed", nsmap={None: NAMESPACE})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    for name, text in (("id", feed.id), ("title", feed.title), ("subtitle", feed.subtitle), ("rights", feed.rights)):
        _text(root, name, text)
    _text(root, "updated", updated(feed))
    _text(root, "generator", "Dispatch Box")
    _link(root, "self", feed.self, MEDIA_TYPE)
    _link(root, "alternate", feed.alternate, "text/html")
    _text(etree.SubElement(root, "author"), "name", "Dispatch Box")
    for entry in _apart(feed.entries):
        _entry(etree.SubElement(root, "entry"), entry)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _apart(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Entries of the same second told apart by microseconds, in their order: readers of feeds sort by the time."""
    same = Counter[str]()
    for entry in entries:
        same[entry.updated] += 1
        yield entry._replace(updated=WHOLE.sub(f".{1000 - same[entry.updated]:06}Z", entry.updated))


def _entry(parent: etree._Element, entry: Entry) -> None:
    for name in ("id", "title", "updated", "published"):
        _text(parent, name, getattr(entry, name))
    _text(etree.SubElement(parent, "author"), "name", entry.author)
    _link(parent, "alternate", entry.link, "text/html")
    _text(parent, "content", entry.html).set("type", "html")


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = FORBIDDEN.sub("\ufffd", text)
    return element


def _link(parent: etree._Element, rel: str, href: str, type: str) -> None:
    etree.SubElement(parent, "link", {"rel": rel, "href": FORBIDDEN.sub("\ufffd", href), "type": type})


def when(text: str) -> str:
    """A date or time of the tables as Atom has it: YYYY-MM-DD is its midnight, and UTC is Z.

    >>> when("2008-06-18"), when("2008-06")
    ('2008-06-18T00:00:00Z', '2008-06-01T00:00:00Z')
    """
    if len(text) > len("2008-06-18"):
        return text.replace("+00:00", "Z")
    return f"{(text + '-01-01')[:10] if len(text) < 10 else text}T00:00:00Z"
