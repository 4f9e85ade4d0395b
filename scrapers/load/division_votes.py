"""The votes of divisions that a source gives in documents of their own, put into the debates that name them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from db.records.hansard import Division, Document, Item, Speech

BARE_HEADING = re.compile(r"(?:Division (?:No\.? ?)?\d*)?", re.IGNORECASE)


def collect_vote_lists(documents: Iterable[Document]) -> dict[str, Division]:
    """Collect the divisions of the documents that only list votes, by gid."""
    lists = (document.items for document in documents if document.is_vote_list)
    return {item.gid: item for items in lists for item in items if isinstance(item, Division)}


def fill_divisions(document: Document, lists: Mapping[str, Division]) -> Document:
    """Return a debate's document with the votes in the lists of its divisions."""
    items = tuple(_fill_items(document.items, lists))
    return document._replace(items=items) if items != document.items else document


def _fill_items(items: Iterable[Item], lists: Mapping[str, Division]) -> Iterator[Item]:
    for item in items:
        votes = lists.get(item.gid)
        if votes and isinstance(item, Division):
            damage = (item.damage, votes.damage, describe_other_totals(item, votes, "its own list"))
            votes = votes._replace(number=votes.number or item.number, damage=" ".join(filter(None, damage)))
            yield _put_in_place(votes, item)
        elif votes and isinstance(item, Speech) and item.kind == "division":
            if BARE_HEADING.fullmatch(item.text):
                yield _put_in_place(votes, item)
            else:  # its words stay a turn of their own
                yield item
                yield _put_in_place(votes, item)._replace(gid=f"{item.gid}.votes")
        else:
            yield item


def _put_in_place(votes: Division, item: Division | Speech) -> Division:
    return votes._replace(time=item.time or votes.time, column=item.column, hansard_url=item.hansard_url)


def join_divisions(ours: Division, theirs: Division, source: str) -> Division:
    """Return our division with the votes of another source if it has none, marked if the totals differ."""
    damage = " ".join(filter(None, (ours.damage, describe_other_totals(ours, theirs, source))))
    return ours._replace(votes=ours.votes or theirs.votes, damage=damage)


def describe_other_totals(ours: Division, theirs: Division, source: str) -> str:
    """Say in words that another source prints other totals of a division; "" if it does not."""
    if (ours.ayes, ours.noes) == (theirs.ayes, theirs.noes):
        return ""
    return f"{ours.ayes} to {ours.noes} are printed here, and {theirs.ayes} to {theirs.noes} in {source}."
