"""W3C Web Annotation in JSON-LD: annotations, replies, moments of videos, pages and collections.

Terms are those of the W3C's context; what has no term there (a date that is no time, our own id, a gid, whom to name)
goes by the prefix `dc`, which the same context declares. Positions count code points of the text at `cached`, end
exclusive.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from annotations.exchange.bundle import Bundle, Standing, Text
from annotations.exchange.fields import moment
from db.records.annotation import Annotation, Moment, Reply
from db.records.source import LICENCE_URL
from db.video_urls import fragment

IRI = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA = "http://www.w3.org/TR/media-frags/"
Node = dict[str, Any]


def annotation(standing: Standing, base_url: str, attribution: Sequence[str]) -> Node:
    """An annotation: its words as target, the guidance point, the reading and the note as bodies."""
    made = standing.annotation
    modified = moment(made.modified) if made.modified else None
    bodies = [
        {
            "type": "SpecificResource",
            "source": f"{base_url}/guidance/{quote(made.point_id)}",
            "purpose": "classifying",
            "dc:identifier": made.point_id,
        },
        _words(made.reading, "assessing"),
        *([_words(made.note, "commenting")] if made.note else []),
    ]
    return {
        **_about(made, base_url, attribution),
        "motivation": ["linking", "classifying"],
        **({"modified": modified} if modified else {}),
        "body": bodies,
        "target": _target(standing, base_url),
    }


def reply(answer: Reply, annotation_id: str, base_url: str, attribution: Sequence[str]) -> Node:
    """A reply: an annotation whose target is the annotation that it answers."""
    return {
        **_about(answer, base_url, attribution),
        "motivation": "replying",
        "body": [_words(answer.text, "replying"), _words(answer.stance, "assessing")],
        "target": address(annotation_id, base_url),
    }


def filmed(made: Moment, speech_id: str | None, base_url: str, attribution: Sequence[str]) -> Node:
    """A moment of a video: its seconds as target; the speech, and the annotation whose words are said, as bodies."""
    speech = {"source": f"{base_url}/speech/{quote(speech_id or made.target)}", "dc:identifier": made.target}
    of = made.annotation_id
    noted = {"source": address(of, base_url), "dc:identifier": of} if of else None
    said = [{"type": "SpecificResource", "purpose": "linking", **each} for each in (speech, noted) if each]
    at = {"type": "FragmentSelector", "conformsTo": MEDIA, "value": fragment(made.start, made.end)}
    return {
        **_about(made, base_url, attribution),
        "motivation": "linking",
        "body": [*said, *([_words(made.note, "commenting")] if made.note else [])],
        "target": {"type": "SpecificResource", "source": made.source, "selector": at},
    }


def nodes(bundle: Bundle, base_url: str) -> Iterator[Node]:
    """Every annotation of a bundle, each followed by its replies; then its moments of videos."""
    for standing in bundle.standings:
        yield annotation(standing, base_url, bundle.attribution)
        for answer in standing.annotation.replies:
            yield reply(answer, standing.annotation.id, base_url, bundle.attribution)
    for made, speech_id in bundle.moments:
        yield filmed(made, speech_id, base_url, bundle.attribution)


def page(items: Sequence[Node], number: int, last: int, size: int, collection_url: str) -> Node:
    """The page `number` (from 0, `last` is the last one's) of a collection, `size` to each page."""
    found: Node = {
        "@context": CONTEXT,
        "id": page_address(collection_url, number),
        "type": "AnnotationPage",
        "partOf": collection_url,
        "startIndex": number * size,
        "items": [bare(item) for item in items],
    }
    if number:
        found["prev"] = page_address(collection_url, number - 1)
    if number < last:
        found["next"] = page_address(collection_url, number + 1)
    return found


def collection(label: str, total: int, last: int, collection_url: str, attribution: Sequence[str]) -> Node:
    """A collection of `total` annotations whose pages run from 0 to `last`; an empty one has no pages."""
    ends = {"first": page_address(collection_url, 0), "last": page_address(collection_url, last)} if total else {}
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


def write(bundle: Bundle, base_url: str) -> bytes:
    """A collection as one file, with its only page in it."""
    found = list(nodes(bundle, base_url))
    url = f"{base_url}/annotations/"
    whole = collection("Annotations of Dispatch Box", len(found), 0, url, bundle.attribution)
    if found:
        whole["first"] = bare(page(found, 0, 0, len(found), url))
    return json.dumps({**whole, "dcterms:issued": bundle.made}, ensure_ascii=False, indent=1).encode()


def address(id: str, base_url: str) -> str:
    """The address of an annotation or a reply."""
    return f"{base_url}/annotations/{quote(id, safe='')}"


def page_address(collection_url: str, number: int) -> str:
    """The address of a page of a collection."""
    return f"{collection_url}{'&' if '?' in collection_url else '?'}page={number}"


def canonical(id: str) -> str:
    """The name of an annotation wherever it is kept: a UUID's own, or one made of its id."""
    try:
        return UUID(id).urn if str(UUID(id)) == id else uuid5(NAMESPACE_URL, f"dispatch-box:{id}").urn
    except ValueError:
        return uuid5(NAMESPACE_URL, f"dispatch-box:{id}").urn


def _about(made: Annotation | Reply | Moment, base_url: str, attribution: Sequence[str]) -> Node:
    created = moment(made.created)
    elsewhere = None if isinstance(made, Moment) else made.via
    via = {"via" if IRI.fullmatch(elsewhere) else "dc:source": elsewhere} if elsewhere else {}
    return {
        "@context": CONTEXT,
        "id": address(made.id, base_url),
        "type": "Annotation",
        **({"created": created} if created else {}),
        **({"dc:date": made.created} if created != made.created else {}),
        "creator": {"id": _creator(made.creator, base_url), "type": "Person", "name": made.creator},
        "generator": {"id": f"{base_url}/", "type": "Software", "name": "Dispatch Box"},
        "canonical": canonical(made.id),
        "dc:identifier": made.id,
        **via,
        "rights": LICENCE_URL,
        "dc:rights": list(attribution),
    }


def _target(standing: Standing, base_url: str) -> Node:
    made, text = standing.annotation, standing.text
    at = made.selector
    selectors: list[Node] = [
        {"type": "TextQuoteSelector", "exact": at.exact, "prefix": at.prefix, "suffix": at.suffix},
    ]
    if at.start is not None and at.end is not None:
        selectors.append({"type": "TextPositionSelector", "start": at.start, "end": at.end})
    here = f"{base_url}/speech/{quote(text.id if text else made.target)}"
    return {
        "type": "SpecificResource",
        "source": (text.url or text.hansard_url or here) if text else here,
        "dc:identifier": made.target,
        "selector": selectors,
        **(_state(text, base_url) if text else {}),
    }


def _state(text: Text, base_url: str) -> Node:
    """The text that positions count in, and when its words were received."""
    found: Node = {"dcterms:bibliographicCitation": text.citation}
    if received := moment(text.received):
        found["state"] = {"type": "TimeState", "sourceDate": received, "cached": f"{base_url}/text/{text.id}"}
    return found


def _words(value: str, purpose: str) -> Node:
    return {"type": "TextualBody", "value": value, "format": "text/plain", "language": "en-GB", "purpose": purpose}


def bare(node: Mapping[str, Any]) -> Node:
    """A node within another, which says the context once."""
    return {key: value for key, value in node.items() if key != "@context"}


def _creator(name: str, base_url: str) -> str:
    return f"{base_url}/statements/annotations?{urlencode({'creator__exact': name})}"
