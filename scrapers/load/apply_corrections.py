"""Corrections of answers and statements: items that files of later days give again under the same addresses."""

from collections.abc import Sequence

from db.records.hansard import Document, Heading, Item
from scrapers.scope.kinds import parse_document_name


def apply_corrections(date: str, documents: Sequence[Document]) -> tuple[list[Document], dict[str, str]]:
    """Replace each item in the files of a date by its newest version.

    Returns the files, and by gid the name of the later file that an item is from. A later file's items that are in no
    debate of the date belong to the later file's own day.
    """
    own = [document for document in documents if _read_file_date(document) == date]
    later = sorted((document for document in documents if _read_file_date(document) > date), key=_read_file_date)
    found_in: dict[str, str] = {}
    for document in later:
        own = [each._replace(items=_correct_items(each.items, document, found_in)) for each in own]
    return own, found_in


def _read_file_date(document: Document) -> str:
    day = parse_document_name(document.name)
    return day[1] if day else ""


def _correct_items(items: Sequence[Item], document: Document, found_in: dict[str, str]) -> tuple[Item, ...]:
    """Replace items by those of a later document; one that is new in a debate follows the one before it there."""
    corrected = {item.gid: [item] for item in items}
    at = ""
    for item in document.items:
        if item.gid in corrected:
            at = item.gid
            if corrected[at][0] != item:
                corrected[at][0] = item
                found_in[at] = document.name
        elif isinstance(item, Heading):
            at = ""
        elif at:
            corrected[at].append(item)
            found_in[item.gid] = document.name
    return tuple(item for each in corrected.values() for item in each)
