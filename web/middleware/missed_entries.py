"""Entries of the journal that statements.db does not show, after a writer was killed between both: show them."""

import asyncio
import sqlite3
import time
from functools import wraps

from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.journal_writer import refresh_statements
from annotations.curated.toml_files import CuratedError
from db.journal.entries import JournalError, read_last_id
from db.sqlite import SQLITE_ERRORS
from db.statements.annotations import read_last_entry
from web.http.datasette_types import App, Datasette, Receive, Scope, Send

INTERVAL = 2.0  # seconds between two looks at the journal
LONGEST_WAIT = 1.0  # seconds that a reader waits for what is shown; it goes on after that
UNREADABLE: tuple[type[Exception], ...] = (JournalError, CuratedError, OSError, *SQLITE_ERRORS)


def show_missed_entries(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that a reader finds all that is in the journal, even if its writer was killed."""
    next_look = 0.0
    showing: asyncio.Task[None] | None = None

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal next_look, showing
        if scope["type"] == "http" and time.monotonic() > next_look and (showing is None or showing.done()):
            next_look = time.monotonic() + INTERVAL
            showing = asyncio.ensure_future(_show_entries(datasette))
            await asyncio.wait({showing}, timeout=LONGEST_WAIT)
        await app(scope, receive, send)

    return serve


async def _show_entries(datasette: Datasette) -> None:
    """Refresh statements.db where it lacks the last entry of the journal; do nothing where it cannot be read now."""
    places = find_archive_paths(datasette)
    try:
        last = await asyncio.to_thread(read_last_id, places.journal)
        if last and last != await datasette.get_database("statements").execute_fn(_read_last_shown):
            await asyncio.to_thread(refresh_statements, places)
    except UNREADABLE:
        return


def _read_last_shown(conn: sqlite3.Connection) -> str | None:
    shown = read_last_entry(conn)
    return shown.id if shown else None
