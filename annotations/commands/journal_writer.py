"""The writer of the journal: append checked entries in one transaction, then refresh statements.db."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import NamedTuple

from annotations.commands.archive_paths import ArchivePaths, read_curated, read_state
from annotations.curated.toml_files import CuratedError
from annotations.projection.refresh import refresh_file
from annotations.state.model import State
from annotations.state.reducer import reduce_entries
from db.journal.entries import (
    EntryDraft,
    JournalEntry,
    JournalError,
    append_entries,
    open_journal,
    read_entries,
    read_journal,
    read_last_id,
)
from db.records.annotation import Annotation
from db.sqlite import SQLITE_ERRORS

EntryCheck = Callable[[list[JournalEntry]], None]


class EntryResult(NamedTuple):
    """Entries of the journal; `shown` is False where statements.db shows them only after it is loaded next."""

    entries: list[JournalEntry]
    shown: bool


def enter_drafts(paths: ArchivePaths, drafts: Sequence[EntryDraft], check: EntryCheck | None = None) -> EntryResult:
    """Append entries to the journal, all or none, then refresh statements.db under a running server.

    `check` is called as by `append_checked`. Raises JournalError.
    """
    try:
        curated = read_curated(paths)
        entries, state = append_checked(paths, curated, drafts, check)
    except CuratedError as error:
        raise JournalError(f"a curated file cannot be read ({error}); nothing was saved: fix it first") from error
    except SQLITE_ERRORS as error:
        raise JournalError(f"the journal cannot be written now ({error}); nothing was saved: try again") from error

    def find_latest_state() -> State:
        """Return the state that was just checked; work it out again where others have entered something since."""
        if read_last_id(paths.journal) == entries[-1].id:
            return state
        return reduce_entries(read_journal(paths.journal), curated)

    return EntryResult(entries, refresh_file(paths.statements, find_latest_state))


def refresh_statements(paths: ArchivePaths) -> bool:
    """Refresh statements.db with what others have just entered; return False where it must be loaded instead."""
    return refresh_file(paths.statements, lambda: read_state(paths))


def append_checked(
    paths: ArchivePaths, curated: Sequence[Annotation], drafts: Sequence[EntryDraft], check: EntryCheck | None = None
) -> tuple[list[JournalEntry], State]:
    """Append entries to the journal, all or none; return them, and the state of the journal with them.

    An entry that would count for nothing is refused. `check` is called within the transaction, with the entries before
    them; where it raises, nothing is entered. Raises JournalError.
    """
    states: list[State] = []

    def check_state() -> None:
        entries = list(read_entries(journal))
        if check:
            check(entries[: -len(drafts)])
        states.append(reduce_entries(entries, curated))
        for event in states[0].history[-len(drafts) :]:
            if event.problem:
                raise JournalError(f"{event.problem}; nothing was saved")

    with closing(open_journal(paths.journal)) as journal:
        return append_entries(journal, drafts, check_state), states[0]
