"""The refresh of statements.db after a journal entry.

`refresh_changed` works only on what newer entries than those shown are about; `refresh_file` does so in the file of a
running server, after each entry.
"""

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from annotations.projection.journal_view import JournalView
from annotations.projection.resolution import find_debate_id, resolve_state
from annotations.state.handlers import get_pass_key
from db.journal.entries import JournalEntry
from db.journal.entry_index import PASS_KINDS, make_pass_key
from db.sqlite import OPERATIONAL_ERRORS, begin_write, connect, load_served_library
from db.statements.annotations import (
    ChangedRows,
    read_history_rows,
    read_last_entry,
    save_annotations,
    save_changes,
)
from db.statements.journal_head import JournalHead, keep_journal_head, replace_journal_head
from db.statements.load_mark import LOADED
from db.statements.store import SCHEMA_VERSION

LOCK_TIMEOUT = 10.0  # seconds to wait for a statements.db that another process holds
served_sqlite = load_served_library()


def refresh_changed(conn: sqlite3.Connection, view: JournalView) -> None:
    """Bring statements.db up to date in one transaction, working only on what newer entries are about.

    The journal is read within the transaction, so that an earlier state never overwrites a later one. `conn` may belong
    to another SQLite library than the standard one.
    """
    with begin_write(conn):
        view.index.read_newer()
        last = read_last_entry(conn)
        if last and not view.index.has_entry(*last):  # the journal was replaced by another one
            state = view.read_whole_state()
            save_annotations(conn, resolve_state(conn, state).rows)
            keep_journal_head(conn, state.history)
        elif newer := view.index.read_after(last.id if last else ""):
            _save_changes(conn, view, newer)
            replace_journal_head(conn, JournalHead(newer[-1].id, newer[-1].hash), view.index.has_entry)


def _save_changes(conn: sqlite3.Connection, view: JournalView, newer: Collection[JournalEntry]) -> None:
    """Replace the rows of all that newer entries are about."""
    related, state = view.read_around(newer)
    passes = _find_passes(conn, related)
    if passes:
        related, state = view.read_around(newer, _list_pass_keys(conn, view, passes))
    history = read_history_rows(conn, [event.id for event in state.history])
    events = [event for event in state.history if event != history.get(event.id)]
    changed = ChangedRows(
        annotations={event.annotation_id for event in events if event.annotation_id},
        moments={event.moment_id for event in state.history if event.moment_id},
        suggestions={entry.payload["suggestion"] for entry in related if "suggestion" in entry.payload},
        passes=passes,
    )
    rows = resolve_state(conn, state, changed.annotations).rows
    shown = [each for each in rows.passes if (each.person, each.debate_id) in passes]
    save_changes(conn, rows._replace(history=events, passes=shown), changed)


def _find_passes(conn: sqlite3.Connection, entries: Iterable[JournalEntry]) -> set[tuple[str, str]]:
    """Find the passes that entries begin or end: pairs of a person and today's id of the debate."""
    named = {get_pass_key(entry) for entry in entries if entry.kind in PASS_KINDS}
    return {(person, find_debate_id(conn, debate)) for person, debate in named}


def _list_pass_keys(conn: sqlite3.Connection, view: JournalView, passes: Iterable[tuple[str, str]]) -> list[str]:
    """List the keys of passes by all names that entries have given to their debates.

    A name that has a row of its own is no other name.
    """
    found = []
    for person, debate_id in passes:
        rows = conn.execute("SELECT debate_id FROM passes WHERE person = ? AND debate_id <> ?", (person, debate_id))
        others = {id for (id,) in rows}
        names = {get_pass_key(entry)[1] for entry in view.index.read_passes(person)} - others
        found += [make_pass_key(person, name) for name in names if find_debate_id(conn, name) == debate_id]
    return found


def refresh_file(statements: Path, view: JournalView) -> bool:
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
            conn.execute("PRAGMA synchronous = NORMAL")  # after a power failure the next refresh makes up for the end
            refresh_changed(conn, view)
    except OPERATIONAL_ERRORS:
        return False
    return True
