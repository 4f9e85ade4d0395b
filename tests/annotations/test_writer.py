"""The writer: an entry is kept in the journal, and statements.db gets the rows that a full load would give."""

import shutil
import sqlite3
from contextlib import closing, suppress
from multiprocessing.pool import ThreadPool

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import ArchivePaths, read_curated
from annotations.projection.refresh import refresh_changed, served_sqlite
from annotations.suggesters.rule_files import RULES_FOLDER
from db.journal.entries import EntryDraft, JournalError, append_entries, make_new_id, open_journal, read_journal
from db.statements.annotations import ANNOTATION_TABLES
from db.statements.store import open_store
from tests.support.full_refresh import refresh_all
from tests.support.journal_drafts import PEOPLE as ACTORS
from tests.support.journal_drafts import annotate, payloads
from tests.support.profiles import scale


@pytest.fixture
def paths(root, specimens, tmp_path, site_db):
    shutil.copy(site_db, tmp_path / "statements.db")
    found = ArchivePaths(root / "annotations" / "guidance", specimens / "quotes", RULES_FOLDER, tmp_path)
    reload(found)
    return found


def people(paths):
    """Return the rows of everything that people entered, from statements.db."""
    with closing(sqlite3.connect(paths.statements)) as conn:
        return {
            table: sorted(conn.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in (*ANNOTATION_TABLES, "relevant_debates", "speaker_counts")
        }


def reload(paths):
    """Load everything again, and return the same rows."""
    with closing(open_store(paths.statements)) as conn:
        refresh_all(conn, read_curated(paths), read_journal(paths.journal))
    return people(paths)


def test_an_entry_is_shown_at_once(paths):
    entered = writer.enter_drafts(paths, [annotate("new")])
    assert entered.shown
    assert [entry.kind for entry in entered.entries] == ["annotate"]
    shown = next(row for row in people(paths)["annotations"] if row[0] == "new")
    assert "exact" in shown
    assert people(paths) == reload(paths)


def test_an_entry_is_shown_even_where_no_index_can_be_written(paths):
    paths.journal_index.mkdir()
    assert writer.enter_drafts(paths, [annotate("new")]).shown
    assert people(paths) == reload(paths)


def test_an_entry_that_counts_for_nothing_is_refused(paths):
    with pytest.raises(JournalError, match="no annotation nothing"):
        writer.enter_drafts(paths, [annotate("new"), EntryDraft("ada", "withdraw", {"annotation": "nothing"})])
    assert read_journal(paths.journal) == []


def test_curated_annotations_can_be_answered(paths):
    answer = {"id": "r", "annotation": "specimen-1", "stance": "agrees", "text": "So it is.", "creator": "ada"}
    writer.enter_drafts(paths, [EntryDraft("ada", "reply", {**answer, "created": "2026-11-24"})])
    assert people(paths) == reload(paths)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=scale(15, 40))
@given(st.data())
def test_refreshing_entry_by_entry_gives_the_rows_of_a_load(paths, data):
    for path in paths.db_dir.glob("journal.db*"):
        path.unlink()
    reload(paths)
    for _n in range(data.draw(st.integers(1, 6))):
        kind, payload = data.draw(payloads(0))
        so_far = [entry.id for entry in read_journal(paths.journal)]
        if so_far and data.draw(st.booleans()):
            kind, payload = "undo", {"entry": data.draw(st.sampled_from(so_far))}
        with suppress(JournalError):
            writer.enter_drafts(paths, [EntryDraft(data.draw(st.sampled_from(ACTORS)), kind, payload)])
    assert people(paths) == reload(paths)


def test_a_replaced_journal_replaces_all_rows(paths):
    writer.enter_drafts(paths, [annotate("old")])
    for path in paths.db_dir.glob("journal.db*"):
        path.unlink()
    writer.enter_drafts(paths, [annotate("new")])
    ids = {row[0] for row in people(paths)["annotations"]}
    assert "new" in ids
    assert "old" not in ids


@pytest.mark.parametrize("state", ["away", "locked", "half made"])
def test_an_entry_is_made_even_where_statements_db_cannot_show_it(paths, state, monkeypatch):
    monkeypatch.setattr("annotations.projection.refresh.LOCK_TIMEOUT", 0.05)
    conn = served_sqlite.connect(
        paths.statements, isolation_level=None
    )  # one library: two do not see each other’s locks
    if state == "away":
        paths.statements.unlink()
    elif state == "locked":
        conn.execute("BEGIN IMMEDIATE")
    else:
        conn.execute("PRAGMA application_id = 1")
    entered = writer.enter_drafts(paths, [annotate("new")])
    conn.close()
    assert not entered.shown
    assert [entry.payload["id"] for entry in read_journal(paths.journal)] == ["new"]


def test_concurrent_entries_are_all_kept(paths):
    ids = [make_new_id() + str(n) for n in range(24)]
    with ThreadPool(8) as pool:
        entered = pool.map(lambda id: writer.enter_drafts(paths, [annotate(id)]), ids)
    assert all(each.shown for each in entered)
    assert {row[0] for row in people(paths)["annotations"]} >= set(ids)
    assert people(paths) == reload(paths)


def test_an_entry_made_by_others_at_the_same_time_is_shown_too(paths, monkeypatch):
    real = refresh_changed

    def late(conn, latest):
        with closing(open_journal(paths.journal)) as journal:
            append_entries(journal, [annotate("other")])
        real(conn, latest)

    monkeypatch.setattr("annotations.projection.refresh.refresh_changed", late)
    writer.enter_drafts(paths, [annotate("new")])
    assert {row[0] for row in people(paths)["annotations"]} >= {"new", "other"}


def test_an_error_of_the_program_is_not_taken_for_a_locked_database(paths, monkeypatch):
    def wrong(conn, latest):
        conn.execute("INSERT INTO passes VALUES (NULL, NULL, NULL, NULL, NULL)")

    monkeypatch.setattr("annotations.projection.refresh.refresh_changed", wrong)
    with pytest.raises(served_sqlite.IntegrityError):
        writer.enter_drafts(paths, [annotate("new")])
