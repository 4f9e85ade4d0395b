"""From an address to the answer at its end: robots.txt obeyed, turns waited for, tries counted, redirects followed."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from protego import Protego

from db.archive.responses import Memory
from db.records.errors import LATER, Missed, Unavailable
from scrapers.fetch.http.politeness import AGAIN, NAME, Manners, Verdict, judge, scrub, wait_for
from scrapers.fetch.http.transport import Answer, Broken, Wire, exchange
from scrapers.fetch.interfaces import Request

PORTS = {"http": ":80", "https": ":443"}


class Clock(NamedTuple):
    """The time of day in seconds since 1970, a clock that is never set, and how to wait."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Host:
    """What a run has learnt of a host: its rules once they are read, seconds between requests, how it answered."""

    pause: float
    read: bool = False
    rules: Protego | None = None
    last: float | None = None
    refusals: int = 0
    failures: int = 0
    stopped: str = ""


class Asking(NamedTuple):
    """What all requests of a site share in a run."""

    source: str
    url: str
    manners: Manners
    memory: Memory
    counts: Counter[str]
    since: str | None
    again: bool
    clock: Clock
    wire: Wire
    hosts: dict[str, Host]

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.clock.wall(), UTC)


def follow(
    asking: Asking, request: Request, url: str, headers: Mapping[str, str], rules: bool = True
) -> tuple[str, Answer]:
    """The last address and its answer, right or unchanged. Raises Missed; Unavailable for a host that is asked no more.

    `rules` is False for robots.txt itself, which nothing forbids to ask for.
    """
    seen: list[str] = []
    while url not in seen and len(seen) <= asking.manners.redirects:
        seen.append(url)
        host = _obeyed(asking, request, url) if rules else _host(asking, url)
        verdict, came = _ask(asking, host, url, headers, request.media if rules else "")
        if verdict.kind in ("right", "unchanged") and isinstance(came, Answer):
            return url, came
        status = came.status if isinstance(came, Answer) else None
        if verdict.kind != "moved" or not isinstance(came, Answer):
            raise Missed(request.name, verdict.reason, status)
        url = _onward(asking, request, url, came)
    circle = f"its redirects go round in a circle after {len(seen)}"
    raise Missed(request.name, circle if url in seen else f"it leads on more than {asking.manners.redirects} times")


def _ask(
    asking: Asking, host: Host, url: str, headers: Mapping[str, str], media: str
) -> tuple[Verdict, Answer | Broken]:
    """What comes of one address after a few tries, and whether it is right."""
    for attempt in range(asking.manners.tries):
        _take_turn(asking, host)
        came = exchange(asking.wire, url, headers, asking.manners, asking.clock.steady)
        host.last = asking.clock.steady()
        asking.counts.update(requests=1, bytes=came.received)
        verdict = _judged(came, media, bool(headers))
        if verdict.kind not in AGAIN:
            break
        wait = wait_for(came.headers if isinstance(came, Answer) else {}, attempt, asking.now())
        if wait > asking.manners.longest:
            host.stopped = f"it asks not to be asked again for {wait:,.0f} seconds"
            break
        if attempt + 1 < asking.manners.tries:
            asking.counts["waits"] += 1
            asking.clock.sleep(wait)
    _note(asking, host, verdict)
    return verdict, came


def _judged(came: Answer | Broken, media: str, conditional: bool) -> Verdict:
    if isinstance(came, Broken):
        return Verdict(came.kind, came.reason)
    if came.status == 304 and not conditional:
        return Verdict("wrong", "HTTP 304: it says that nothing has changed, though nothing was known")
    return judge(came.status, came.headers, came.body, media)


def _note(asking: Asking, host: Host, verdict: Verdict) -> None:
    """Remember how a host answered, and stop it where it has refused or failed too often in a row."""
    if verdict.kind in ("refused", "busy"):
        host.refusals += 1
    elif verdict.kind == "down":
        host.failures += 1
    elif verdict.kind in ("right", "unchanged", "gone"):
        host.refusals = host.failures = 0
    if host.refusals >= asking.manners.refusals or host.failures >= asking.manners.failures:
        times = host.refusals or host.failures
        host.stopped = (
            host.stopped or f"it failed or refused {times} times in a row, the last time with: {verdict.reason}"
        )


def _take_turn(asking: Asking, host: Host) -> None:
    """Wait until a host may be asked. Raises Unavailable where it may not be, or where the run's budget is spent."""
    manners, counts = asking.manners, asking.counts
    if host.stopped:
        raise Unavailable(f"{asking.source}: no more is asked of {asking.url} in this run: {host.stopped}", LATER)
    for spent, most in (("requests", manners.requests), ("bytes", manners.bytes)):
        if counts[spent] >= most:
            raise Unavailable(f"{asking.source}: the {most:,} {spent} of a run are spent; it goes on next time", LATER)
    if host.last is not None and (wait := host.last + host.pause - asking.clock.steady()) > 0:
        asking.clock.sleep(wait)


def _host(asking: Asking, url: str) -> Host:
    return asking.hosts.setdefault(_origin(url), Host(asking.manners.pause))


def _obeyed(asking: Asking, request: Request, url: str) -> Host:
    """The host of an address that its robots.txt lets us ask for. Raises Missed where it does not."""
    host = _host(asking, url)
    if not host.read:
        host.read = True
        _read_rules(asking, host, _origin(url))
    if host.rules and not host.rules.can_fetch(url, NAME):
        raise Missed(request.name, f"robots.txt of {_origin(url)} forbids programs to ask for it")
    return host


def _read_rules(asking: Asking, host: Host, origin: str) -> None:
    """Ask for a host's robots.txt: none means no rules, and one that cannot be read means that nothing is asked now."""
    try:
        _, answer = follow(asking, Request("robots.txt", ""), f"{origin}/robots.txt", {}, rules=False)
    except Missed as missed:
        if missed.status is None or not 400 <= missed.status < 500 or missed.status == 429:
            host.stopped = (
                f"its robots.txt cannot be read ({missed.reason}), so nothing is asked for now; try again later"
            )
        return
    host.rules = Protego.parse(answer.body.decode("utf-8", "replace"))
    host.pause = max(host.pause, float(host.rules.crawl_delay(NAME) or 0))
    if host.pause > asking.manners.longest:
        host.stopped = f"its robots.txt asks for {host.pause:,.0f} seconds between requests"


def _onward(asking: Asking, request: Request, url: str, answer: Answer) -> str:
    """Where a redirect leads. Raises Missed where that is another host, or no address, or no longer encrypted."""
    location = answer.headers.get("location", "").encode("latin-1").decode("utf-8", "replace")
    try:
        onward = urldefrag(urljoin(url, location)).url
        here, there = _origin(url), _origin(onward)
    except ValueError:
        here, there = "", "no address"
    allowed = {_netloc(here), _netloc(_origin(asking.url)), *asking.manners.hosts}
    if location and _netloc(there) in allowed and (there.startswith("https:") or here.startswith("http:")):
        return onward
    there = scrub(there, [value for _, value in request.secret])
    raise Missed(
        request.name, f"HTTP {answer.status}: it leads to {there or 'nowhere'}, which is not asked", answer.status
    )


def _origin(url: str) -> str:
    """Scheme, host and port of an address; names of users and usual ports are left out. Raises ValueError."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port if port != PORTS.get(parts.scheme) else ''}"


def _netloc(origin: str) -> str:
    return origin.partition("://")[2]
