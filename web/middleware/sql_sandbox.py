"""Sandbox for SQL: each query runs in its own process, so that it cannot exhaust the server.

Only what Datasette itself is known to have written, and the queries of metadata.json, run in the server: what is not
recognised is a visitor's.
"""

import asyncio
import logging
import marshal
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from datasette import utils
from datasette.database import QueryInterrupted, Results
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError
from datasette.views.index import IndexView
from datasette.views.row import RowView
from datasette.views.table import TableView

from web.http.datasette_types import Database, Datasette, Rows
from web.middleware.sql_worker import QueryRequest, QueryResult

OWN_SQL: ContextVar[bool] = ContextVar("OWN_SQL", default=False)  # True while Datasette runs SQL that it wrote itself
OWN_VIEWS = (IndexView, TableView, RowView)  # they write their SQL; TableView also runs the canned queries
OWN_DATABASE_METHODS = (
    *("attached_databases", "get_table_definition", "get_view_definition", "hidden_table_names"),
    *("table_counts", "table_exists", "table_names", "view_names"),
)
OWN_DATASETTE_METHODS = ("permission_allowed", "refresh_schemas")
Answer = TypeVar("Answer")
MAX_RUNNING, MAX_PENDING = 2, 20  # queries at once: running, and running or waiting
PROCESS_TIMEOUT = 10  # seconds from start to end of a process
WORKER_CODE = "import sys; sys.path.insert(0, sys.argv[1]); from web.middleware.sql_worker import main; main()"
ROOT = str(Path(__file__).resolve().parents[2])
TOO_MANY = "The site is busy with other queries. Try again in a few seconds."
NO_FILE = "SQL cannot be run on this database: it has no file."
QUOTE = '"'
OUT_OF_MEMORY = QueryResult([], [], "it needs more memory than it may use")
FAILED = QueryResult([], [], "the process that runs queries failed: the log of the server says why")
# Datasette 0.65.5's patterns backtrack: 60 kB of comments and blanks would block the server for two minutes
COMMENTS = r"\s*(?:/\*(?:(?!\*/)[\s\S])*\*/\s*)*"
SELECT_PATTERN = re.compile(rf"{COMMENTS}(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b")


def mark_own(run: Callable[..., Awaitable[Answer]]) -> Callable[..., Awaitable[Answer]]:
    """Make a coroutine function mark the SQL that it runs as Datasette's own."""

    @wraps(run)
    async def run_marked(*args: object, **kwargs: object) -> Answer:
        before = OWN_SQL.set(True)
        try:
            return await run(*args, **kwargs)
        finally:
            OWN_SQL.reset(before)

    return run_marked


def mark_methods(owner: object, names: Iterable[str]) -> None:
    """Mark the SQL of some methods of a class or an object as Datasette's own, once."""
    for name in names:
        method = getattr(owner, name)
        if not hasattr(method, "__wrapped__"):
            setattr(owner, name, mark_own(method))


def sandbox_sql(datasette: Datasette) -> None:
    """Run every SQL query in the sandbox, except those that Datasette wrote or metadata.json lists."""
    utils.allowed_sql_res[:] = [SELECT_PATTERN]
    for view in OWN_VIEWS:
        mark_methods(view, ("get", "data") if hasattr(view, "data") else ("get",))
    mark_methods(datasette, OWN_DATASETTE_METHODS)
    pool = ThreadPoolExecutor(MAX_RUNNING, "sandbox")  # of all databases together
    for database in datasette.databases.values():
        if not isinstance(database.execute, SandboxedExecute):
            mark_methods(database, OWN_DATABASE_METHODS)
            database.execute = SandboxedExecute(datasette, database, pool)


def allow_database(action: str, resource: object) -> bool | None:
    """Close Datasette's database of schemas to everybody, even to an account of the name root."""
    return False if action in ("view-database", "execute-sql") and resource == "_internal" else None


class SandboxedExecute:
    """Replacement of Datasette's `execute` that runs SQL in its own process unless it is known to be Datasette's."""

    def __init__(self, datasette: Datasette, database: Database, pool: ThreadPoolExecutor) -> None:
        self.datasette, self.execute = datasette, database.execute
        self.path = (database.path or "")[:]  # a plain string, for marshal
        self.pool, self.pending = pool, 0

    async def __call__(self, sql: str, params: Any = None, *rest: object, **settings: Any) -> Rows:
        """Return Datasette's Results.

        Raises QueryInterrupted, sqlite3.OperationalError and DatasetteError: busy, or a database without a file.
        """
        if OWN_SQL.get():
            return await self.execute(sql, params, *rest, **settings)
        if not self.path:
            raise DatasetteError(NO_FILE, title="Forbidden", status=403)
        longest = self.datasette.sql_time_limit_ms
        limit = min(longest, settings.get("custom_time_limit") or longest)
        rows = self.datasette.max_returned_rows
        query = QueryRequest(
            library=sqlite3.__name__,
            path=self.path,
            sql=sql,
            params=params if isinstance(params, list | tuple) else dict(params or {}),
            rows=rows,
            seconds=limit / 1000,
        )
        result = await self.run_query(query)
        if result is None:
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        if result.error:
            raise sqlite3.OperationalError(result.error)
        made = make_rows(result.columns, result.rows[:rows])
        results: Rows = Results(made, len(result.rows) > rows, [(name, *[None] * 6) for name in result.columns])
        return results

    async def run_query(self, query: QueryRequest) -> QueryResult | None:
        """Wait for a turn, and run a query. Raises DatasetteError if too many wait."""
        if self.pending >= MAX_PENDING:
            raise DatasetteError(TOO_MANY, title="Busy", status=503)
        self.pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, run_in_process, query)
        finally:
            self.pending -= 1


def make_rows(columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> list[sqlite3.Row]:
    """Make rows of the library that Datasette uses, as other plugins expect them; SQLite names the columns."""
    quoted = ", ".join(f'NULL AS "{name.replace(QUOTE, QUOTE * 2)}"' for name in columns)
    with closing(sqlite3.connect(":memory:")) as conn:
        cursor = conn.execute(f"SELECT {quoted or 'NULL LIMIT 0'}")
        return [sqlite3.Row(cursor, row) for row in rows]


def run_in_process(query: QueryRequest) -> QueryResult | None:
    """Run a query in its own process; return None if it took too long."""
    command, given = [sys.executable, "-I", "-c", WORKER_CODE, ROOT], marshal.dumps(query._asdict())
    try:
        run = subprocess.run(command, input=given, capture_output=True, timeout=PROCESS_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode == -signal.SIGALRM:
        return None
    if run.returncode == 0:
        return QueryResult(*marshal.loads(run.stdout))
    if run.returncode < 0 or b"MemoryError" in run.stderr:  # a signal: the system ended the process
        return OUT_OF_MEMORY
    logging.getLogger("dispatch-box").error(run.stderr.decode(errors="replace"))
    return FAILED
