"""Reading statements.db for a page: in one state, as of the date in the address, without what a visitor may not see."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit

from web.http.as_of_date import AS_OF
from web.http.as_of_tables import read_snapshot
from web.http.visibility import VIEWER, hide_notes

PATIENCE = 10  # times sql_time_limit_ms that a page of ours may take, since it asks the same of every visitor
Answer = TypeVar("Answer")


async def read_page(datasette: Any, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Run a query for a page that has a past (`serve_as_of`): as of the date that its address asks for, or of today.

    Raises ServerBusy where too many ask for the past, and what `read_today` raises.
    """
    as_of = AS_OF.get()
    return await (read_snapshot(datasette, as_of.date, query) if as_of else read_today(datasette, query))


async def read_today(datasette: Any, query: Callable[[sqlite3.Connection], Answer], typed: bool = False) -> Answer:
    """Run a query on today's statements.db, all of it on one state of the database.

    Notes that others made are hidden from a visitor who annotates their debate blind. `typed` says that the query looks
    for what a visitor typed, which may be any amount of work.

    Raises sqlite3.OperationalError ("interrupted") past the server's sql_time_limit_ms; where nothing is typed, past
    ten times that, since it counts time and not work, and a busy server takes long over little.
    """

    limit = datasette.setting("sql_time_limit_ms") * (1 if typed else PATIENCE)
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
