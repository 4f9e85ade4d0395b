"""Cache of public pages: each is rendered once, and kept for a minute or until statements.db changes."""

import os
import time
from asyncio import Event
from collections import OrderedDict
from functools import wraps
from typing import NamedTuple

from datasette.utils.sqlite import sqlite3

from db.sqlite import SQLITE_ERRORS, connect_to_read
from web.http.datasette_types import App, Datasette, Message, Receive, Scope, Send

LIFETIME = 60.0  # seconds, the same as in browsers (CACHE_MINUTE)
CAPACITY = 16_000_000  # bytes of all pages and keys
Key = tuple[object, ...]
UNREADABLE: tuple[type[Exception], ...] = (OSError, *SQLITE_ERRORS)


class StoredPage(NamedTuple):
    """The two ASGI messages of an answer, and when it expires (monotonic seconds)."""

    start: Message
    body: Message
    until: float


class PageStore:
    """Pages rendered from one state of statements.db; the least recently used is removed first."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pages: OrderedDict[Key, StoredPage] = OrderedDict()
        self.bytes = 0
        self.state: object = None
        self._file: object = None
        self._conn: sqlite3.Connection  # to that file

    def read_state(self) -> object:
        """Return the state of statements.db (file, data_version) and empty the store if it changed; None if missing."""
        try:
            found = os.stat(self.path)
            if (found.st_dev, found.st_ino) != self._file:
                self._conn = connect_to_read(self.path, sqlite3, check_same_thread=False, timeout=0)
                self._file = (found.st_dev, found.st_ino)
            state = (self._file, self._conn.execute("PRAGMA data_version").fetchone()[0])
        except UNREADABLE:
            return None
        if state != self.state:
            self.pages.clear()
            self.bytes, self.state = 0, state
        return state

    def get(self, key: Key) -> StoredPage | None:
        """Return a page; None if it is not stored or has expired."""
        page = self.pages.get(key)
        if page is None or page.until < time.monotonic():
            return None
        self.pages.move_to_end(key)
        return page

    def put(self, key: Key, start: Message, body: Message) -> None:
        """Store a page, and remove others if there is no room."""
        if old := self.pages.pop(key, None):
            self.bytes -= measure_page(key, old)
        self.pages[key] = page = StoredPage(start, body, time.monotonic() + LIFETIME)
        self.bytes += measure_page(key, page)
        while self.bytes > CAPACITY:
            self.bytes -= measure_page(*self.pages.popitem(last=False))


def measure_page(key: Key, page: StoredPage) -> int:
    """Return the size of a page with its key, in bytes; a key may be longer than its page."""
    return len(page.body["body"]) + len(repr(key)) + len(repr(page.start))


MAX_PAGE_SIZE = 2_000_000  # bytes
KEY_HEADERS = (b"host", b"accept", b"prefer", b"origin")  # request headers that an answer may depend on
PRIVATE_HEADERS = (b"cookie", b"authorization", b"range")
CONDITIONAL_HEADERS = (b"if-none-match", b"if-modified-since")


def cache_pages(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that public pages are rendered once, and kept until the data changes."""
    database = datasette.databases.get("statements")
    store = PageStore(database.path) if database and database.path else None
    pending: dict[Key | None, Event] = {}  # pages that are being rendered; other requests for them wait

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
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
            finished = pending[key] = Event()
            sent: list[Message] = []

            async def send_and_store(message: Message) -> None:
                sent.append(message)
                if message["type"] == "http.response.body":
                    if is_public_response(sent) and store.read_state() == state:
                        store.put(key, *sent)
                    finished.set()  # before sending, so that nobody waits for a slow visitor
                await send(message)

            try:
                await app(scope, receive, send_and_store)
            finally:
                finished.set()
                pending.pop(key, None)

    return serve


def make_key(scope: Scope) -> Key | None:
    """Make the cache key of a request; None if its answer may be private."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = dict(scope["headers"])
    if any(name in headers for name in PRIVATE_HEADERS):
        return None
    values = tuple(headers.get(name) for name in KEY_HEADERS)
    return (scope.get("scheme"), scope.get("raw_path") or scope["path"], scope.get("query_string"), *values)


def is_conditional(scope: Scope, page: StoredPage) -> bool:
    """Return True for a conditional request for a page that has its own ETag."""
    conditional = any(name in CONDITIONAL_HEADERS for name, _ in scope["headers"])
    return conditional and any(name.lower() == b"etag" for name, _ in page.start["headers"])


def is_public_response(sent: list[Message]) -> bool:
    """Return True if an answer (its ASGI messages) came in one piece and its headers make it public."""
    if len(sent) != 2 or sent[0]["status"] != 200 or sent[1].get("more_body"):
        return False
    headers = [(name.lower(), value) for name, value in sent[0]["headers"]]
    public = any(name == b"cache-control" and value.startswith((b"public", b"max-age=")) for name, value in headers)
    return public and not any(name == b"set-cookie" for name, _ in headers) and len(sent[1]["body"]) <= MAX_PAGE_SIZE
