"""The folder of databases, and its lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from db.archive.responses import format_now
from db.exit_codes import EXIT_TRY_LATER
from db.records.source import Unavailable


class DatabaseFolder(NamedTuple):
    """A folder of databases."""

    path: Path

    @property
    def archive(self) -> Path:
        """Path of the database of received documents."""
        return self.path / "archive.db"

    @property
    def statements(self) -> Path:
        """Path of the database of derived records."""
        return self.path / "statements.db"


@contextmanager
def folder_lock(folder: DatabaseFolder) -> Iterator[None]:
    """Hold the lock of a folder, which ends with the process. Raises Unavailable if another process holds it."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with open(folder.path / "scrape.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            message = f"{folder.path} is in use by {holder}: wait until it has ended, then try again"
            raise Unavailable(message, EXIT_TRY_LATER) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {format_now()}")
        lock.flush()
        yield
