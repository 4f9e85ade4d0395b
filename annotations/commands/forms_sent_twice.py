"""Forms that arrive twice: enter the same form once, however often it is sent."""

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_writer import enter_drafts
from db.journal.entries import EntryDraft, JournalEntry, JournalError, read_journal

COMPARED_FIELDS = ("target", "selector", "point", "reading", "note", "annotation", "stance", "text")


def find_earlier_entry(places: ArchivePaths, draft: EntryDraft) -> JournalEntry | None:
    """Find the entry that the same form made before; None where there is none.

    The form is known by the id in its payload. Raises JournalError where that entry says something else.
    """
    found = (each for each in read_journal(places.journal) if each.kind == draft.kind)
    entry = next((each for each in found if each.payload["id"] == draft.payload["id"]), None)
    if entry is None:
        return None
    if entry.actor != draft.actor or any(entry.payload.get(key) != draft.payload.get(key) for key in COMPARED_FIELDS):
        raise JournalError("this form was sent before, with other words: open it anew to say something else")
    return entry


def enter_once(places: ArchivePaths, draft: EntryDraft) -> tuple[str, bool]:
    """Enter a draft unless the same form entered it before; return the entry's id, and True where it shows already.

    Raises JournalError.
    """
    if found := find_earlier_entry(places, draft):
        return found.id, True
    try:
        entered = enter_drafts(places, [draft])
    except JournalError:
        if found := find_earlier_entry(places, draft):  # the same form was sent twice at once
            return found.id, True
        raise
    return entered.entries[0].id, entered.shown
