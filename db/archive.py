"""archive.db: every response as it came, stored before anyone parses it, and never changed."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from db.records import Listed, Response

Kept = Literal["new", "changed", "unchanged"]
LEVEL = 9  # the bytes are written once and kept for good
VERSION = 1


class Version(NamedTuple):
    """One wording of a document as received: the response's id, the sha256 of its bytes, and itself."""

    id: int
    sha256: str
    response: Response


def now() -> str:
    """The time as the archive writes it: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_archive(path: Path) -> sqlite3.Connection:
    """Open archive.db, making it where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn = sqlite3.connect(path, isolation_level=None, timeout=30)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = NORMAL")
    if conn.execute("PRAGMA user_version").fetchone()[0] < VERSION:
        schema = Path(__file__).with_name("archive.sql").read_text()
        conn.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {VERSION}; COMMIT;")
    return conn


def keep(conn: sqlite3.Connection, response: Response, listed: Listed | None = None) -> Kept:
    """Store a response in one transaction; the same bytes as the last time add no row."""
    digest = sha256(response.body).hexdigest()
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        last = conn.execute(
            "SELECT sha256 FROM responses WHERE source = ? AND name = ? ORDER BY id DESC LIMIT 1",
            (response.source, response.name),
        ).fetchone()
        if not last or last[0] != digest:
            conn.execute(
                "INSERT OR IGNORE INTO bodies (sha256, size, body) VALUES (?, ?, ?)",
                (digest, len(response.body), zlib.compress(response.body, LEVEL)),
            )
            conn.execute(
                "INSERT INTO responses (source, name, url, fetched_at, status, headers, sha256)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(response.source, response.name, response.url, response.fetched_at, response.status),
                    *(json.dumps(response.headers, sort_keys=True), digest),
                ),
            )
        if listed:
            conn.execute(
                "INSERT OR REPLACE INTO listing (source, name, size, modified) VALUES (?, ?, ?, ?)",
                (response.source, listed.name, listed.size, listed.modified),
            )
    if not last:
        return "new"
    return "unchanged" if last[0] == digest else "changed"


def unseen(conn: sqlite3.Connection, source: str, listed: Iterable[Listed]) -> list[Listed]:
    """Those listed files whose size or time is not what it was when they were last stored."""
    seen = {
        name: (size, modified)
        for name, size, modified in conn.execute("SELECT name, size, modified FROM listing WHERE source = ?", (source,))
    }
    return [file for file in listed if seen.get(file.name) != (file.size, file.modified)]


def latest(conn: sqlite3.Connection, source: str) -> Iterator[tuple[str, str]]:
    """Name of every document of a source, with what stands for its versions: the newest's sha256 and how many."""
    query = "SELECT name, sha256, max(id), count(*) FROM responses WHERE source = ? GROUP BY name ORDER BY name"
    for name, digest, _, count in conn.execute(query, (source,)):
        yield name, f"{digest} {count}"


def versions(conn: sqlite3.Connection, source: str, name: str) -> Iterator[Version]:
    """Every version of a document, newest first."""
    query = (
        "SELECT id, sha256, url, fetched_at, status, headers, body"
        " FROM responses JOIN bodies USING (sha256) WHERE source = ? AND name = ? ORDER BY id DESC"
    )
    for id, digest, url, fetched_at, status, headers, body in conn.execute(query, (source, name)):
        response = Response(source, name, url, fetched_at, status, json.loads(headers), zlib.decompress(body))
        yield Version(id, digest, response)


def start_run(conn: sqlite3.Connection, topics: Iterable[str], location: str) -> int:
    """Enter a run that begins now; returns its id."""
    cursor = conn.execute(
        "INSERT INTO runs (started, topics, location) VALUES (?, ?, ?)", (now(), " ".join(topics), location)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish_run(conn: sqlite3.Connection, run: int, counts: dict[str, int], exit_code: int, message: str = "") -> None:
    """Enter how a run ended; `counts` are the columns asked, new, changed, unchanged, failed and mentions."""
    conn.execute(
        "UPDATE runs SET finished = ?, asked = ?, new = ?, changed = ?, unchanged = ?, failed = ?, mentions = ?,"
        " exit_code = ?, message = ? WHERE id = ?",
        (
            now(),
            *(counts.get(name, 0) for name in ("asked", "new", "changed", "unchanged", "failed", "mentions")),
            *(exit_code, message, run),
        ),
    )
