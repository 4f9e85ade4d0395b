"""Records of sources: responses, listed files, gaps and provenance, and the licence of the words."""

from typing import NamedTuple

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
LICENCE_URL = "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/"


class FileEntry(NamedTuple):
    """A file that a location lists: its name there, size in bytes, and last change in the location's unit."""

    name: str
    size: int
    modified: int


class Response(NamedTuple):
    """A document as received; `name` is the source's own name for it, whatever way it was fetched."""

    source: str
    name: str
    url: str
    fetched_at: str
    status: int
    headers: dict[str, str]
    body: bytes


class Gap(NamedTuple):
    """A document or search that could not be fetched; `what` describes it for readers, with first and last date."""

    source: str
    name: str
    what: str
    start: str
    end: str
    reason: str


class Provenance(NamedTuple):
    """Provenance of a record: source, name of the document, its edition there, and the archived response."""

    source: str
    name: str
    edition: str
    response_id: int
    sha256: str
    received: str
