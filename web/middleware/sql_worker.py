"""The process that answers one visitor's query over statements.db, and is ended when it takes too much."""

import importlib
import marshal
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

MEMORY = 2**29  # bytes that the process may have
LARGEST = 20_000_000  # bytes of an answer
TOO_MUCH = "the answer is too large: ask for fewer rows or columns, or for a part of a text"


class QueryRequest(NamedTuple):
    """A query: the sqlite3 module's name, the file, the SQL, its parameters, the most rows, and its time in seconds."""

    library: str
    path: str
    sql: str
    params: dict[str, str]
    rows: int
    seconds: float


class QueryResult(NamedTuple):
    """The columns and rows of an answer, or why there are none."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    wrong: str


def main() -> None:
    """Answer the query on standard input; both are bytes of `marshal`."""
    asked = QueryRequest(**marshal.load(sys.stdin.buffer))
    if sys.platform != "darwin":  # which refuses such a limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    marshal.dump(tuple(run_query(asked)), sys.stdout.buffer)


def run_query(asked: QueryRequest) -> QueryResult:
    """Run a query; SIGALRM ends the process past its time, since one step of SQLite may take hours."""
    sqlite3 = importlib.import_module(asked.library)
    with closing(sqlite3.connect(f"file:{asked.path}?mode=ro", uri=True)) as conn:
        conn.text_factory = lambda text: str(text, "utf-8", "replace")
        signal.setitimer(signal.ITIMER_REAL, asked.seconds)
        try:
            cursor = conn.execute(asked.sql, asked.params)
            rows = list(_first(cursor, asked.rows))
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            return QueryResult([], [], str(error))
        except MemoryError:
            return QueryResult([], [], TOO_MUCH)
        return QueryResult([column[0] for column in cursor.description], rows, "")


def _first(cursor: Iterable[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    """Yield at most so many rows, and one more if there is one. Raises MemoryError past LARGEST."""
    room = LARGEST
    for number, row in enumerate(cursor):
        room -= sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if room < 0:
            raise MemoryError
        yield row
        if number == most:
            return
