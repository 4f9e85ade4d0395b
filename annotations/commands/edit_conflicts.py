"""Conflicts of edits: refuse to change an annotation or reply that was changed after its editor read it."""

from annotations.commands.journal_writer import EntryCheck
from annotations.state.history import find_last_entry
from db.journal.entries import JournalEntry, JournalError


class ConflictError(JournalError):
    """An annotation or reply was changed after its editor last read it."""


def make_unchanged_check(id: str, last_seen: str) -> EntryCheck:
    """Make a check that refuses to change an annotation or reply whose last entry is not `last_seen`.

    The check is called with the entries before the change. It raises ConflictError.
    """

    def check(entries: list[JournalEntry]) -> None:
        if find_last_entry(entries, id) != last_seen:
            raise ConflictError("it was changed in the meantime; nothing was saved: look at the new version")

    return check
