"""journal.db: what people did, entry by entry, in a chain of hashes; no entry is ever changed."""

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from db.journal.payload_schemas import find_draft_problem, find_problem
from db.records.source import UserMistake
from db.sqlite import (
    IN_MEMORY,
    SQLITE_ERRORS,
    begin_write,
    connect,
    connect_to_read,
    is_read_only,
    run_script,
    set_write_ahead,
)

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, in the order of their bytes
RANDOM_BITS = 80  # bits of a ULID below its milliseconds
NEW_ID_PATTERN = re.compile(r"[0-9a-hjkmnp-tv-z]{26}", re.ASCII)  # an id made by make_new_id
MIGRATIONS = ("schema.sql",)  # the file at n migrates a journal of version n to version n + 1
TIME_PATTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
# All entries before the last one of that date count, also those whose times were wrong (kind clock).
UNTIL_CONDITION = "WHERE ?1 IS NULL OR id <= (SELECT max(id) FROM entries WHERE substr(time, 1, length(?1)) <= ?1)"
MAX_BACK = timedelta(days=1)  # how far the clock may be behind the last entry
MAX_SILENCE = timedelta(days=20 * 366)  # how far it may be ahead
FIRST_TIME = "2020-01-01T00:00:00Z"  # before this program was written
CLOCK_ADVICE = "Set the clock right; if it is right, and the journal's last times are wrong: journal clock"


class JournalError(UserMistake):
    """An entry that is refused, or a journal that cannot be used; the message says why, and what to do."""


class EntryDraft(NamedTuple):
    """An action before it is entered. `time` is UTC (YYYY-MM-DDTHH:MM:SSZ); None means now."""

    actor: str
    kind: str
    payload: Mapping[str, Any]
    time: str | None = None


class JournalEntry(NamedTuple):
    """An entry of the journal: `id` is a ULID, `hash` covers the entry and all before it."""

    id: str
    time: str
    actor: str
    kind: str
    payload: dict[str, Any]
    hash: str


EntryCheck = Callable[[list[JournalEntry]], None]


class StoredEntry(NamedTuple):
    """A row of the table: the payload is JSON, and `previous` the hash of the entry before."""

    id: str
    time: str
    actor: str
    kind: str
    payload: str
    previous: str
    hash: str


STORED_COLUMNS = ", ".join(StoredEntry._fields)
UNUSABLE: tuple[type[Exception], ...] = (*SQLITE_ERRORS, JournalError)


def open_journal(path: Path) -> sqlite3.Connection:
    """Open journal.db; create it if it is missing, and migrate an older one; only to read where it cannot be written.

    Raises JournalError.
    """
    if is_read_only(path):
        return _open_to_read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(0o600)  # other users of the machine may not read notes that are hidden from blind annotators
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    try:
        conn.execute("PRAGMA busy_timeout = 30000")
        set_write_ahead(conn)
        conn.execute("PRAGMA synchronous = FULL")  # an acknowledged entry is on the disk
        if _read_version(conn) < len(MIGRATIONS):
            _migrate(conn)
        if _read_version(conn) > len(MIGRATIONS):
            raise JournalError(f"{path} was written by a newer version of this program: use that one")
    except UNUSABLE:
        conn.close()
        raise
    return conn


def _open_to_read(path: Path) -> sqlite3.Connection:
    conn: sqlite3.Connection = connect_to_read(path, isolation_level=None, timeout=30)
    if _read_version(conn) != len(MIGRATIONS):
        conn.close()
        raise JournalError(f"{path} was written by another version of this program: make it writable, or use that one")
    return conn


def open_empty_journal() -> sqlite3.Connection:
    """Open a journal without entries, in memory."""
    conn: sqlite3.Connection = connect(IN_MEMORY, isolation_level=None)
    _migrate(conn)
    return conn


def append_entries(
    conn: sqlite3.Connection, drafts: Sequence[EntryDraft], check: EntryCheck | None = None
) -> list[JournalEntry]:
    """Append drafts in this order: all in one transaction, or none. Raises JournalError.

    `check` is called with them within the transaction, when the journal has them and nobody else can write; if it
    raises, nothing is entered. Times never run backwards: a given time before the last entry's is refused, and if the
    clock is a little behind, the last entry's time is used. A clock that is far behind or ahead is refused, except for
    an entry of the kind clock, which says that the clock is right.
    """
    for draft in drafts:
        if problem := find_draft_problem(draft.actor, draft.kind, draft.payload):
            raise JournalError(problem)
    entries: list[JournalEntry] = []
    with begin_write(conn) as db:
        table = db.table("entries")
        before = _read_last_entry(conn)
        for draft in drafts:
            entry = _complete_draft(draft, before)
            changed = {"payload": format_payload(entry.payload), "previous": before.hash if before else ""}
            table.insert({**entry._asdict(), **changed})
            entries.append(entry)
            before = entry
        if check:
            check(entries)
    return entries


def read_entries(conn: sqlite3.Connection, until: str | None = None) -> Iterator[JournalEntry]:
    """Yield every entry in order; `until` is the last date or time (UTC) to include: 2026, 2026-11, 2026-11-24, ..."""
    for row in conn.execute(f"SELECT {STORED_COLUMNS} FROM entries {UNTIL_CONDITION} ORDER BY id", (until,)):
        yield make_entry(StoredEntry._make(row))


def read_journal(path: Path, until: str | None = None) -> list[JournalEntry]:
    """Return every entry of journal.db until a date; none if there is no such file. Raises JournalError."""
    if not path.exists():
        return []
    with closing(open_journal(path)) as conn:
        return list(read_entries(conn, until))


def read_last_id(path: Path) -> str | None:
    """Return the id of the last entry of journal.db; None if there is none. Raises JournalError."""
    if not path.exists():
        return None
    with closing(open_journal(path)) as conn:
        last = conn.execute("SELECT max(id) FROM entries").fetchone()[0]
        return None if last is None else str(last)


def find_faults(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the id and fault of each altered entry: a wrong predecessor, hash, payload or time."""
    before, last = "", ""
    for row in conn.execute(f"SELECT {STORED_COLUMNS} FROM entries ORDER BY id"):
        if not all(isinstance(field, str) for field in row):
            yield str(row[0]), "a field of it is no text"
            continue
        id, at, actor, kind, payload, _, digest = entry = StoredEntry._make(row)
        if what := find_chain_fault(entry, before) or _find_payload_fault(actor, kind, payload):
            yield id, what
        if at < last and kind != "clock":
            yield id, f"it was entered at {at}, before the entry before it"
        before, last = digest, at


def find_chain_fault(entry: StoredEntry, before: str) -> str:
    """Return what is wrong with the hashes of an entry, or ""; `before` is the hash of the one before ("" for none)."""
    if entry.previous != before:
        return "the entry before it is not the one that it was entered after"
    id, at, actor, kind, payload, previous, digest = entry
    altered = digest != hash_entry(previous, id, at, actor, kind, payload)
    return "it is not as it was entered: its hash is another" if altered else ""


def _find_payload_fault(actor: str, kind: str, payload: str) -> str | None:
    try:
        return find_problem(actor, kind, json.loads(payload))
    except ValueError as error:
        return f"its payload is no JSON: {error}"


def format_payload(payload: Mapping[str, Any]) -> str:
    """Return a payload as the journal writes it: keys sorted, no white space. Raises JournalError if it is no JSON."""
    try:
        text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError as error:
        raise JournalError(f"the payload cannot be written as JSON: {error}") from error
    return text


def _read_last_entry(conn: sqlite3.Connection) -> JournalEntry | None:
    row = conn.execute(f"SELECT {STORED_COLUMNS} FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    return make_entry(StoredEntry._make(row)) if row else None


def make_entry(stored: StoredEntry) -> JournalEntry:
    """Make the entry of a row."""
    id, at, actor, kind, payload, _, digest = stored
    return JournalEntry(id=id, time=at, actor=actor, kind=kind, payload=json.loads(payload), hash=digest)


def _complete_draft(draft: EntryDraft, before: JournalEntry | None) -> JournalEntry:
    now = time.time_ns() // 1_000_000
    at = _choose_time(
        draft, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now // 1000)), before.time if before else ""
    )
    id = make_ulid(now, before.id if before else "")
    payload = format_payload(draft.payload)
    digest = hash_entry(before.hash if before else "", id, at, draft.actor, draft.kind, payload)
    return JournalEntry(id=id, time=at, actor=draft.actor, kind=draft.kind, payload=json.loads(payload), hash=digest)


def _choose_time(draft: EntryDraft, now: str, last: str) -> str:
    """Return the time of an entry. Raises JournalError if it is before the last entry or later than now."""
    if draft.kind == "clock":
        return now
    if draft.time is None:
        if fault := find_clock_fault(now, last):
            raise JournalError(f"{fault}; nothing was saved. {CLOCK_ADVICE}")
        return max(now, last)
    if not TIME_PATTERN.fullmatch(draft.time) or draft.time > now:
        raise JournalError(f"{draft.time!r} is no time in UTC that has been, such as 2026-11-24T09:30:00Z")
    if draft.time < last:
        raise JournalError(f"{draft.time} is before the last entry, of {last}: leave the time out")
    return draft.time


def find_clock_fault(now: str, last: str) -> str:
    """Return what is wrong with the clock, which says `now`, after an entry at `last` ("" for none), or "".

    >>> find_clock_fault("2026-11-24T09:30:00Z", "2026-11-24T09:30:05Z")
    ''
    >>> find_clock_fault("2026-11-24T09:30:00Z", "2099-01-01T00:00:00Z")
    'the clock says 2026-11-24T09:30:00Z, and the last entry of the journal is of 2099-01-01T00:00:00Z'
    """
    if not last:
        return f"the clock says {now}" if now < FIRST_TIME else ""
    ahead = datetime.fromisoformat(now) - datetime.fromisoformat(last)
    if -MAX_BACK <= ahead <= MAX_SILENCE:
        return ""
    return f"the clock says {now}, and the last entry of the journal is of {last}"


def hash_entry(previous: str, id: str, at: str, actor: str, kind: str, payload: str) -> str:
    """Compute the hash of an entry (its payload as JSON) after one with the hash `previous` ("" for none)."""
    return sha256("\n".join((previous, id, at, actor, kind, payload)).encode()).hexdigest()


def _read_version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _migrate(conn: sqlite3.Connection) -> None:
    """Migrate a journal to this version in one transaction; a second process finds it done."""
    with begin_write(conn) as db:
        for name in MIGRATIONS[_read_version(conn) :]:
            run_script(db, read_migration(name))
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def read_migration(name: str) -> str:
    """Return the SQL of a migration."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def make_new_id() -> str:
    """Make an id in lower case for an annotation, reply or moment; later ids are higher."""
    return make_ulid(time.time_ns() // 1_000_000, "").lower()


def make_ulid(milliseconds: int, last: str) -> str:
    """Make a ULID of a time in milliseconds that is higher than `last` (empty if there is none)."""
    number = milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    if last:
        number = max(number, sum(LETTERS.index(letter) << 5 * n for n, letter in enumerate(reversed(last))) + 1)
    return "".join(LETTERS[number >> 5 * n & 31] for n in reversed(range(26)))
