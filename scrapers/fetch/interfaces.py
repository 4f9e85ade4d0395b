"""What fetching gives a source: locations of files, web services with their requests, and leads."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from db.records.source import Listed, Response


class Location(NamedTuple):
    """A place that holds a source's files: `list` answers path patterns, `read` brings the files named, in batches."""

    url: str
    list: Callable[[Sequence[str]], Iterable[Listed]]
    read: Callable[[Sequence[Listed]], Iterator[Response]]


class Request(NamedTuple):
    """One document to ask a web service for. `name` is the source's own stable name for it, and never holds a key.

    `path` is below the service's address; `secret` are parameters that no log, archive or exception may show. `date` is
    the sitting's (the last, of several): what was said long ago is asked for again more seldom.
    """

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    secret: tuple[tuple[str, str], ...] = ()
    media: Literal["json", "html"] = "json"
    date: str = ""


class Site(NamedTuple):
    """A web service of a source: `get` answers one request, from the archive where it need not be asked again.

    `get` raises Missed for a document that cannot be had, and Unavailable where nothing more can be asked in this run.
    """

    url: str
    get: Callable[[Request], Response]


class Leads(NamedTuple):
    """What earlier sources found out about a topic: dates on which it is named, and pages of its debates."""

    dates: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
