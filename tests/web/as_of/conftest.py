"""The specimens with a journal of which each entry has a day of its own."""

import shutil
from contextlib import closing

import pytest

from annotations.commands.archive_paths import ArchivePaths, read_curated
from annotations.suggesters.rule_files import RULES_FOLDER
from db.journal.entries import EntryDraft
from db.statements.store import open_store
from tests.support.full_refresh import refresh_all
from tests.support.journal_drafts import annotate
from tests.support.past import enter_drafts
from tests.support.sites import open_site


@pytest.fixture
def places(root, specimens, tmp_path, site_db, monkeypatch):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    shutil.copy(site_db, tmp_path / "statements.db")
    found = ArchivePaths(root / "annotations" / "guidance", specimens / "quotes", RULES_FOLDER, tmp_path)
    with closing(open_store(found.statements)) as conn:
        refresh_all(conn, read_curated(found), [])
    return found


@pytest.fixture
def journal(places):
    """Somebody annotates, is answered, withdraws and restores, undoes, and annotates once more."""
    answer = {"id": "r", "annotation": "new", "stance": "disputes", "text": "Not so.", "creator": "bob"}
    days = (
        EntryDraft("ada", "annotate", annotate("new", created="2026-01-01").payload, "2026-01-01T10:00:00Z"),
        EntryDraft("bob", "reply", {**answer, "created": "2026-02-01"}, "2026-02-01T10:00:00Z"),
        EntryDraft("ada", "withdraw", {"annotation": "specimen-1", "reason": "why"}, "2026-03-01T10:00:00Z"),
        EntryDraft("ada", "withdraw", {"annotation": "new"}, "2026-04-01T10:00:00Z"),
        EntryDraft("ada", "restore", {"annotation": "new"}, "2026-05-01T10:00:00Z"),
        EntryDraft("ada", "edit", {"annotation": "new", "note": "Otherwise."}, "2026-06-01T10:00:00Z"),
        EntryDraft("bob", "annotate", annotate("last", actor="bob").payload, "2026-07-01T10:00:00Z"),
    )
    enter_drafts(places, *days)
    return places


@pytest.fixture
def client(journal, root, site):
    return open_site(journal.statements).client
