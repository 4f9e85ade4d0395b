"""Damage to a journal's file: pages that SQLite cannot read, and tables or triggers that are not those of a journal."""

import re
import sqlite3
from contextlib import closing
from functools import cache

from db.journal.entries import MIGRATIONS, read_migration

COMMENT_OR_SPACE = re.compile(r"--[^\n]*|\s+")


def find_damage(conn: sqlite3.Connection) -> str:
    """Return the damage to a journal's file, or "" for none. Entries are checked by find_faults."""
    message = str(conn.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if message != "ok":
        return " ".join(message.split())
    if _read_schema(conn) != _read_expected_schema():
        return "its tables or triggers are not those of a journal"
    return ""


@cache
def _read_expected_schema() -> dict[str, str]:
    with closing(sqlite3.connect(":memory:")) as conn:
        for name in MIGRATIONS:
            conn.executescript(read_migration(name))
        return _read_schema(conn)


def _read_schema(conn: sqlite3.Connection) -> dict[str, str]:
    rows = conn.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'head_of_copy'")
    return {name: COMMENT_OR_SPACE.sub("", sql) for name, sql in rows}
