"""Writer of Atom (RFC 4287): a feed as XML, with characters that XML cannot hold replaced."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that XML 1.0 cannot hold
FIRST_TIME = "2026-01-01T00:00:00Z"  # last update of a feed without entries
WHOLE_SECOND = re.compile(r"(?<=:\d\d)Z$")  # the end of a time with seconds


class FeedEntry(NamedTuple):
    """An entry: its tag: URI, title, address, author, times (UTC) and HTML.

    `updated` is when the archive received it, `published` when it was said or made.
    """

    id: str
    title: str
    link: str
    author: str
    updated: str
    published: str
    html: str


class Feed(NamedTuple):
    """A feed: its tag: URI, titles, own address, the page with the same content, licence and entries."""

    id: str
    title: str
    subtitle: str
    self: str
    alternate: str
    rights: str
    entries: Sequence[FeedEntry]


def find_newest_time(feed: Feed) -> str:
    """Return the time of the newest entry, in UTC."""
    return max((entry.updated for entry in feed.entries), default=FIRST_TIME)


def write_feed(feed: Feed) -> bytes:
    """Write the feed as an XML document in UTF-8."""
    root = etree.Element("feed", nsmap={None: NAMESPACE})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    for name, text in (("id", feed.id), ("title", feed.title), ("subtitle", feed.subtitle), ("rights", feed.rights)):
        _add_text(root, name, text)
    _add_text(root, "updated", find_newest_time(feed))
    _add_text(root, "generator", "Dispatch Box")
    _add_link(root, "self", feed.self, MEDIA_TYPE)
    _add_link(root, "alternate", feed.alternate, "text/html")
    _add_text(etree.SubElement(root, "author"), "name", "Dispatch Box")
    for entry in _spread_times(feed.entries):
        _fill_entry(etree.SubElement(root, "entry"), entry)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _spread_times(entries: Sequence[FeedEntry]) -> Iterator[FeedEntry]:
    """Give entries of the same second different microseconds, so that feed readers keep their order."""
    same = Counter[str]()
    for entry in entries:
        same[entry.updated] += 1
        yield entry._replace(updated=WHOLE_SECOND.sub(f".{1000 - same[entry.updated]:06}Z", entry.updated))


def _fill_entry(parent: etree._Element, entry: FeedEntry) -> None:
    """Fill the element of an entry."""
    for name in ("id", "title", "updated", "published"):
        _add_text(parent, name, getattr(entry, name))
    _add_text(etree.SubElement(parent, "author"), "name", entry.author)
    _add_link(parent, "alternate", entry.link, "text/html")
    _add_text(parent, "content", entry.html).set("type", "html")


def _add_text(parent: etree._Element, name: str, text: str) -> etree._Element:
    """Add an element with text."""
    element = etree.SubElement(parent, name)
    element.text = FORBIDDEN.sub("\ufffd", text)
    return element


def _add_link(parent: etree._Element, rel: str, href: str, type: str) -> None:
    """Add a link."""
    etree.SubElement(parent, "link", {"rel": rel, "href": FORBIDDEN.sub("\ufffd", href), "type": type})


def format_time(text: str) -> str:
    """Convert a date or a time (UTC) of the tables to Atom's form: a date becomes its midnight.

    >>> format_time("2008-06-18"), format_time("2008-06")
    ('2008-06-18T00:00:00Z', '2008-06-01T00:00:00Z')
    """
    if len(text) > len("2008-06-18"):
        return text.replace("+00:00", "Z")
    return f"{(text + '-01-01')[:10] if len(text) < 10 else text}T00:00:00Z"
