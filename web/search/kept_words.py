"""Words of the whole record that a search needs: read once, and kept until the record changes, not with each note."""

import sqlite3
from collections.abc import Sequence

# Each name and office once, by the index alone: from one to the next
PRINTED_NAMES = """
WITH RECURSIVE each (name) AS (
  SELECT min(speaker) FROM speeches
   UNION ALL SELECT (SELECT min(speaker) FROM speeches WHERE speaker > name) FROM each WHERE name IS NOT NULL)
SELECT name FROM each WHERE name IS NOT NULL
"""
PRINTED_OFFICES = """
WITH RECURSIVE each (name) AS (
  SELECT min(office) FROM speeches WHERE office IS NOT NULL
   UNION ALL SELECT (SELECT min(office) FROM speeches WHERE office > name) FROM each WHERE name IS NOT NULL)
SELECT name FROM each WHERE name IS NOT NULL
"""
VOCABULARY = """
CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab ('main', 'speeches_fts', 'row')
"""
STEMS = "SELECT term FROM temp.search_words WHERE term >= ? AND term < ?"
FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'"
STATE = "SELECT block FROM speeches_fts_data WHERE id = 10"  # the structure of the index, which every load changes
MOST_KEPT = 64  # lists
_kept: dict[tuple[object, ...], Sequence[str]] = {}


def list_printed_names(conn: sqlite3.Connection) -> Sequence[str]:
    """List the names of speakers as printed, each once."""
    return _read_kept(conn, PRINTED_NAMES)


def list_printed_offices(conn: sqlite3.Connection) -> Sequence[str]:
    """List the offices printed beside speakers, each once."""
    return _read_kept(conn, PRINTED_OFFICES)


def list_stems(conn: sqlite3.Connection, letter: str) -> Sequence[str]:
    """List the stems of the index that begin with a letter."""
    conn.execute(VOCABULARY)
    return _read_kept(conn, STEMS, letter, chr(ord(letter) + 1))


def _read_kept(conn: sqlite3.Connection, query: str, *values: str) -> Sequence[str]:
    [file], state = conn.execute(FILE).fetchone(), conn.execute(STATE).fetchone()
    key = (file, state, query, values)
    found = _kept.get(key) if file else None
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[key] = [value for (value,) in conn.execute(query, values)]
    return found
