"""A day's own file of answers or statements, with what files of later days give again under the same addresses."""

from collections.abc import Sequence

from db.records.hansard import Document, Heading, Item
from scrapers.scope.kinds import unit


def corrected(date: str, documents: Sequence[Document]) -> tuple[list[Document], dict[str, str]]:
    """The files of a date with the newest words of each item, and the names of the later files that these are in.

    A later file's items that stand in no debate of the date are that file's own, and left to its day.
    """
    own = [document for document in documents if _date(document) == date]
    later = sorted((document for document in documents if _date(document) > date), key=_date)
    found: dict[str, str] = {}
    for document in later:
        own = [each._replace(items=_mended(each.items, document, found)) for each in own]
    return own, found


def _date(document: Document) -> str:
    here = unit(document.name)
    return here[1] if here else ""


def _mended(items: Sequence[Item], document: Document, found: dict[str, str]) -> tuple[Item, ...]:
    """Items with those of a later document in their place; one that is new in a debate follows the one before it."""
    mended = {item.gid: [item] for item in items}
    at = ""
    for item in document.items:
        if item.gid in mended:
            at = item.gid
            if mended[at][0] != item:
                mended[at][0] = item
                found[at] = document.name
        elif isinstance(item, Heading):
            at = ""
        elif at:
            mended[at].append(item)
            found[item.gid] = document.name
    return tuple(item for each in mended.values() for item in each)
