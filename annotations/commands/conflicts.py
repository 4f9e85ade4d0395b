"""Concurrent and repeated writes: refuse to edit what changed since it was read; enter a form sent twice once."""

from annotations.commands.journal_writer import EntryCheck, enter_drafts
from annotations.commands.places import Places
from annotations.state.history import find_last_entry
from db.journal.entries import EntryDraft, JournalEntry, JournalError, read_journal

COMPARED_FIELDS = ("target", "selector", "point", "reading", "note", "annotation", "stance", "text")


class ConflictError(JournalError):
    """An annotation or reply has had another entry than the last one that its editor saw."""


def make_unchanged_check(id: str, seen: str) -> EntryCheck:
    """Make a check that refuses to change an annotation or reply whose last entry is not `seen`.

    The check is called with the entries before the change. It raises ConflictError.
    """

    def check(entries: list[JournalEntry]) -> None:
        if find_last_entry(entries, id) != seen:
            raise ConflictError("it was changed meanwhile; nothing was entered: look at what is there now")

    return check


def find_earlier_entry(places: Places, draft: EntryDraft) -> JournalEntry | None:
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


def enter_once(places: Places, draft: EntryDraft) -> tuple[str, bool]:
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
