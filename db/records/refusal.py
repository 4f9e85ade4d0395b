"""Refusal of what was not understood in a document: a turn alone, or all debates below a heading."""

from collections.abc import Iterable
from typing import NamedTuple

from db.records.hansard import Heading, Item
from db.records.source import RefusedUnit


class UnreadItem(NamedTuple):
    """An item of a document that was not understood: `level` is that of a heading, None for a turn.

    `place` says where it stands; `gid` is its address, if that could be read.
    """

    place: str
    reason: str
    gid: str | None = None
    level: int | None = None


def separate_refused(entries: Iterable[Item | UnreadItem]) -> tuple[tuple[Item, ...], tuple[RefusedUnit, ...]]:
    """Separate the items of a document, in its order, from what must be refused.

    What stands below an unread heading would be taken for a part of the debate before, so it is refused with it.
    """
    items: list[Item] = []
    refused: list[RefusedUnit] = []
    heading: UnreadItem | None = None  # the unread one that everything belongs to at present
    debate: str | None = None
    within: list[str] = []
    for entry in entries:
        level = entry.level if isinstance(entry, Heading | UnreadItem) else None
        if heading and (level is None or level > (heading.level or 0)):
            within += [entry.gid] if entry.gid else []
            continue
        if heading:
            refused.append(_refuse_debate(heading, within))
        heading, within = None, []
        if not isinstance(entry, UnreadItem):
            items.append(entry)
            debate = entry.gid if level else debate
        elif level is None:
            refused.append(
                RefusedUnit(unit="item", place=entry.place, reason=entry.reason, gid=entry.gid, debate_gid=debate)
            )
        else:
            heading = entry
    if heading:
        refused.append(_refuse_debate(heading, within))
    return tuple(items), tuple(refused)


def _refuse_debate(heading: UnreadItem, within: list[str]) -> RefusedUnit:
    return RefusedUnit(
        unit="debate",
        place=heading.place,
        reason=heading.reason,
        gid=heading.gid,
        debate_gid=heading.gid,
        within=tuple(within),
    )


def list_refused_gids(refused: Iterable[RefusedUnit]) -> set[str]:
    """List the addresses of everything that was refused."""
    return {gid for unit in refused for gid in (unit.gid, *unit.within) if gid}
