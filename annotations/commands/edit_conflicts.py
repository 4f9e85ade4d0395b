"""Conflicts of edits: refuse to change an annotation or reply that was changed after its editor read it."""

from annotations.commands.journal_writer import EarlierCheck
from annotations.projection.journal_view import JournalView
from annotations.state.history import find_last_entry
from db.journal.entries import JournalError


class ConflictError(JournalError):
    """An annotation or reply was changed after its editor last read it."""


def make_unchanged_check(id: str, last_seen: str) -> EarlierCheck:
    """Make a check that refuses to change an annotation or reply whose last entry is not `last_seen`.

    The check is called with the journal before the change. It raises ConflictError.
    """

    def check(view: JournalView) -> None:
        if find_last_entry(view.read_entries([id]), id) != last_seen:
            raise ConflictError("it was changed in the meantime; nothing was saved: look at the new version")

    return check
