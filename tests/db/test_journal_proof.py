"""The proof of the journal: damage to its file, a lost end, an older copy and a wrong clock are told."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotations.cli.journal import _find_fault
from db.journal.backup import back_up_journal, restore_journal
from db.journal.entries import EntryDraft, JournalError, append_entries, find_faults, open_journal, read_journal
from db.statements.journal_head import read_kept_head
from tests.support.cli import call
from tests.support.journal_drafts import annotate
from tests.support.profiles import scale

FLIPS = scale(30, 1000)
NOW = 1_796_000_000  # 30 November 2026


def clock(actor: str = "ada") -> EntryDraft:
    return EntryDraft(actor, "clock", {})


def enter(path: Path, *drafts: EntryDraft) -> None:
    with closing(open_journal(path)) as conn:
        append_entries(conn, drafts or [clock()])


def cut(path: Path, where: str) -> None:
    """Remove entries as a faulty disk or a hand might."""
    with closing(sqlite3.connect(path)) as conn, conn:
        [(trigger,)] = conn.execute("SELECT sql FROM sqlite_schema WHERE name = 'entries_never_go'")
        conn.execute("DROP TRIGGER entries_never_go")
        conn.execute(f"DELETE FROM entries WHERE {where}")
        conn.execute(trigger)


def run(verb: str, folder: Path, *options: object) -> tuple[int, str]:
    done = call("annotations", *verb.split(), "--db-dir", folder, *options)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """Return the folder of a journal of three entries that statements.db has shown."""
    enter(tmp_path / "journal.db", clock(), clock())
    assert run("journal clock --actor ada", tmp_path)[0] == 0
    return tmp_path


# --- the file


def test_a_flipped_bit_is_seen_or_changes_nothing(tmp_path: Path) -> None:
    path, seed = tmp_path / "journal.db", random.Random(13)
    enter(path, *(annotate(f"a{n}", exact="the words " * seed.randint(1, 40)) for n in range(60)))
    whole, before = path.read_bytes(), read_journal(path)
    assert _find_fault(path)[0] == ""
    for _ in range(FLIPS):
        body = bytearray(whole)
        body[seed.randrange(len(body))] ^= 1 << seed.randrange(8)
        path.write_bytes(body)
        fault, _ = _find_fault(path)
        assert fault or read_journal(path) == before
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


@pytest.mark.parametrize("body", [b"", b"no database " * 500, None], ids=["empty", "other", "torn"])
def test_a_file_that_is_no_journal_or_torn_is_told(body: bytes | None, shown: Path) -> None:
    path = shown / "journal.db"
    path.write_bytes(path.read_bytes()[:5000] if body is None else body)
    code, said = run("journal verify", shown)
    assert (code, "Restore" in said) == (1, True)


def test_a_journal_without_a_trigger_is_told(shown: Path) -> None:
    with closing(sqlite3.connect(shown / "journal.db")) as conn:
        conn.execute("DROP TRIGGER entries_never_go")
    assert run("journal verify", shown) == (
        1,
        f"{shown / 'journal.db'}: its tables or triggers are not those of a journal\n",
    )


# --- its end


@pytest.mark.parametrize("where", ["1", "id = (SELECT max(id) FROM entries)", "absent"])
def test_an_emptied_cut_or_missing_journal_is_told_until_it_is_accepted(where: str, shown: Path) -> None:
    path = shown / "journal.db"
    assert run("journal verify", shown)[0] == 0
    path.unlink() if where == "absent" else cut(path, where)
    for verb in ("journal verify", "load"):
        code, said = run(verb, shown)
        assert (code, "journal restore COPY" in said, "journal accept" in said) == (1, True, True), verb
    enter(path)
    assert run("journal verify", shown)[0] == 1
    assert run("journal accept", shown)[0] == 0
    assert run("journal verify", shown)[0] == run("load", shown)[0] == 0


def test_a_head_that_cannot_be_read_is_not_taken_for_none(shown: Path) -> None:
    (shown / "statements.db").write_bytes(b"This is no database.")
    code, said = run("journal verify", shown)
    assert (code, "statements.db cannot be read: so the end of the journal was not checked" in said) == (0, True)
    (shown / "journal.db").unlink()
    code, said = run("journal verify", shown)
    assert (code, "it is not there, and statements.db" in said, "nothing has been entered" in said) == (1, True, False)


def test_a_later_version_of_statements_db_keeps_the_head(shown: Path) -> None:
    with closing(sqlite3.connect(shown / "statements.db")) as conn:
        conn.execute("PRAGMA user_version = 3")
    head = read_kept_head(shown / "statements.db")
    assert run("load", shown)[0] == 0
    assert read_kept_head(shown / "statements.db") == head is not None


def test_a_past_state_does_not_move_the_head_back(shown: Path) -> None:
    head = read_kept_head(shown / "statements.db")
    assert run("load", shown, "--as-of", "2020")[0] == 0
    assert read_kept_head(shown / "statements.db") == head


def test_a_restored_copy_older_than_the_head_is_told(shown: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_journal(shown / "journal.db", copy)
    assert run("journal clock --actor ada", shown)[0] == 0
    code, said = run("journal restore --replace", shown, copy)
    assert (code, "the copy is older than what statements.db has shown" in said) == (1, True)
    assert run("journal verify", shown)[0] == 1


def test_a_copy_with_more_than_the_journal_is_not_replaced(shown: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert back_up_journal(shown / "journal.db", copy) == 3
    cut(shown / "journal.db", "id = (SELECT max(id) FROM entries)")
    with pytest.raises(JournalError, match="that copy was kept"):
        back_up_journal(shown / "journal.db", copy)
    assert restore_journal(copy, shown / "journal.db", replace=False).entries == 1
    assert back_up_journal(shown / "journal.db", copy) == 3


def test_a_copy_that_lost_its_end_is_not_restored(shown: Path, tmp_path: Path) -> None:
    back_up_journal(shown / "journal.db", tmp_path / "copy.db")
    cut(tmp_path / "copy.db", "id = (SELECT max(id) FROM entries)")
    with pytest.raises(JournalError, match="it was the last when the copy was made"):
        restore_journal(tmp_path / "copy.db", shown / "journal.db", replace=True)


def test_a_damaged_journal_replaces_no_copy(shown: Path, tmp_path: Path) -> None:
    back_up_journal(shown / "journal.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(shown / "journal.db")) as conn, conn:
        conn.execute("DROP TRIGGER entries_never_change")
        conn.execute("UPDATE entries SET actor = 'eve'")
    with pytest.raises(JournalError, match="is damaged at"):
        back_up_journal(shown / "journal.db", tmp_path / "copy.db")
    assert {entry.actor for entry in read_journal(tmp_path / "copy.db")} == {"ada"}


# --- its times


@pytest.mark.parametrize("seconds", [-30 * 86_400, -56 * 365 * 86_400, 73 * 365 * 86_400])
def test_a_clock_far_from_the_last_entry_is_refused(
    seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: NOW * 10**9)
    enter(tmp_path / "journal.db")
    monkeypatch.setattr("time.time_ns", lambda: (NOW + seconds) * 10**9)
    with pytest.raises(JournalError, match=r"the clock says .* Set the clock right; if it is right"):
        enter(tmp_path / "journal.db", EntryDraft("ada", "withdraw", {"annotation": "a"}))


def test_the_first_entry_is_refused_where_the_clock_stands_at_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 10**9)
    with pytest.raises(JournalError, match="the clock says 1970-01-01T00:00:01Z; nothing was saved"):
        enter(tmp_path / "journal.db", EntryDraft("ada", "withdraw", {"annotation": "a"}))


def test_a_clock_that_was_ahead_pins_no_later_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, later = tmp_path / "journal.db", EntryDraft("ada", "withdraw", {"annotation": "a"})
    for seconds in (0, 5 * 365 * 86_400):
        monkeypatch.setattr("time.time_ns", lambda: (NOW + seconds) * 10**9)  # noqa: B023
        enter(path, later)
    monkeypatch.setattr("time.time_ns", lambda: (NOW + 60) * 10**9)
    enter(path, clock())
    monkeypatch.setattr("time.time_ns", lambda: (NOW + 120) * 10**9)
    enter(path, later)
    with closing(open_journal(path)) as conn:
        assert list(find_faults(conn)) == []
    assert [entry.time[:4] for entry in read_journal(path)] == ["2026", "2031", "2026", "2026"]
    assert [len(read_journal(path, until)) for until in ("2025", "2026-11-30T00:53:20Z", "2026", "2031")] == [
        0,
        1,
        4,
        4,
    ]
