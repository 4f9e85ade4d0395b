"""The archive as it stood at the end of a date, for the pages that ?as_of asks for.

Nothing is written to the file: TEMP tables hide those of statements.db, on a connection that is used for the past alone
and that keeps the tables of the date asked for last.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit

from annotations.commands.archive_paths import ArchivePaths, find_archive_paths, read_curated
from annotations.projection.resolution import resolve_state
from annotations.state.reducer import reduce_entries
from db.journal.entries import read_journal, read_last_id
from db.records.annotation import Annotation
from db.statements import as_of_tables as past
from db.statements.annotations import delete_rows, get_mutable_fields, read_known_entries, save_some_annotations

WORKING = 10_000  # milliseconds in which a day's tables must be made
Answer = TypeVar("Answer")


async def read_snapshot(datasette: Any, date: str, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Run a query on statements.db as it stood at the end of a date (YYYY, YYYY-MM or YYYY-MM-DD).

    The past is read for one visitor at a time, so that it takes no thread from readers of today. Raises ServerBusy.
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

    answer: Answer = await datasette.get_database("statements").execute_alone(read)
    return answer


def _prepare_snapshot(conn: sqlite3.Connection, until: str, places: ArchivePaths) -> None:
    """Make the TEMP tables of a date; keep those that are there if they are of it and nothing changed since."""
    conn.execute("SELECT 1 FROM main.sqlite_schema LIMIT 1").fetchall()  # from here on it reads one state
    version = conn.execute("PRAGMA main.data_version").fetchone()[0]
    state = repr((until, version, read_last_id(places.journal), _files(places)))
    if past.read_shadow_state(conn) == state:
        return
    past.drop_shadows(conn)
    with sqlite_timelimit(conn, WORKING):
        make_snapshot(conn, until, read_curated(places), lambda: read_journal(places.journal, until))
        past.index_shadows(conn, state)
    conn.commit()
    conn.execute("BEGIN")


def _files(places: ArchivePaths) -> list[tuple[str, int, int]]:
    """Return each file of guidance and quotes with the time of its last change (nanoseconds) and its size in bytes."""
    found = [path for folder in (places.guidance, places.quotes) for path in sorted(folder.glob("*.toml"))]
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found]


def make_snapshot(
    conn: sqlite3.Connection, until: str, curated: Iterable[Annotation], read: Callable[[], Iterable[Any]]
) -> None:
    """Put TEMP tables as they stood at a date before those of statements.db, until the transaction is rolled back.

    Only annotations that were other than today are worked on. Files' annotations and replies count by their own
    `created`, the journal by when it was entered; of a speech's words the newest edition received by then, or else the
    first that was received. Guidance counts from its publication, a debate from its day; suggestions, which have no
    past, are left out.
    """
    past.shadow_guidance_and_register(conn, until)
    past.copy_annotations(conn)
    files = [_answered(each, until) for each in curated]
    state = reduce_entries(read(), [each for each in files if each.created[: len(until)] <= until])
    known = read_known_entries(conn)
    other = [event for event in state.history if known.pop(event.id, None) != get_mutable_fields(event)]
    about = dict(conn.execute("SELECT id, annotation_id FROM annotation_history"))
    since = {about[id] for id in (*known, *(event.id for event in other)) if about.get(id)}
    touched = since | _filed(curated, until) | past.shadow_wordings(conn, until)
    save_some_annotations(conn, resolve_state(conn, state, touched).rows._replace(history=other), touched)
    delete_rows(conn, "annotation_history", "id", known)
    past.delete_later_rows(conn)


def _filed(curated: Iterable[Annotation], until: str) -> set[str]:
    """Return the ids of the annotations in files that were made or answered later."""
    return {
        each.id for each in curated if max([each.created, *(r.created for r in each.replies)])[: len(until)] > until
    }


def _answered(annotation: Annotation, until: str) -> Annotation:
    return annotation._replace(replies=tuple(r for r in annotation.replies if r.created[: len(until)] <= until))
