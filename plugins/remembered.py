"""Pages that anybody may have are worked out once, and remembered until statements.db changes or a minute is over."""

import os
import time
from collections import OrderedDict
from functools import wraps
from typing import Any, NamedTuple

from datasette import hookimpl
from datasette.utils.sqlite import sqlite3

LASTS = 60.0  # seconds: as long as visitors' own browsers keep it
ROOM, LARGEST = 16_000_000, 2_000_000  # bytes of all pages, and of one
ASKED = (b"host", b"accept", b"prefer", b"origin")  # the headers by which an answer may differ
PRIVATE = (b"cookie", b"authorization", b"range")
CONDITIONS = (b"if-none-match", b"if-modified-since")
Key = tuple[object, ...]


class Page(NamedTuple):
    """An answer's two messages, and until when it may be given again."""

    start: Any
    body: Any
    until: float


class Memory:
    """Pages of one state of statements.db, those asked for longest ago forgotten first."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.bytes = 0
        self.state: object = None
        self._file: object = None
        self._conn: Any = None

    def now(self) -> object:
        """The state of statements.db: which file it is, and how often that was written to; None where it is away."""
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

    def get(self, key: Key) -> Page | None:
        """A page, unless its time is over."""
        page = self.pages.get(key)
        if page is None or page.until < time.monotonic():
            return None
        self.pages.move_to_end(key)
        return page

    def put(self, key: Key, start: Any, body: Any) -> None:
        """Remember a page."""
        if old := self.pages.pop(key, None):
            self.bytes -= len(old.body["body"])
        self.pages[key] = Page(start, body, time.monotonic() + LASTS)
        self.bytes += len(body["body"])
        while self.bytes > ROOM:
            self.bytes -= len(self.pages.popitem(last=False)[1].body["body"])


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap the site, inside every other wrapper."""
    known = datasette.databases.get("statements")
    memory = Memory(known.path) if known and known.path else None

    def wrap(app: Any) -> Any:
        @wraps(app)
        async def remembered(scope: Any, receive: Any, send: Any) -> None:
            key, state = key_of(scope), memory and memory.now()
            if memory is None or key is None or state is None:
                await app(scope, receive, send)
            elif (page := memory.get(key)) and not conditional(scope, page):
                await send(page.start)
                await send(page.body)
            else:
                sent: list[Any] = []

                async def also_kept(message: Any) -> None:
                    sent.append(message)
                    await send(message)

                await app(scope, receive, also_kept)
                if anybodys(sent) and memory.now() == state:
                    memory.put(key, *sent)

        return remembered

    return wrap


def key_of(scope: Any) -> Key | None:
    """What an answer depends on; None where it may be somebody's own."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = dict(scope["headers"])
    if any(name in headers for name in PRIVATE):
        return None
    asked = tuple(headers.get(name) for name in ASKED)
    return (scope.get("scheme"), scope.get("raw_path") or scope["path"], scope.get("query_string"), *asked)


def conditional(scope: Any, page: Page) -> bool:
    """Whether the visitor has the page perhaps, and it is for the page itself to tell: it has a tag of its own."""
    asks = any(name in CONDITIONS for name, _ in scope["headers"])
    return asks and any(name.lower() == b"etag" for name, _ in page.start["headers"])


def anybodys(sent: list[Any]) -> bool:
    """Whether an answer came whole, and says itself that anybody may have it."""
    if len(sent) != 2 or sent[0]["status"] != 200 or sent[1].get("more_body"):
        return False
    headers = [(name.lower(), value) for name, value in sent[0]["headers"]]
    public = any(name == b"cache-control" and b"public" in value for name, value in headers)
    return public and not any(name == b"set-cookie" for name, _ in headers) and len(sent[1]["body"]) <= LARGEST
