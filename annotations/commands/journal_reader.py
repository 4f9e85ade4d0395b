"""The reader of the journal and of the annotations of files: it opens them as a view about a few things."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache

from annotations.commands.archive_paths import ArchivePaths, list_file_states, read_curated
from annotations.projection.journal_view import JournalView, list_curated_ids
from annotations.state.history import CREATING
from annotations.state.model import State
from db.journal.entries import JournalEntry, open_empty_journal, open_journal
from db.journal.entry_index import EntryIndex
from db.records.annotation import Annotation


@contextmanager
def open_entry_index(paths: ArchivePaths, create: bool = False) -> Iterator[EntryIndex]:
    """Open the journal by its index; one that is missing is empty, unless it is to be made. Raises JournalError."""
    is_there = create or paths.journal.exists()
    with (
        closing(open_journal(paths.journal) if is_there else open_empty_journal()) as journal,
        closing(EntryIndex(journal, paths.journal_index if is_there else None)) as index,
    ):
        yield index


@contextmanager
def open_journal_view(paths: ArchivePaths, create: bool = False) -> Iterator[JournalView]:
    """Open the journal to read what it says of a few things. Raises JournalError and CuratedError."""
    curated = find_curated(paths)
    with open_entry_index(paths, create) as index:
        yield JournalView(index, curated)


def read_state_of(paths: ArchivePaths, *ids: str) -> State:
    """Read the state of annotations, replies and moments, and of what they name; raise as open_journal_view."""
    with open_journal_view(paths) as view:
        return view.read_state(ids)


def read_pass_entries(paths: ArchivePaths, person: str) -> list[JournalEntry]:
    """Read the entries about a person's passes, undos among them, in order. Raises JournalError."""
    with open_entry_index(paths) as index:
        return index.read_related({key for entry in index.read_passes(person) for key in index.list_keys(entry)})


def list_entered(paths: ArchivePaths, ids: Collection[str]) -> list[str]:
    """List those of some ids that were given to annotations, replies or moments, even if they were withdrawn since."""
    with open_entry_index(paths) as index:
        made = {entry.payload["id"] for entry in index.read_about(ids) if entry.kind in CREATING}
        return [id for id in ids if id in made]


def find_curated(paths: ArchivePaths) -> Mapping[str, Annotation]:
    """Find the annotations of files by their ids and those of their replies; read again what has changed.

    Raises CuratedError.
    """
    return _read_curated_once(paths, list_file_states(paths))


@lru_cache(maxsize=2)
def _read_curated_once(paths: ArchivePaths, _states: tuple[object, ...]) -> Mapping[str, Annotation]:
    return {id: each for each in read_curated(paths) for id in list_curated_ids(each)}
