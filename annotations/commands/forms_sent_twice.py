"""Forms that arrive twice: enter the same form once, however often it is sent."""

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_entry_index
from annotations.commands.journal_writer import enter_drafts
from db.journal.entries import EntryDraft, JournalEntry, JournalError

COMPARED_FIELDS = ("target", "selector", "point", "reading", "note", "annotation", "stance", "text")


def find_earlier_entry(paths: ArchivePaths, draft: EntryDraft) -> JournalEntry | None:
    """Find the entry that the same form made before; None where there is none.

    The form is known by the id in its payload. Raises JournalError where that entry says something else.
    """
    id = draft.payload["id"]
    with open_entry_index(paths) as index:
        about = index.read_about([id])
    entry = next((each for each in about if each.kind == draft.kind and each.payload["id"] == id), None)
    if entry is None:
        return None
    if entry.actor != draft.actor or any(entry.payload.get(key) != draft.payload.get(key) for key in COMPARED_FIELDS):
        raise JournalError("this form was already sent, with other words: open it again to send something else")
    return entry


def enter_once(paths: ArchivePaths, draft: EntryDraft) -> tuple[str, bool]:
    """Enter a draft unless the same form entered it before; return the entry's id, and True if it is shown already.

    Raises JournalError.
    """
    if earlier := find_earlier_entry(paths, draft):
        return earlier.id, True
    try:
        result = enter_drafts(paths, [draft])
    except JournalError:
        if earlier := find_earlier_entry(paths, draft):  # the same form was sent twice at once
            return earlier.id, True
        raise
    return result.entries[0].id, result.shown
