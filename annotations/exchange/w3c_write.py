"""The writer of W3C Web Annotation in JSON-LD: annotations, replies, moments of videos, pages and collections.

Terms are those of the W3C's context; a date without a time, our own id, a gid and the attribution have terms with the
prefix `dc`, which the same context declares. Positions count code points of the text at `cached`, end exclusive.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from annotations.exchange.bundle import Bundle, ExportedAnnotation, SpeechText
from annotations.exchange.field_readers import format_time
from db.records.annotation import Annotation, Moment, Reply
from db.records.source import LICENCE_URL
from db.video_urls import format_fragment

IRI = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA = "http://www.w3.org/TR/media-frags/"
Node = dict[str, Any]


def make_annotation_node(exported: ExportedAnnotation, base_url: str, attribution: Sequence[str]) -> Node:
    """Make the node of an annotation: words as target; guidance point, reading and note as bodies."""
    annotation = exported.annotation
    modified = format_time(annotation.modified) if annotation.modified else None
    bodies = [
        {
            "type": "SpecificResource",
            "source": f"{base_url}/guidance/{quote(annotation.point_id)}",
            "purpose": "classifying",
            "dc:identifier": annotation.point_id,
        },
        _make_textual_body(annotation.reading, "assessing"),
        *([_make_textual_body(annotation.note, "commenting")] if annotation.note else []),
    ]
    return {
        **_describe(annotation, base_url, attribution),
        "motivation": ["linking", "classifying"],
        **({"modified": modified} if modified else {}),
        "body": bodies,
        "target": _make_target(exported, base_url),
    }


def make_reply_node(reply: Reply, annotation_id: str, base_url: str, attribution: Sequence[str]) -> Node:
    """Make the node of a reply: an annotation whose target is the annotation that it answers."""
    return {
        **_describe(reply, base_url, attribution),
        "motivation": "replying",
        "body": [_make_textual_body(reply.text, "replying"), _make_textual_body(reply.stance, "assessing")],
        "target": make_address(annotation_id, base_url),
    }


def make_moment_node(moment: Moment, speech_id: str | None, base_url: str, attribution: Sequence[str]) -> Node:
    """Make the node of a moment of a video: seconds as target; speech, annotation and note as bodies."""
    speech = {"source": f"{base_url}/speech/{quote(speech_id or moment.target)}", "dc:identifier": moment.target}
    annotation_id = moment.annotation_id
    annotation = (
        {"source": make_address(annotation_id, base_url), "dc:identifier": annotation_id} if annotation_id else None
    )
    bodies = [{"type": "SpecificResource", "purpose": "linking", **each} for each in (speech, annotation) if each]
    selector = {"type": "FragmentSelector", "conformsTo": MEDIA, "value": format_fragment(moment.start, moment.end)}
    return {
        **_describe(moment, base_url, attribution),
        "motivation": "linking",
        "body": [*bodies, *([_make_textual_body(moment.note, "commenting")] if moment.note else [])],
        "target": {"type": "SpecificResource", "source": moment.source, "selector": selector},
    }


def make_nodes(bundle: Bundle, base_url: str) -> Iterator[Node]:
    """Make the nodes of a bundle: every annotation, each followed by its replies; then the moments of videos."""
    for exported in bundle.annotations:
        yield make_annotation_node(exported, base_url, bundle.attribution)
        for reply in exported.annotation.replies:
            yield make_reply_node(reply, exported.annotation.id, base_url, bundle.attribution)
    for moment, speech_id in bundle.moments:
        yield make_moment_node(moment, speech_id, base_url, bundle.attribution)


def make_page(items: Sequence[Node], number: int, last: int, size: int, collection: Node) -> Node:
    """Make page `number` of a collection, with `size` items to a page; pages run from 0 to `last`."""
    collection_url = collection["id"]
    found: Node = {
        "@context": CONTEXT,
        "id": make_page_address(collection_url, number),
        "type": "AnnotationPage",
        "partOf": {key: collection[key] for key in ("id", "type", "label", "total")},
        "startIndex": number * size,
        "items": [drop_context(item) for item in items],
    }
    if number:
        found["prev"] = make_page_address(collection_url, number - 1)
    if number < last:
        found["next"] = make_page_address(collection_url, number + 1)
    return found


def make_collection(label: str, total: int, last: int, collection_url: str, attribution: Sequence[str]) -> Node:
    """Make a collection of `total` annotations whose pages run from 0 to `last`; an empty one has no pages."""
    ends = (
        {"first": make_page_address(collection_url, 0), "last": make_page_address(collection_url, last)}
        if total
        else {}
    )
    return {
        "@context": CONTEXT,
        "id": collection_url,
        "type": "AnnotationCollection",
        "label": label,
        "total": total,
        "rights": LICENCE_URL,
        "dc:rights": list(attribution),
        **ends,
    }


def write_bundle(bundle: Bundle, base_url: str) -> bytes:
    """Write a bundle as a collection in one file, with its only page in it."""
    found = list(make_nodes(bundle, base_url))
    url = f"{base_url}/annotations/"
    whole = make_collection("Annotations of Dispatch Box", len(found), 0, url, bundle.attribution)
    if found:
        whole["first"] = drop_context(make_page(found, 0, 0, len(found), whole))
    issued = {"dcterms:issued": bundle.exported} if bundle.exported else {}
    return json.dumps({**whole, **issued}, ensure_ascii=False, indent=1).encode()


def make_address(id: str, base_url: str) -> str:
    """Return the address of an annotation or a reply."""
    return f"{base_url}/annotations/{quote(id, safe='')}"


def make_page_address(collection_url: str, number: int) -> str:
    """Return the address of a page of a collection."""
    return f"{collection_url}{'&' if '?' in collection_url else '?'}page={number}"


def make_canonical_name(id: str) -> str:
    """Return the URN of an annotation, which is the same on every site: its UUID, or one made from its id."""
    try:
        return UUID(id).urn if str(UUID(id)) == id else uuid5(NAMESPACE_URL, f"dispatch-box:{id}").urn
    except ValueError:
        return uuid5(NAMESPACE_URL, f"dispatch-box:{id}").urn


def _describe(item: Annotation | Reply | Moment, base_url: str, attribution: Sequence[str]) -> Node:
    created = format_time(item.created)
    published_at = None if isinstance(item, Moment) else item.via
    via = {"via" if IRI.fullmatch(published_at) else "dc:source": published_at} if published_at else {}
    return {
        "@context": CONTEXT,
        "id": make_address(item.id, base_url),
        "type": "Annotation",
        **({"created": created} if created else {}),
        **({"dc:date": item.created} if created != item.created else {}),
        "creator": {"id": _make_creator_address(item.creator, base_url), "type": "Person", "name": item.creator},
        "generator": {"id": f"{base_url}/", "type": "Software", "name": "Dispatch Box"},
        "canonical": make_canonical_name(item.id),
        "dc:identifier": item.id,
        **via,
        "rights": LICENCE_URL,
        "dc:rights": list(attribution),
    }


def _make_target(exported: ExportedAnnotation, base_url: str) -> Node:
    annotation, text = exported.annotation, exported.text
    selector = annotation.selector
    selectors: list[Node] = [
        {"type": "TextQuoteSelector", "exact": selector.exact, "prefix": selector.prefix, "suffix": selector.suffix}
    ]
    if selector.start is not None and selector.end is not None:
        selectors.append({"type": "TextPositionSelector", "start": selector.start, "end": selector.end})
    here = exported.make_page_address(base_url)
    cited = {"dcterms:bibliographicCitation": exported.cite_quoted_speech()} if exported.quoted else {}
    return {
        "type": "SpecificResource",
        "source": (text.url or text.hansard_url or here) if text else here,
        "dc:identifier": annotation.target,
        "selector": selectors,
        **(_describe_text(text, base_url) if text else {}),
        **cited,
    }


def _describe_text(text: SpeechText, base_url: str) -> Node:
    """Describe the text in which positions count: its citation, address and time of receipt."""
    found: Node = {"dcterms:bibliographicCitation": text.citation}
    if received := format_time(text.received):
        found["state"] = {"type": "TimeState", "sourceDate": received, "cached": f"{base_url}/text/{text.id}"}
    return found


def _make_textual_body(value: str, purpose: str) -> Node:
    return {"type": "TextualBody", "value": value, "format": "text/plain", "language": "en-GB", "purpose": purpose}


def drop_context(node: Mapping[str, Any]) -> Node:
    """Return a node without its context, for use within another node."""
    return {key: value for key, value in node.items() if key != "@context"}


def _make_creator_address(name: str, base_url: str) -> str:
    return f"{base_url}/statements/annotations?{urlencode({'creator__exact': name})}"
