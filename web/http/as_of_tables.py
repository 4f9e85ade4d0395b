"""The archive as it stood at the end of a date, for pages with ?as_of.

Nothing is written to statements.db: TEMP tables take the place of its tables, on a connection that is only used for
the past and that keeps the tables of the last date.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit

from annotations.commands.archive_paths import ArchivePaths, find_archive_paths, list_file_states, read_curated
from annotations.projection.resolution import resolve_state
from annotations.state.reducer import reduce_entries
from db.journal.entries import read_journal, read_last_id
from db.records.annotation import Annotation
from db.statements import as_of_tables as past
from db.statements.annotations import delete_rows, get_mutable_fields, read_known_entries, save_some_annotations
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
    with sqlite_timelimit(conn, PREPARATION_LIMIT_MS):
        make_snapshot(conn, until, read_curated(places), lambda: read_journal(places.journal, until))
        past.index_shadows(conn, state)
    conn.commit()
    conn.execute("BEGIN")


def make_snapshot(
    conn: sqlite3.Connection, until: str, curated: Iterable[Annotation], read_entries: Callable[[], Iterable[Any]]
) -> None:
    """Shadow the tables of statements.db by TEMP tables as of a date, until the transaction is rolled back.

    Only annotations that differed from today are resolved again. Annotations and replies of files count from their
    `created`, journal entries from their time. The text of a speech is the newest edition received by then, or else the
    first received. Guidance counts from its publication, a debate from its day; suggestions have no past and are left
    out. `read_entries` reads the journal up to the date.
    """
    past.shadow_guidance_and_register(conn, until)
    past.copy_annotations(conn)
    filed = [_drop_later_replies(each, until) for each in curated]
    state = reduce_entries(read_entries(), [each for each in filed if each.created[: len(until)] <= until])
    known = read_known_entries(conn)
    other = [event for event in state.history if known.pop(event.id, None) != get_mutable_fields(event)]
    annotation_of = dict(conn.execute("SELECT id, annotation_id FROM annotation_history"))
    changed = {annotation_of[id] for id in (*known, *(event.id for event in other)) if annotation_of.get(id)}
    touched = changed | _find_later_annotations(curated, until) | past.shadow_wordings(conn, until)
    save_some_annotations(conn, resolve_state(conn, state, touched).rows._replace(history=other), touched)
    delete_rows(conn, "annotation_history", "id", known)
    past.delete_later_rows(conn)


def _find_later_annotations(curated: Iterable[Annotation], until: str) -> set[str]:
    """Return the ids of the annotations in files that were made or replied to later."""
    return {
        each.id for each in curated if max([each.created, *(r.created for r in each.replies)])[: len(until)] > until
    }


def _drop_later_replies(annotation: Annotation, until: str) -> Annotation:
    return annotation._replace(replies=tuple(r for r in annotation.replies if r.created[: len(until)] <= until))
