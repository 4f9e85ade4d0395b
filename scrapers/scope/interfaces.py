"""Interfaces between fetching and sources: locations of files, web services, requests and hints."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from db.records.source import FileEntry, Response


class Location(NamedTuple):
    """A place with a source's files: `list` takes path patterns, `read` yields the listed files, in batches."""

    url: str
    list: Callable[[Sequence[str]], Iterable[FileEntry]]
    read: Callable[[Sequence[FileEntry]], Iterator[Response]]


class Request(NamedTuple):
    """One document to request from a web service. `name` is its stable name in the archive, without a key.

    `path` is below the service's address; `secret` are parameters that no log, archive or exception may show. `date` is
    that of the (last) sitting: an old document is requested again less often.
    """

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    secret: tuple[tuple[str, str], ...] = ()
    media: Literal["json", "html"] = "json"
    date: str = ""


class Site(NamedTuple):
    """A web service of a source: `get` answers one request, from the archive if it is not due again.

    `get` raises DocumentUnavailable for a document that is not available, and Unavailable if the service is not, for
    this run.
    """

    url: str
    get: Callable[[Request], Response]


class CrawlHints(NamedTuple):
    """Hints on a topic from earlier sources: dates on which it is mentioned, and addresses of pages of its debates."""

    dates: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
