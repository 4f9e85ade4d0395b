"""The archive as it stood at the end of a date, for pages with ?as_of.

Nothing is written to statements.db: TEMP tables take the place of its tables, on a connection that is only used for
the past and that keeps the tables of the last date.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from datasette.utils import sqlite_timelimit

from annotations.commands.archive_paths import ArchivePaths, find_archive_paths, list_file_states
from annotations.commands.journal_reader import open_journal_view
from annotations.projection.journal_view import JournalView
from annotations.projection.resolution import resolve_state
from db.journal.entries import read_last_id
from db.statements import as_of_tables as past
from db.statements.annotations import ChangedRows, delete_rows, read_history_rows, replace_rows
from web.http.datasette_types import Datasette

PREPARATION_LIMIT_MS = 10_000  # time limit for making the tables of a date
Answer = TypeVar("Answer")


async def read_snapshot(datasette: Datasette, date: str, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Run a query on statements.db as it stood at the end of a date (YYYY, YYYY-MM or YYYY-MM-DD).

    One visitor at a time reads the past, so that readers of today keep their threads. Raises ServerBusy.
    """
    places, limit = find_archive_paths(datasette), datasette.setting("sql_time_limit_ms")

    def read(conn: sqlite3.Connection) -> Answer:
        conn.execute("BEGIN")
        try:
            _prepare_snapshot(conn, date, places)
            with sqlite_timelimit(conn, limit):
                return query(conn)
        finally:
            if conn.in_transaction:
                conn.rollback()

    answer: Answer = await datasette.get_database("statements").execute_one_at_a_time(read)
    return answer


def _prepare_snapshot(conn: sqlite3.Connection, until: str, places: ArchivePaths) -> None:
    """Make the TEMP tables of a date, unless they exist and nothing has changed since."""
    conn.execute("SELECT 1 FROM main.sqlite_schema LIMIT 1").fetchall()  # starts the read transaction
    version = conn.execute("PRAGMA main.data_version").fetchone()[0]
    state = repr((until, version, read_last_id(places.journal), list_file_states(places)))
    if past.read_shadow_state(conn) == state:
        return
    past.drop_shadows(conn)
    with open_journal_view(places) as view, sqlite_timelimit(conn, PREPARATION_LIMIT_MS):
        make_snapshot(conn, until, view)
        past.index_shadows(conn, state)
    conn.commit()
    conn.execute("BEGIN")


def make_snapshot(conn: sqlite3.Connection, until: str, view: JournalView) -> None:
    """Shadow the tables of statements.db by TEMP tables as of a date, until the transaction is rolled back.

    Only what differed from today is worked out again: what later entries are about, and what stands in other words.
    Annotations and replies of files count from their `created`, journal entries from their time. The text of a speech
    is the newest edition received by then, or else the first received. Guidance counts from its publication, a debate
    from its day; suggestions have no past and are left out.
    """
    past.shadow_guidance_and_register(conn, until)
    past.copy_annotations(conn)
    reworded = past.shadow_wordings(conn, until)
    then = view.read_past(until, {*reworded, *past.list_moments_of_then(conn)})
    history = read_history_rows(conn, [entry.id for entry in then.related])
    altered = [event for event in then.state.history if event != history.get(event.id)]
    gone = {entry.id for entry in then.related} - {event.id for event in then.state.history}
    about = (event.annotation_id for event in (*altered, *(history[id] for id in gone & history.keys())))
    changed = ChangedRows(
        annotations={*filter(None, about), *then.later_curated, *reworded},
        moments={event.moment_id for event in history.values() if event.moment_id},
        suggestions={entry.payload["suggestion"] for entry in then.related if "suggestion" in entry.payload},
        passes=past.list_passes(conn, then.people),
    )
    replace_rows(conn, resolve_state(conn, then.state, changed.annotations).rows._replace(history=altered), changed)
    delete_rows(conn, "annotation_history", "id", gone)
    past.delete_later_rows(conn)
