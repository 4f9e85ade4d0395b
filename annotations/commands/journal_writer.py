"""The writer of the journal: append checked entries in one transaction, then refresh statements.db."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_journal_view
from annotations.curated.toml_files import CuratedError
from annotations.projection.journal_view import JournalView
from annotations.projection.refresh import refresh_file
from db.journal.entries import EntryDraft, JournalEntry, JournalError, append_entries
from db.records.annotation import HistoryEntry
from db.sqlite import SQLITE_ERRORS, keep_open

EarlierCheck = Callable[[JournalView], None]


class EntryResult(NamedTuple):
    """Entries of the journal; `shown` is False where statements.db shows them only after it is loaded next."""

    entries: list[JournalEntry]
    shown: bool


def enter_drafts(paths: ArchivePaths, drafts: Sequence[EntryDraft], check: EarlierCheck | None = None) -> EntryResult:
    """Append entries to the journal, all or none, then refresh statements.db under a running server.

    `check` is called as by `append_checked`. Raises JournalError.
    """
    with ExitStack() as stack:
        try:
            view = stack.enter_context(open_journal_view(paths, create=True))
            entries, _ = append_checked(view, drafts, check)
        except CuratedError as error:
            raise JournalError(f"a curated file cannot be read ({error}); nothing was saved: fix it first") from error
        except SQLITE_ERRORS as error:
            raise JournalError(f"the journal cannot be written now ({error}); nothing was saved: try again") from error
        view.index.store()
        keep_open(paths.journal)
        keep_open(paths.journal_index)
        return EntryResult(entries, refresh_file(paths.statements, view))


def refresh_statements(paths: ArchivePaths) -> bool:
    """Refresh statements.db with what others have entered; return False where it must be loaded instead."""
    with open_journal_view(paths) as view:
        return refresh_file(paths.statements, view)


def append_checked(
    view: JournalView, drafts: Sequence[EntryDraft], check: EarlierCheck | None = None
) -> tuple[list[JournalEntry], list[HistoryEntry]]:
    """Append entries to the journal, all or none; return them, and what the history says of them.

    An entry that would count for nothing is refused. `check` is called within the transaction, with the journal as it
    was before them; where it raises, nothing is entered. Raises JournalError.
    """
    events: list[HistoryEntry] = []
    entries = append_entries(view.index.journal, drafts, partial(_check_entries, view, check, events))
    return entries, events


def _check_entries(
    view: JournalView, check: EarlierCheck | None, events: list[HistoryEntry], entries: list[JournalEntry]
) -> None:
    """Check entries that are in the journal, before they are committed, and add what the history says of them."""
    view.index.read_newer(before=entries[0].id)
    if check:
        check(view)
    view.index.read_newer()
    if view.index.fault:
        raise JournalError(f"{view.index.fault}; nothing was saved: see dispatch-box journal verify")
    _, state = view.read_around(entries)
    events += state.history[-len(entries) :]
    for event in events:
        if event.problem:
            raise JournalError(f"{event.problem}; nothing was saved")
