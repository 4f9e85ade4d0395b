"""embeddings.db: a cache of how alike sentences are to the points of guidance; delete it any day."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from db.sqlite import DATABASE_ERRORS, begin_write, connect, get_database, run_script

SCHEMA = """
CREATE TABLE IF NOT EXISTS likeness (id BLOB PRIMARY KEY, scores BLOB NOT NULL) STRICT, WITHOUT ROWID;
DROP TABLE IF EXISTS vectors;  -- what earlier versions kept
"""


def open_embeddings(path: Path) -> sqlite3.Connection:
    """Open embeddings.db; create it if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    conn.execute("PRAGMA page_size = 16384")  # several rows a page, instead of two pages a row
    run_script(get_database(conn), SCHEMA)
    return conn


@contextmanager
def open_existing_embeddings(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open embeddings.db for a time; give None where it is missing or cannot be used, since it is only a cache."""
    with ExitStack() as stack:
        conn = None
        if path.exists():
            with suppress(*DATABASE_ERRORS):
                conn = stack.enter_context(closing(open_embeddings(path)))
        yield conn


def find_scores(conn: sqlite3.Connection, key: str, texts: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the scores of each text, as bytes; None if there are none. `key` stands for all that they depend on."""
    for text in texts:
        row = conn.execute("SELECT scores FROM likeness WHERE id = ?", (_make_id(key, text),)).fetchone()
        yield row and row[0]


def store_scores(conn: sqlite3.Connection, key: str, scores: Iterable[tuple[str, bytes]]) -> None:
    """Store scores: pairs of text and bytes."""
    rows = [(_make_id(key, text), body) for text, body in scores]
    with begin_write(conn):
        conn.executemany("INSERT OR REPLACE INTO likeness VALUES (?, ?)", rows)


def _make_id(key: str, text: str) -> bytes:
    return hashlib.sha256(f"{key}\0{text}".encode()).digest()
