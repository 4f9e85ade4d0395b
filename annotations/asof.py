"""The archive as it stood at the end of a day: what was said and read by then, for as long as a page is worked out.

Nothing is written: TEMP tables stand before those of statements.db, and go with the reading's transaction.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from datetime import date as Date
from typing import Any, NamedTuple, TypeVar

from annotations import desk
from annotations.reduce import reduce
from annotations.resolve import resolved
from db.cite import written
from db.journal import read_journal
from db.notes import PEOPLE, forget, save_some, seen
from db.pages import page, reading
from db.records import Annotation
from db.unseen import blind

DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?", re.ASCII)
GUIDANCE = """
CREATE TEMP TABLE guidance_documents AS
 SELECT * FROM main.guidance_documents WHERE substr(published, 1, length(:until)) <= :until;
CREATE TEMP TABLE guidance_points AS
 SELECT p.* FROM main.guidance_points p JOIN guidance_documents d ON d.id = p.document_id;
CREATE TEMP TABLE point_readings AS
 SELECT r.* FROM main.point_readings r JOIN guidance_points p ON p.id = r.point_id
  JOIN guidance_points q ON q.id = r.reads_id;
CREATE TEMP TABLE suggestions AS SELECT * FROM main.suggestions WHERE 0;
CREATE TEMP TABLE named AS SELECT * FROM main.named WHERE substr(date, 1, length(:until)) <= :until;
CREATE TEMP VIEW passages AS
 SELECT * FROM annotations WHERE status = 'active' AND anchor IN ('exact', 'moved');
"""
OLDER = """
CREATE TEMP TABLE older AS
 SELECT e.speech_id AS id, e.text, max(e.received) AS received FROM main.speeches s
  JOIN main.editions e ON e.speech_id = s.id
  WHERE substr(s.received, 1, length(:until)) > :until AND substr(e.received, 1, length(:until)) <= :until
    AND e.text <> s.text GROUP BY 1
"""
SPEECHES = """
CREATE TEMP VIEW speeches AS SELECT s.rowid AS rowid, {columns} FROM main.speeches s LEFT JOIN older o ON o.id = s.id
"""
MENTIONS = """
CREATE TEMP TABLE mentions AS
 SELECT * FROM main.mentions WHERE speech_id IS NULL OR speech_id NOT IN (SELECT id FROM older)
"""
WORDED = {"text": "coalesce(o.text, s.text) AS text", "markup": "iif(o.id IS NULL, s.markup, NULL) AS markup"}
LATER = (
    "DELETE FROM annotations WHERE point_id NOT IN (SELECT id FROM guidance_points) OR speech_id IN"
    " (SELECT id FROM main.speeches WHERE substr(date, 1, length(:until)) > :until)",
    "DELETE FROM repair_list WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM replies WHERE annotation_id NOT IN (SELECT id FROM annotations)",
)
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
    if given >= Date.today().isoformat()[: len(given)]:
        return None
    words = {4: f"{first:%Y}", 7: f"{first:%B %Y}"}.get(len(given)) or written(given)
    return Then(given, words)


async def stood(datasette: Any, request: Any, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What a function reads from statements.db as it stood at the date asked for; as it is, where none is."""
    asked = then(request)
    if not asked:
        return await reading(datasette, read)
    places = desk.places(datasette)

    def back(conn: sqlite3.Connection) -> Answer:
        shadow(conn, asked.date, desk.curated_of(places), lambda: read_journal(places.journal, asked.date))
        return read(conn)

    return await reading(datasette, back)


def dated(view: View) -> View:
    """Make a route answer what is no date with a page that says so."""

    async def route(datasette: Any, request: Any) -> Any:
        try:
            return await view(datasette, request)
        except NoDate as error:
            advice = f"{error} Leave as_of out of the address to see it as it is today."
            return await page(
                datasette, request, "missing.html", {"looked_for": request.full_path, "advice": advice}, 400
            )

    return route


def shadow(
    conn: sqlite3.Connection, until: str, curated: Iterable[Annotation], read: Callable[[], Iterable[Any]]
) -> None:
    """Put tables as they stood before those of statements.db, until the transaction is rolled back.

    Only annotations that were other than today are worked on. Files' annotations and replies count by their own
    `created`, the journal by when it was entered; of a speech's words the newest edition received by then, where one
    was. Guidance counts from its publication, a debate from its day; suggestions, which have no past, are left out.
    """
    for statement in GUIDANCE.split(";\n"):
        if statement.strip():
            conn.execute(statement, {"until": until})
    for table in PEOPLE:
        conn.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
    files = [_answered(each, until) for each in curated]
    state = reduce(read(), [each for each in files if each.created[: len(until)] <= until])
    known = seen(conn)
    other = [event for event in state.history if known.pop(event.id, None) != (event.undone, event.problem)]
    about = dict(conn.execute("SELECT id, annotation_id FROM annotation_history"))
    since = {about[id] for id in (*known, *(event.id for event in other)) if about.get(id)}
    touched = since | _filed(curated, until) | _worded(conn, until)
    save_some(conn, resolved(conn, state, touched).people._replace(history=other), touched)
    forget(conn, "annotation_history", "id", known)
    for statement in LATER:
        conn.execute(statement, {"until": until})


def _filed(curated: Iterable[Annotation], until: str) -> set[str]:
    """The annotations of files that were made or answered later."""
    return {
        each.id for each in curated if max([each.created, *(r.created for r in each.replies)])[: len(until)] > until
    }


def _answered(annotation: Annotation, until: str) -> Annotation:
    return annotation._replace(replies=tuple(r for r in annotation.replies if r.created[: len(until)] <= until))


def _worded(conn: sqlite3.Connection, until: str) -> set[str]:
    """The annotations of speeches that had other words then; those are put in the place of today's, unmarked."""
    conn.execute(OLDER, {"until": until})
    if not conn.execute("SELECT 1 FROM older LIMIT 1").fetchone():
        return set()
    columns = [name for _, name, *_ in conn.execute("PRAGMA main.table_info(speeches)")]
    conn.execute(SPEECHES.format(columns=", ".join(WORDED.get(name, f"s.{name}") for name in columns)))
    conn.execute(MENTIONS)
    return {id for (id,) in conn.execute("SELECT a.id FROM main.annotations a JOIN older o ON o.id = a.speech_id")}
