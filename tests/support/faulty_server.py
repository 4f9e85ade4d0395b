"""A web server on loopback that answers as badly as it is told to, for tests."""

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit

How = Literal[
    "whole", "truncated", "short", "chunked", "chunks broken off", "drip", "drip of a head", "reset", "silent"
]


class Answer(NamedTuple):
    """What the server sends. `how` it goes wrong:

    truncated: the connection ends before Content-Length does; short: Content-Length is less than the body;
    chunks broken off: no last chunk; drip, drip of a head: a byte every hundredth of a second without end; reset: the
    connection is torn down before an answer; silent: nothing comes until the server ends.
    """

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    how: How = "whole"


Handler = Callable[[str, dict[str, str], Mapping[str, str]], Answer]


def make_json_answer(value: object, **headers: str) -> Answer:
    """A right answer in JSON; underscores in names of headers stand for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(200, {"Content-Type": "application/json; charset=utf-8", **named}, json.dumps(value).encode())


def make_page_answer(body: str, status: int = 200, **headers: str) -> Answer:
    """A page."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, {"Content-Type": "text/html; charset=utf-8", **named}, body.encode())


def challenge(status: int = 403) -> Answer:
    """A page that asks a browser to prove itself."""
    return make_page_answer(
        "<!DOCTYPE html><html><title>Just a moment...</title></html>", status, cf_mitigated="challenge"
    )


def bomb(size: int) -> Answer:
    """JSON of `size` spaces that is a thousandth of that on the way."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return Answer(200, headers, gzip.compress(b"[" + b" " * size + b"]"))


def answer_in_turn(*answers: Answer, then: Answer | None = None) -> Callable[[], Answer]:
    """Answers one after the other, and `then` (the last where left out) for ever after."""
    left = iter(answers)
    return lambda: next(left, then or answers[-1])


@contextmanager
def serve_faulty(handler: Handler) -> Iterator[str]:
    """Serve what `handler(path, query, headers)` answers, one request at a time; yields http://127.0.0.1:PORT."""
    ended, turn = threading.Event(), threading.Lock()

    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits for an acknowledgement

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the client has gone, as it should from some of these
                self.close_connection = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            with turn:
                answer = handler(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), self.headers)
            _send(self, answer, ended)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


def _send(server: BaseHTTPRequestHandler, answer: Answer, ended: threading.Event) -> None:
    if answer.how == "reset":
        server.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.connection.close()
        server.close_connection = True
        return
    if answer.how == "silent":
        ended.wait()
        server.close_connection = True
        return
    server.send_response(answer.status)
    for name, text in answer.headers.items():
        server.send_header(name, text)
    if answer.how == "drip of a head":
        server.flush_headers()
        _drip(server, ended)
    _send_body(server, answer, ended)


def _send_body(server: BaseHTTPRequestHandler, answer: Answer, ended: threading.Event) -> None:
    body, how = answer.body, answer.how
    server.close_connection = how not in ("whole", "chunked")
    if how in ("chunked", "chunks broken off"):
        server.send_header("Transfer-Encoding", "chunked")
        last = b"0\r\n\r\n" if how == "chunked" else b""
        body = b"%x\r\n%s\r\n" % (len(body), body) + last
    elif "Content-Length" not in answer.headers and how != "drip" and answer.status != 304:
        more = {"truncated": 10, "short": -1}.get(how, 0)
        server.send_header("Content-Length", str(len(body) + more))
    server.end_headers()
    server.wfile.write(body)
    if how == "drip":
        _drip(server, ended)


def _drip(server: BaseHTTPRequestHandler, ended: threading.Event) -> None:
    server.close_connection = True
    while not ended.wait(0.01):
        server.wfile.write(b"-")
