"""Store of pages in memory, emptied whenever statements.db changes."""

import os
import time
from collections import OrderedDict
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
