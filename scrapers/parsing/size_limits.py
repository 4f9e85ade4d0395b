"""Limits on the length, tags and attributes of what is parsed, checked before a tree is built.

A small answer can make a large tree: 4 MB of <p> took 850 MB. Depth is limited by libxml2, and in `item_html`.
"""

from typing import NamedTuple


class SizeLimit(NamedTuple):
    """The most characters or bytes, and the most tags and attributes, of a document: many times those of real ones."""

    length: int
    tags: int


XML_FILE = SizeLimit(40_000_000, 400_000)
PAGE = SizeLimit(10_000_000, 100_000)
API_ITEM = SizeLimit(1_000_000, 20_000)
API_ANSWER = SizeLimit(30_000_000, 400_000)  # objects and lists of JSON count as tags


def check_size(words: str | bytes, limit: SizeLimit) -> None:
    """Check that a document is within a limit. Raises ValueError.

    >>> check_size("<b>" * 30, SizeLimit(length=1000, tags=20))
    Traceback (most recent call last):
    ValueError: it has 30 tags and attributes, where at most 20 are read
    """
    if len(words) > limit.length:
        raise ValueError(f"it is {len(words):,} long, where at most {limit.length:,} is read")
    tags = _count_tags(words) if isinstance(words, bytes) else words.count("<") + words.count("=")
    if tags > limit.tags:
        raise ValueError(f"it has {tags:,} tags and attributes, where at most {limit.tags:,} are read")


def _count_tags(body: bytes) -> int:
    opening, attribute = (b"{", b"[") if body[:100].lstrip()[:1] in (b"{", b"[") else (b"<", b"=")
    return body.count(opening) + body.count(attribute)
