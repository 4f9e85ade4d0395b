"""Transport of one HTTP request: a whole answer within limits of time and size, or the reason why there is none."""

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

from scrapers.fetch.http.addresses import PORTS, read_origin
from scrapers.fetch.http.politeness import AnswerKind, PolitenessPolicy

CHUNK = 1 << 16  # bytes read at once, at most
GZIP = 31  # zlib's window bits for gzip


class HttpAnswer(NamedTuple):
    """A whole answer, unpacked; header names are in small letters, `received` counts the bytes of the body as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received: int


class BrokenAnswer(NamedTuple):
    """An incomplete answer: its kind and reason (never the library's words, which repeat addresses)."""

    kind: AnswerKind
    reason: str
    received: int = 0


REASONS: dict[type[Exception], str] = {  # the first matching class counts
    requests.exceptions.ProxyError: "the proxy of this machine's settings does not let it through",
    requests.exceptions.SSLError: "the connection is not safe: its certificate or its encryption is not right",
    requests.exceptions.ConnectTimeout: "no connection came about in time",
    requests.exceptions.Timeout: "it stopped responding",
    requests.exceptions.ConnectionError: "it cannot be reached, or broke off the connection",
    requests.exceptions.InvalidURL: "its address is none",
    HTTPError: "the connection broke off within the answer",
    requests.exceptions.RequestException: "the request failed",
}


@dataclass
class HttpSession:
    """A session that stores only connections; `late` returns True once the current request is out of time."""

    session: requests.Session
    late: Callable[[], bool] = lambda: False


class TimedInput(io.RawIOBase):
    """A socket's input with a deadline: a limit for each read alone would let an answer trickle in for ever."""

    def __init__(self, raw: io.RawIOBase, http_session: HttpSession) -> None:
        self._raw, self._wire = raw, http_session

    def readable(self) -> bool:
        """Return True, as io requires of an input."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read the available bytes. Raises TimeoutError after the deadline."""
        if self._wire.late():
            raise TimeoutError
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the socket."""
        self._raw.close()
        super().close()


class TimedResponse(http.client.HTTPResponse):
    """A response whose head must arrive before the deadline as well."""

    def __init__(self, http_session: HttpSession, sock: socket, **settings: Any) -> None:
        super().__init__(sock, **settings)
        self.fp = io.BufferedReader(TimedInput(self.fp.detach(), http_session))


def open_http_session(agent: str) -> HttpSession:
    """Open a session whose requests all carry the User-Agent `agent`."""
    session = requests.Session()
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip"})
    session.auth = lambda request: request  # else requests would send the host's password from ~/.netrc
    return HttpSession(session)


def send_request(
    http_session: HttpSession,
    url: str,
    headers: Mapping[str, str],
    manners: PolitenessPolicy,
    steady: Callable[[], float],
) -> HttpAnswer | BrokenAnswer:
    """Request one address without following redirects. `steady` is a monotonic clock in seconds."""
    deadline = steady() + manners.whole
    http_session.late = lambda: steady() > deadline
    raw = bytearray()
    try:
        with _send(http_session, url, headers, manners) as reply:
            while chunk := reply.raw.read1(CHUNK, decode_content=False):  # read would wait for a whole chunk
                raw += chunk
                if len(raw) > manners.size:
                    return BrokenAnswer("wrong", f"the answer is longer than {manners.size:,} bytes", len(raw))
    except (requests.RequestException, HTTPError) as error:
        if http_session.late():
            return BrokenAnswer("down", f"the answer was not all there after {manners.whole:g} seconds", len(raw))
        reason = next(text for kind, text in REASONS.items() if isinstance(error, kind))
        return BrokenAnswer("failed" if raw else "down", reason, len(raw))
    named = {name.lower(): value for name, value in reply.headers.items()}
    return _check_answer(reply.status_code, named, bytes(raw), manners.size)


def _send(
    http_session: HttpSession, url: str, headers: Mapping[str, str], manners: PolitenessPolicy
) -> requests.Response:
    """Send a request and read the response's head. (Session.send would read bodies of redirects without a limit.)"""
    prepared = http_session.session.prepare_request(requests.Request("GET", url, headers=dict(headers)))
    settings = http_session.session.merge_environment_settings(prepared.url, {}, True, None, None)
    adapter = http_session.session.get_adapter(prepared.url or url)
    assert isinstance(adapter, HTTPAdapter)
    verify, cert, proxies = settings["verify"] or True, settings["cert"], settings["proxies"]  # never without verifying
    _check_host(adapter.build_connection_pool_key_attributes(prepared, verify, cert)[0], url)
    pool: Any = adapter.get_connection_with_tls_context(prepared, verify, proxies=proxies, cert=cert)
    pool.ConnectionCls = partial(_make_connection, type(pool).ConnectionCls, http_session)
    timeout = (manners.connect, manners.silence)
    return adapter.send(prepared, stream=True, timeout=timeout, verify=verify, cert=cert, proxies=proxies)


def _check_host(connected: Mapping[str, Any], url: str) -> None:
    """Raise InvalidURL unless the library that asks reads the same scheme, host and port in an address as we do."""
    origin, scheme = read_origin(url), str(connected["scheme"])
    host, port = str(connected["host"]).strip("[]"), connected["port"] or PORTS.get(scheme)
    if (scheme, host, port) != (origin.scheme, origin.host.strip("[]"), origin.port):
        raise requests.exceptions.InvalidURL


def _make_connection(connect: Callable[..., Any], http_session: HttpSession, **settings: Any) -> Any:
    connection = connect(**settings)
    connection.response_class = partial(TimedResponse, http_session)
    return connection


def _check_answer(status: int, headers: dict[str, str], raw: bytes, size: int) -> HttpAnswer | BrokenAnswer:
    length = headers.get("content-length")
    if length is not None and "transfer-encoding" not in headers and status != 304 and length.strip() != str(len(raw)):
        return BrokenAnswer("failed", f"{len(raw):,} bytes came of the {length[:20]} that were announced", len(raw))
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("identity", "") or not raw:
        return HttpAnswer(status, headers, raw, len(raw))
    if coding not in ("gzip", "x-gzip"):
        return BrokenAnswer("wrong", f"it is packed as {coding[:20]!r}, which was not asked for", len(raw))
    unpacker = zlib.decompressobj(GZIP)
    try:
        body = unpacker.decompress(raw, size + 1)
    except zlib.error:
        return BrokenAnswer("failed", "it cannot be unpacked", len(raw))
    if len(body) > size:
        return BrokenAnswer("wrong", f"the answer is longer than {size:,} bytes when unpacked", len(raw))
    if not unpacker.eof:
        return BrokenAnswer("failed", "it breaks off when unpacked", len(raw))
    return HttpAnswer(status, headers, body, len(raw))
