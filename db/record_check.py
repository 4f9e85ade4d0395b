"""The one check of parsed records: whether the store can hold them. What it cannot hold is refused, item by item."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from db.gid import is_gid, make_short_id
from db.records.hansard import Division, Document, Heading, Item, Redirect, Speech, SpeechKind, Vote
from db.records.refusal import UnreadItem, separate_refused
from db.records.source import ParseError, RefusedUnit

MAX_INTEGER = 2**63 - 1
MAX_LENGTH = {"text": 20_000_000, "markup": 50_000_000}  # characters
MAX_LINE = 10_000  # characters of any other field
INTEGERS = frozenset({"level", "ayes", "noes"})
REQUIRED = frozenset({"gid", "text", "number", "name", "vote", "old_gid", "matchtype", "kind", "damage"})
KINDS = frozenset(get_args(SpeechKind))
Record = Item | Redirect | Vote


def check_document(document: Document) -> Document:
    """Return a document without the items that the store cannot hold, which become refused units.

    Two items of one address are refused both, unless they are equal. Raises ParseError if a field of the document
    itself is at fault, or if all of it is refused: then an older version can stand in for it.
    """
    checked = _refuse_unstorable(document)
    if checked.refused and not checked.items and not checked.redirects:
        first = checked.refused[0]
        raise ParseError(document.name, f"{first.place}: {first.reason}; nothing else in it could be read")
    return checked


def _refuse_unstorable(document: Document) -> Document:
    for field, value in (("name", document.name), ("letter", document.letter), ("volume", document.volume)):
        if reason := _find_text_fault(field, value):
            raise ParseError(document.name, reason)
    if any(_find_text_fault("bill", each) for each in document.bill or ()):
        raise ParseError(document.name, "the title or session of its bill cannot be stored")
    twins = _find_twins(document.items)
    unread = {n: reason for n, item in enumerate(document.items) if (reason := _find_fault(item, twins))}
    redirects = [] if _are_sound(document.redirects) else [r for r in document.redirects if not _is_storable(r)]
    obsolete = [each for each in document.obsolete if _find_fault(each, {})]
    if not (unread or redirects or obsolete or twins):
        return document
    items, refused = separate_refused(_mark_unread(document.items, unread))
    return document._replace(
        items=items,
        continued=document.continued and 0 not in unread,
        redirects=tuple(each for each in document.redirects if each not in redirects),
        obsolete=tuple(each for each in document.obsolete if each not in obsolete),
        refused=(*document.refused, *refused, *map(_refuse_redirect, redirects), *map(_refuse_obsolete, obsolete)),
    )


def _mark_unread(items: Iterable[Item], unread: dict[int, str]) -> Iterator[Item | UnreadItem]:
    """Yield each item once, those at fault as unread."""
    found: set[str] = set()
    for n, item in enumerate(items):
        if n in unread:
            level = item.level if isinstance(item, Heading) and item.level in (1, 2, 3) else None
            level = 1 if isinstance(item, Heading) and level is None else level
            yield UnreadItem(f"item {n + 1}", unread[n], item.gid if is_gid(item.gid) else None, level)
        elif item.gid not in found:
            found.add(item.gid)
            yield item


def _find_twins(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Find the items that share an address, by their short id."""
    if len({str(item.gid).replace(".", "-") for item in items}) == len(items):  # as short ids have it
        return {}
    ids = [make_short_id(item.gid) if is_gid(item.gid) else "" for item in items]
    twice = {id for id, count in Counter(ids).items() if id and count > 1}
    twins: dict[str, list[Item]] = {id: [] for id in twice}
    for id, item in zip(ids, items, strict=True):
        if id in twice:
            twins[id].append(item)
    return twins


def _find_fault(item: Item, twins: dict[str, list[Item]]) -> str:
    """Describe why the store cannot hold an item, with the field; "" if it can."""
    if not (_is_storable(item) and is_gid(item.gid)):
        return _describe_fault(item)
    if twins and (same := twins.get(make_short_id(item.gid))) and any(each != same[0] for each in same):
        return f"the address {item.gid} occurs twice, with different words"
    return ""


def _is_storable(record: Record) -> bool:
    """Return True if the store can hold a record; quickly, as nearly all are sound."""
    values: Iterable[object] = record
    if isinstance(record, Speech):
        sound = isinstance(record.text, str) and isinstance(record.damage, str) and record.kind in KINDS
    elif isinstance(record, Heading):
        values, sound = (record[0], *record[2:]), isinstance(record.text, str) and record.level in (1, 2, 3)
    elif isinstance(record, Division):
        values = (record.gid, record.number, record.time, record.column, record.hansard_url)
        sound = isinstance(record.number, str) and _are_integers(record) and all(map(_is_storable_vote, record.votes))
    else:
        sound = None not in record
    if not sound:
        return False
    try:
        whole = "\n".join([value for value in values if value is not None])  # type: ignore[misc]  # others: TypeError
    except TypeError:
        return False
    return (len(whole) <= MAX_LINE and _is_text(whole)) or not list(_list_faults(record))


def _are_sound(redirects: Iterable[Redirect]) -> bool:
    """Return True if all redirects can be stored; at once, as a file has thousands."""
    try:
        values = [value for redirect in redirects for value in redirect]
        return _is_text("\n".join(values)) and max(map(len, values), default=0) <= MAX_LINE
    except TypeError:
        return False


def _is_storable_vote(vote: Vote) -> bool:
    name, kind, _, *ids = vote
    try:
        return (
            name is not None
            and kind is not None
            and _is_text("\n".join([name, kind, *(id for id in ids if id is not None)]))
        )
    except TypeError:
        return False


def _are_integers(division: Division) -> bool:
    return all(type(n) is int and 0 <= n <= MAX_INTEGER for n in (division.ayes, division.noes))


def _is_text(text: str) -> bool:
    """Return True for text without NUL and without half a surrogate pair."""
    return "\0" not in text and (text.isascii() or _is_encodable(text))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _describe_fault(record: Item) -> str:
    fault = next(_list_faults(record), "")
    return fault or f"the gid {_abbreviate(record.gid)} is no address"


def _list_faults(record: Record) -> Iterator[str]:
    """Yield what is wrong with a record, with the field."""
    for field, value in record._asdict().items():
        if field == "votes":
            yield from (fault for vote in value for fault in _list_faults(vote))
        elif field == "teller":
            continue
        elif field in INTEGERS:
            if type(value) is not int or not 0 <= value <= MAX_INTEGER:
                yield f"the field {field} is {_abbreviate(value)}, which is no number that can be stored"
        elif reason := _find_text_fault(field, value):
            yield reason


def _find_text_fault(field: str, value: object) -> str:
    if value is None:
        return f"the field {field} is missing" if field in REQUIRED else ""
    if not isinstance(value, str):
        return f"the field {field} is {_abbreviate(value)}, which is no text"
    if len(value) > MAX_LENGTH.get(field, MAX_LINE):
        return f"the field {field} has {len(value):,} characters"
    if not _is_text(value):
        return f"the field {field} has a character that cannot be stored: {_abbreviate(value)}"
    return ""


def _abbreviate(value: object) -> str:
    """Return a short form of any value, in ASCII; a number may be too long to be written."""
    try:
        text = ascii(value)
    except ValueError:
        text = "a very long number"
    return text if len(text) <= 100 else f"{text[:100]}..."


def _refuse_redirect(redirect: Redirect) -> RefusedUnit:
    fault = next(_list_faults(redirect), "it cannot be stored")
    return RefusedUnit(
        unit="item", place="a redirect", reason=fault, gid=redirect.old_gid if is_gid(redirect.old_gid) else None
    )


def _refuse_obsolete(item: Item) -> RefusedUnit:
    return RefusedUnit(
        unit="item",
        place="an obsolete item",
        reason=_describe_fault(item),
        gid=item.gid if is_gid(item.gid) else None,
    )
