"""Reading statements.db for a page: on one state, as of the date in the address, without notes hidden by blind mode."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from datasette.utils import sqlite_timelimit

from web.http.as_of_date import AS_OF
from web.http.as_of_tables import read_snapshot
from web.http.datasette_types import Datasette
from web.http.visibility import VIEWER, hide_notes

TIME_FACTOR = 10  # a page may take this many times sql_time_limit_ms, since a visitor cannot make its queries slower
Answer = TypeVar("Answer")


async def read_page(datasette: Datasette, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Run a query for a page that supports ?as_of (serve_as_of): on the archive as of that date, or as it is today.

    Raises ServerBusy if too many ask for the past, and the errors of read_today.
    """
    as_of = AS_OF.get()
    return await (read_snapshot(datasette, as_of.date, query) if as_of else read_today(datasette, query))


async def read_today(
    datasette: Datasette, query: Callable[[sqlite3.Connection], Answer], typed: bool = False
) -> Answer:
    """Run a query on statements.db as it is today, on one state of the database.

    Other people's notes are hidden from a visitor who annotates their debate blind. `typed` says that the query depends
    on text that a visitor typed, so that it may be slow.

    Raises sqlite3.OperationalError ("interrupted") after sql_time_limit_ms, or after TIME_FACTOR times that
    if nothing is typed, since a busy server is slow even on small queries.
    """

    limit = datasette.setting("sql_time_limit_ms") * (1 if typed else TIME_FACTOR)
    viewer = VIEWER.get()

    def in_one_state(conn: sqlite3.Connection) -> Answer:
        with sqlite_timelimit(conn, limit):
            conn.execute("BEGIN")
            try:
                hide_notes(conn, viewer)
                return query(conn)
            finally:
                conn.rollback()

    answer: Answer = await datasette.get_database("statements").execute_fn(in_one_state)
    return answer
