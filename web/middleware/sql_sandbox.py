"""Sandbox for visitors' SQL: each query runs in a process of its own, so that the site goes on whatever it takes."""

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

from datasette import hookimpl, utils
from datasette.database import QueryInterrupted, Results
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

from web.middleware.sql_worker import QueryRequest, QueryResult

VISITOR_SQL: ContextVar[str] = ContextVar("VISITOR_SQL", default="")  # the SQL that came with the address
AT_ONCE, MOST = 2, 20  # queries that are answered, and with those that wait
PATIENCE = 10  # seconds in which such a process must have begun, and ended
CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from web.middleware.sql_worker import main; main()"
ROOT = str(Path(__file__).resolve().parents[2])
MANY = "Many ask in SQL at this moment. Try again in a few seconds."
FAILED = QueryResult([], [], "it needs more memory than is given")
# Datasette 0.65.5 parts comments and blanks in so many ways that 60 kB of them hold the whole server for two minutes
COMMENTS = r"\s*(?:/\*(?:(?!\*/)[\s\S])*\*/\s*)*"
SELECTS = re.compile(rf"{COMMENTS}(?:explain\s+(?:query\s+plan\s+)?)?(?:select|with)\b")


def note_visitor_sql(_: Any, app: Any) -> Any:
    """Wrap an ASGI application so that the SQL in each request's address is known while it is answered."""

    @wraps(app)
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        VISITOR_SQL.set(parse_qs(query).get("sql", [""])[0] if "sql=" in query else "")
        await app(scope, receive, send)

    return serve


@hookimpl(trylast=True)
def startup(datasette: Any) -> None:
    """Run visitors' SQL in the sandbox; every other query as before."""
    utils.allowed_sql_res[:] = [SELECTS]
    database = datasette.databases.get("statements")
    if database and database.path and not isinstance(database.execute, SandboxedExecute):
        database.execute = SandboxedExecute(datasette, database)


class SandboxedExecute:
    """Datasette's `execute`, which runs SQL from the address in a process of its own."""

    def __init__(self, datasette: Any, database: Any) -> None:
        self.datasette, self.path, self.known = datasette, database.path, database.execute
        self.pool, self.asked = ThreadPoolExecutor(AT_ONCE, "apart"), 0

    async def __call__(self, sql: str, params: Any = None, *rest: Any, **settings: Any) -> Any:
        """Return Datasette's Results. Raises QueryInterrupted, sqlite3.OperationalError and DatasetteError (busy)."""
        if sql != VISITOR_SQL.get():
            return await self.known(sql, params, *rest, **settings)
        longest = self.datasette.sql_time_limit_ms
        limit = min(longest, settings.get("custom_time_limit") or longest)
        rows = self.datasette.max_returned_rows
        asked = QueryRequest(
            library=sqlite3.__name__,
            path=self.path,
            sql=sql,
            params=dict(params or {}),
            rows=rows,
            seconds=limit / 1000,
        )
        told = await self.run_query(asked)
        if told is None:
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        if told.wrong:
            raise sqlite3.OperationalError(told.wrong)
        return Results(told.rows[:rows], len(told.rows) > rows, [(name, *[None] * 6) for name in told.columns])

    async def run_query(self, asked: QueryRequest) -> QueryResult | None:
        """Wait for a turn, and run a query. Raises DatasetteError if too many wait."""
        if self.asked >= MOST:
            raise DatasetteError(MANY, title="Busy", status=503)
        self.asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, run_in_process, asked)
        finally:
            self.asked -= 1


def run_in_process(asked: QueryRequest) -> QueryResult | None:
    """Run a query in a process of its own; None if it took too long."""
    command, given = [sys.executable, "-I", "-c", CHILD, ROOT], marshal.dumps(asked._asdict())
    try:
        run = subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode == -signal.SIGALRM:
        return None
    return QueryResult(*marshal.loads(run.stdout)) if run.returncode == 0 else FAILED
