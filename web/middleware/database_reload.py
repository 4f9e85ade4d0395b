"""Reload statements.db when its file is replaced: the old one answers until the new one is ready."""

import asyncio
import os
import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from datasette import hookimpl
from datasette.database import Database
from datasette.utils.sqlite import sqlite3

from db.statements.store import SCHEMA_VERSION
from web.http.pages import ServerBusy

WAITING = 32  # who may wait for what is done for one at a time
PAUSE = 1.0  # seconds between looks at a file that is not whole yet


class PooledConnection(NamedTuple):
    """A connection, which file it reads (device, inode), and how far that was loaded when it was opened."""

    conn: Any
    file: tuple[int, int] | None
    stage: int


class ReloadingDatabase(Database):  # type: ignore[misc]
    """Datasette's database with as many connections as threads, all opened before the first request."""

    def hold(self, threads: int) -> None:
        """Open the connections, so that none has to be opened while the file is away."""
        self._idle: queue.SimpleQueue[PooledConnection] = queue.SimpleQueue()
        self._looked = 0.0
        for _ in range(threads):
            self._idle.put(self._open())
        self._alone, self._asked = ThreadPoolExecutor(1, "past"), 0
        self._own = self._open()
        self._own.conn.execute("PRAGMA temp_store = MEMORY")

    async def execute_fn(self, fn: Callable[[Any], Any]) -> Any:
        """Call a function with a connection to the newest file that is complete."""

        def in_thread() -> Any:
            held = self._newest(self._idle.get())
            try:
                return fn(held.conn)
            finally:
                self._idle.put(held)

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)

    async def execute_alone(self, fn: Callable[[Any], Any]) -> Any:
        """Call a function that takes long with a connection of its own, one such at a time. Raises ServerBusy."""
        if self._asked >= WAITING:
            raise ServerBusy("Many are asking for another day this moment. Try again in a few seconds.")

        def in_thread() -> Any:
            own = self._newest(self._own)
            if own is not self._own:
                own.conn.execute("PRAGMA temp_store = MEMORY")
                self._own = own
            return fn(own.conn)

        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._alone, in_thread)
        finally:
            self._asked -= 1

    @property
    def size(self) -> int:
        """Size of the file in bytes; 0 while it is away."""
        return os.stat(self.path).st_size if Path(self.path).exists() else 0

    def _open(self) -> PooledConnection:
        file = identify_file(self.path)
        conn = self.connect()
        conn.execute("SELECT 1 FROM sqlite_master").fetchall()  # opens the -wal too, which may go with the file
        self.ds._prepare_connection(conn, self.name)
        return PooledConnection(conn, file, conn.execute("PRAGMA application_id").fetchone()[0])

    def _newest(self, held: PooledConnection) -> PooledConnection:
        """Return the connection, or a new one if the file was replaced by one that is loaded as far."""
        now = identify_file(self.path)
        if now in (None, held.file) or time.monotonic() < self._looked + PAUSE:
            return held
        try:
            found = self._open()
        except sqlite3.Error:  # it is being made this moment
            found = None
        if found is None or found.stage < held.stage or not has_schema(found.conn):
            self._looked = time.monotonic()
            if found:
                found.conn.close()
            return held
        held.conn.close()
        return found


def identify_file(path: str) -> tuple[int, int] | None:
    """Return the device and inode of the file at a path; None if there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def has_schema(conn: Any) -> bool:
    """Return True if a database has this program's schema."""
    return bool(conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION)


@hookimpl
def startup(datasette: Any) -> None:
    """Replace Datasette's statements database by one that reloads."""
    known = datasette.databases.get("statements")
    if known and not isinstance(known, ReloadingDatabase) and known.path and datasette.executor:
        lasting = ReloadingDatabase(datasette, path=known.path)
        lasting.name, lasting.route = known.name, known.route
        lasting.hold(datasette.setting("num_sql_threads"))
        datasette.databases = {**datasette.databases, "statements": lasting}
