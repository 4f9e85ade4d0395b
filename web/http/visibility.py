"""What somebody who annotates a debate blind is not shown: what others say of it, left out of whatever reads it."""

import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from typing import NamedTuple

from db.statements.snapshot import recreate_views

PASSES = """
SELECT p.debate_id, p.begun, p.done, d.title FROM passes p JOIN debates d ON d.id = p.debate_id
 WHERE p.person = ? ORDER BY p.begun, 1
"""
# Whose view it is, and what lies in the debates that they have not finished
KEPT = (
    "CREATE TEMP TABLE unseen_person (name TEXT)",
    "CREATE TEMP TABLE unseen_speeches (id TEXT PRIMARY KEY, gid TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE unseen_annotations (id TEXT PRIMARY KEY) WITHOUT ROWID",
)
ANNOTATIONS = """
INSERT INTO temp.unseen_annotations
SELECT a.id FROM temp.unseen_speeches u CROSS JOIN main.annotations a ON a.speech_id = u.id
"""
UNSEEN = "SELECT id FROM main.annotations WHERE id NOT IN (SELECT id FROM annotations)"
ME = "(SELECT name FROM temp.unseen_person)"
SPEECH, NOTE = ("(SELECT id FROM temp.unseen_speeches)", "(SELECT id FROM temp.unseen_annotations)")
SHOWN = {
    "annotations": f"creator = {ME} OR actor = {ME} OR id NOT IN {NOTE}",
    "replies": f"creator = {ME} OR annotation_id NOT IN {NOTE}",
    "repair_list": f"annotation_id NOT IN {NOTE} OR annotation_id IN (SELECT id FROM temp.annotations)",
    "quote_counts": "annotation_id IN (SELECT id FROM temp.annotations)",
    "moments": f"creator = {ME} OR actor = {ME} OR speech_id IS NULL OR speech_id NOT IN {SPEECH}",
    "suggestions": f"speech_id NOT IN {SPEECH}",
    "decisions": f"actor = {ME} OR target IS NULL OR target NOT IN (SELECT gid FROM temp.unseen_speeches)",
    # of others' acts those on what is seen; of those on nothing that is held (it was undone) nobody knows the debate
    "annotation_history": f"actor = {ME} OR CASE WHEN annotation_id IS NOT NULL "
    f"THEN annotation_id NOT IN {NOTE} AND annotation_id IN (SELECT id FROM main.annotations) "
    "WHEN moment_id IS NOT NULL THEN moment_id IN (SELECT id FROM temp.moments) "
    "ELSE kind NOT IN ('confirm', 'reject', 'withdraw', 'restore', 'reply') END",
}


class Pass(NamedTuple):
    """A pass of one's own over a debate: its title, and when it was begun and done (UTC), None where not."""

    debate_id: str
    begun: str | None
    done: str | None
    title: str

    @property
    def open(self) -> bool:
        """Whether it is begun and not done."""
        return self.begun is not None and self.done is None


class Reader(NamedTuple):
    """Somebody who is signed in, and the debates that they have taken blind."""

    name: str
    passes: Mapping[str, Pass]

    @property
    def blind(self) -> list[Pass]:
        """Those that are open."""
        return [one for one in self.passes.values() if one.open]


READER: ContextVar[Reader | None] = ContextVar("READER", default=None)  # who asks for the page that is being made


def reader(conn: sqlite3.Connection, name: str) -> Reader:
    """Somebody with their passes."""
    return Reader(name, {row[0]: Pass(*row) for row in conn.execute(PASSES, (name,))})


def blind() -> list[Pass]:
    """The open passes of who asks for the page that is being made; empty for who is not signed in."""
    asking = READER.get()
    return asking.blind if asking else []


def blindfold(conn: sqlite3.Connection, asking: Reader) -> None:
    """Put views in the place of the tables that tell what others say, until the transaction is rolled back.

    Every table name without a schema then means the view; so it does within each view of the database.
    """
    for statement in KEPT:
        conn.execute(statement)
    conn.execute("INSERT INTO temp.unseen_person VALUES (?)", (asking.name,))
    for one in asking.blind:
        speeches = "INSERT INTO temp.unseen_speeches SELECT id, gid FROM main.speeches WHERE debate_id = ?"
        conn.execute(speeches, (one.debate_id,))
    conn.execute(ANNOTATIONS)
    for table, shown in SHOWN.items():
        columns = "rowid, *" if table == "suggestions" else "*"  # of which /review asks the row; a view has none
        conn.execute(f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} WHERE {shown}")
    recreate_views(conn, SHOWN)


def unseen(conn: sqlite3.Connection) -> set[str]:
    """The ids of the annotations that are kept from who asks, on a connection as pages read it."""
    return {id for (id,) in conn.execute(UNSEEN)}


def blindfolded(conn: sqlite3.Connection) -> bool:
    """Whether views stand for tables, so that a query can name no index of theirs."""
    found = conn.execute("SELECT 1 FROM temp.sqlite_schema WHERE type = 'view' AND name = 'annotations'")
    return found.fetchone() is not None
