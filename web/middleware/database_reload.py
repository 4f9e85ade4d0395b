"""Reopen statements.db when its file is replaced; the old file answers until the new one is ready."""

import asyncio
import os
import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from datasette.database import Database
from datasette.utils.sqlite import sqlite3

from db.sqlite import SQLITE_ERRORS, connect, connect_to_read
from db.statements.store import SCHEMA_VERSION
from web.http.datasette_types import Datasette
from web.http.pages import ServerBusy

MAX_WAITING = 32  # visitors who may wait for work that is done for one at a time
RETRY_INTERVAL = 1.0  # seconds before an incomplete file is checked again

Answer = TypeVar("Answer")


class PooledConnection(NamedTuple):
    """A connection, its file (device, inode), and the stage of loading when it was opened."""

    conn: sqlite3.Connection
    file: tuple[int, int] | None
    stage: int


class FilePath(str):
    """A path that opens its file whatever bytes its name has, and is shown and stored as text."""

    __slots__ = ()

    def __str__(self) -> str:
        return os.fsencode(self).decode("utf-8", "replace")


class ReloadingDatabase(Database):  # type: ignore[misc]
    """A Datasette database with one connection for each thread, all opened before the first request."""

    def open_pool(self, threads: int) -> None:
        """Open the connections, so that requests work while the file is missing."""
        self._idle: queue.SimpleQueue[PooledConnection] = queue.SimpleQueue()
        self._last_failure = 0.0
        for _ in range(threads):
            self._idle.put(self._open())
        self._snapshot_executor, self._waiting = ThreadPoolExecutor(1, "past"), 0
        self._snapshot_connection = self._open()
        self._snapshot_connection.conn.execute("PRAGMA temp_store = MEMORY")

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Call a function in a thread and the context of this one, with a connection to the newest complete file."""

        def in_thread() -> Answer:
            held = self._refresh(self._idle.get())
            try:
                return fn(held.conn)
            finally:
                self._idle.put(held)

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, copy_context().run, in_thread)

    async def execute_one_at_a_time(self, fn: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Call a slow function with its own connection, one call at a time. Raises ServerBusy."""
        if self._waiting >= MAX_WAITING:
            raise ServerBusy("The site is busy with other dates. Try again in a few seconds.")

        def in_thread() -> Answer:
            current = self._refresh(self._snapshot_connection)
            if current is not self._snapshot_connection:
                current.conn.execute("PRAGMA temp_store = MEMORY")
                self._snapshot_connection = current
            return fn(current.conn)

        self._waiting += 1
        try:
            run, loop = copy_context().run, asyncio.get_running_loop()
            return await loop.run_in_executor(self._snapshot_executor, run, in_thread)
        finally:
            self._waiting -= 1

    @property
    def size(self) -> int:
        """Size of the file in bytes; 0 while it is missing."""
        return os.stat(self.path).st_size if Path(self.path).exists() else 0

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Connect to the file, whatever signs its path holds, and even where its folder cannot be written."""
        open_file = connect if write else connect_to_read
        conn = open_file(self.path, sqlite3, check_same_thread=False)
        self._all_file_connections.append(conn)
        return conn

    def _open(self) -> PooledConnection:
        file = identify_file(self.path)
        conn = self.connect()
        conn.execute("SELECT 1 FROM sqlite_master").fetchall()  # opens the -wal too, which may vanish with the file
        self.ds._prepare_connection(conn, self.name)
        return PooledConnection(conn, file, conn.execute("PRAGMA application_id").fetchone()[0])

    def _refresh(self, held: PooledConnection) -> PooledConnection:
        """Return the connection, or a new one if its file was replaced by one that is at least as fully loaded."""
        file = identify_file(self.path)
        if file in (None, held.file) or time.monotonic() < self._last_failure + RETRY_INTERVAL:
            return held
        try:
            found = self._open()
        except SQLITE_ERRORS:  # the new file is not ready yet
            found = None
        if found is None or found.stage < held.stage or not has_schema(found.conn):
            self._last_failure = time.monotonic()
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


def has_schema(conn: sqlite3.Connection) -> bool:
    """Return True if a database has this program's schema."""
    return bool(conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION)


def reload_statements(datasette: Datasette) -> None:
    """Replace Datasette's statements database by a ReloadingDatabase."""
    plain = datasette.databases.get("statements")
    if plain and not isinstance(plain, ReloadingDatabase) and plain.path and datasette.executor:
        reloading = ReloadingDatabase(datasette, path=FilePath(plain.path))
        reloading.name, reloading.route = plain.name, plain.route
        reloading.open_pool(datasette.setting("num_sql_threads"))
        datasette.databases = {**datasette.databases, "statements": reloading}
