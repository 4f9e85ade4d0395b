"""Sandbox for visitors' SQL: each query runs in its own process, so that it cannot exhaust the server."""

import asyncio
import marshal
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from datasette import utils
from datasette.database import QueryInterrupted, Results
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

from web.middleware.sql_worker import QueryRequest, QueryResult

VISITOR_SQL: ContextVar[str] = ContextVar("VISITOR_SQL", default="")  # ?sql= of the current request
MAX_RUNNING, MAX_PENDING = 2, 20  # queries at once: running, and running or waiting
PROCESS_TIMEOUT = 10  # seconds from start to end of a process
WORKER_CODE = "import sys; sys.path.insert(0, sys.argv[1]); from web.middleware.sql_worker import main; main()"
ROOT = str(Path(__file__).resolve().parents[2])
TOO_MANY = "Many ask in SQL at this moment. Try again in a few seconds."
OUT_OF_MEMORY = QueryResult([], [], "it needs more memory than is given")
# Datasette 0.65.5's patterns backtrack: 60 kB of comments and blanks would block the server for two minutes
COMMENTS = r"\s*(?:/\*(?:(?!\*/)[\s\S])*\*/\s*)*"
SELECT_PATTERN = re.compile(rf"{COMMENTS}(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b")


def note_visitor_sql(_: Any, app: Any) -> Any:
    """Wrap an ASGI application so that VISITOR_SQL is set during each request."""

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        VISITOR_SQL.set(parse_qs(query).get("sql", [""])[0] if "sql=" in query else "")
        await app(scope, receive, send)

    return serve


def sandbox_sql(datasette: Any) -> None:
    """Run visitors' SQL in the sandbox; leave other queries to Datasette."""
    utils.allowed_sql_res[:] = [SELECT_PATTERN]
    database = datasette.databases.get("statements")
    if database and database.path and not isinstance(database.execute, SandboxedExecute):
        database.execute = SandboxedExecute(datasette, database)


class SandboxedExecute:
    """Replacement of Datasette's `execute` that runs SQL of the address in its own process."""

    def __init__(self, datasette: Any, database: Any) -> None:
        self.datasette, self.path, self.execute = datasette, database.path, database.execute
        self.pool, self.pending = ThreadPoolExecutor(MAX_RUNNING, "sandbox"), 0

    async def __call__(self, sql: str, params: Any = None, *rest: Any, **settings: Any) -> Any:
        """Return Datasette's Results. Raises QueryInterrupted, sqlite3.OperationalError and DatasetteError (busy)."""
        if sql != VISITOR_SQL.get():
            return await self.execute(sql, params, *rest, **settings)
        longest = self.datasette.sql_time_limit_ms
        limit = min(longest, settings.get("custom_time_limit") or longest)
        rows = self.datasette.max_returned_rows
        query = QueryRequest(
            library=sqlite3.__name__,
            path=self.path,
            sql=sql,
            params=dict(params or {}),
            rows=rows,
            seconds=limit / 1000,
        )
        result = await self.run_query(query)
        if result is None:
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        if result.error:
            raise sqlite3.OperationalError(result.error)
        return Results(result.rows[:rows], len(result.rows) > rows, [(name, *[None] * 6) for name in result.columns])

    async def run_query(self, query: QueryRequest) -> QueryResult | None:
        """Wait for a turn, and run a query. Raises DatasetteError if too many wait."""
        if self.pending >= MAX_PENDING:
            raise DatasetteError(TOO_MANY, title="Busy", status=503)
        self.pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, run_in_process, query)
        finally:
            self.pending -= 1


def run_in_process(query: QueryRequest) -> QueryResult | None:
    """Run a query in its own process; return None if it took too long."""
    command, given = [sys.executable, "-I", "-c", WORKER_CODE, ROOT], marshal.dumps(query._asdict())
    try:
        run = subprocess.run(command, input=given, capture_output=True, timeout=PROCESS_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode == -signal.SIGALRM:
        return None
    return QueryResult(*marshal.loads(run.stdout)) if run.returncode == 0 else OUT_OF_MEMORY
