"""Runs in archive.db: start, end and counts of each."""

import sqlite3
from collections.abc import Iterable, Mapping

from db.archive.gaps import count_gaps
from db.archive.responses import format_now
from db.sqlite import begin_write, get_database

COUNT_COLUMNS = (
    "asked",
    "new",
    "changed",
    "unchanged",
    "failed",
    "mentions",
    "requests",
    "bytes",
    "not_modified",
    "gone",
)


def start_run(conn: sqlite3.Connection, topics: Iterable[str], location: str, sources: Iterable[str] = ()) -> int:
    """Enter a run that begins now; return its id."""
    row = {"started": format_now(), "topics": " ".join(topics), "location": location, "sources": " ".join(sources)}
    run = get_database(conn).table("runs").insert(row).last_pk
    assert isinstance(run, int)
    return run


def finish_run(
    conn: sqlite3.Connection, run: int, counts: Mapping[str, int], exit_code: int, message: str = "", expected: str = ""
) -> None:
    """Enter the end of a run; `counts` has the keys COUNT_COLUMNS; gaps that count are counted here."""
    outcome = {"exit_code": exit_code, "message": message, "expected": expected}
    with begin_write(conn) as db:
        counted = {**{name: counts.get(name, 0) for name in COUNT_COLUMNS}, "gaps": count_gaps(conn)}
        db.table("runs").update(run, {"finished": format_now(), **counted, **outcome})
