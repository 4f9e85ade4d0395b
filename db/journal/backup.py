"""Backup of journal.db, complete even while others write, and restoring from a copy."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from db.journal.damage import find_damage
from db.journal.entries import JournalError, find_faults, open_journal
from db.sqlite import DATABASE_ERRORS, begin_write, connect

ENDINGS = ("", "-wal", "-shm")
ENTRY_ROWS = "SELECT * FROM entries ORDER BY id"
LAST_ENTRY = "SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1"


class RestoreResult(NamedTuple):
    """The number of entries restored, and the path of the journal that was put aside (None if none was)."""

    entries: int
    aside: Path | None


def back_up_journal(journal: Path, copy: Path) -> int:
    """Copy a journal as it is at one moment, through SQLite; return its number of entries. Raises JournalError.

    An older copy of that name is replaced only when the new one is complete and whole, and has all that the older has.
    """
    if not journal.exists():
        raise JournalError(f"{journal} does not exist yet: nothing has been entered")
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f".{copy.name}.part")
    with closing(open_journal(journal)) as conn:
        _copy_database(conn, part)
    with closing(_open_copy(part)) as made:
        number = len(made.execute(ENTRY_ROWS).fetchall())
        _refuse_loss(made, copy)
    with closing(connect(part)) as made, made:
        made.execute("CREATE TABLE head_of_copy AS SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1")
    os.replace(part, copy)
    return number


def _refuse_loss(made: sqlite3.Connection, copy: Path) -> None:
    """Refuse to replace a copy that has an entry which the new one lacks. Raises JournalError."""
    if not copy.exists():
        return
    try:
        with closing(_open_copy(copy)) as older:
            head = older.execute(LAST_ENTRY).fetchone()
    except JournalError:  # what is no copy, or damaged, is worth less than the new one
        return
    if head and not made.execute("SELECT 1 FROM entries WHERE id = ? AND hash = ?", head).fetchone():
        raise JournalError(
            f"the journal lacks entry {head[0]}, which the older {copy} has: that copy was kept. Restore it"
            " (journal restore), or back up to another name"
        )


def restore_journal(copy: Path, journal: Path, replace: bool) -> RestoreResult:
    """Restore from a copy the entries that the journal lacks.

    Raises JournalError, changing nothing, if the copy is damaged, or if the journal has entries that the copy lacks or
    cannot be read. With `replace`, put that journal aside and the copy in its place: first stop what uses the journal.
    """
    with closing(_open_copy(copy)) as source:
        rows = source.execute(ENTRY_ROWS).fetchall()
        if not (replace and journal.exists()):
            return RestoreResult(_add_missing_entries(rows, journal), None)
        part = journal.with_name(f".{journal.name}.part")
        _copy_database(source, part)
    aside = _put_aside(journal)
    os.replace(part, journal)
    return RestoreResult(len(rows), aside)


def _open_copy(copy: Path) -> sqlite3.Connection:
    """Open a copy read-only, after verifying it."""
    if not copy.exists():
        raise JournalError(f"{copy} is not there")
    source: sqlite3.Connection = connect(copy, mode="ro")
    try:
        damage = find_damage(source)
        fault = ("(the file)", damage) if damage else next(find_faults(source), None) or _find_cut(source)
    except DATABASE_ERRORS as error:
        source.close()
        raise JournalError(f"{copy} is no copy of a journal: {error}") from error
    if fault:
        source.close()
        raise JournalError(f"{copy} is damaged at entry {fault[0]}: {fault[1]}")
    return source


def _find_cut(source: sqlite3.Connection) -> tuple[str, str] | None:
    """Return the entry that a copy had when it was made, and has no longer; None where it is whole."""
    if not source.execute("SELECT 1 FROM sqlite_schema WHERE name = 'head_of_copy'").fetchone():
        return None  # made by an earlier version, or not finished yet
    made, now = source.execute("SELECT id, hash FROM head_of_copy").fetchone(), source.execute(LAST_ENTRY).fetchone()
    return None if made == now else (made[0] if made else "(none)", "it was the last when the copy was made")


def _copy_database(source: sqlite3.Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    path.touch(0o600)
    with closing(connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file that can be copied elsewhere
        target.execute("DROP TABLE IF EXISTS head_of_copy")
        target.commit()


def _put_aside(journal: Path) -> Path:
    aside = journal.with_name(f"{journal.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{journal.suffix}")
    for ending in ENDINGS:
        part = journal.with_name(journal.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _add_missing_entries(rows: list[tuple[str, ...]], journal: Path) -> int:
    """Append the rows of a copy that a journal lacks, in one transaction."""
    with closing(open_journal(journal)) as conn, begin_write(conn) as db:
        present = conn.execute(ENTRY_ROWS).fetchall()
        if present != rows[: len(present)]:
            lacking = len(set(present) - set(rows))
            word = "entry" if lacking == 1 else "entries"
            raise JournalError(
                f"{journal} holds {lacking} {word} that the copy lacks: keep it, or put it aside with --replace"
            )
        table = db.table("entries")
        table.insert_all([[column.name for column in table.columns], *rows[len(present) :]])
    return len(rows) - len(present)
