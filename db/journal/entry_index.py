"""The index of the journal: which entries are about what, so that a write reads only those that matter to it.

Its file, journal_index.db, stands for the journal up to one entry, its head, by id and hash; newer entries are read
from the journal. It is derived: one of another journal or version, or a damaged one, is thrown away and made anew.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from db.journal.entries import STORED_COLUMNS, JournalEntry, StoredEntry, find_chain_fault, make_entry
from db.sqlite import DATABASE_ERRORS, IN_MEMORY, Row, begin_write, connect, get_database, run_script

APPLICATION = 0x4A4E4C49  # application_id of the file
INDEX_VERSION = 1  # user_version: of the schema, and of the rules by which keys are listed
LOCK_TIMEOUT = 5.0  # seconds to wait for another process that stores entries
NAMING_FIELDS = ("id", "annotation", "reply", "moment", "suggestion")  # of payloads: what an entry is about
PASS_KINDS = ("begin", "done")
SCHEMA = Path(__file__).with_name("entry_index.sql")
ENTRIES_BY_ID = f"SELECT {STORED_COLUMNS} FROM entries WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
ENTRIES_AFTER = f"SELECT {STORED_COLUMNS} FROM entries WHERE id > ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id"
LAST_UNTIL = "SELECT id FROM entries WHERE substr(time, 1, length(?1)) <= ?1 ORDER BY id DESC LIMIT 1"
TABLES = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
SUBJECTS = "SELECT key, entries, checksum FROM subjects WHERE key IN (SELECT value FROM json_each(?))"
FindLinks = Callable[[Collection[str]], Iterable[str]]


class _WrongIndexError(Exception):
    """The file is of another journal or version, or damaged."""


UNUSABLE: tuple[type[Exception], ...] = (_WrongIndexError, OSError, *DATABASE_ERRORS)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)  # the last: a table is missing


def make_pass_key(person: str, debate: str = "") -> str:
    """Make the key of a person's pass over a debate; without a debate, that of all passes of the person."""
    return f"{person}\n{debate}"


def list_own_keys(entry: JournalEntry) -> tuple[str, ...]:
    """List the keys of an entry that is no undo: the ids that it names, or its pass; its own id where it names nothing.

    Entries without a key in common have no influence on each other.
    """
    if entry.kind in PASS_KINDS:
        return (make_pass_key(_get_person(entry), entry.payload["debate"]),)
    named = filter(None, map(entry.payload.get, NAMING_FIELDS))
    return tuple(dict.fromkeys(named)) or (entry.id,)


def _get_person(entry: JournalEntry) -> str:
    return str(entry.payload.get("creator", entry.actor))


class EntryIndex:
    """The entries of an open journal by key: from the file up to its head, and after it from the journal.

    `fault` says what is wrong with the chain of hashes after the head; "" for nothing.
    """

    def __init__(self, journal: sqlite3.Connection, path: Path | None) -> None:
        """Open the file, if there is to be one; go on without it where it is not to be trusted."""
        self.fault = self._last_id = self._last_hash = ""
        self.journal, self._path, self._is_wrong = journal, path, False
        self._file: sqlite3.Connection | None = None
        self._before: str | None = None  # the entry up to which all are read, those from it on being of a write
        self._forget("", "")
        try:
            if path:
                self._file = _open_file(path)
                self._file.execute("BEGIN")
                self._forget(*self._read_head(self._file))
        except UNUSABLE as error:
            self._distrust_file(error)
        self.read_newer()

    def close(self) -> None:
        """Close the file; make it anew before that, if it is not to be trusted."""
        if self._is_wrong:
            self.store()
        if self._file:
            self._file.close()

    def read_newer(self, before: str | None = None) -> None:
        """Read the entries after those known so far, up to the one with the id `before`, and check their chain."""
        self._before = before
        for row in self.journal.execute(ENTRIES_AFTER, (self._last_id, before)):
            stored = StoredEntry._make(row)
            if not self.fault and (what := find_chain_fault(stored, self._last_hash)):
                self.fault = f"entry {stored.id}: {what}"
            entry, self._last_id, self._last_hash = make_entry(stored), stored.id, stored.hash
            self._keys[entry.id] = self.list_keys(entry)
            passes = [make_pass_key(_get_person(entry))] if entry.kind in PASS_KINDS else []
            for key in (*self._keys[entry.id], *passes):
                self._newer[key].append(entry.id)

    def list_keys(self, entry: JournalEntry) -> tuple[str, ...]:
        """List the keys of an entry; of an undo, those of the entry that is undone, or counts again, in the end."""
        while entry.kind == "undo":
            id = entry.payload["entry"]
            if id in self._keys:
                return self._keys[id]
            named = self.read_entries([id]) if id < entry.id else []
            if not named:
                break
            [entry] = named
        return list_own_keys(entry)

    def has_entry(self, id: str, digest: str) -> bool:
        """Return True if the journal has the entry with this id and hash, and so all that were before it."""
        query = "SELECT 1 FROM entries WHERE id = ? AND hash = ?"
        return self.journal.execute(query, (id, digest)).fetchone() is not None

    def read_entries(self, ids: Iterable[str]) -> list[JournalEntry]:
        """Read the entries with these ids, in order."""
        rows = self.journal.execute(ENTRIES_BY_ID, (json.dumps([*ids]),))
        return [make_entry(StoredEntry._make(row)) for row in rows]

    def find_last_id(self, until: str) -> str:
        """Find the last entry of a date or time (UTC), as read_entries of the journal does; "" where there is none."""
        row = self.journal.execute(LAST_UNTIL, (until,)).fetchone()
        return str(row[0]) if row else ""

    def read_after(self, id: str) -> list[JournalEntry]:
        """Read the entries after the one with this id, in order; "" for all."""
        return [make_entry(StoredEntry._make(row)) for row in self.journal.execute(ENTRIES_AFTER, (id, None))]

    def read_about(self, keys: Collection[str]) -> list[JournalEntry]:
        """Read the entries about these keys, in order."""
        return self.read_entries(self._list_ids(keys))

    def read_passes(self, person: str) -> list[JournalEntry]:
        """Read the entries that begin or end a person's passes, in order."""
        return self.read_about([make_pass_key(person)])

    def read_related(self, keys: Iterable[str], find_links: FindLinks = lambda keys: ()) -> list[JournalEntry]:
        """Read, in order, the entries about these keys, those about all that these entries name, and so on.

        No other entry has an influence on them. `find_links` adds the keys that curated files link with some.
        """
        found: dict[str, JournalEntry] = {}
        seen: set[str] = set()
        waiting = set(keys)
        while waiting:
            waiting |= {*find_links(waiting)} - seen
            seen |= waiting
            new = self.read_entries(self._list_ids(waiting) - found.keys())
            for entry in new:
                found[entry.id] = entry
                self._keys[entry.id] = self._keys.get(entry.id) or self.list_keys(entry)
            waiting = {*chain.from_iterable(self._keys[entry.id] for entry in new)} - seen
        return [found[id] for id in sorted(found)]

    def has_whole_file(self) -> bool:
        """Return True if the file has just the entries of the journal up to its head, compared one by one."""
        if self._file is None or self._is_wrong:
            return False
        head, _ = self._read_head(self._file)
        with closing(EntryIndex(self.journal, None)) as made:
            expected = {key: " ".join(id for id in ids if id <= head) for key, ids in made._newer.items()}
        stored = dict(self._file.execute("SELECT key, entries FROM subjects"))
        return stored == {key: entries for key, entries in expected.items() if entries}

    def renew_file(self) -> None:
        """Make the file anew."""
        self._distrust_file(_WrongIndexError())
        self.store()

    def store(self) -> None:
        """Store the newer entries in the file, outside transactions of the journal; make it anew where it is wrong.

        Where that fails, or the chain has a fault, nothing is stored: the next reader reads these entries again.
        """
        self.read_newer()
        if self.fault or not (self._newer or self._is_wrong):
            return
        try:
            if self._is_wrong and self._path:
                self._replace_file(self._path)
            if self._file:
                self._store_newer(self._file)
        except UNUSABLE as error:
            self._distrust_file(error)
            self.read_newer()

    def _store_newer(self, file: sqlite3.Connection) -> None:
        """Store the newer entries, but for those that others have stored meanwhile, and go on reading."""
        file.rollback()
        with begin_write(file) as db:
            self._forget(*self._read_head(file))
            self.read_newer()
            subjects = _extend_subjects(self._read_subjects(self._newer), self._newer)
            db.table("subjects").insert_all(subjects, replace=True)
            db.table("head").delete_where()
            db.table("head").insert({"id": self._last_id, "hash": self._last_hash})
        file.execute("BEGIN")
        self._forget(*self._read_head(file))
        self.read_newer()

    def _replace_file(self, path: Path) -> None:
        """Make the file anew, empty. Raises a database error."""
        if self._file:
            self._file.close()
        self._file = None
        try:
            self._file = _empty_file(path)
        except DATABASE_ERRORS as error:
            if not _is_damage(error):
                raise
            for ending in ("-wal", "-shm", ""):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            self._file = _empty_file(path)
        self._is_wrong = False

    def _read_head(self, file: sqlite3.Connection) -> tuple[str, str]:
        """Read id and hash of the last entry that the file has; "" for none. Raises _WrongIndexError."""
        names = ("application_id", "user_version")
        if [file.execute(f"PRAGMA {name}").fetchone()[0] for name in names] != [APPLICATION, INDEX_VERSION]:
            raise _WrongIndexError
        if {sql for (sql,) in file.execute(TABLES)} != _read_tables():
            raise _WrongIndexError
        head = file.execute("SELECT id, hash FROM head").fetchone() or ("", "")
        if any(head) and not self.has_entry(*head):
            raise _WrongIndexError
        return head

    def _read_subjects(self, keys: Iterable[str]) -> dict[str, str]:
        """Read from the file the ids of entries by key, separated by spaces. Raises _WrongIndexError."""
        if self._file is None or self._is_wrong:
            return {}
        rows = self._file.execute(SUBJECTS, (json.dumps([*keys]),)).fetchall()
        if any(checksum != _compute_checksum(key, entries) for key, entries, checksum in rows):
            raise _WrongIndexError
        return {key: entries for key, entries, _ in rows}

    def _list_ids(self, keys: Collection[str]) -> set[str]:
        """List the ids of the entries about these keys."""
        stored: dict[str, str] = {}
        try:
            stored = self._read_subjects(keys)
        except UNUSABLE as error:
            self._distrust_file(error)
            self.read_newer(self._before)
        ids = {id for entries in stored.values() for id in entries.split()}
        return ids.union(*(self._newer.get(key, ()) for key in keys))

    def _forget(self, id: str, digest: str) -> None:
        """Forget the entries read so far; those after this one, the head of the file, are the newer ones."""
        self._last_id, self._last_hash = id, digest
        self._newer: dict[str, list[str]] = defaultdict(list)  # ids of newer entries by key
        self._keys: dict[str, tuple[str, ...]] = {}  # by id of an entry

    def _distrust_file(self, error: Exception) -> None:
        """Go on without the file, as if all entries were newer; one that is wrong is made anew later."""
        self._is_wrong = isinstance(error, _WrongIndexError) or _is_damage(error)
        if self._file and not self._is_wrong:
            self._file.close()
            self._file = None
        self._forget("", "")


@cache
def _read_tables() -> set[str]:
    """Read how SQLite writes the tables of the schema."""
    with closing(connect(IN_MEMORY)) as conn:
        run_script(get_database(conn), SCHEMA.read_text(encoding="utf-8"))
        return {sql for (sql,) in conn.execute(TABLES)}


def _is_damage(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED


def _open_file(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.touch(0o600)  # as the journal: it tells who annotates what
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=LOCK_TIMEOUT)
    conn.execute("PRAGMA synchronous = NORMAL")  # a power failure may lose its end, which is then read again
    return conn


def _empty_file(path: Path) -> sqlite3.Connection:
    """Open the file with empty tables. Raises a database error where it is no database."""
    conn = _open_file(path)
    try:
        conn.execute("PRAGMA journal_mode = WAL")
        with begin_write(conn) as db:
            for name in db.table_names():
                db.table(name).drop()
            run_script(db, SCHEMA.read_text(encoding="utf-8"))
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {INDEX_VERSION}")
    except UNUSABLE:
        conn.close()
        raise
    return conn


def _extend_subjects(subjects: Mapping[str, str], newer: Mapping[str, list[str]]) -> Iterator[Row]:
    """Yield the rows of subjects with the ids of newer entries."""
    for key, ids in newer.items():
        entries = " ".join((*subjects.get(key, "").split(), *ids))
        yield {"key": key, "entries": entries, "checksum": _compute_checksum(key, entries)}


def _compute_checksum(key: str, entries: str) -> str:
    return blake2b(f"{key}\n{entries}".encode(), digest_size=8).hexdigest()
