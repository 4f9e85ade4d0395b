"""One visitor's query over statements.db, answered in a process of its own, which is ended when it takes too much."""

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


class Asked(NamedTuple):
    """A query: with which sqlite3, over which file, in which words; the most rows, and the seconds that it may take."""

    library: str
    path: str
    sql: str
    params: dict[str, str]
    rows: int
    seconds: float


class Told(NamedTuple):
    """Its columns and rows, or why there are none."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    wrong: str


def main() -> None:
    """Answer the query that comes in, as bytes of `marshal`, which is how it goes out."""
    asked = Asked(*marshal.load(sys.stdin.buffer))
    if sys.platform != "darwin":  # which refuses such a limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    marshal.dump(tuple(answer(asked)), sys.stdout.buffer)


def answer(asked: Asked) -> Told:
    """What a query finds; past its time, the process is ended by SIGALRM, since one step of SQLite may take hours."""
    sqlite3 = importlib.import_module(asked.library)
    with closing(sqlite3.connect(f"file:{asked.path}?mode=ro", uri=True)) as conn:
        conn.text_factory = lambda text: str(text, "utf-8", "replace")
        signal.setitimer(signal.ITIMER_REAL, asked.seconds)
        try:
            cursor = conn.execute(asked.sql, asked.params)
            rows = list(_first(cursor, asked.rows))
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            return Told([], [], str(error))
        except MemoryError:
            return Told([], [], TOO_MUCH)
        return Told([column[0] for column in cursor.description], rows, "")


def _first(cursor: Iterable[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    """So many rows, and one more where there is one. Raises MemoryError past LARGEST."""
    room = LARGEST
    for number, row in enumerate(cursor):
        room -= sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if room < 0:
            raise MemoryError
        yield row
        if number == most:
            return
