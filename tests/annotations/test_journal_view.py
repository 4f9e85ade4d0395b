"""The view of the journal about a few things: it gives what a full replay gives, from any index, right or wrong."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.commands.decisions import AlreadyDecidedError, make_undecided_check
from annotations.commands.journal_writer import append_checked
from annotations.projection.journal_view import JournalView
from annotations.state.reducer import reduce_entries
from db.journal.entries import EntryDraft, JournalError, append_entries, open_empty_journal, read_entries
from db.journal.entry_index import EntryIndex
from db.records.annotation import Annotation, Reply, Selector
from tests.support.journal_drafts import SUGGESTION, annotate, enter_made, journals
from tests.support.profiles import scale

REPLIES = (Reply("rc", "agrees", "So it is.", "C", "2008", None),)
CURATED = Annotation("c", "t", Selector("in a file"), "doc/p", "said", "n", "C", "2008", None, "c.toml", REPLIES)
KNOWN = {"c": CURATED, "rc": CURATED}
WORDS = EntryDraft("ada", "edit", {"annotation": "a", "note": "later"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal_index.db"


def compare_with_replay(journal, path):
    """Compare the state of each thing by the index with that of a full replay."""
    entries = list(read_entries(journal))
    full = reduce_entries(entries, [CURATED])
    with closing(EntryIndex(journal, path)) as index:
        view = JournalView(index, KNOWN)
        for key in {key for entry in entries for key in index.list_keys(entry)} | {"a", "c", "rc"}:
            related = {entry.id for entry in view.read_entries([key])}
            assert related >= {entry.id for entry in entries if key in index.list_keys(entry)}
            state = view.read_state([key])
            assert state.history == [event for event in full.history if event.id in related]
            pairs = zip(state, full, strict=True)
            assert all(there.items() <= whole.items() for there, whole in pairs if isinstance(there, dict))
            assert (state.find_item(key), state.decisions.get(key)) == (full.find_item(key), full.decisions.get(key))
            reopened = {person_and_debate for person_and_debate in full.reopened if "\n".join(person_and_debate) == key}
            assert state.reopened >= reopened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=scale(25, 200))
@given(st.data())
def test_an_index_and_newer_entries_give_what_a_full_replay_gives(path, data):
    path.unlink(missing_ok=True)
    with closing(open_empty_journal()) as journal:
        for part in (data.draw(journals(8)), data.draw(journals(8))):
            enter_made(journal, part)
            compare_with_replay(journal, path)  # with newer entries
            with closing(EntryIndex(journal, path)) as index:
                index.store()
            compare_with_replay(journal, path)


def run(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def take_index_of_another_journal(path):
    path.unlink()
    with closing(open_empty_journal()) as journal, closing(EntryIndex(journal, path)) as index:
        append_entries(journal, [annotate("a"), annotate("b")])
        index.store()


OTHER = "SELECT entries FROM subjects WHERE key <> s.key"
WRONG = {
    "no database": lambda path: path.write_bytes(b"no database" * 500),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "overwritten": lambda path: path.write_bytes(path.read_bytes()[:4200] + b"\xff" * 8000),
    "another version": lambda path: run(path, "PRAGMA user_version = 99"),
    "another program's": lambda path: run(path, "PRAGMA application_id = 1"),
    "another journal's": take_index_of_another_journal,
    "another hash": lambda path: run(path, "UPDATE head SET hash = upper(hash)"),
    "without a table": lambda path: run(path, "DROP TABLE subjects"),
    "other entries": lambda path: run(path, "UPDATE subjects SET entries = substr(entries, 28)"),
    "exchanged": lambda path: run(path, f"UPDATE subjects AS s SET entries = ({OTHER})"),
    "numbers": lambda path: run(
        path, "DROP TABLE subjects", "CREATE TABLE subjects AS SELECT 'a' AS key, 1 AS entries"
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_index_is_thrown_away_and_made_anew(path, wrong):
    with closing(open_empty_journal()) as journal:
        append_entries(journal, [annotate("a"), annotate("b"), WORDS])
        with closing(EntryIndex(journal, path)) as index:
            index.store()
        WRONG[wrong](path)
        compare_with_replay(journal, path)  # which makes it anew when it is closed
        rows = "SELECT key, length(entries) FROM subjects ORDER BY key"
        with closing(sqlite3.connect(path)) as conn:
            assert conn.execute(rows).fetchall() == [("a", 53), ("b", 26)]
            assert conn.execute("SELECT count(*) FROM head").fetchone() == (1,)


def test_a_row_that_was_removed_is_found_by_a_comparison_of_all(path):
    with closing(open_empty_journal()) as journal:
        append_entries(journal, [annotate("a"), annotate("b")])
        with closing(EntryIndex(journal, path)) as index:
            index.store()
            append_entries(journal, [WORDS])
            assert index.has_whole_file()
        run(path, "DELETE FROM subjects WHERE key = 'a'")
        with closing(EntryIndex(journal, path)) as index:
            assert not index.has_whole_file()
            index.renew_file()
            assert index.has_whole_file()
        compare_with_replay(journal, path)


def test_a_damaged_row_does_not_make_an_entry_its_own_predecessor(path):
    decision = EntryDraft("ada", "confirm", {"suggestion": "k", **SUGGESTION})
    with closing(open_empty_journal()) as journal:
        append_entries(journal, [EntryDraft("ada", "skip", decision.payload)])
        with closing(EntryIndex(journal, path)) as index:
            index.store()
        run(path, "UPDATE subjects SET entries = substr(entries, 2)")
        with closing(EntryIndex(journal, path)) as index:
            append_checked(JournalView(index, {}), [decision], make_undecided_check({"k"}))
            with pytest.raises(AlreadyDecidedError):
                append_checked(JournalView(index, {}), [decision], make_undecided_check({"k"}))


def test_nothing_is_entered_after_a_changed_entry(path):
    with closing(open_empty_journal()) as journal:
        append_entries(journal, [annotate("a"), WORDS])
        journal.execute("DROP TRIGGER entries_never_change")
        journal.execute("UPDATE entries SET actor = 'eve' WHERE kind = 'edit'")
        with (
            closing(EntryIndex(journal, path)) as index,
            pytest.raises(JournalError, match="it is not as it was entered: its hash is another; nothing was saved"),
        ):
            append_checked(JournalView(index, {}), [WORDS])
        assert len(list(read_entries(journal))) == 2
