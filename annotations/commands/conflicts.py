"""Concurrent and repeated writes: refuse to edit what changed since it was read; enter a form sent twice once."""

from annotations.commands.places import Places
from annotations.commands.writer import Check, enter
from annotations.state.history import last_of
from db.journal.entries import Draft, Entry, JournalError, read_journal

SAME = ("target", "selector", "point", "reading", "note", "annotation", "stance", "text")


class Meanwhile(JournalError):
    """An annotation or reply has had another entry than the last one that its editor saw."""


def unchanged(id: str, seen: str) -> Check:
    """Make a check that refuses to change an annotation or reply whose last entry is not `seen`.

    The check is called with the entries before the change. It raises Meanwhile.
    """

    def check(entries: list[Entry]) -> None:
        if last_of(entries, id) != seen:
            raise Meanwhile("it was changed meanwhile; nothing was entered: look at what is there now")

    return check


def before(places: Places, draft: Draft) -> Entry | None:
    """Find the entry that the same form made before; None where there is none.

    The form is known by the id in its payload. Raises JournalError where that entry says something else.
    """
    found = (each for each in read_journal(places.journal) if each.kind == draft.kind)
    entry = next((each for each in found if each.payload["id"] == draft.payload["id"]), None)
    if entry is None:
        return None
    if entry.actor != draft.actor or any(entry.payload.get(key) != draft.payload.get(key) for key in SAME):
        raise JournalError("this form was sent before, with other words: open it anew to say something else")
    return entry


def once(places: Places, draft: Draft) -> tuple[str, bool]:
    """Enter a draft unless the same form entered it before; return the entry's id, and True where it shows already.

    Raises JournalError.
    """
    if found := before(places, draft):
        return found.id, True
    try:
        entered = enter(places, [draft])
    except JournalError:
        if found := before(places, draft):  # the same form was sent twice at once
            return found.id, True
        raise
    return entered.entries[0].id, entered.shown
