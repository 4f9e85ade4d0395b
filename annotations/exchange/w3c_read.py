"""W3C Web Annotation in JSON-LD, read: annotations, replies and moments of videos; anything else is refused."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from annotations.exchange.bundle import Answered, ExchangeError, Filmed, Item, Noted
from annotations.exchange.fields import by_type, few, one_of, optional, read_json, rows, selector, table, text, words
from db.records.annotation import Annotation, Moment, Reply, Selector, Stance
from db.records.guidance import Reading
from db.video_urls import VideoError, pasted

PAGES = 10_000  # of one collection, each in the one before
OWN = "dc:identifier"


def read(body: bytes) -> list[Item]:
    """Read the items of a collection, a page, an array or a single annotation. Raises ExchangeError."""
    entries = list(_read_entries(read_json(body)))
    few("annotations", len(entries))
    found = [(f"annotation {number}", table(f"annotation {number}", each)) for number, each in enumerate(entries, 1)]
    known = {node["id"]: _read_id(where, node) for where, node in found if isinstance(node.get("id"), str)}
    return [_read_item(where, node, known) for where, node in found]


def _read_entries(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
        return
    node = table("the file", value)
    types = words("the file", node.get("type"))
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
    for number in range(1, PAGES):
        where = f"page {number}"
        if isinstance(value, str):
            raise ExchangeError(f"{where} is not in this file but at {value[:200]}: fetch it, and import it by itself")
        node = table(where, value)
        yield from rows(where, node.get("items"))
        if "next" not in node or isinstance(node["next"], str):
            return
        value = node["next"]


def _read_item(where: str, node: Mapping[str, Any], known: Mapping[str, str]) -> Item:
    """Read an annotation, reply or moment; `known` are our ids of everything in the file, by the ids used there."""
    where = f"{where} ({str(node.get(OWN) or node.get('id'))[:100]})"
    if "replying" in rows(where, node.get("motivation")):
        return _read_reply(where, node, known)
    target = _read_target(where, node)
    bodies = _read_bodies(where, node)
    if at := _find_fragment(where, target):
        return _read_moment(
            where,
            node,
            known,
            _read_seconds(where, text(where, "target.source", _read_address(target.get("source"))), at),
        )
    return Noted(
        where,
        Annotation(
            id=_read_id(where, node),
            target=text(where, "target.source", target.get(OWN) or _read_address(target.get("source"))),
            selector=_read_selector(where, target),
            point_id=_read_point(where, bodies),
            reading=one_of(
                where, "the body whose purpose is assessing", _read_body_value(where, bodies, "assessing"), Reading
            ),
            note=text(where, "the body whose purpose is commenting", _read_body_value(where, bodies, "commenting"), ""),
            creator=_read_creator(where, node),
            created=text(where, "created", node.get("dc:date") or node.get("created")),
            via=optional(where, "via", node.get("dc:source") or next(iter(rows(where, node.get("via"))), None)),
            origin="journal",
            replies=(),
        ),
    )


def _read_reply(where: str, node: Mapping[str, Any], known: Mapping[str, str]) -> Answered:
    """Read a reply; `known` are our ids of everything in the file, by address: a copy of the site has others."""
    bodies = _read_bodies(where, node)
    answer = Reply(
        id=_read_id(where, node),
        stance=one_of(
            where, "the body whose purpose is assessing", _read_body_value(where, bodies, "assessing"), Stance
        ),
        text=text(where, "the body whose purpose is replying", _read_body_value(where, bodies, "replying")),
        creator=_read_creator(where, node),
        created=text(where, "created", node.get("dc:date") or node.get("created")),
        via=optional(where, "via", node.get("dc:source") or next(iter(rows(where, node.get("via"))), None)),
    )
    target = text(where, "target", _read_address(next(iter(rows(where, node.get("target"))), None)))
    return Answered(where, known.get(target) or named(target), answer)


def _read_moment(
    where: str, node: Mapping[str, Any], known: Mapping[str, str], at: tuple[str, float, float | None]
) -> Filmed:
    bodies = _read_bodies(where, node)
    speech, noted = _find_linked_bodies(where, bodies)
    linked = str(noted["source"]) if noted else ""
    about = (known.get(linked) or optional(where, OWN, noted.get(OWN)) or named(linked)) if noted else None
    gid = text(where, "the speech", speech.get(OWN) or unquote(str(_read_address(speech)).rpartition("/speech/")[2]))
    note = text(where, "the body whose purpose is commenting", _read_body_value(where, bodies, "commenting"), "")
    source, start, end = at
    return Filmed(
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
            created=text(where, "created", node.get("dc:date") or node.get("created")),
            actor="",
        ),
    )


def _find_fragment(where: str, target: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the selector of seconds of a video in a target; None where it has none."""
    return by_type(f"{where}: selector", rows(where, target.get("selector"))).get("FragmentSelector")


def _read_seconds(where: str, source: str, at: Mapping[str, Any]) -> tuple[str, float, float | None]:
    """Return the address of a video without any time in it, and start and end in seconds. Raises ExchangeError."""
    value = text(where, "the value of its FragmentSelector", at.get("value"))
    try:
        alone = pasted(source).source
        start, end = pasted(f"{alone}#{value}")[1:]
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
    linked = [each for each in bodies if "linking" in words(where, each.get("purpose")) or "source" in each]
    noted = [each for each in linked if "/annotations/" in str(each.get("source"))]
    speeches = [each for each in linked if each not in noted]
    if len(speeches) != 1 or len(noted) > 1:
        raise ExchangeError(f"{where}: it must link one speech, and at most one annotation of words in it")
    return speeches[0], noted[0] if noted else None


def named(iri: str) -> str:
    """Return our id for an address: a UUID, the part after /annotations/, or else a hash of the whole address.

    >>> named("https://example.org/annotations/a-1"), named("urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e")
    ('a-1', '6fa459ea-ee8a-3ca4-894e-db77e160355e')
    """
    if "/annotations/" in iri:
        return unquote(iri.rpartition("/annotations/")[2])
    try:
        return str(UUID(iri)) if iri.startswith("urn:uuid:") else f"x-{sha256(iri.encode()).hexdigest()[:20]}"
    except ValueError as error:
        raise ExchangeError(f"{iri[:100]} is not the name of a UUID") from error


def _read_id(where: str, node: Mapping[str, Any]) -> str:
    own = optional(where, OWN, node.get(OWN))
    name = text(where, "id", node.get("canonical") or node.get("id"))
    return own or named(name)


def _read_target(where: str, node: Mapping[str, Any]) -> Mapping[str, Any]:
    targets = rows(where, node.get("target"))
    if len(targets) != 1 or not isinstance(targets[0], dict):
        raise ExchangeError(f"{where}: it must have one target, which selects words of a source")
    return targets[0]


def _read_selector(where: str, target: Mapping[str, Any]) -> Selector:
    at = by_type(f"{where}: selector", rows(where, target.get("selector")))
    quoted, placed = at.get("TextQuoteSelector"), at.get("TextPositionSelector", {})
    if quoted is None:
        raise ExchangeError(f"{where}: its target has no TextQuoteSelector")
    return selector(where, quoted, placed)


def _read_bodies(where: str, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [table(f"{where}: body", each) for each in rows(where, node.get("body"))]


def _read_point(where: str, bodies: list[Mapping[str, Any]]) -> str:
    points = [each for each in bodies if {"classifying", "linking"} & set(words(where, each.get("purpose")))]
    if len(points) != 1:
        raise ExchangeError(f"{where}: it must have one body whose purpose is classifying, and it has {len(points)}")
    source = _read_address(points[0].get("source")) or ""
    return text(where, "the guidance point", points[0].get(OWN) or unquote(source.rpartition("/guidance/")[2]))


def _read_body_value(where: str, bodies: list[Mapping[str, Any]], purpose: str) -> object:
    """Return the value of the only textual body of a purpose; None where there is none. Raises ExchangeError."""
    values = [each.get("value") for each in bodies if purpose in rows(where, each.get("purpose"))]
    if len(values) > 1:
        raise ExchangeError(f"{where}: it must have one body whose purpose is {purpose}, and it has {len(values)}")
    return values[0] if values else None


def _read_creator(where: str, node: Mapping[str, Any]) -> str:
    agents = rows(where, node.get("creator"))
    agent = agents[0] if agents else None
    names = rows(where, agent.get("name")) if isinstance(agent, dict) else []
    return text(where, "creator", names[0] if names else _read_address(agent))


def _read_address(value: object) -> str | None:
    """Return an address, which is given alone or as the id of an object."""
    found = value.get("id") or value.get("source") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None
