"""A web service, asked with manners: what need not be asked is remembered, and only whole, right answers come out."""

import logging
from collections import Counter
from functools import partial
from urllib.parse import quote, unquote, urlencode, urlsplit

from db.archive.responses import Asked, Memory
from db.records.errors import SET_UP, Missed, Unavailable
from db.records.source import Response
from scrapers.fetch.http.politeness import Manners, due, scrub
from scrapers.fetch.http.requests import PORTS, Asking, Clock, follow
from scrapers.fetch.http.transport import Answer, open_wire
from scrapers.fetch.interfaces import Request, Site

KEPT = ("Content-Type", "Date", "ETag", "Last-Modified")  # the headers that matter
REAL = Clock()


def open_site(
    source: str,
    url: str,
    manners: Manners,
    memory: Memory,
    counts: Counter[str],
    *,
    since: str | None = None,
    again: bool = False,
    clock: Clock = REAL,
) -> Site:
    """A web service at http:// or https://. Raises Unavailable where that is no address.

    `counts` gains requests, bytes, not_modified, waits, gone, and unasked (what the archive answered); its requests and
    bytes are what the budget is held to. `since` and `again` are those of `manners.due`.
    """
    if urlsplit(url).scheme not in PORTS or not urlsplit(url).hostname:
        raise Unavailable(f"{url!r} is no address of a web service: write https://host/path", SET_UP)
    for name in ("urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.INFO)  # below that it writes addresses, keys and all
    asking = Asking(source, url, manners, memory, counts, since, again, clock, open_wire(manners.agent), {})
    return Site(url, partial(_get, asking))


def address(url: str, request: Request) -> str:
    """Where a request is sent, below the address of its service."""
    query = urlencode([*request.query, *request.secret], quote_via=quote)
    return f"{url.rstrip('/')}/{request.path.lstrip('/')}{'?' + query if query else ''}"


def public(url: str, request: Request) -> str:
    """An address without what a request holds secret."""
    names = {name for name, _ in request.secret}
    path, _, query = url.partition("?")
    shown = "&".join(pair for pair in query.split("&") if pair and unquote(pair.partition("=")[0]) not in names)
    return scrub(f"{path}?{shown}" if shown else path, [value for _, value in request.secret])


def _get(asking: Asking, request: Request) -> Response:
    """Answer one request: from the archive where it need not be asked, else from the service. Raises Missed."""
    known, last = asking.memory.known(request.name), asking.memory.asked(request.name)
    at = f"{asking.now():%Y-%m-%dT%H:%M:%SZ}"
    had_at = last.at if last and _settled(known, last) else None
    if last and not due(had_at, request.date, at, asking.manners.recent_days, asking.again, asking.since):
        return _remembered(asking, known, last)
    then = Asked(request.name, at, None, "failed", *((last.etag, last.modified) if last and known else ("", "")))
    try:
        url, answer = follow(asking, request, address(asking.url, request), _conditions(then))
        return _received(asking, request, known, then, url, answer)
    except Missed as missed:
        absent = missed.status in (404, 410)
        asking.counts["gone"] += absent and known is not None
        then = then._replace(status=missed.status)
        asking.memory.told(then._replace(outcome="gone" if known else "missing") if absent else then)
        raise


def _settled(known: Response | None, last: Asked) -> bool:
    """Whether the last asking gave an answer that can be had again without asking."""
    return last.outcome in ("gone", "missing") or (last.outcome != "failed" and known is not None)


def _remembered(asking: Asking, known: Response | None, last: Asked) -> Response:
    asking.counts["unasked"] += 1
    if known is None or last.outcome in ("gone", "missing"):
        raise Missed(last.name, f"HTTP {last.status} when it was last asked for, {last.at}", last.status)
    return known


def _conditions(then: Asked) -> dict[str, str]:
    conditions = {"If-None-Match": then.etag, "If-Modified-Since": then.modified}
    return {name: value for name, value in conditions.items() if value}


def _received(
    asking: Asking, request: Request, known: Response | None, then: Asked, url: str, answer: Answer
) -> Response:
    """The response that an answer makes: the archived one where nothing has changed. Raises Missed for a leak."""
    if answer.status == 304 and known:
        asking.counts["not_modified"] += 1
        asking.memory.told(then._replace(status=304, outcome="unchanged"))
        return known
    secrets = [value for _, value in request.secret]
    if secrets and scrub(text := answer.body.decode("utf-8", "replace"), secrets) != text:
        raise Missed(request.name, "the answer repeats the key, so it is not kept", answer.status)
    headers = {name: scrub(answer.headers[name.lower()], secrets) for name in KEPT if name.lower() in answer.headers}
    return Response(asking.source, request.name, public(url, request), then.at, answer.status, headers, answer.body)
