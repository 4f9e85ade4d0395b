"""One request over HTTP: a whole answer within limits of time and size, or what went wrong with it."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import requests
from urllib3.exceptions import HTTPError

from scrapers.manners import Kind, Manners

Session = requests.Session
PIECE = 1 << 16  # bytes read at once, at most
GZIP = 31  # zlib's number for it


class Answer(NamedTuple):
    """What came, unpacked; names of headers are in small letters, `received` counts the body's bytes as they came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received: int


class Broken(NamedTuple):
    """What did not come whole: what that means, why in words (never the library's, which repeat addresses)."""

    kind: Kind
    reason: str
    received: int = 0


REASONS: dict[type[Exception], str] = {  # the first that fits
    requests.exceptions.ProxyError: "the proxy of this machine's settings does not let it through",
    requests.exceptions.SSLError: "the connection is not safe: its certificate or its encryption is not right",
    requests.exceptions.ConnectTimeout: "no connection came about in time",
    requests.exceptions.Timeout: "it fell silent",
    requests.exceptions.ConnectionError: "it cannot be reached, or broke off the connection",
    requests.exceptions.InvalidURL: "its address is none",
    HTTPError: "the connection broke off within the answer",
    requests.exceptions.RequestException: "the request failed",
}


def open_session(agent: str) -> Session:
    """A session that keeps connections open, and nothing else from one request to the next."""
    session = Session()
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip"})
    session.auth = lambda request: request  # else requests would send what ~/.netrc holds for the host
    return session


def exchange(
    session: Session, url: str, headers: Mapping[str, str], manners: Manners, steady: Callable[[], float]
) -> Answer | Broken:
    """Ask for one address, following nothing. `steady` is a clock in seconds for the limit of the whole."""
    deadline = steady() + manners.whole
    raw = bytearray()
    try:
        with _sent(session, url, headers, manners) as reply:
            for piece in _pieces(reply):
                raw += piece
                if len(raw) > manners.size:
                    return Broken("wrong", f"the answer is longer than {manners.size:,} bytes", len(raw))
                if steady() > deadline:
                    return Broken("down", f"the answer was not all there after {manners.whole:g} seconds", len(raw))
    except (requests.RequestException, HTTPError) as error:
        reason = next(text for kind, text in REASONS.items() if isinstance(error, kind))
        return Broken("failed" if raw else "down", reason, len(raw))
    named = {name.lower(): value for name, value in reply.headers.items()}
    return _whole(reply.status_code, named, bytes(raw), manners.size)


def _sent(session: Session, url: str, headers: Mapping[str, str], manners: Manners) -> requests.Response:
    """An answer of which only the head is read. (Session.send would read the bodies of redirects without a limit.)"""
    prepared = session.prepare_request(requests.Request("GET", url, headers=dict(headers)))
    settings = session.merge_environment_settings(prepared.url, {}, True, None, None)
    return session.get_adapter(prepared.url or url).send(
        prepared,
        stream=True,
        timeout=(manners.connect, manners.silence),
        verify=settings["verify"] or True,  # a certificate is always looked at
        cert=settings["cert"],
        proxies=settings["proxies"],
    )


def _pieces(reply: requests.Response) -> Iterator[bytes]:
    while piece := reply.raw.read1(PIECE, decode_content=False):  # read would wait for a whole piece
        yield piece


def _whole(status: int, headers: dict[str, str], raw: bytes, size: int) -> Answer | Broken:
    length = headers.get("content-length")
    if length is not None and "transfer-encoding" not in headers and status != 304 and length.strip() != str(len(raw)):
        return Broken("failed", f"{len(raw):,} bytes came of the {length[:20]} that were announced", len(raw))
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("identity", "") or not raw:
        return Answer(status, headers, raw, len(raw))
    if coding not in ("gzip", "x-gzip"):
        return Broken("wrong", f"it is packed as {coding[:20]!r}, which was not asked for", len(raw))
    unpacker = zlib.decompressobj(GZIP)
    try:
        body = unpacker.decompress(raw, size + 1)
    except zlib.error:
        return Broken("failed", "it cannot be unpacked", len(raw))
    if len(body) > size:
        return Broken("wrong", f"the answer is longer than {size:,} bytes when unpacked", len(raw))
    if not unpacker.eof:
        return Broken("failed", "it breaks off when unpacked", len(raw))
    return Answer(status, headers, body, len(raw))
