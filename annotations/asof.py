"""The archive as it stood at the end of a day: what was said and read by then, for as long as a page is worked out.

Nothing is written: TEMP tables stand before those of statements.db, on a connection that reads the past alone and that
keeps those of the day asked for last.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from datetime import date as Date
from typing import Any, NamedTuple, TypeVar

from datasette.utils import sqlite_timelimit

from annotations import desk
from annotations.curated import CuratedError
from annotations.reduce import reduce
from annotations.resolve import resolved
from db import past
from db.cite import written
from db.journal import JournalError, last_id, read_journal
from db.notes import PEOPLE, alters, forget, save_some, seen
from db.pages import Busy, page, reading
from db.records import Annotation
from db.unseen import blind

DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?", re.ASCII)
WORKING = 10_000  # milliseconds in which a day's tables must be made
Answer = TypeVar("Answer")
View = Callable[[Any, Any], Awaitable[Any]]


class Then(NamedTuple):
    """A date in the past: as asked for, and in words."""

    date: str
    words: str


class NoDate(ValueError):
    """What was asked for as a date is none; the message says how to write one."""


def then(request: Any) -> Then | None:
    """The date that an address asks for; None where it asks for none, or for one that is not over. Raises NoDate."""
    given = (request.args.get("as_of") or "").strip()
    if not given:
        return None
    if blind():
        raise NoDate("While you annotate a debate blind, nothing is shown as it stood on another day.")
    try:
        if not DATE.fullmatch(given):
            raise ValueError
        first = Date.fromisoformat(f"{given}-01-01"[:10])
    except ValueError:
        raise NoDate(f"{given[:40]} is no date: write it as 2009-03-02, or a month or year alone.") from None
    if given >= datetime.now(UTC).date().isoformat()[: len(given)]:
        return None
    words = {4: f"{first:%Y}", 7: f"{first:%B %Y}"}.get(len(given)) or written(given)
    return Then(given, words)


async def stood(datasette: Any, request: Any, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What a function reads from statements.db as it stood at the date asked for; as it is, where none is.

    The past is read by one visitor at a time, so that it takes no thread from readers of today. Raises Busy.
    """
    asked = then(request)
    if not asked:
        return await reading(datasette, read)
    places, limit = desk.places(datasette), datasette.setting("sql_time_limit_ms")

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


def _go_back(conn: sqlite3.Connection, until: str, places: desk.Places) -> None:
    """Have a connection's TEMP tables as they stood at a date: those it has, where nothing has changed since."""
    conn.execute("SELECT 1 FROM main.sqlite_schema LIMIT 1").fetchall()  # from here on it reads one state
    version = conn.execute("PRAGMA main.data_version").fetchone()[0]
    state = repr((until, version, last_id(places.journal), _files(places)))
    if past.made_for(conn) == state:
        return
    past.forgotten(conn)
    with sqlite_timelimit(conn, WORKING):
        shadow(conn, until, desk.curated_of(places), lambda: read_journal(places.journal, until))
        past.kept(conn, state)
    conn.commit()
    conn.execute("BEGIN")


def _files(places: desk.Places) -> list[tuple[str, int, int]]:
    """Each file of guidance and quotes, when it was last written, and its bytes."""
    found = [path for folder in (places.guidance, places.quotes) for path in sorted(folder.glob("*.toml"))]
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found]


def over(request: Any) -> str | None:
    """The date that an address asks for though it is not over, so that the page is today's; None where it asks none."""
    given = (request.args.get("as_of") or "").strip()
    return None if then(request) or not given else given


def onward(request: Any, answer: Any) -> Any:
    """An answer that leads elsewhere, to the same day there."""
    asked, address = then(request), answer.headers.get("Location")
    if asked and address:
        path, mark, fragment = address.partition("#")
        answer.headers["Location"] = f"{path}?as_of={asked.date}{mark}{fragment}"
    return answer


def dated(view: View) -> View:
    """Make a route answer what is no date with a page that says so."""

    async def route(datasette: Any, request: Any) -> Any:
        try:
            return await view(datasette, request)
        except NoDate as error:
            return await _refused(datasette, request, str(error), 400)
        except (Busy, CuratedError, JournalError) as error:
            answer = await _refused(datasette, request, f"The past cannot be shown now: {error}", 503)
            answer.headers = {"Cache-Control": "no-store", "Retry-After": "5"}
            return answer

    return route


async def _refused(datasette: Any, request: Any, why: str, status: int) -> Any:
    return await page(datasette, request, "missing.html", {"looked_for": request.full_path, "advice": why}, status)


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
    for table in PEOPLE:
        conn.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
    files = [_answered(each, until) for each in curated]
    state = reduce(read(), [each for each in files if each.created[: len(until)] <= until])
    known = seen(conn)
    other = [event for event in state.history if known.pop(event.id, None) != alters(event)]
    about = dict(conn.execute("SELECT id, annotation_id FROM annotation_history"))
    since = {about[id] for id in (*known, *(event.id for event in other)) if about.get(id)}
    touched = since | _filed(curated, until) | past.worded(conn, until)
    save_some(conn, resolved(conn, state, touched).people._replace(history=other), touched)
    forget(conn, "annotation_history", "id", known)
    past.without_later(conn, until)


def _filed(curated: Iterable[Annotation], until: str) -> set[str]:
    """The annotations of files that were made or answered later."""
    return {
        each.id for each in curated if max([each.created, *(r.created for r in each.replies)])[: len(until)] > until
    }


def _answered(annotation: Annotation, until: str) -> Annotation:
    return annotation._replace(replies=tuple(r for r in annotation.replies if r.created[: len(until)] <= until))
