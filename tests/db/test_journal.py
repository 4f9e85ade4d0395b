"""The journal: it only grows, nothing acknowledged is lost, nothing is torn, and whatever was changed shows."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.archive.responses import open_archive
from db.journal.backup import back_up_journal, restore_journal
from db.journal.entries import (
    EntryDraft,
    JournalError,
    append_entries,
    find_faults,
    make_new_id,
    open_journal,
    read_entries,
    read_journal,
)
from db.journal.payload_schemas import PAYLOADS, find_problem
from db.statements.store import open_store
from tests.support.cli import ROOT, call
from tests.support.journal_drafts import annotate
from tests.support.profiles import scale

pytestmark = pytest.mark.slow

WRITERS, OPENERS = scale(4, 10), scale(5, 12)


def withdraw(id="a", actor="ada", time=None):
    return EntryDraft(actor, "withdraw", {"annotation": id}, time)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path):
    with closing(open_journal(path)) as conn:
        yield conn


@pytest.fixture
def three(journal):
    append_entries(journal, [annotate(), withdraw(), withdraw("b")])
    return journal


# --- entering


def test_entered_drafts_can_be_read(journal, path):
    made = append_entries(journal, [annotate(), withdraw()])
    assert read_journal(path) == list(read_entries(journal)) == made
    assert made[0].payload == annotate().payload


def test_reading_a_missing_journal_gives_nothing_and_creates_no_file(path):
    assert read_journal(path) == []
    assert not path.exists()


def test_ids_rise_even_within_a_millisecond_and_while_the_clock_stands_still(journal, monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 1_790_000_000_000_000_000)
    ids = [entry.id for _ in range(20) for entry in append_entries(journal, [withdraw(), withdraw()])]
    assert ids == sorted(set(ids))
    assert {len(id) for id in ids} == {26}


def test_a_clock_running_backwards_keeps_ids_and_times_in_order(journal, monkeypatch):
    seconds = iter([1_790_000_100, 1_790_000_000])
    monkeypatch.setattr("time.time_ns", lambda: next(seconds) * 10**9)
    first, second = (append_entries(journal, [withdraw()])[0] for _ in range(2))
    assert (second.time, second.id > first.id) == (first.time, True)


def test_drafts_are_appended_all_or_none(journal):
    with pytest.raises(JournalError, match="withdraw: 'annotation' is a required property"):
        append_entries(journal, [annotate(), EntryDraft("ada", "withdraw", {})])
    with pytest.raises(JournalError, match="is before the last entry"):
        append_entries(journal, [withdraw(time="2026-02-01T00:00:00Z"), withdraw(time="2026-01-01T00:00:00Z")])
    assert list(read_entries(journal)) == []


def test_a_check_sees_the_new_entries_and_can_refuse_them(journal):
    def refuse(entries):
        assert entries == list(read_entries(journal))
        raise JournalError(f"{len(entries)} would be too many")

    with pytest.raises(JournalError, match="1 would be too many"):
        append_entries(journal, [withdraw()], refuse)
    assert list(read_entries(journal)) == []


def test_reading_until_a_date_includes_its_whole_period(journal):
    times = ("2019-12-31T23:59:59Z", "2020-11-24T00:00:00Z", "2020-11-24T23:59:59Z", "2020-11-25T00:00:00Z")
    append_entries(journal, [withdraw(time=time) for time in times])
    for until, number in (
        ("2019", 1),
        ("2020-11-23", 1),
        ("2020-11-24", 3),
        ("2020-11-24T12:00", 2),
        (None, 4),
        ("1", 0),
    ):
        assert len(list(read_entries(journal, until))) == number, until


TIMES = [f"{year}-{month:02}-{day:02}T00:00:00Z" for year in (2019, 2020) for month in (1, 12) for day in (1, 31)]


@given(st.lists(st.sampled_from(TIMES)), st.sampled_from(TIMES), st.integers(4, 20))
def test_entries_until_an_earlier_date_begin_those_until_a_later_one(times, until, length):
    with TemporaryDirectory() as folder, closing(open_journal(Path(folder) / "journal.db")) as conn:
        append_entries(conn, [withdraw(time=time) for time in sorted(times)])
        every, some = list(read_entries(conn)), list(read_entries(conn, until[:length]))
    assert some == every[: len(some)]
    assert all(entry.time[:length] > until[:length] for entry in every[len(some) :])


@pytest.mark.parametrize(
    ("draft", "what"),
    [
        (annotate(created="2008-02-31"), "created: '2008-02-31' is no date: write 2008-06-23"),
        (annotate(reading="shouted"), "reading: 'shouted' is not one of"),
        (annotate(exact=" "), "selector.exact: ' ' does not match"),
        (annotate(id="a b"), "id: 'a b' does not match"),
        (annotate(colour="red"), "Additional properties are not allowed"),
        (annotate(actor=""), "'' is no name of an actor"),
        (annotate(actor="a\nb"), "is no name of an actor"),
        (annotate(note="\ud800"), "annotate: note holds U+D800 at character 1, which is no text"),
        (annotate(note="a\x00"), "annotate: note holds U+0000 at character 2, which is no text"),
        (annotate(created="2008-06-23T25:00Z"), "annotate: created '2008-06-23T25:00Z' is no date"),
        (EntryDraft("ada", "shout", {}), "'shout' is no kind of entry"),
        (withdraw(time="yesterday"), "'yesterday' is no time in UTC that has been"),
        (withdraw(time="9999-01-01T00:00:00Z"), "is no time in UTC that has been"),
        (EntryDraft("ada", "edit", {"annotation": "a"}), "edit: "),
        (EntryDraft("ada", "moment", {"start": float("nan")}), "moment: "),
    ],
)
def test_a_payload_that_does_not_fit_its_kind_is_refused(journal, draft, what):
    with pytest.raises(JournalError) as error:
        append_entries(journal, [draft])
    assert what in str(error.value)
    assert list(read_entries(journal)) == []


@settings(max_examples=scale(10, 20))
@given(st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.text(max_size=5), st.lists), max_size=4))
def test_any_payload_is_checked_without_an_exception(payload):
    assert all(find_problem("ada", kind, payload) for kind in PAYLOADS if kind != "clock")


def test_the_documentation_explains_each_kind():
    told = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    assert [kind for kind in PAYLOADS if f"\n| {kind} |" not in told] == []


def test_new_ids_differ():
    assert len({make_new_id() for _ in range(100)}) == 100


# --- it only grows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'eve'",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT id, time, 'eve', kind, payload, previous, hash FROM entries LIMIT 1",
        "INSERT INTO entries SELECT '0' || substr(id, 2), time, 'eve', kind, payload, 'p', 'h' FROM entries LIMIT 1",
        "INSERT INTO entries SELECT 'Z' || substr(id, 2), time, 'eve', kind, payload, 'p', 'h' FROM entries LIMIT 1",
    ],
)
def test_no_sql_statement_changes_an_entry(three, statement):
    before = list(read_entries(three))
    with pytest.raises(sqlite3.IntegrityError, match="an entry of the journal"):
        three.execute(statement)
    assert list(read_entries(three)) == before


@pytest.mark.parametrize(
    ("change", "which", "what"),
    [
        ("UPDATE entries SET actor = 'eve' WHERE id = :1", 1, "it is not as it was entered"),
        ('UPDATE entries SET payload = \'{"annotation":"z"}\' WHERE id = :1', 1, "it is not as it was entered"),
        ("DELETE FROM entries WHERE id = :1", 2, "the entry before it is not the one"),
        ("DELETE FROM entries WHERE id < :1", 1, "the entry before it is not the one"),
    ],
)
def test_verification_finds_every_change_made_outside_the_journal(three, path, change, which, what):
    ids = [entry.id for entry in read_entries(three)]
    for trigger in ("entries_never_change", "entries_never_go"):
        three.execute(f"DROP TRIGGER {trigger}")
    three.execute(change, {"1": ids[1]})
    assert next(find_faults(three))[0] == ids[which]
    done = call("annotations", "journal", "verify", "--db-dir", path.parent)
    assert (done.returncode, f"entry {ids[which]}: {what}" in done.stdout) == (1, True)


def test_a_journal_without_its_end_lacks_the_noted_hash(three, path):
    *_, last = read_entries(three)
    told = json.loads(call("annotations", "journal", "verify", "--json", "--db-dir", path.parent).stdout)
    assert told == {"entries": 3, "head": last.hash, "fault": None, "end_checked": False}
    good = call("annotations", "journal", "verify", "--db-dir", path.parent, "--head", last.hash)
    assert (good.returncode, good.stdout) == (0, f"3 entries, all unchanged; head {last.hash}\n")
    three.execute("DROP TRIGGER entries_never_go")
    three.execute("DELETE FROM entries WHERE id = ?", (last.id,))
    assert list(find_faults(three)) == []
    assert call("annotations", "journal", "verify", "--db-dir", path.parent, "--head", last.hash).returncode == 1


def test_a_journal_of_a_newer_version_is_refused_and_unchanged(journal, path):
    journal.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="written by a newer version"):
        open_journal(path)


# --- writers at once


def test_writers_killed_at_any_moment_lose_no_acknowledged_entry(path):
    """Each is killed when it has acknowledged some more than the one before; what it acknowledged is there, whole."""
    command = [sys.executable, "-m", "tests.support.journal_writer", str(path)]
    writers = [
        subprocess.Popen([*command, f"writer-{n}"], cwd=ROOT, stdout=subprocess.PIPE, text=True) for n in range(WRITERS)
    ]
    acknowledged: list[str] = []
    try:
        for number, writer in enumerate(writers):
            acknowledged += [writer.stdout.readline() for _ in range(3 * number + 1)]
            writer.kill()
            acknowledged += writer.stdout.readlines()
            writer.wait(60)
    finally:
        for writer in writers:
            writer.kill()
            writer.stdout.close()
    with closing(open_journal(path)) as conn:
        assert list(find_faults(conn)) == []
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = list(read_entries(conn))
    whole = {id.strip() for id in acknowledged if id.endswith("\n")}
    assert len(whole) > 3 * WRITERS
    assert whole <= {entry.id for entry in found}
    parts = [(entry.actor, entry.payload["annotation"], entry.payload["reason"]) for entry in found]
    assert parts == [(*one[:2], part) for one in parts[::3] for part in "abc"]


@pytest.mark.parametrize(
    "opener", ["archive.responses.open_archive", "journal.entries.open_journal", "statements.store.open_store"]
)
def test_many_processes_may_open_a_new_database_at_once(opener, path):
    module, _, name = opener.rpartition(".")
    program = f"from pathlib import Path; from db.{module} import {name}; print(flush=True); input()"
    program += f"; {name}(Path({str(path)!r})).close()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    openers = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, **pipes) for _ in range(OPENERS)]
    for each in openers:
        each.stdout.readline()  # it is about to
    for each in openers:
        each.stdin.write(b"\n")
        each.stdin.flush()
    assert [each.communicate(timeout=60)[1] for each in openers] == [b""] * len(openers)


@pytest.mark.parametrize("opened", [open_archive, open_journal, open_store])
def test_opening_waits_for_another_process_that_creates_the_database(opened, path):
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")  # as another who has come first, and has not turned it to writing ahead yet
    asked = Event()
    let_go = Thread(target=lambda: (asked.wait(60), other.rollback(), other.close()))
    let_go.start()
    with patch("db.sqlite.time.sleep", lambda _: asked.set()), closing(opened(path)) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    let_go.join()
    assert asked.is_set()


# --- backup and restore


def test_restoring_adds_the_missing_entries(three, path, tmp_path):
    assert back_up_journal(path, tmp_path / "copy.db") == 3
    before = read_journal(path)
    assert restore_journal(tmp_path / "copy.db", tmp_path / "new" / "journal.db", replace=False) == (3, None)
    assert read_journal(tmp_path / "new" / "journal.db") == before
    assert restore_journal(tmp_path / "copy.db", path, replace=False) == (0, None)
    append_entries(three, [withdraw("c")])
    back_up_journal(path, tmp_path / "later.db")
    assert restore_journal(tmp_path / "later.db", tmp_path / "new" / "journal.db", replace=False) == (1, None)
    assert read_journal(tmp_path / "new" / "journal.db") == read_journal(path)


def test_restoring_removes_entries_only_with_replace_and_puts_the_journal_aside(three, path, tmp_path):
    back_up_journal(path, tmp_path / "copy.db")
    append_entries(three, [withdraw("c")])
    before = read_journal(path)
    with pytest.raises(JournalError, match="holds 1 entry that the copy lacks"):
        restore_journal(tmp_path / "copy.db", path, replace=False)
    assert read_journal(path) == before
    restored = restore_journal(tmp_path / "copy.db", path, replace=True)
    assert (restored.entries, read_journal(path), read_journal(restored.aside)) == (3, before[:3], before)


def test_an_unreadable_journal_is_replaced_by_its_copy(three, path, tmp_path):
    back_up_journal(path, tmp_path / "copy.db")
    before = read_journal(path)
    three.close()
    path.write_bytes(b"not a database" * 100)
    restored = restore_journal(tmp_path / "copy.db", path, replace=True)
    assert (read_journal(path), restored.aside.read_bytes()[:5]) == (before, b"not a")


@pytest.mark.parametrize("damage", [b"", b"not a database" * 100, "row"])
def test_a_damaged_copy_changes_nothing(three, path, tmp_path, damage):
    back_up_journal(path, tmp_path / "copy.db")
    before = read_journal(path)
    if damage == "row":
        with closing(sqlite3.connect(tmp_path / "copy.db")) as conn, conn:
            conn.execute("DROP TRIGGER entries_never_change")
            conn.execute("UPDATE entries SET actor = 'eve'")
    else:
        (tmp_path / "copy.db").write_bytes(damage)
    with pytest.raises(JournalError, match=r"is damaged at entry|is no copy of a journal"):
        restore_journal(tmp_path / "copy.db", path, replace=True)
    assert read_journal(path) == before


def test_a_copy_is_one_file(three, path, tmp_path):
    back_up_journal(path, tmp_path / "copies" / "copy.db")
    assert [each.name for each in (tmp_path / "copies").iterdir()] == ["copy.db"]
    shutil.copy(tmp_path / "copies" / "copy.db", tmp_path / "elsewhere.db")
    assert read_journal(tmp_path / "elsewhere.db") == read_journal(path)


# --- the command line


def test_the_log_lists_entries_and_those_without_effect(journal, path):
    append_entries(journal, [annotate(), withdraw("zzz", "bob")])
    done = call("annotations", "journal", "log", "--db-dir", path.parent)
    first, second = done.stdout.splitlines()
    assert first.endswith("ada: annotate a: noted it as said on participation-online/be-credible")
    assert second.endswith("bob: withdraw zzz: withdrew it (no effect: there is no annotation zzz)")
    lines = call("annotations", "journal", "log", "--db-dir", path.parent, "--json", "--actor", "bob").stdout
    assert json.loads(lines)["payload"] == {"annotation": "zzz"}
    assert call("annotations", "journal", "log", "--db-dir", path.parent, "--as-of", "2020").stdout == ""


def test_journal_add_enters_a_payload_or_reports_its_fault(tmp_path):
    command = [
        sys.executable,
        "-m",
        "annotations",
        "journal",
        "add",
        "annotate",
        "--actor",
        "ada",
        "--db-dir",
        tmp_path,
    ]

    def add(payload):
        return subprocess.run(command, cwd=ROOT, input=payload, capture_output=True, text=True, check=False)

    assert add(json.dumps(annotate().payload)).returncode == 0
    assert "there is an annotation a already; nothing was saved" in add(json.dumps(annotate().payload)).stderr
    assert "standard input is not JSON" in add("{").stderr
    assert "annotate: 'id' is a required property" in add("{}").stderr
    assert len(read_journal(tmp_path / "journal.db")) == 1


def test_only_the_owner_can_read_a_journal_and_its_copy(tmp_path):
    path = tmp_path / "journal.db"
    with closing(open_journal(path)):
        back_up_journal(path, tmp_path / "copy.db")
        assert {one.name: one.stat().st_mode & 0o077 for one in tmp_path.glob("*.db*")}.items() >= {
            ("journal.db", 0), ("journal.db-wal", 0), ("copy.db", 0)}  # fmt: skip
