"""Undoing: the same undo, sent twice at the same instant, is entered once; a blind annotator learns nothing by it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import ArchivePaths
from db.journal.entries import EntryDraft, read_journal
from tests.support.journal_drafts import annotate
from web.undo import undo_rules as undoing
from web.undo.undo_rules import BLIND_REFUSAL, RequestRefused, undo_once


@pytest.fixture
def places(tmp_path, specimens, root):
    folders = (root / "annotations" / "guidance", specimens / "quotes", root / "annotations" / "rules")
    return ArchivePaths(*folders, tmp_path)


def kinds(places):
    return [entry.kind for entry in read_journal(places.journal)]


def test_two_undos_of_one_entry_at_the_same_instant_enter_one(places, monkeypatch):
    [made] = writer.enter_drafts(places, [annotate("ada-1", "Ada")]).entries
    together, first, once = Barrier(2), [1, 2], undoing.enter_drafts

    def wait(*given):
        if first:
            first.pop()
            together.wait(60)
        return once(*given)

    monkeypatch.setattr(undoing, "enter_drafts", wait)
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda _: undo_once(places, [made.id], "Ada"), range(2)))
    assert kinds(places) == ["annotate", "undo"]
    assert sorted(len(entered.entries) for _, entered in told) == [0, 1]


def test_a_reply_during_an_undo_prevents_the_undo(places, monkeypatch):
    [made] = writer.enter_drafts(places, [annotate("ada-1", "Ada")]).entries
    once = undoing.enter_drafts

    def late(*given):
        monkeypatch.setattr(undoing, "enter_drafts", once)
        reply = {"id": "r-1", "annotation": "ada-1", "stance": "agrees", "text": "So it is."}
        writer.enter_drafts(places, [EntryDraft("Bob", "reply", {**reply, "creator": "Bob", "created": "2026-11-24"})])
        return once(*given)

    monkeypatch.setattr(undoing, "enter_drafts", late)
    with pytest.raises(RequestRefused, match="Others have replied"):
        undo_once(places, [made.id], "Ada")
    with pytest.raises(RequestRefused, match=BLIND_REFUSAL):
        undo_once(places, [made.id], "Ada", blind=True)
    assert kinds(places) == ["annotate", "reply"]
