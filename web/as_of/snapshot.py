"""The archive as it stood at the end of a day: what was said and read by then, for as long as a page is worked out.

Nothing is written: TEMP tables stand before those of statements.db, on a connection that reads the past alone and that
keeps those of the day asked for last.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit

from annotations.commands.places import Places, find_places, read_curated
from annotations.projection.resolve import resolved
from annotations.state.reducer import reduce
from db.journal.entries import last_id, read_journal
from db.records.annotation import Annotation
from db.statements import snapshot as past
from db.statements.annotations import alters, forget, save_some, seen
from web.as_of.dates import then
from web.http.pages import reading

WORKING = 10_000  # milliseconds in which a day's tables must be made
Answer = TypeVar("Answer")


async def stood(datasette: Any, request: Any, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What a function reads from statements.db as it stood at the date asked for; as it is, where none is.

    The past is read by one visitor at a time, so that it takes no thread from readers of today. Raises Busy.
    """
    asked = then(request)
    if not asked:
        return await reading(datasette, read)
    places, limit = find_places(datasette), datasette.setting("sql_time_limit_ms")

    def back(conn: sqlite3.Connection) -> Answer:
        conn.execute("BEGIN")
        try:
            _go_back(conn, asked.date, places)
            with sqlite_timelimit(conn, limit):
                return read(conn)
        finally:
            if conn.in_transaction:
                conn.rollback()

    database = datasette.get_database("statements")
    answer: Answer = await database.execute_alone(back)
    return answer


def _go_back(conn: sqlite3.Connection, until: str, places: Places) -> None:
    """Have a connection's TEMP tables as they stood at a date: those it has, where nothing has changed since."""
    conn.execute("SELECT 1 FROM main.sqlite_schema LIMIT 1").fetchall()  # from here on it reads one state
    version = conn.execute("PRAGMA main.data_version").fetchone()[0]
    state = repr((until, version, last_id(places.journal), _files(places)))
    if past.made_for(conn) == state:
        return
    past.forgotten(conn)
    with sqlite_timelimit(conn, WORKING):
        shadow(conn, until, read_curated(places), lambda: read_journal(places.journal, until))
        past.kept(conn, state)
    conn.commit()
    conn.execute("BEGIN")


def _files(places: Places) -> list[tuple[str, int, int]]:
    """Each file of guidance and quotes, when it was last written, and its bytes."""
    found = [path for folder in (places.guidance, places.quotes) for path in sorted(folder.glob("*.toml"))]
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found]


def shadow(
    conn: sqlite3.Connection, until: str, curated: Iterable[Annotation], read: Callable[[], Iterable[Any]]
) -> None:
    """Put tables as they stood before those of statements.db, until the transaction is rolled back.

    Only annotations that were other than today are worked on. Files' annotations and replies count by their own
    `created`, the journal by when it was entered; of a speech's words the newest edition received by then, or else the
    first that was received. Guidance counts from its publication, a debate from its day; suggestions, which have no
    past, are left out.
    """
    past.published(conn, until)
    past.copy_people(conn)
    files = [_answered(each, until) for each in curated]
    state = reduce(read(), [each for each in files if each.created[: len(until)] <= until])
    known = seen(conn)
    other = [event for event in state.history if known.pop(event.id, None) != alters(event)]
    about = dict(conn.execute("SELECT id, annotation_id FROM annotation_history"))
    since = {about[id] for id in (*known, *(event.id for event in other)) if about.get(id)}
    touched = since | _filed(curated, until) | past.worded(conn, until)
    save_some(conn, resolved(conn, state, touched).people._replace(history=other), touched)
    forget(conn, "annotation_history", "id", known)
    past.without_later(conn)


def _filed(curated: Iterable[Annotation], until: str) -> set[str]:
    """The annotations of files that were made or answered later."""
    return {
        each.id for each in curated if max([each.created, *(r.created for r in each.replies)])[: len(until)] > until
    }


def _answered(annotation: Annotation, until: str) -> Annotation:
    return annotation._replace(replies=tuple(r for r in annotation.replies if r.created[: len(until)] <= until))
