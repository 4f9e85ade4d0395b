"""Process that runs one visitor's query on statements.db, within limits of memory, time and size."""

import importlib
import marshal
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from db.sqlite import SQLITE_ERRORS, connect_to_read, list_error_classes

REFUSALS: tuple[type[Exception], ...] = (*SQLITE_ERRORS, *list_error_classes("Warning"), OverflowError, ValueError)
MAX_MEMORY = 2**29  # bytes
MAX_RESULT_SIZE = 20_000_000  # characters and bytes of all cells
TOO_MUCH = "the answer is too large: ask for fewer rows or columns, or for a part of a text"


class QueryRequest(NamedTuple):
    """A query: name of the sqlite3 module, file, SQL, parameters, maximum of rows, and time limit in seconds."""

    library: str
    path: str
    sql: str
    params: dict[str, str] | list[str] | tuple[str, ...]
    rows: int
    seconds: float


class QueryResult(NamedTuple):
    """The columns and rows of a query (one row more than `rows` if there are more), or an error."""

    columns: list[str]
    rows: list[tuple[object, ...]]
    error: str


def main() -> None:
    """Run the query on standard input and write the result to standard output, both in marshal format."""
    query = QueryRequest(**marshal.load(sys.stdin.buffer))
    if sys.platform != "darwin":  # macOS refuses this limit
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    marshal.dump(tuple(run_query(query)), sys.stdout.buffer)


def run_query(query: QueryRequest) -> QueryResult:
    """Run a query; SIGALRM ends the process at its time limit, since one step of SQLite may take hours."""
    sqlite3 = importlib.import_module(query.library)
    try:
        with closing(connect_to_read(query.path, sqlite3)) as conn:
            conn.text_factory = lambda text: str(text, "utf-8", "replace")
            signal.setitimer(signal.ITIMER_REAL, query.seconds)
            cursor = conn.execute(query.sql, query.params)
            rows = list(_take_rows(cursor, query.rows))
            return QueryResult([column[0] for column in cursor.description or ()], rows, "")
    except REFUSALS as error:
        return QueryResult([], [], str(error))
    except MemoryError:
        return QueryResult([], [], TOO_MUCH)


def _take_rows(cursor: Iterable[tuple[object, ...]], most: int) -> Iterator[tuple[object, ...]]:
    """Yield up to `most` rows, and one more if there is one. Raises MemoryError past MAX_RESULT_SIZE."""
    room = MAX_RESULT_SIZE
    for number, row in enumerate(cursor):
        room -= sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if room < 0:
            raise MemoryError
        yield row
        if number == most:
            return
