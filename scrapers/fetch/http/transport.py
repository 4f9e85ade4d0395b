"""One request over HTTP: a whole answer within limits of time and size, or what went wrong with it."""

import http.client
import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from socket import socket
from typing import Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from scrapers.fetch.http.politeness import Kind, Manners

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


@dataclass
class Wire:
    """A session that keeps connections open and nothing else, and whether the request under way has had its time."""

    session: requests.Session
    late: Callable[[], bool] = lambda: False


class Timed(io.RawIOBase):
    """What a socket receives, until it is late: with a limit for each reading alone, an answer might drip for ever."""

    def __init__(self, raw: io.RawIOBase, wire: Wire) -> None:
        self._raw, self._wire = raw, wire

    def readable(self) -> bool:
        """As a reader of it asks."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Receive what there is. Raises TimeoutError."""
        if self._wire.late():
            raise TimeoutError
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class TimedReply(http.client.HTTPResponse):
    """An answer whose head, too, must be there in time."""

    def __init__(self, wire: Wire, sock: socket, **settings: Any) -> None:
        super().__init__(sock, **settings)
        self.fp = io.BufferedReader(Timed(self.fp.detach(), wire))


def open_wire(agent: str) -> Wire:
    """A wire on which every request says who asks."""
    session = requests.Session()
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip"})
    session.auth = lambda request: request  # else requests would send what ~/.netrc holds for the host
    return Wire(session)


def exchange(
    wire: Wire, url: str, headers: Mapping[str, str], manners: Manners, steady: Callable[[], float]
) -> Answer | Broken:
    """Ask for one address, following nothing. `steady` is a clock in seconds for the limit of the whole."""
    deadline = steady() + manners.whole
    wire.late = lambda: steady() > deadline
    raw = bytearray()
    try:
        with _sent(wire, url, headers, manners) as reply:
            while piece := reply.raw.read1(PIECE, decode_content=False):  # read would wait for a whole piece
                raw += piece
                if len(raw) > manners.size:
                    return Broken("wrong", f"the answer is longer than {manners.size:,} bytes", len(raw))
    except (requests.RequestException, HTTPError) as error:
        if wire.late():
            return Broken("down", f"the answer was not all there after {manners.whole:g} seconds", len(raw))
        reason = next(text for kind, text in REASONS.items() if isinstance(error, kind))
        return Broken("failed" if raw else "down", reason, len(raw))
    named = {name.lower(): value for name, value in reply.headers.items()}
    return _whole(reply.status_code, named, bytes(raw), manners.size)


def _sent(wire: Wire, url: str, headers: Mapping[str, str], manners: Manners) -> requests.Response:
    """An answer of which only the head is read. (Session.send would read the bodies of redirects without a limit.)"""
    prepared = wire.session.prepare_request(requests.Request("GET", url, headers=dict(headers)))
    settings = wire.session.merge_environment_settings(prepared.url, {}, True, None, None)
    adapter = wire.session.get_adapter(prepared.url or url)
    assert isinstance(adapter, HTTPAdapter)
    verify, cert, proxies = settings["verify"] or True, settings["cert"], settings["proxies"]  # never without verifying
    pool: Any = adapter.get_connection_with_tls_context(prepared, verify, proxies=proxies, cert=cert)
    pool.ConnectionCls = partial(_connection, type(pool).ConnectionCls, wire)
    timeout = (manners.connect, manners.silence)
    return adapter.send(prepared, stream=True, timeout=timeout, verify=verify, cert=cert, proxies=proxies)


def _connection(connect: Callable[..., Any], wire: Wire, **settings: Any) -> Any:
    connection = connect(**settings)
    connection.response_class = partial(TimedReply, wire)
    return connection


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
