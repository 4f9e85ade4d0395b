"""Entries made on days of the past, for tests."""

from contextlib import closing

from annotations.commands import journal_writer as writer
from db.journal.entries import append_entries, open_journal

DEBATE = "/debate/d-2008-06-22c-101-3"
POINT = "/guidance/participation-online/be-credible"


def enter_drafts(places, *drafts):
    """Enter drafts each at its time, and show them."""
    with closing(open_journal(places.journal)) as journal:
        for draft in drafts:
            append_entries(journal, [draft])
    writer.refresh_statements(places)
