"""Client of a web service: polite, answering from the archive if possible, and returning only complete responses."""

import logging
from collections import Counter
from functools import partial
from urllib.parse import quote, unquote, urlencode

from db.archive.responses import FetchStatus, SourceMemory
from db.exit_codes import EXIT_SET_UP
from db.records.source import DocumentUnavailable, Response, Unavailable
from scrapers.fetch.http.addresses import check_web_service, hide_user
from scrapers.fetch.http.polite_requests import CrawlClock, SiteSession, follow_redirects
from scrapers.fetch.http.politeness import PolitenessPolicy, hide_secrets, is_due
from scrapers.fetch.http.transport import HttpAnswer, open_http_session
from scrapers.scope.interfaces import Request, Site

ARCHIVED_HEADERS = ("Content-Type", "Date", "ETag", "Last-Modified")
REAL_CLOCK = CrawlClock()


def open_site(
    source: str,
    url: str,
    manners: PolitenessPolicy,
    memory: SourceMemory,
    counts: Counter[str],
    *,
    since: str | None = None,
    again: bool = False,
    clock: CrawlClock = REAL_CLOCK,
) -> Site:
    """Open a web service at http:// or https://. Raises Unavailable if the address is not valid.

    `counts` gains requests, bytes, not_modified, waits, gone, and unasked (answered by the archive); the budget limits
    its requests and bytes. `since` and `again` are those of `politeness.is_due`.
    """
    try:
        check_web_service(url)
    except ValueError as error:
        advice = f"is no address of a web service: write https://host/path ({error})"
        raise Unavailable(f"{hide_user(url)!r} {advice}", EXIT_SET_UP) from None
    for name in ("urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.INFO)  # below that level it logs addresses with their keys
    session = SiteSession(
        source=source,
        url=url,
        manners=manners,
        memory=memory,
        counts=counts,
        since=since,
        again=again,
        clock=clock,
        http_session=open_http_session(manners.agent),
        hosts={},
    )
    return Site(url, partial(_answer_request, session))


def build_address(url: str, request: Request) -> str:
    """Build the address of a request, below the address of its service."""
    query = urlencode([*request.query, *request.secret], quote_via=quote)
    return f"{url.rstrip('/')}/{request.path.lstrip('/')}{'?' + query if query else ''}"


def build_public_address(url: str, request: Request) -> str:
    """Build the address of a request without its secrets."""
    names = {name for name, _ in request.secret}
    path, _, query = url.partition("?")
    shown = "&".join(pair for pair in query.split("&") if pair and unquote(pair.partition("=")[0]) not in names)
    return hide_secrets(f"{path}?{shown}" if shown else path, [value for _, value in request.secret])


def _answer_request(session: SiteSession, request: Request) -> Response:
    """Answer one request from the archive if it is not due again, else from the service.

    Raises DocumentUnavailable.
    """
    known, last = session.memory.find_response(request.name), session.memory.find_status(request.name)
    now = f"{session.now():%Y-%m-%dT%H:%M:%SZ}"
    settled_at = last.at if last and _is_settled(known, last) else None
    if last and not is_due(settled_at, request.date, now, session.manners.recent_days, session.again, session.since):
        return _answer_from_archive(session, known, last)
    etag, modified = (last.etag, last.modified) if last and known else ("", "")
    status = FetchStatus(name=request.name, at=now, status=None, outcome="failed", etag=etag, modified=modified)
    try:
        url, answer = follow_redirects(session, request, build_address(session.url, request), _make_conditions(status))
        return _make_response(session, request, known, status, url, answer)
    except DocumentUnavailable as missed:
        absent = missed.status in (404, 410)
        session.counts["gone"] += absent and known is not None
        status = status._replace(status=missed.status)
        session.memory.enter_status(status._replace(outcome="gone" if known else "missing") if absent else status)
        raise


def _is_settled(known: Response | None, last: FetchStatus) -> bool:
    """Return True if the last request had an answer that the archive can repeat."""
    return last.outcome in ("gone", "missing") or (last.outcome != "failed" and known is not None)


def _answer_from_archive(session: SiteSession, known: Response | None, last: FetchStatus) -> Response:
    session.counts["unasked"] += 1
    if known is None or last.outcome in ("gone", "missing"):
        raise DocumentUnavailable(last.name, f"HTTP {last.status} when it was last asked for, {last.at}", last.status)
    return known


def _make_conditions(status: FetchStatus) -> dict[str, str]:
    conditions = {"If-None-Match": status.etag, "If-Modified-Since": status.modified}
    return {name: value for name, value in conditions.items() if value}


def _make_response(
    session: SiteSession, request: Request, known: Response | None, status: FetchStatus, url: str, answer: HttpAnswer
) -> Response:
    """Make the response of an answer: the archived one if nothing has changed.

    Raises DocumentUnavailable if it repeats a secret.
    """
    if answer.status == 304 and known:
        session.counts["not_modified"] += 1
        session.memory.enter_status(status._replace(status=304, outcome="unchanged"))
        return known
    secrets = [value for _, value in request.secret]
    if secrets and hide_secrets(text := answer.body.decode("utf-8", "replace"), secrets) != text:
        raise DocumentUnavailable(request.name, "the answer repeats the key, so it is not kept", answer.status)
    headers = {
        name: hide_secrets(answer.headers[name.lower()], secrets)
        for name in ARCHIVED_HEADERS
        if name.lower() in answer.headers
    }
    return Response(
        source=session.source,
        name=request.name,
        url=build_public_address(url, request),
        fetched_at=status.at,
        status=answer.status,
        headers=headers,
        body=answer.body,
    )
