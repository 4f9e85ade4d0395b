"""embeddings.db: a cache of the vectors of sentences; delete it any day."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from db.sqlite import begin_write, connect

SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (id BLOB PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT ROWID"


def open_vectors(path: Path) -> sqlite3.Connection:
    """Open embeddings.db; create it if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    conn.execute("PRAGMA page_size = 16384")  # a few vectors a page, instead of two pages a vector
    conn.execute(SCHEMA)
    return conn


def find_vectors(conn: sqlite3.Connection, model: str, texts: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the vector that a model made of each text, as bytes; None if there is none."""
    for text in texts:
        row = conn.execute("SELECT vector FROM vectors WHERE id = ?", (_make_id(model, text),)).fetchone()
        yield row and row[0]


def store_vectors(conn: sqlite3.Connection, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
    """Store the vectors that a model made: pairs of text and vector."""
    rows = [(_make_id(model, text), vector) for text, vector in vectors]
    with begin_write(conn):
        conn.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _make_id(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\0{text}".encode()).digest()
