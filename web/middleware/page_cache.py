"""Cache of public pages: each is made once, and kept until statements.db changes or a minute is over."""

import os
import time
from asyncio import Event
from collections import OrderedDict
from functools import wraps
from typing import Any, NamedTuple

from datasette.utils.sqlite import sqlite3

LASTS = 60.0  # seconds: as long as visitors' own browsers keep it
ROOM = 16_000_000  # bytes of all pages, with their addresses
Key = tuple[object, ...]


class StoredPage(NamedTuple):
    """The two messages of an answer, and until when (monotonic seconds) it may be given again."""

    start: Any
    body: Any
    until: float


class PageStore:
    """Pages made from one state of statements.db; the one that was used longest ago goes first."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pages: OrderedDict[Key, StoredPage] = OrderedDict()
        self.bytes = 0
        self.state: object = None
        self._file: object = None
        self._conn: Any = None

    def read_state(self) -> object:
        """Return the state of statements.db (its file, and how often it was written to); None while it is away."""
        try:
            found = os.stat(self.path)
            if (found.st_dev, found.st_ino) != self._file:
                self._conn = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=0)
                self._file = (found.st_dev, found.st_ino)
            state = (self._file, self._conn.execute("PRAGMA data_version").fetchone()[0])
        except (OSError, sqlite3.Error):
            return None
        if state != self.state:
            self.pages.clear()
            self.bytes, self.state = 0, state
        return state

    def get(self, key: Key) -> StoredPage | None:
        """Return a page, unless its time is over; None otherwise."""
        page = self.pages.get(key)
        if page is None or page.until < time.monotonic():
            return None
        self.pages.move_to_end(key)
        return page

    def put(self, key: Key, start: Any, body: Any) -> None:
        """Store a page."""
        if old := self.pages.pop(key, None):
            self.bytes -= measure_page(key, old)
        self.pages[key] = page = StoredPage(start, body, time.monotonic() + LASTS)
        self.bytes += measure_page(key, page)
        while self.bytes > ROOM:
            self.bytes -= measure_page(*self.pages.popitem(last=False))


def measure_page(key: Key, page: StoredPage) -> int:
    """Return the bytes that a page takes with its address, which may be the longer of the two."""
    return len(page.body["body"]) + len(repr(key)) + len(repr(page.start))


LARGEST = 2_000_000  # bytes of one page
ASKED = (b"host", b"accept", b"prefer", b"origin")  # the headers by which an answer may differ
PRIVATE = (b"cookie", b"authorization", b"range")
CONDITIONS = (b"if-none-match", b"if-modified-since")


def cache_pages(datasette: Any, app: Any) -> Any:
    """Wrap an ASGI application so that pages that anybody may have are made once, and kept until the data changes."""
    known = datasette.databases.get("statements")
    store = PageStore(known.path) if known and known.path else None
    pending: dict[Key | None, Event] = {}  # pages that are being made, for which others who ask for them wait

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        key = make_key(scope)
        if key in pending:
            await pending[key].wait()
        state = store and store.read_state()
        if store is None or key is None or state is None:
            await app(scope, receive, send)
        elif (page := store.get(key)) and not is_conditional(scope, page):
            await send(page.start)
            await send(page.body)
        else:
            made = pending[key] = Event()
            sent: list[Any] = []

            async def send_and_keep(message: Any) -> None:
                sent.append(message)
                if message["type"] == "http.response.body":
                    if is_public_response(sent) and store.read_state() == state:
                        store.put(key, *sent)
                    made.set()  # before it is sent: nobody waits for a slow visitor
                await send(message)

            try:
                await app(scope, receive, send_and_keep)
            finally:
                made.set()
                pending.pop(key, None)

    return serve


def make_key(scope: Any) -> Key | None:
    """Make the key of all that an answer depends on; None if the answer may be private."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = dict(scope["headers"])
    if any(name in headers for name in PRIVATE):
        return None
    asked = tuple(headers.get(name) for name in ASKED)
    return (scope.get("scheme"), scope.get("raw_path") or scope["path"], scope.get("query_string"), *asked)


def is_conditional(scope: Any, page: StoredPage) -> bool:
    """Return True if the visitor may have the page already and it has an ETag of its own to compare with."""
    asks = any(name in CONDITIONS for name, _ in scope["headers"])
    return asks and any(name.lower() == b"etag" for name, _ in page.start["headers"])


def is_public_response(sent: list[Any]) -> bool:
    """Return True if an answer came in one piece, and its headers let anybody have it."""
    if len(sent) != 2 or sent[0]["status"] != 200 or sent[1].get("more_body"):
        return False
    headers = [(name.lower(), value) for name, value in sent[0]["headers"]]
    public = any(name == b"cache-control" and value.startswith((b"public", b"max-age=")) for name, value in headers)
    return public and not any(name == b"set-cookie" for name, _ in headers) and len(sent[1]["body"]) <= LARGEST
