"""Polite requests: obey robots.txt, wait between requests, retry, follow redirects, and stop a host that refuses."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from protego import Protego

from db.archive.responses import SourceMemory
from db.exit_codes import EXIT_TRY_LATER
from db.records.source import DocumentUnavailable, Unavailable
from scrapers.fetch.http.addresses import read_origin, resolve_redirect
from scrapers.fetch.http.politeness import (
    PROGRAM_NAME,
    RETRIED_KINDS,
    AnswerVerdict,
    PolitenessPolicy,
    compute_wait,
    hide_secrets,
    judge_answer,
)
from scrapers.fetch.http.transport import BrokenAnswer, HttpAnswer, HttpSession, send_request
from scrapers.scope.interfaces import Request


class CrawlClock(NamedTuple):
    """Clock of a crawl: the time in seconds since 1970, a monotonic time in seconds, and a way to wait."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class HostState:
    """State of a host in a run: its robots.txt (`rules`) once `read`, seconds between requests, and failures in a row.

    `stopped` is the reason why it gets no more requests in this run; "" if it still does.
    """

    pause: float
    read: bool = False
    rules: Protego | None = None
    last: float | None = None
    refusals: int = 0
    failures: int = 0
    stopped: str = ""


class SiteSession(NamedTuple):
    """The state that all requests of one site share in a run."""

    source: str
    url: str
    manners: PolitenessPolicy
    memory: SourceMemory
    counts: Counter[str]
    since: str | None
    again: bool
    clock: CrawlClock
    http_session: HttpSession
    hosts: dict[str, HostState]

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.fromtimestamp(self.clock.wall(), UTC)


def follow_redirects(
    session: SiteSession, request: Request, url: str, headers: Mapping[str, str], rules: bool = True
) -> tuple[str, HttpAnswer]:
    """Request an address and follow its redirects; return the last address and its answer, right or unchanged.

    `rules` is False for robots.txt itself, which is always allowed. Raises DocumentUnavailable, or Unavailable for a
    stopped host.
    """
    seen: list[str] = []
    while url not in seen and len(seen) <= session.manners.redirects:
        seen.append(url)
        host = _require_allowed_host(session, request, url) if rules else _find_host(session, url)
        verdict, answer = _request_with_retries(session, host, url, headers, request.media if rules else "")
        if verdict.kind in ("right", "unchanged") and isinstance(answer, HttpAnswer):
            return url, answer
        status = answer.status if isinstance(answer, HttpAnswer) else None
        if verdict.kind != "moved" or not isinstance(answer, HttpAnswer):
            raise DocumentUnavailable(request.name, verdict.reason, status)
        url = _resolve_redirect(session, request, url, answer)
    circle = f"its redirects go round in a circle after {len(seen)}"
    raise DocumentUnavailable(
        request.name, circle if url in seen else f"it leads on more than {session.manners.redirects} times"
    )


def _request_with_retries(
    session: SiteSession, host: HostState, url: str, headers: Mapping[str, str], media: str
) -> tuple[AnswerVerdict, HttpAnswer | BrokenAnswer]:
    """Request one address, with retries; return the verdict on the last answer, and the answer."""
    for attempt in range(session.manners.tries):
        _take_turn(session, host)
        answer = send_request(session.http_session, url, headers, session.manners, session.clock.steady)
        host.last = session.clock.steady()
        session.counts.update(requests=1, bytes=answer.received)
        verdict = _judge_result(answer, media, bool(headers))
        if verdict.kind not in RETRIED_KINDS:
            break
        wait = compute_wait(answer.headers if isinstance(answer, HttpAnswer) else {}, attempt, session.now())
        if wait > session.manners.longest:
            host.stopped = f"it asks not to be asked again for {wait:,.0f} seconds"
            break
        if attempt + 1 < session.manners.tries:
            session.counts["waits"] += 1
            session.clock.sleep(wait)
    _count_verdict(session, host, verdict)
    return verdict, answer


def _judge_result(answer: HttpAnswer | BrokenAnswer, media: str, conditional: bool) -> AnswerVerdict:
    if isinstance(answer, BrokenAnswer):
        return AnswerVerdict(answer.kind, answer.reason)
    if answer.status == 304 and not conditional:
        return AnswerVerdict("wrong", "HTTP 304: it says that nothing has changed, though nothing was known")
    return judge_answer(answer.status, answer.headers, answer.body, media)


def _count_verdict(session: SiteSession, host: HostState, verdict: AnswerVerdict) -> None:
    """Count refusals and failures of a host, and stop it after too many in a row."""
    if verdict.kind in ("refused", "busy"):
        host.refusals += 1
    elif verdict.kind == "down":
        host.failures += 1
    elif verdict.kind in ("right", "unchanged", "gone"):
        host.refusals = host.failures = 0
    if host.refusals >= session.manners.refusals or host.failures >= session.manners.failures:
        times = host.refusals or host.failures
        host.stopped = (
            host.stopped or f"it failed or refused {times} times in a row, the last time with: {verdict.reason}"
        )


def _take_turn(session: SiteSession, host: HostState) -> None:
    """Wait until the next request to a host is allowed. Raises Unavailable if it is stopped, or the budget is spent."""
    manners, counts = session.manners, session.counts
    if host.stopped:
        raise Unavailable(
            f"{session.source}: no more is asked of {session.url} in this run: {host.stopped}", EXIT_TRY_LATER
        )
    for spent, most in (("requests", manners.requests), ("bytes", manners.bytes)):
        if counts[spent] >= most:
            raise Unavailable(
                f"{session.source}: the {most:,} {spent} of a run are spent; it goes on next time", EXIT_TRY_LATER
            )
    if host.last is not None and (wait := host.last + host.pause - session.clock.steady()) > 0:
        session.clock.sleep(wait)


def _find_host(session: SiteSession, url: str) -> HostState:
    return session.hosts.setdefault(str(read_origin(url)), HostState(session.manners.pause))


def _require_allowed_host(session: SiteSession, request: Request, url: str) -> HostState:
    """Return the host of an address. Raises DocumentUnavailable if its robots.txt forbids the address."""
    host = _find_host(session, url)
    if not host.read:
        host.read = True
        _read_rules(session, host, str(read_origin(url)))
    if host.rules and not host.rules.can_fetch(url, PROGRAM_NAME):
        raise DocumentUnavailable(request.name, f"robots.txt of {read_origin(url)} forbids programs to ask for it")
    return host


def _read_rules(session: SiteSession, host: HostState, origin: str) -> None:
    """Read a host's robots.txt: a missing one means no rules, an unreadable one stops the host."""
    try:
        _, answer = follow_redirects(
            session, Request(name="robots.txt", path=""), f"{origin}/robots.txt", {}, rules=False
        )
    except DocumentUnavailable as missed:
        if missed.status is None or not 400 <= missed.status < 500 or missed.status == 429:
            host.stopped = (
                f"its robots.txt cannot be read ({missed.reason}), so nothing is asked for now; try again later"
            )
        return
    host.rules = Protego.parse(answer.body.decode("utf-8", "replace"))
    host.pause = max(host.pause, float(host.rules.crawl_delay(PROGRAM_NAME) or 0))
    if host.pause > session.manners.longest:
        host.stopped = f"its robots.txt asks for {host.pause:,.0f} seconds between requests"


def _resolve_redirect(session: SiteSession, request: Request, url: str, answer: HttpAnswer) -> str:
    """Return the target of a redirect.

    Raises DocumentUnavailable if that is another host, no clear address, or no longer encrypted.
    """
    location = answer.headers.get("location", "").encode("latin-1", "replace").decode("utf-8", "replace")
    origin, service = read_origin(url), read_origin(session.url)
    try:
        target = resolve_redirect(url, location)
        other = read_origin(target)
    except ValueError:
        shown = "no clear address" if location else "nowhere"
    else:
        allowed = {origin.netloc, service.netloc, *session.manners.hosts}
        if other.netloc in allowed and (other.scheme == "https" or origin.scheme == "http"):
            return target
        shown = hide_secrets(str(other), [value for _, value in request.secret])
    raise DocumentUnavailable(
        request.name, f"HTTP {answer.status}: it leads to {shown}, which is not asked", answer.status
    )
