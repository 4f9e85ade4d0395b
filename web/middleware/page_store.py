"""Pages that were worked out, kept in memory while statements.db is as it was."""

import os
import time
from collections import OrderedDict
from typing import Any, NamedTuple

from datasette.utils.sqlite import sqlite3

LASTS = 60.0  # seconds: as long as visitors' own browsers keep it
ROOM = 16_000_000  # bytes of all pages, with their addresses
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
            self.bytes -= taken(key, old)
        self.pages[key] = page = Page(start, body, time.monotonic() + LASTS)
        self.bytes += taken(key, page)
        while self.bytes > ROOM:
            self.bytes -= taken(*self.pages.popitem(last=False))


def taken(key: Key, page: Page) -> int:
    """Bytes of a page with its address, which may be the longer of the two."""
    return len(page.body["body"]) + len(repr(key)) + len(repr(page.start))
