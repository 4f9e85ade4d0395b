"""The refresh of statements.db after a journal entry.

`refresh_all` works out everything again, for the command line. `refresh_changed` works only on the annotations that new
entries are about; `refresh_file` does so in the file of a running server, after each entry.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from annotations.projection.resolution import ResolvedState, resolve_entries, resolve_state
from annotations.state.model import State
from db.journal.entries import JournalEntry
from db.records.annotation import Annotation
from db.sqlite import OPERATIONAL_ERRORS, begin_write, connect, load_served_library
from db.statements import speaker_counts
from db.statements.annotations import get_mutable_fields, read_known_entries, save_annotations, save_some_annotations
from db.statements.journal_head import keep_journal_head
from db.statements.load_mark import LOADED
from db.statements.store import SCHEMA_VERSION

LOCK_TIMEOUT = 10.0  # seconds to wait for a statements.db that another process holds
served_sqlite = load_served_library()


def refresh_all(
    conn: sqlite3.Connection, curated: Iterable[Annotation], read: Callable[[], Iterable[JournalEntry]]
) -> ResolvedState:
    """Replace everything that people have entered in statements.db by the present state, in one transaction.

    `read` reads the journal; it is called within the transaction, so that an earlier state never overwrites a later
    one.
    """
    with begin_write(conn):
        resolved = resolve_entries(conn, curated, read())
        save_annotations(conn, resolved.rows)
        keep_journal_head(conn, resolved.state.history)
    return resolved


def refresh_changed(conn: sqlite3.Connection, latest: Callable[[], State]) -> None:
    """Bring statements.db up to date in one transaction, working only on the annotations of new or altered entries.

    `latest` returns the state of the journal, and is called within the transaction. `conn` may belong to another SQLite
    library than the standard one.
    """
    with begin_write(conn):
        state = latest()
        keep_journal_head(conn, state.history)
        known = read_known_entries(conn)
        events = [event for event in state.history if known.pop(event.id, None) != get_mutable_fields(event)]
        if known:  # the journal was replaced by another one
            save_annotations(conn, resolve_state(conn, state).rows)
            return
        touched = {event.annotation_id for event in events if event.annotation_id}
        rows = resolve_state(conn, state, touched).rows
        save_some_annotations(conn, rows._replace(history=events), touched)
        speaker_counts.count_changed_speakers(conn)


def refresh_file(statements: Path, latest: Callable[[], State]) -> bool:
    """Bring the file of a running server up to date; return False where it must be loaded instead.

    The file must be loaded where it is missing, half loaded, of another version, or locked by another process for
    LOCK_TIMEOUT seconds; the load reads the journal too. The file is opened with the SQLite library that Datasette
    uses, because two SQLite libraries in one process drop each other's locks.
    """
    if not statements.exists():
        return False
    try:
        with closing(connect(statements, served_sqlite, "rw", isolation_level=None, timeout=LOCK_TIMEOUT)) as conn:
            versions = [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
            if versions != [SCHEMA_VERSION, LOADED]:
                return False
            refresh_changed(conn, latest)
    except OPERATIONAL_ERRORS:
        return False
    return True
