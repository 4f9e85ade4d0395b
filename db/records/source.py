"""What sources give: responses, the files they list, gaps, provenance, and the licence of it all."""

from typing import NamedTuple

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
LICENCE_URL = "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/"


class Listed(NamedTuple):
    """One file that a location says it has: its name there, size in bytes, and last change in the location's unit."""

    name: str
    size: int
    modified: int


class Response(NamedTuple):
    """One document as a source gave it; `name` is the source's own name for it, whichever way it came."""

    source: str
    name: str
    url: str
    fetched_at: str
    status: int
    headers: dict[str, str]
    body: bytes


class Gap(NamedTuple):
    """What could not be had, so that it never looks like nothing: `what` for a reader, with first and last date."""

    source: str
    name: str
    what: str
    start: str
    end: str
    reason: str


class Told(NamedTuple):
    """Which document told something: its source and name, its edition there, and the response that brought it."""

    source: str
    name: str
    edition: str
    response_id: int
    sha256: str
    received: str
