"""Blind mode: hide other people's notes on a debate from a visitor who annotates it blind.

No other module knows who is blind or how rows are hidden: pages call this one, and web/http/reading.py applies it.
"""

import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from functools import wraps
from typing import NamedTuple

from db.statements.as_of_tables import recreate_views
from web.http.datasette_types import App, Datasette, Receive, Scope, Send

PASSES_OF_PERSON = """
SELECT p.debate_id, p.begun, p.done, d.title FROM passes p JOIN debates d ON d.id = p.debate_id
 WHERE p.person = ? ORDER BY p.begun, 1
"""
# The viewer, and the speeches and annotations of the debates that they annotate blind
CREATE_HIDDEN = (
    "CREATE TEMP TABLE unseen_person (name TEXT)",
    "CREATE TEMP TABLE unseen_speeches (id TEXT PRIMARY KEY, gid TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE unseen_annotations (id TEXT PRIMARY KEY) WITHOUT ROWID",
)
INSERT_HIDDEN_ANNOTATIONS = """
INSERT INTO temp.unseen_annotations
SELECT a.id FROM temp.unseen_speeches u CROSS JOIN main.annotations a ON a.speech_id = u.id
"""
HIDDEN_ANNOTATIONS = "SELECT id FROM main.annotations WHERE id NOT IN (SELECT id FROM annotations)"
VIEWER_NAME = "(SELECT name FROM temp.unseen_person)"
HIDDEN_SPEECH_IDS, HIDDEN_ANNOTATION_IDS = (
    "(SELECT id FROM temp.unseen_speeches)",
    "(SELECT id FROM temp.unseen_annotations)",
)
VISIBLE_ROWS = {
    "annotations": f"creator = {VIEWER_NAME} OR actor = {VIEWER_NAME} OR id NOT IN {HIDDEN_ANNOTATION_IDS}",
    "replies": f"creator = {VIEWER_NAME} OR annotation_id NOT IN {HIDDEN_ANNOTATION_IDS}",
    "repair_list": f"annotation_id NOT IN {HIDDEN_ANNOTATION_IDS} "
    "OR annotation_id IN (SELECT id FROM temp.annotations)",
    "quote_counts": "annotation_id IN (SELECT id FROM temp.annotations)",
    "moments": f"creator = {VIEWER_NAME} OR actor = {VIEWER_NAME} OR speech_id IS NULL "
    f"OR speech_id NOT IN {HIDDEN_SPEECH_IDS}",
    "suggestions": f"speech_id NOT IN {HIDDEN_SPEECH_IDS}",
    "decisions": f"actor = {VIEWER_NAME} OR target IS NULL OR target NOT IN (SELECT gid FROM temp.unseen_speeches)",
    "skips": f"actor = {VIEWER_NAME} OR target IS NULL OR target NOT IN (SELECT gid FROM temp.unseen_speeches)",
    # other people's entries about visible items; an entry about an item that was undone names no debate
    "annotation_history": f"actor = {VIEWER_NAME} OR CASE WHEN annotation_id IS NOT NULL "
    f"THEN annotation_id NOT IN {HIDDEN_ANNOTATION_IDS} AND annotation_id IN (SELECT id FROM main.annotations) "
    "WHEN moment_id IS NOT NULL THEN moment_id IN (SELECT id FROM temp.moments) "
    "ELSE kind NOT IN ('confirm', 'reject', 'skip', 'withdraw', 'restore', 'reply') END",
}


class BlindPass(NamedTuple):
    """A visitor's own pass over a debate, and when it was begun and done (UTC), or None."""

    debate_id: str
    begun: str | None
    done: str | None
    title: str

    @property
    def is_open(self) -> bool:
        """True if the pass is begun and not done."""
        return self.begun is not None and self.done is None


class Viewer(NamedTuple):
    """A signed-in visitor, with their passes by debate id."""

    name: str
    passes: Mapping[str, BlindPass]

    @property
    def open_passes(self) -> list[BlindPass]:
        """The passes that are open."""
        return [each for each in self.passes.values() if each.is_open]


VIEWER: ContextVar[Viewer | None] = ContextVar("VIEWER", default=None)  # of the current request


def start_without_viewer(_: Datasette, app: App) -> App:
    """Wrap an ASGI application so that each request starts without a viewer."""

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        before = VIEWER.set(None)
        try:
            await app(scope, receive, send)
        finally:
            VIEWER.reset(before)

    return serve


def read_viewer(conn: sqlite3.Connection, name: str) -> Viewer:
    """Read a visitor's passes by their account name."""
    names = ("debate_id", "begun", "done", "title")
    passes = (BlindPass(**dict(zip(names, row, strict=True))) for row in conn.execute(PASSES_OF_PERSON, (name,)))
    return Viewer(name, {each.debate_id: each for each in passes})


def remember_viewer(viewer: Viewer) -> None:
    """Set the viewer of the current request."""
    VIEWER.set(viewer)


def find_own_passes() -> Mapping[str, BlindPass]:
    """Return the viewer's passes by debate id; empty if nobody is signed in."""
    viewer = VIEWER.get()
    return viewer.passes if viewer else {}


def find_open_passes() -> list[BlindPass]:
    """Return the viewer's open passes; empty if nobody is signed in."""
    viewer = VIEWER.get()
    return viewer.open_passes if viewer else []


def hide_notes(conn: sqlite3.Connection, viewer: Viewer | None) -> None:
    """Hide other people's notes on the debates that the viewer annotates blind, until the transaction is rolled back.

    TEMP views take the place of the tables: a table name without a schema then means the view, in the database's own
    views too.
    """
    if not viewer or not viewer.open_passes:
        return
    for statement in CREATE_HIDDEN:
        conn.execute(statement)
    conn.execute("INSERT INTO temp.unseen_person VALUES (?)", (viewer.name,))
    for each in viewer.open_passes:
        speeches = "INSERT INTO temp.unseen_speeches SELECT id, gid FROM main.speeches WHERE debate_id = ?"
        conn.execute(speeches, (each.debate_id,))
    conn.execute(INSERT_HIDDEN_ANNOTATIONS)
    for table, condition in VISIBLE_ROWS.items():
        columns = "rowid, *" if table == "suggestions" else "*"  # /review needs the rowid, which views do not have
        conn.execute(f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} WHERE {condition}")
    recreate_views(conn, VISIBLE_ROWS)


def read_hidden_annotations(conn: sqlite3.Connection) -> set[str]:
    """Read the ids of the annotations that hide_notes hides on this connection."""
    return {id for (id,) in conn.execute(HIDDEN_ANNOTATIONS)}


def has_hidden_notes(conn: sqlite3.Connection) -> bool:
    """Return True if hide_notes has put views in the place of tables, so that INDEXED BY would fail."""
    view = conn.execute("SELECT 1 FROM temp.sqlite_schema WHERE type = 'view' AND name = 'annotations'")
    return view.fetchone() is not None
