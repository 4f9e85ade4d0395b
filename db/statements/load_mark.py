"""The mark of the last load of notes: a hash of all that it was made from. While it holds, there is nothing to load."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from db.sqlite import OPERATIONAL_ERRORS, connect_to_read, get_database
from db.statements.people import read_register_mark
from db.statements.store import SCHEMA_VERSION, read_fingerprints

LOADED = 2  # the application_id of a statements.db whose load has ended
PROGRAM = Path(__file__).parents[2]
PACKAGES = ("annotations", "db")  # whose code decides what a load makes


class LoadReport(NamedTuple):
    """The printed result of a load: counts for standard output, and warnings for standard error."""

    counts: str
    warnings: tuple[str, ...]


def compute_load_mark(conn: sqlite3.Connection, files: Iterable[Path], journal: Path) -> str:
    """Hash what the notes in statements.db are made from: the record, the files of git, the journal, and the program.

    `files` are TOML files and folders of them. A file that cannot be read counts as empty: the load says what is wrong.
    """
    parts = (_describe_record(conn), _read_last_entry(journal), *_read_files(files), *_list_program())
    return sha256(json.dumps([SCHEMA_VERSION, *parts]).encode()).hexdigest()


def read_load_report(conn: sqlite3.Connection, mark: str) -> LoadReport | None:
    """Return what the last load printed, if it was made from the same; None otherwise."""
    if conn.execute("PRAGMA application_id").fetchone()[0] != LOADED:
        return None
    row = conn.execute("SELECT counts, warnings FROM load_mark WHERE mark = ?", (mark,)).fetchone()
    return LoadReport(row[0], tuple(json.loads(row[1]))) if row else None


def store_load_report(conn: sqlite3.Connection, mark: str, report: LoadReport | None) -> None:
    """Store what a load printed with its mark; None forgets the last one. The caller holds the transaction."""
    table = get_database(conn).table("load_mark")
    table.delete_where()
    if report:
        table.insert({"mark": mark, "counts": report.counts, "warnings": json.dumps(report.warnings)})


def _describe_record(conn: sqlite3.Connection) -> str:
    return json.dumps([sorted([*day, mark] for day, mark in read_fingerprints(conn).items()), read_register_mark(conn)])


def _read_last_entry(journal: Path) -> str:
    """Return id and hash of the last entry of a journal; "" where there is none."""
    if not journal.exists():
        return ""
    try:
        with closing(connect_to_read(journal)) as conn:
            return json.dumps(conn.execute("SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1").fetchone())
    except OPERATIONAL_ERRORS:  # no table yet
        return ""


def _read_files(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                yield f"{file.name} {sha256(file.read_bytes()).hexdigest()}"
            except OSError:
                yield f"{file.name} unreadable"


def _list_program() -> Iterator[str]:
    """List the program's own files by size and time of change: another version works everything out again."""
    for package in PACKAGES:
        for file in sorted((PROGRAM / package).rglob("*.py")):
            state = file.stat()
            yield f"{file.relative_to(PROGRAM)} {state.st_size} {state.st_mtime_ns}"
