"""The folder of databases, and its lock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

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
    lock, holder = FileLock(folder.path / "scrape.lock", timeout=0), folder.path / "scrape-holder.lock"
    try:
        lock.acquire()
    except Timeout:
        named = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
        message = f"{folder.path} is in use by {named}: wait until it has ended, then try again"
        raise Unavailable(message, EXIT_TRY_LATER) from None
    try:
        holder.write_text(f"process {os.getpid()}, since {format_now()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
