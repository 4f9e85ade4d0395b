"""Corrections of answers and statements: items that files of later days repeat under the same gids."""

from collections.abc import Sequence

from db.records.hansard import Document, Heading, Item
from db.records.refusal import UnreadItem, list_refused_gids, separate_refused
from scrapers.scope.kinds import parse_document_name


def apply_corrections(date: str, documents: Sequence[Document]) -> tuple[list[Document], dict[str, str]]:
    """Replace each item in the files of a date by its newest version.

    Return the files, and by gid the name of the later file that an item is from. Items of a later file that are in no
    debate of the date belong to that file's own day. An item whose newest version was refused is left out: its words of
    before are known to be superseded.
    """
    own = [document for document in documents if _read_file_date(document) == date]
    later = sorted((document for document in documents if _read_file_date(document) > date), key=_read_file_date)
    found_in: dict[str, str] = {}
    for document in later:
        own = [_leave_out_refused(each, document) for each in own] if document.refused else own
        own = [each._replace(items=_correct_items(each.items, document, found_in)) for each in own]
    return own, found_in


def _leave_out_refused(document: Document, later: Document) -> Document:
    """Leave out the items that a later document has in a version that was not understood."""
    gone = list_refused_gids(later.refused)
    items, refused = separate_refused(
        UnreadItem(later.name, "", item.gid, item.level if isinstance(item, Heading) else None)
        if item.gid in gone
        else item
        for item in document.items
    )
    return document._replace(items=items, refused=(*document.refused, *refused))


def _read_file_date(document: Document) -> str:
    day = parse_document_name(document.name)
    return day[1] if day else ""


def _correct_items(items: Sequence[Item], document: Document, found_in: dict[str, str]) -> tuple[Item, ...]:
    """Replace items by those of a later document; an item that is new in a debate follows its predecessor there."""
    corrected = {item.gid: [item] for item in items}
    last_gid = ""
    for item in document.items:
        if item.gid in corrected:
            last_gid = item.gid
            if corrected[last_gid][0] != item:
                corrected[last_gid][0] = item
                found_in[last_gid] = document.name
        elif isinstance(item, Heading):
            last_gid = ""
        elif last_gid:
            corrected[last_gid].append(item)
            found_in[item.gid] = document.name
    return tuple(item for each in corrected.values() for item in each)
