"""Debates in an answer of Hansard's API: their headings, their items, and the debates inside them."""

from collections.abc import Iterator, Sequence
from copy import deepcopy

from db.citation import build_hansard_address
from db.gid import HANSARD_GID_PATTERN, make_hansard_gid
from db.records.hansard import Division, Document, Heading, Speech
from db.records.source import RefusedUnit, Response
from scrapers.parsing.markup import collapse_space
from scrapers.sources.hansard import document_names as names
from scrapers.sources.hansard.item_html import replace_invalid_characters
from scrapers.sources.hansard.items import DebateSection, ReadingPosition, read_items
from scrapers.sources.hansard.json_fields import (
    NULL,
    JsonObject,
    read_object,
    require_field,
    require_object,
    require_text,
)

MAX_DEPTH = 20  # debates inside debates


def read_document(response: Response, expected: tuple[str, str]) -> Document:
    """Read one debate, of the kind and date expected, and the debates inside it.

    Raises ValueError, also where nothing that was said is left of it.
    """
    debate, place = read_object(response.body), ReadingPosition()
    overview = require_object(require_field(debate, "Overview", "the answer", dict), "Overview")
    ext, wanted = require_text(overview, "ExtId", "Overview"), response.name.rpartition("/")[2]
    items = tuple(_read_debate(debate, expected, place, 0))
    if wanted not in _list_ids(debate):
        raise ValueError(f"it is debate {ext}, which is another one")
    if all(isinstance(item, Heading) for item in items):
        first = next((f"{unit.place}: {unit.reason}" for unit in place.refused), "it holds no item")
        raise ValueError(first if len(place.refused) < 2 else f"{first}, and {len(place.refused) - 1} more")
    return Document(
        name=response.name,
        series=ext.lower(),
        letter="",
        latest=True,
        bill=None,
        items=items,
        redirects=(),
        volume=_read_volume(overview),
        refused=tuple(place.refused),
    )


def _list_ids(debate: object) -> set[str]:
    """Return the ids of a debate, of the headings above it and of the debates inside it, in lower case."""
    if not isinstance(debate, dict):
        return set()
    overview, above = debate.get("Overview"), debate.get("Navigator")
    own = [overview.get("ExtId")] if isinstance(overview, dict) else []
    own += [each.get("ExternalId") for each in _list_of(above) if isinstance(each, dict)]
    inside = [id for child in _list_of(debate.get("ChildDebates")) for id in _list_ids(child)]
    return {*(id.lower() for id in own if isinstance(id, str)), *inside}


def _list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _read_volume(overview: JsonObject) -> str | None:
    if isinstance(overview.get("VolumeNo"), str):
        return require_text(overview, "VolumeNo", "Overview") or None
    volume = require_field(overview, "VolumeNo", "Overview", int, NULL)
    return str(volume) if volume else None


def _read_debate(
    debate: JsonObject, expected: tuple[str, str], place: ReadingPosition, depth: int
) -> Iterator[Heading | Speech | Division]:
    """Yield the headings of a debate that were not printed yet, its items, and the debates inside it."""
    if depth > MAX_DEPTH:
        raise ValueError(f"debates are nested deeper than {MAX_DEPTH}")
    section = _read_section(debate, expected)
    children = require_field(debate, "ChildDebates", section.ext, list)
    items = list(read_items(section, require_field(debate, "Items", section.ext, list), place))
    chain = _trace_headings(debate, section)
    level = max(1, 3 - _count_levels(debate))
    if items or not children:
        first = (items[0].column, items[0].time) if items else (place.column, place.time)
        yield from _make_new_headings(section, chain, level, first, place)
    yield from items
    for n, child in enumerate(children):
        yield from _read_child(child, f"ChildDebates[{n}] of {section.ext}", expected, place, depth + 1)


def _read_child(
    child: object, where: str, expected: tuple[str, str], place: ReadingPosition, depth: int
) -> list[Heading | Speech | Division]:
    """Read a debate inside another one, or refuse it with all that is in it."""
    before = deepcopy(place)
    try:
        return list(_read_debate(require_object(child, where), expected, place, depth))
    except ValueError as error:
        within = tuple(sorted((place.turn_gids | place.heading_gids) - before.turn_gids - before.heading_gids))
        place.turn_gids, place.heading_gids = before.turn_gids, before.heading_gids
        place.refused[len(before.refused) :] = [
            RefusedUnit(unit="debate", place=where, reason=str(error), within=within)
        ]
        place.time = None
        return []


def _read_section(debate: JsonObject, expected: tuple[str, str]) -> DebateSection:
    overview = require_object(require_field(debate, "Overview", "a debate", dict), "Overview")
    location, house = require_text(overview, "Location", "Overview"), require_text(overview, "House", "Overview")
    require_field(overview, "Source", "Overview", int, str)
    kind, date = names.find_kind(location, house), names.parse_date(overview.get("Date"))
    ext = require_text(overview, "ExtId", "Overview")
    if not kind:
        raise ValueError(f"unknown section {location!r} of the house {house!r}")
    if (kind, date) != expected:
        raise ValueError(f"it is of {location}, {house}, {date}, which its name contradicts")
    if not names.SECTION_ID.fullmatch(ext):
        raise ValueError(f"{ext!r} is no id of a section")
    title = collapse_space(replace_invalid_characters(require_text(overview, "Title", "Overview")))
    return DebateSection(kind=kind, house=house, date=date, ext=ext, title=title)


def _count_levels(debate: object) -> int:
    """Count the levels of debates inside a debate."""
    inside = _list_of(debate.get("ChildDebates")) if isinstance(debate, dict) else []
    return max((1 + _count_levels(child) for child in inside), default=0)


def _trace_headings(debate: JsonObject, section: DebateSection) -> list[JsonObject]:
    """Return the headings above a debate and its own, outermost first, without the chamber's."""
    where = f"Navigator of {section.ext}"
    entries = [require_object(entry, where) for entry in require_field(debate, "Navigator", section.ext, list)]
    by_id = {require_field(entry, "Id", where, int): entry for entry in entries}
    for entry in entries:
        require_field(entry, "ExternalId", where, str)
    own = [entry for entry in entries if entry["ExternalId"].lower() == section.ext.lower()]
    if len(own) != 1:
        raise ValueError(f"{where} holds {len(own)} entries of the debate itself, not 1")
    chain: list[JsonObject] = []
    current: JsonObject | None = own[0]
    while current:
        if current in chain:
            raise ValueError(f"{where} goes round in a circle")
        chain.insert(0, current)
        current = by_id.get(require_field(current, "ParentId", where, int, NULL))
    location = require_text(debate["Overview"], "Location", "Overview")
    return chain[1:] if require_text(chain[0], "Title", where).lower() == location.lower() else chain


def _make_new_headings(
    section: DebateSection,
    chain: Sequence[JsonObject],
    level: int,
    first: tuple[str | None, str | None],
    place: ReadingPosition,
) -> Iterator[Heading]:
    """Yield each heading of a chain that was not printed yet, at the column and time of the first item below it."""
    column, time = first
    for height, entry in zip(range(len(chain) - 1, -1, -1), chain, strict=True):
        ext, title = (
            entry["ExternalId"],
            collapse_space(replace_invalid_characters(require_text(entry, "Title", "Navigator"))),
        )
        gid = make_hansard_gid(section.date, ext)
        if not HANSARD_GID_PATTERN.fullmatch(gid):
            raise ValueError(f"{ext!r} is no id of a section")
        if gid in place.heading_gids:
            continue
        place.heading_gids.add(gid)
        yield Heading(
            gid=gid,
            level=max(1, level - height),
            text=title,
            column=column,
            time=time,
            hansard_url=build_hansard_address(section.house, section.date, ext, title),
            oldstyle_gid=None,
            section_id=ext.lower(),
        )
