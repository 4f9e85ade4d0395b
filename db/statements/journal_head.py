"""The head of the journal, kept in statements.db when it is shown: a journal that lost its end is noticed."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from db.records.annotation import HistoryEntry
from db.sqlite import connect_to_read, get_database

ADVICE = (
    "Restore a newer copy: dispatch-box journal restore COPY."
    " If the entries are gone for good: dispatch-box journal accept"
)


class JournalHead(NamedTuple):
    """The id and hash of an entry of the journal."""

    id: str
    hash: str


def read_journal_head(conn: sqlite3.Connection) -> JournalHead | None:
    """Return the head that is kept; None where there is none, as in a database of an earlier version."""
    if not conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'last_shown_entry'").fetchone():
        return None
    row = conn.execute("SELECT id, hash FROM last_shown_entry").fetchone()
    return JournalHead(*row) if row else None


def read_kept_head(statements: Path) -> JournalHead | None:
    """Return the head that a statements.db keeps, without changing it; None where the file is missing or has none.

    Raises sqlite3.DatabaseError for a file that cannot be read.
    """
    if not statements.exists():
        return None
    with closing(connect_to_read(statements)) as conn:
        return read_journal_head(conn)


def keep_journal_head(conn: sqlite3.Connection, history: Sequence[HistoryEntry]) -> bool:
    """Keep the last entry of the journal as its head; return False where the journal lacks the head kept so far.

    That head is then kept on. `history` is that of the whole journal.
    """

    def has_entry(id: str, digest: str) -> bool:
        return any((id, digest) == (entry.id, entry.hash) for entry in reversed(history))

    return replace_journal_head(conn, JournalHead(history[-1].id, history[-1].hash) if history else None, has_entry)


def replace_journal_head(
    conn: sqlite3.Connection, last: JournalHead | None, has_entry: Callable[[str, str], bool]
) -> bool:
    """Replace the head that is kept by the last entry, and return True; keep it on where the journal lacks it.

    `has_entry` returns True for the id and hash of an entry that the journal has.
    """
    kept = read_journal_head(conn)
    if kept and not has_entry(*kept):
        return False
    if last:
        store_journal_head(conn, last)
    return True


def store_journal_head(conn: sqlite3.Connection, head: JournalHead | None) -> None:
    """Store a head in place of the one that is kept."""
    table = get_database(conn).table("last_shown_entry")
    table.delete_where()
    if head:
        table.insert(head._asdict())
