"""The reader of W3C Web Annotation in JSON-LD: annotations, replies and moments of videos; it refuses the rest."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from annotations.exchange.bundle import (
    ExchangeError,
    FileItem,
    ImportedAnnotation,
    ImportedItem,
    ImportedMoment,
    ImportedReply,
    LeftOutItem,
    RefusedItem,
    read_or_refuse,
)
from annotations.exchange.field_readers import (
    check_count,
    group_by_type,
    read_array,
    read_choice,
    read_json,
    read_object,
    read_optional_text,
    read_selector,
    read_text,
    read_texts,
)
from db.records.annotation import Annotation, Moment, Reply, Selector, Stance
from db.records.guidance import Reading
from db.video_urls import VideoError, parse_video_address

MAX_PAGES = 10_000  # of one collection, each nested in the one before
ID_KEY = "dc:identifier"


def read_items(body: bytes) -> list[FileItem]:
    """Read the items of a collection, a page, an array or a single annotation. Raises ExchangeError.

    An item that cannot be read is refused, and the others are read.
    """
    entries = list(_read_entries(read_json(body)))
    check_count("annotations", len(entries))
    named = [(_name_place(number, each), each) for number, each in enumerate(entries, 1)]
    known = _find_own_ids(entries)
    return [read_or_refuse(where, partial(_read_item, where, each, known)) for where, each in named]


def read_one_item(body: bytes) -> ImportedItem:
    """Read a single annotation, reply or moment. Raises ExchangeError."""
    [item] = read_items(body)
    if isinstance(item, RefusedItem):
        raise ExchangeError(f"{item.where}: {item.fault}")
    assert not isinstance(item, LeftOutItem)  # this format leaves nothing out
    return item


def _name_place(number: int, entry: object) -> str:
    id = (entry.get(ID_KEY) or entry.get("id")) if isinstance(entry, dict) else None
    return f"annotation {number} ({str(id)[:100]})" if id else f"annotation {number}"


def _find_own_ids(entries: Iterable[object]) -> dict[str, str]:
    """Return our id for each id in the file; those that cannot be read are left out."""
    known: dict[str, str] = {}
    for each in entries:
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            with suppress(ExchangeError):
                known[each["id"]] = _read_id("", each)
    return known


def _read_entries(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
        return
    node = read_object("the file", value)
    types = read_texts("the file", node.get("type"))
    if "Annotation" in types:
        yield node
    elif "AnnotationPage" in types:
        yield from _read_pages(node)
    elif "AnnotationCollection" in types:
        if node.get("total") != 0 or "first" in node:
            yield from _read_pages(node.get("first"))
    else:
        raise ExchangeError("the file is no Annotation, AnnotationPage, AnnotationCollection or array of annotations")


def _read_pages(value: Any) -> Iterator[Any]:
    for number in range(1, MAX_PAGES):
        where = f"page {number}"
        if isinstance(value, str):
            raise ExchangeError(f"{where} is not in this file but at {value[:200]}: fetch it, and import it by itself")
        node = read_object(where, value)
        yield from read_array(where, node.get("items"))
        if "next" not in node or isinstance(node["next"], str):
            return
        value = node["next"]


def _read_item(where: str, entry: object, known: Mapping[str, str]) -> ImportedItem:
    """Read an annotation, reply or moment; `known` has our id for each id in the file."""
    node = read_object(where, entry)
    if "replying" in read_array(where, node.get("motivation")):
        return _read_reply(where, node, known)
    target = _read_target(where, node)
    bodies = _read_bodies(where, node)
    if at := _find_fragment(where, target):
        return _read_moment(
            where,
            node,
            known,
            _read_seconds(where, read_text(where, "target.source", _read_address(target.get("source"))), at),
        )
    return ImportedAnnotation(
        where,
        Annotation(
            id=_read_id(where, node),
            target=read_text(where, "target.source", target.get(ID_KEY) or _read_address(target.get("source"))),
            selector=_read_selector(where, target),
            point_id=_read_point(where, bodies),
            reading=read_choice(
                where, "the body whose purpose is assessing", _read_body_value(where, bodies, "assessing"), Reading
            ),
            note=read_text(
                where, "the body whose purpose is commenting", _read_body_value(where, bodies, "commenting"), ""
            ),
            creator=_read_creator(where, node),
            created=read_text(where, "created", node.get("dc:date") or node.get("created")),
            via=read_optional_text(
                where, "via", node.get("dc:source") or next(iter(read_array(where, node.get("via"))), None)
            ),
            origin="journal",
        ),
    )


def _read_reply(where: str, node: Mapping[str, Any], known: Mapping[str, str]) -> ImportedReply:
    """Read a reply; `known` has our id for each address in the file, which may be another site's."""
    bodies = _read_bodies(where, node)
    answer = Reply(
        id=_read_id(where, node),
        stance=read_choice(
            where, "the body whose purpose is assessing", _read_body_value(where, bodies, "assessing"), Stance
        ),
        text=read_text(where, "the body whose purpose is replying", _read_body_value(where, bodies, "replying")),
        creator=_read_creator(where, node),
        created=read_text(where, "created", node.get("dc:date") or node.get("created")),
        via=read_optional_text(
            where, "via", node.get("dc:source") or next(iter(read_array(where, node.get("via"))), None)
        ),
    )
    target = read_text(where, "target", _read_address(next(iter(read_array(where, node.get("target"))), None)))
    return ImportedReply(where, known.get(target) or make_id(target), answer)


def _read_moment(
    where: str, node: Mapping[str, Any], known: Mapping[str, str], at: tuple[str, float, float | None]
) -> ImportedMoment:
    bodies = _read_bodies(where, node)
    speech, noted = _find_linked_bodies(where, bodies)
    linked = str(noted["source"]) if noted else ""
    about = (
        (known.get(linked) or read_optional_text(where, ID_KEY, noted.get(ID_KEY)) or make_id(linked))
        if noted
        else None
    )
    gid = read_text(
        where, "the speech", speech.get(ID_KEY) or unquote(str(_read_address(speech)).rpartition("/speech/")[2])
    )
    note = read_text(where, "the body whose purpose is commenting", _read_body_value(where, bodies, "commenting"), "")
    source, start, end = at
    return ImportedMoment(
        where,
        Moment(
            id=_read_id(where, node),
            target=gid,
            source=source,
            start=start,
            end=end,
            annotation_id=about,
            note=note,
            creator=_read_creator(where, node),
            created=read_text(where, "created", node.get("dc:date") or node.get("created")),
            actor="",
        ),
    )


def _find_fragment(where: str, target: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the selector of a target that names seconds of a video; None where there is none."""
    return group_by_type(f"{where}: selector", read_array(where, target.get("selector"))).get("FragmentSelector")


def _read_seconds(where: str, source: str, at: Mapping[str, Any]) -> tuple[str, float, float | None]:
    """Return the address of a video without any time in it, and start and end in seconds. Raises ExchangeError."""
    value = read_text(where, "the value of its FragmentSelector", at.get("value"))
    try:
        alone = parse_video_address(source).source
        start, end = parse_video_address(f"{alone}#{value}")[1:]
    except VideoError as error:
        raise ExchangeError(f"{where}: target.source: {error}") from error
    is_time = value.startswith("t=") and ("," in value) == (end is not None)
    if start is None or not is_time or (end is not None and end <= start):
        raise ExchangeError(f"{where}: {value[:40]!r} are no seconds of a video: write t=62, or t=62,70")
    return alone, start, end


def _find_linked_bodies(
    where: str, bodies: list[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Return the bodies of a moment that link to its speech and to its annotation, if any. Raises ExchangeError."""
    linked = [each for each in bodies if "linking" in read_texts(where, each.get("purpose")) or "source" in each]
    noted = [each for each in linked if "/annotations" in str(each.get("source"))]
    speeches = [each for each in linked if each not in noted]
    if len(speeches) != 1 or len(noted) > 1:
        raise ExchangeError(f"{where}: it must link one speech, and at most one annotation of words in it")
    return speeches[0], noted[0] if noted else None


def make_id(iri: str) -> str:
    """Return our id for an address: a UUID, the part after /annotations/, or else a hash of the whole address.

    >>> make_id("https://example.org/annotations/a-1"), make_id("urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e")
    ('a-1', '6fa459ea-ee8a-3ca4-894e-db77e160355e')
    """
    if "/annotations/" in iri:
        return unquote(iri.rpartition("/annotations/")[2])
    try:
        return str(UUID(iri)) if iri.startswith("urn:uuid:") else f"x-{sha256(iri.encode()).hexdigest()[:20]}"
    except ValueError as error:
        raise ExchangeError(f"{iri[:100]} is not the name of a UUID") from error


def _read_id(where: str, node: Mapping[str, Any]) -> str:
    own = read_optional_text(where, ID_KEY, node.get(ID_KEY))
    name = read_text(where, "id", node.get("canonical") or node.get("id"))
    return own or make_id(name)


def _read_target(where: str, node: Mapping[str, Any]) -> Mapping[str, Any]:
    targets = read_array(where, node.get("target"))
    if len(targets) != 1 or not isinstance(targets[0], dict):
        raise ExchangeError(f"{where}: it must have one target, which selects words of a source")
    return targets[0]


def _read_selector(where: str, target: Mapping[str, Any]) -> Selector:
    at = group_by_type(f"{where}: selector", read_array(where, target.get("selector")))
    quoted, placed = at.get("TextQuoteSelector"), at.get("TextPositionSelector", {})
    if quoted is None:
        raise ExchangeError(f"{where}: its target has no TextQuoteSelector")
    return read_selector(where, quoted, placed)


def _read_bodies(where: str, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [read_object(f"{where}: body", each) for each in read_array(where, node.get("body"))]


def _read_point(where: str, bodies: list[Mapping[str, Any]]) -> str:
    points = [each for each in bodies if {"classifying", "linking"} & set(read_texts(where, each.get("purpose")))]
    if len(points) != 1:
        raise ExchangeError(f"{where}: it must have one body whose purpose is classifying, and it has {len(points)}")
    source = _read_address(points[0].get("source")) or ""
    return read_text(where, "the guidance point", points[0].get(ID_KEY) or unquote(source.rpartition("/guidance/")[2]))


def _read_body_value(where: str, bodies: list[Mapping[str, Any]], purpose: str) -> object:
    """Return the value of the only textual body of a purpose; None where there is none. Raises ExchangeError."""
    values = [each.get("value") for each in bodies if purpose in read_array(where, each.get("purpose"))]
    if len(values) > 1:
        raise ExchangeError(f"{where}: it must have one body whose purpose is {purpose}, and it has {len(values)}")
    return values[0] if values else None


def _read_creator(where: str, node: Mapping[str, Any]) -> str:
    agents = read_array(where, node.get("creator"))
    agent = agents[0] if agents else None
    names = read_array(where, agent.get("name")) if isinstance(agent, dict) else []
    return read_text(where, "creator", names[0] if names else _read_address(agent))


def _read_address(value: object) -> str | None:
    """Return an address that is given alone or as the id of an object; None where there is none."""
    found = value.get("id") or value.get("source") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None
