"""The reader of the journal and of the annotations of files: it opens them as a view about a few things."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache

from annotations.commands.archive_paths import ArchivePaths, list_file_states, read_curated
from annotations.projection.journal_view import JournalView, list_curated_ids
from annotations.state.model import State
from db.journal.entries import JournalEntry, open_empty_journal, open_journal
from db.journal.entry_index import EntryIndex
from db.records.annotation import Annotation


@contextmanager
def open_journal_view(paths: ArchivePaths, create: bool = False) -> Iterator[JournalView]:
    """Open the journal to read what it says of a few things; one that is missing is empty, unless it is to be made.

    Raises JournalError and CuratedError.
    """
    curated, is_there = find_curated(paths), create or paths.journal.exists()
    with ExitStack() as stack:
        journal = stack.enter_context(closing(open_journal(paths.journal) if is_there else open_empty_journal()))
        index = EntryIndex(journal, paths.journal_index if is_there else None)
        yield JournalView(stack.enter_context(closing(index)), curated)


def read_state_of(paths: ArchivePaths, *ids: str) -> State:
    """Read the state of annotations, replies and moments, and of what they name; raise as open_journal_view."""
    with open_journal_view(paths) as view:
        return view.read_state(ids)


def read_pass_entries(paths: ArchivePaths, person: str) -> list[JournalEntry]:
    """Read the entries about a person's passes, undos among them, in order; raise as open_journal_view."""
    with open_journal_view(paths) as view:
        passes = view.index.read_passes(person)
        return view.read_around(passes)[0]


def find_curated(paths: ArchivePaths) -> Mapping[str, Annotation]:
    """Find the annotations of files by their ids and those of their replies; read again what has changed.

    Raises CuratedError.
    """
    return _read_curated_once(paths, list_file_states(paths))


@lru_cache(maxsize=2)
def _read_curated_once(paths: ArchivePaths, _states: tuple[object, ...]) -> Mapping[str, Annotation]:
    return {id: each for each in read_curated(paths) for id in list_curated_ids(each)}
