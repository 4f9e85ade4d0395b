"""Moments of videos in JSON-LD: W3C annotations of a media fragment, whose body is what is said there."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from annotations.exchange.fields import moment as instant
from annotations.exchange.w3c import CONTEXT, address, canonical
from db.records import LICENCE_URL
from db.rows import Row
from db.video import fragment

MEDIA = "http://www.w3.org/TR/media-frags/"


def annotation(row: Row, base_url: str, attribution: Sequence[str]) -> dict[str, Any]:
    """A row of the table moments: its seconds of the video as target, the speech or annotation said there as body."""
    noted, created = row["annotation_id"], instant(row["created"])
    said = address(noted, base_url) if noted else f"{base_url}/speech/{quote(row['speech_id'] or row['target'])}"
    comment = {"type": "TextualBody", "value": row["note"], "format": "text/plain", "purpose": "commenting"}
    selector = {"type": "FragmentSelector", "conformsTo": MEDIA, "value": fragment(row["start"], row["end"])}
    return {
        "@context": CONTEXT,
        "id": f"{base_url}/moment/{quote(row['id'], safe='')}.jsonld",
        "type": "Annotation",
        "motivation": "linking",
        **({"created": created} if created else {}),
        "creator": {"type": "Person", "name": row["creator"]},
        "canonical": canonical(row["id"]),
        "dc:identifier": row["id"],
        "rights": LICENCE_URL,
        "dc:rights": list(attribution),
        "body": [
            {"type": "SpecificResource", "source": said, "purpose": "linking"},
            *([comment] if row["note"] else []),
        ],
        "target": {"type": "SpecificResource", "source": row["source"], "selector": selector},
    }
