"""Benchmarks of the journal: one more entry at 10, 10,000 and 100,000 entries, and ten writers at once.

Each is measured beside a bare one, which only inserts a row into a table like the journal's, and commits.
"""

import gc
import os
import random
import shutil
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from unittest.mock import patch

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_journal_view
from annotations.commands.journal_writer import enter_drafts
from annotations.curated.toml_files import GUIDANCE_FOLDER, QUOTES_FOLDER
from annotations.projection.refresh import refresh_changed
from annotations.suggesters.rule_files import RULES_FOLDER
from benchmarks.measures import ROOT, BenchFolder, Measure, find_percentile, report_progress
from db.journal import entries as journal_entries
from db.journal.entries import EntryDraft, format_payload, hash_entry, make_new_id, make_ulid, open_journal
from db.sqlite import begin_write, connect, load_served_library

SIZES, FEW_SIZES = (10, 10_000, 100_000), (10, 10_000)  # of the journal; the second of a small run
ROUNDS, WRITERS, WRITES = 12, 10, 15
PEOPLE = ("ada", "rex", "una")
KINDS = (
    "annotate",
    "reply",
    "edit",
    "reject",
    "reply",
    "skip",
    "edit",
    "reject",
    "reply",
    "withdraw",
)  # of ten entries
READINGS = ("said", "implied", "contradicts")
SPEECHES = "SELECT gid, text FROM speeches WHERE length(text) > 200 ORDER BY id LIMIT 20000"
BARE_INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"


class DraftMaker:
    """A maker of drafts of entries of any kind; each is about a note that it made before."""

    def __init__(self, statements: Path, seed: int) -> None:
        """Read speeches and points to make notes of."""
        self.chance, self.notes = random.Random(seed), list[tuple[str, str]]()
        with closing(connect(statements, mode="ro")) as conn:
            self.speeches = conn.execute(SPEECHES).fetchall()
            self.points = [id for (id,) in conn.execute("SELECT id FROM guidance_points ORDER BY id")]

    def make(self, kind: str) -> EntryDraft:
        """Make a draft of an entry of a kind."""
        who = self.chance.choice(PEOPLE)
        author = {"id": make_new_id(), "creator": who, "created": "2026-11-24"}
        if kind == "annotate":
            self.notes.append((author["id"], who))
            return EntryDraft(who, kind, {**self._choose_words(), **author, "note": "A note."})
        if kind in ("reject", "skip"):
            named = {"suggester": "rules", "version": "1", "point": self.chance.choice(self.points)}
            return EntryDraft(who, kind, {"suggestion": f"{self.chance.getrandbits(256):064x}", **named})
        note, owner = self.chance.choice(self.notes)
        if kind == "reply":
            return EntryDraft(who, kind, {**author, "annotation": note, "stance": "agrees", "text": "So it is."})
        return EntryDraft(owner, kind, {"annotation": note, **({"note": "Another."} if kind == "edit" else {})})

    def _choose_words(self) -> dict[str, Any]:
        gid, text = self.chance.choice(self.speeches)
        start = self.chance.randrange(len(text) - 100)
        end = start + 60
        selector = {"exact": text[start:end], "start": start, "end": end, "prefix": text[max(0, start - 32) : start]}
        reading = self.chance.choice(READINGS)
        return {"target": gid, "selector": selector, "point": self.chance.choice(self.points), "reading": reading}


def measure_journal(folder: BenchFolder) -> Iterator[Measure]:
    """Measure one more entry at several sizes of the journal, and ten writers, on a copy of the databases."""
    paths = ArchivePaths(
        guidance=Path(GUIDANCE_FOLDER),
        quotes=Path(QUOTES_FOLDER),
        rules=Path(RULES_FOLDER),
        db_dir=folder.path / "journal",
    )
    sizes = FEW_SIZES if folder.is_small else SIZES
    shutil.rmtree(paths.db_dir, ignore_errors=True)
    paths.db_dir.mkdir()
    shutil.copyfile(folder.statements, paths.statements)
    drafts = DraftMaker(paths.statements, 0)
    times_bare: dict[int, float] = {}
    with closing(load_served_library().connect(paths.statements)) as served:
        served.execute("SELECT 1 FROM sqlite_schema").fetchall()  # the connection that a server has open
        for size in sizes:
            report_progress(f"fill the journal with {size:,} entries")
            fill_journal(paths, drafts, size)
            used, locked, bare = _measure_entries(paths, drafts)
            times_bare[size] = used / bare
            yield Measure(name=f"one more entry at {size:,} entries", value=used, unit="ms", goal=10, limit=15)
            yield Measure(name=f"of that under the lock, at {size:,}", value=locked, unit="ms", goal=2, limit=5)
            yield Measure(name=f"a bare insert and commit, at {size:,}", value=bare, unit="ms")
        growth = times_bare[sizes[-1]] / times_bare[sizes[0]]
        name = f"one more at {sizes[-1]:,} entries beside {sizes[0]:,}, each divided by its bare one"
        yield Measure(name=name, value=growth, unit="times", goal=1.2, limit=1.5)
        yield from _measure_writers(paths)
    shutil.rmtree(paths.db_dir)


def fill_journal(paths: ArchivePaths, drafts: DraftMaker, size: int) -> None:
    """Append entries to the journal until it has `size`, without the checks of each, and show them in statements.db."""
    with closing(open_journal(paths.journal)) as journal:
        (present,) = journal.execute("SELECT count(*) FROM entries").fetchone()
        head = journal.execute("SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1").fetchone() or ("", "")
        with begin_write(journal) as db:
            db.table("entries").insert_all(_chain_entries(drafts, size - present, *head))
    with open_journal_view(paths) as view, closing(connect(paths.statements, load_served_library(), "rw")) as conn:
        conn.isolation_level = None
        view.index.store()
        refresh_changed(conn, view)
        for each in (conn, view.index.journal):
            each.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log of so many entries at once is no server's
    gc.collect()
    gc.freeze()  # nor are the objects that they left


def _chain_entries(drafts: DraftMaker, count: int, last: str, digest: str) -> Iterator[dict[str, str]]:
    for _, kind in zip(range(count), cycle(KINDS), strict=False):
        draft, last = drafts.make(kind), make_ulid(time.time_ns() // 1_000_000, last)
        fields = {"id": last, "time": "2026-11-24T00:00:00Z", "actor": draft.actor, "kind": kind}
        fields["payload"] = format_payload(draft.payload)
        row = {**fields, "previous": digest}
        digest = hash_entry(digest, *fields.values())
        yield {**row, "hash": digest}


def _measure_entries(paths: ArchivePaths, drafts: DraftMaker) -> tuple[float, float, float]:
    """Return the CPU in ms of a write, of that under the lock, and of a bare write: the mean of the least by kind."""
    used, locked, bare = (defaultdict[str, list[float]](list) for _ in range(3))
    with closing(open_bare_journal(paths.db_dir / "bare.db")) as conn, _time_lock(locked["all"]):
        for kind in (*KINDS, *KINDS * ROUNDS):
            draft = drafts.make(kind)
            used[kind].append(_measure_cpu(partial(enter_drafts, paths, [draft])))
            bare[kind].append(_measure_cpu(partial(insert_bare_entry, conn)))
    of_kind = cycle((*KINDS, *KINDS * ROUNDS))
    by_kind = defaultdict[str, list[float]](list)
    for kind, value in zip(of_kind, locked.pop("all"), strict=False):
        by_kind[kind].append(value)
    used_ms, locked_ms, bare_ms = (
        sum(min(each[kind]) for kind in KINDS) / len(KINDS) for each in (used, by_kind, bare)
    )
    return used_ms, locked_ms, bare_ms


def _measure_cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


@contextmanager
def _time_lock(found: list[float]) -> Iterator[None]:
    """Add the CPU milliseconds of each transaction of the journal to a list, from its begin to its commit."""

    @contextmanager
    def begin_timed(conn: sqlite3.Connection) -> Iterator[Any]:
        with begin_write(conn) as db:
            started = time.process_time()
            yield db
        found.append((time.process_time() - started) * 1000)

    with patch.object(journal_entries, "begin_write", begin_timed):
        yield


def open_bare_journal(path: Path) -> sqlite3.Connection:
    """Open a database with a table like the journal's, which waits for the disk as the journal does."""
    conn: sqlite3.Connection = connect(path, isolation_level=None, timeout=30)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, time, actor, kind, payload, previous, hash)")
    return conn


def insert_bare_entry(conn: sqlite3.Connection) -> None:
    """Insert a row in a transaction of its own."""
    conn.execute("BEGIN IMMEDIATE")
    conn.execute(BARE_INSERT, (make_new_id() + str(os.getpid()), "2026", "ada", "reply", "{}", "", ""))
    conn.execute("COMMIT")


def _measure_writers(paths: ArchivePaths) -> Iterator[Measure]:
    """Measure how long each of ten processes that write at once waits for an entry, bare and in the journal."""
    waits: dict[str, list[float]] = {"bare": [], "journal": []}
    for how in ("bare", "journal", "bare", "journal"):
        report_progress(f"{WRITERS} writers: {how}")
        waits[how].append(find_percentile(_run_writers(how, paths.db_dir), 99))
    bare, ours = min(waits["bare"]), min(waits["journal"])
    yield Measure(name=f"{WRITERS} writers: 99 of 100 bare inserts within", value=bare, unit="ms")
    yield Measure(name=f"{WRITERS} writers: 99 of 100 entries within", value=ours, unit="ms")
    yield Measure(name="that beside the bare ones", value=ours / bare, unit="times", goal=5, limit=10)


def _run_writers(how: str, folder: Path) -> list[float]:
    """Run ten writers at once; return the milliseconds of each write."""
    command = [sys.executable, "-m", "benchmarks.journal", how, str(folder)]
    running = [Popen([*command, str(n)], cwd=ROOT, stdout=PIPE, stdin=PIPE, text=True) for n in range(WRITERS)]
    for each in running:
        assert each.stdout
        each.stdout.readline()  # it is ready
    for each in running:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    return [float(line) for each in running for line in each.communicate()[0].split()]


def write(how: str, folder: Path, number: int) -> None:
    """Write WRITES entries once standard input says so, and print the milliseconds of each."""
    paths = ArchivePaths(
        guidance=Path(GUIDANCE_FOLDER), quotes=Path(QUOTES_FOLDER), rules=Path(RULES_FOLDER), db_dir=folder
    )
    conn, maker = open_bare_journal(folder / "bare.db"), DraftMaker(paths.statements, number)
    drafts = [maker.make("annotate") for _ in range(WRITES + 1)]
    if how == "journal":
        enter_drafts(paths, drafts[:1])
    print(flush=True)
    sys.stdin.readline()
    for draft in drafts[1:]:
        started = time.perf_counter()
        if how == "bare":
            insert_bare_entry(conn)
        else:
            enter_drafts(paths, [draft])
        print((time.perf_counter() - started) * 1000)


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
