"""The writer and reader of Hypothesis JSON: the file that its client exports and imports.

The note is `text`; the guidance point, the reading, a reply's stance and a date without a time are tags, such as
`point:participation-online/code`, `reading:implied`, `stance:disputes`, `created:2008-06`. A name is percent-encoded in
`user`. Positions count code points of our plain text, end exclusive; a client that counts in another way can use the
quote.

Hypothesis exports also what only its user or a group may read, and what moderators have hidden or not approved yet.
Only what says that everybody may read it is read.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from annotations.exchange.bundle import (
    Bundle,
    ExchangeError,
    ExportedAnnotation,
    FileItem,
    ImportedAnnotation,
    ImportedItem,
    ImportedReply,
    LeftOutItem,
    RefusedItem,
    read_or_refuse,
)
from annotations.exchange.field_readers import (
    check_count,
    format_time,
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
from annotations.exchange.w3c_write import make_address
from db.records.annotation import Annotation, Reply, Selector, Stance
from db.records.guidance import Reading
from db.records.source import LICENCE_URL

VERSION = "dispatch-box"
PUBLIC_GROUP = "__world__"
PUBLIC = f"group:{PUBLIC_GROUP}"
APPROVED = "APPROVED"
EPOCH = "1970-01-01T00:00:00Z"  # for a date without a time: the tag `created` has the date
Node = dict[str, Any]


def write_bundle(bundle: Bundle, base_url: str) -> bytes:
    """Write an export file: each annotation, followed by its replies."""
    wrapper = {
        "export_date": bundle.exported,
        "export_userid": _make_user("Dispatch Box", base_url),
        "client_version": VERSION,
        "annotations": list(_make_nodes(bundle, base_url)),
    }
    return json.dumps(wrapper, ensure_ascii=False, indent=1).encode()


def _make_nodes(bundle: Bundle, base_url: str) -> Iterator[Node]:
    for exported in bundle.annotations:
        annotation, rights = exported.annotation, [*bundle.attribution, LICENCE_URL]
        tags = [f"point:{annotation.point_id}", f"reading:{annotation.reading}"]
        target = {"source": _find_address(exported, base_url), "selector": _make_selectors(annotation.selector)}
        yield _make_node(annotation, exported, annotation.note, tags, [], target, rights, base_url)
        for reply in annotation.replies:
            tags, parent, reply_target = (
                [f"stance:{reply.stance}"],
                [annotation.id],
                {"source": _find_address(exported, base_url)},
            )
            yield _make_node(reply, exported, reply.text, tags, parent, reply_target, rights, base_url)


def _make_node(
    item: Annotation | Reply,
    exported: ExportedAnnotation,
    text: str,
    tags: Sequence[str],
    parents: Sequence[str],
    target: Mapping[str, Any],
    rights: Sequence[str],
    base_url: str,
) -> Node:
    created = format_time(item.created)
    user = _make_user(item.creator, base_url)
    title = f"{exported.text.title} ({exported.text.citation})" if exported.text else exported.annotation.target
    title = f"{exported.quoted['title']} ({exported.cite_quoted_speech()})" if exported.quoted else title
    return {
        "id": item.id,
        "created": created or EPOCH,
        "updated": (item.modified if isinstance(item, Annotation) else None) or created or EPOCH,
        "user": user,
        "uri": target["source"],
        "text": text,
        "tags": [*tags, *([f"created:{item.created}"] if created != item.created else [])],
        "group": PUBLIC_GROUP,
        "permissions": {"read": [PUBLIC], "update": [user], "delete": [user], "admin": [user]},
        "references": list(parents),
        "target": [target],
        "document": {"title": [title], "dc": {"identifier": [exported.annotation.target], "rights": list(rights)}},
        "links": {"html": make_address(item.id, base_url), **({"via": item.via} if item.via else {})},
        "hidden": False,
        "flagged": False,
        "moderation_status": APPROVED,
    }


def _make_selectors(selector: Selector) -> list[Node]:
    quoted: Node = {
        "type": "TextQuoteSelector",
        "exact": selector.exact,
        "prefix": selector.prefix,
        "suffix": selector.suffix,
    }
    if selector.start is None or selector.end is None:
        return [quoted]
    return [{"type": "TextPositionSelector", "start": selector.start, "end": selector.end}, quoted]


def _find_address(exported: ExportedAnnotation, base_url: str) -> str:
    text = exported.text
    here = exported.make_page_address(base_url)
    return (text.url or text.hansard_url or here) if text else here


def _make_user(name: str, base_url: str) -> str:
    return f"acct:{quote(name, safe='')}@{urlsplit(base_url).hostname}"


def read_items(body: bytes, point: str = "", reading: str = "") -> list[FileItem]:
    """Read the annotations and replies of an export file, or of a bare array of them. Raises ExchangeError.

    One that cannot be read is refused, and the others are read.

    `point` and `reading` are those of annotations without these tags. What is not public and approved is left out, and
    its content is not looked at; notes on a whole page and replies without a stance are left out too. With each of them
    go its replies, and theirs.
    """
    untagged = {"point": point, "reading": reading}
    value = read_json(body)
    if isinstance(value, dict) and "annotations" not in value:
        raise ExchangeError("the file has no annotations: it is no export of Hypothesis")
    found = value["annotations"] if isinstance(value, dict) else value
    if not isinstance(found, list):
        raise ExchangeError("the annotations must be an array")
    check_count("annotations", len(found))
    items: dict[int, FileItem] = {
        number: RefusedItem(f"annotation {number}", f"here must be an object, not {type(each).__name__}")
        for number, each in enumerate(found, 1)
        if not isinstance(each, dict)
    }
    entries = {
        number: _Entry(_name_place(number, each), each, untagged)
        for number, each in enumerate(found, 1)
        if isinstance(each, dict)
    }
    reasons = _find_reasons(list(entries.values()))
    for (number, entry), reason in zip(entries.items(), reasons, strict=True):
        left_out = LeftOutItem(entry.where, reason) if reason else None
        items[number] = left_out or read_or_refuse(entry.where, partial(_read_item, entry))
    return [item for _, item in sorted(items.items())]


class _Entry(NamedTuple):
    """An annotation or reply of a file, its place for messages, and what stands for the tags that it has not."""

    where: str
    node: Mapping[str, Any]
    untagged: Mapping[str, str]

    @property
    def references(self) -> list[Any]:
        """The annotation that a reply answers, and the replies between the two; empty for an annotation."""
        return read_array(self.where, self.node.get("references"))

    def read_tags(self) -> dict[str, str]:
        """Return the values of tags of the form key:value, by key."""
        tags = [read_text(self.where, "tags", tag, "") for tag in read_array(self.where, self.node.get("tags"))]
        found = {key: value for key, colon, value in (tag.partition(":") for tag in tags) if colon}
        return {**self.untagged, **found}


def _find_reasons(entries: Sequence[_Entry]) -> list[str]:
    """Return for each entry why it is left out, or "". The content of what is not public is not looked at."""
    reasons = _extend_to_replies(entries, [_find_reason_to_leave_out(entry.node) for entry in entries])
    found = [reason or _find_what_is_missing(entry) for entry, reason in zip(entries, reasons, strict=True)]
    return _extend_to_replies(entries, found)


def _find_what_is_missing(entry: _Entry) -> str:
    """Return why an annotation made without this archive in mind is left out, or ""; also for what is unreadable."""
    try:
        return _find_missing_part(entry)
    except ExchangeError:
        return ""


def _extend_to_replies(entries: Sequence[_Entry], reasons: Sequence[str]) -> list[str]:
    """Give a reason to all that answers what is left out, whatever the order of the file."""
    found, answers = [*reasons], defaultdict[str, list[int]](list)
    for number, entry in enumerate(entries):
        for reference in entry.references:
            answers[str(reference)].append(number)
    waiting = [number for number, reason in enumerate(found) if reason]
    while waiting:
        for number in answers.pop(str(entries[waiting.pop()].node.get("id")), ()):
            if not found[number]:
                found[number] = "it answers one that is left out"
                waiting.append(number)
    return found


def _name_place(number: int, node: Mapping[str, Any]) -> str:
    return f"annotation {number} ({str(node.get('id'))[:100]})"


def _find_missing_part(entry: _Entry) -> str:
    """Return why an annotation made without this archive in mind cannot be entered, or ""."""
    where, node, _ = entry
    if entry.references:
        return "" if "stance" in entry.read_tags() else "it is a reply without the tag stance:agrees or stance:disputes"
    is_on_words = any("selector" in target for target in _read_targets(where, node))
    is_tagged = any(tag.startswith(("point:", "reading:")) for tag in read_texts(where, node.get("tags")))
    return "" if is_on_words or is_tagged else "it is a note on a whole page, and quotes no words"


def _find_reason_to_leave_out(node: Mapping[str, Any]) -> str:
    """Return why an annotation must not be published, or ""."""
    permissions = node.get("permissions")
    readers = read_texts("", permissions.get("read")) if isinstance(permissions, dict) else []
    group, status = node.get("group"), node.get("moderation_status")
    if PUBLIC not in readers:
        return "not everybody may read it" if readers else "it does not say that everybody may read it"
    if group not in (None, PUBLIC_GROUP):
        return "it belongs to a group"
    if node.get("hidden") not in (None, False):
        return "moderators have hidden it"
    return "" if status in (None, APPROVED) else "moderators have not approved it"


def _read_item(entry: _Entry) -> ImportedItem:
    (where, node, _), tags = entry, entry.read_tags()
    links, document = (read_object(f"{where}: {key}", node.get(key) or {}) for key in ("links", "document"))
    id, via = read_text(where, "id", node.get("id")), read_optional_text(where, "links.via", links.get("via"))
    creator, created = (
        _read_creator(where, node),
        tags.get("created") or read_text(where, "created", node.get("created")),
    )
    if parents := entry.references:
        stance = read_choice(where, "the tag stance:", tags.get("stance"), Stance)
        text = read_text(where, "text", node.get("text"))
        reply = Reply(id=id, stance=stance, text=text, creator=creator, created=created, via=via)
        return ImportedReply(where, read_text(where, "references", parents[0]), reply)
    identifiers = read_array(where, read_object(f"{where}: document.dc", document.get("dc") or {}).get("identifier"))
    target = read_text(where, "uri", identifiers[0] if identifiers else node.get("uri"))
    return ImportedAnnotation(
        where,
        Annotation(
            id=id,
            target=target,
            reading=read_choice(where, "the tag reading:", tags.get("reading"), Reading),
            point_id=read_text(where, "the tag point:", tags.get("point")),
            note=read_text(where, "text", node.get("text"), ""),
            selector=_read_selector(where, node),
            creator=creator,
            created=created,
            via=via,
            origin="journal",
        ),
    )


def _read_targets(where: str, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [read_object(f"{where}: target", each) for each in read_array(where, node.get("target"))]


def _read_selector(where: str, node: Mapping[str, Any]) -> Selector:
    targets = _read_targets(where, node)
    at = group_by_type(
        f"{where}: selector", (each for target in targets for each in read_array(where, target.get("selector")))
    )
    quoted, placed = at.get("TextQuoteSelector"), at.get("TextPositionSelector", {})
    if quoted is None:
        raise ExchangeError(f"{where}: it quotes no words: there is no TextQuoteSelector")
    return read_selector(where, quoted, placed)


def _read_creator(where: str, node: Mapping[str, Any]) -> str:
    user = read_text(where, "user", node.get("user"))
    shown = read_object(f"{where}: user_info", node.get("user_info") or {}).get("display_name")
    return read_optional_text(where, "user_info", shown) or unquote(
        user.removeprefix("acct:").rpartition("@")[0] or user
    )
