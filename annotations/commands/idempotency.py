"""What was sent before: the same form twice is one entry."""

from annotations.commands.writer import Places, enter
from db.journal.entries import Draft, Entry, JournalError, read_journal

SAME = ("target", "selector", "point", "reading", "note", "annotation", "stance", "text")


def before(places: Places, draft: Draft) -> Entry | None:
    """The entry that a draft made already; None where none did. Raises JournalError where that says otherwise."""
    found = (each for each in read_journal(places.journal) if each.kind == draft.kind)
    entry = next((each for each in found if each.payload["id"] == draft.payload["id"]), None)
    if entry is None:
        return None
    if entry.actor != draft.actor or any(entry.payload.get(key) != draft.payload.get(key) for key in SAME):
        raise JournalError("this form was sent before, with other words: open it anew to say something else")
    return entry


def once(places: Places, draft: Draft) -> tuple[str, bool]:
    """Enter a draft, unless the same form entered it before: the entry's id, and whether it shows yet."""
    if found := before(places, draft):
        return found.id, True
    try:
        entered = enter(places, [draft])
    except JournalError:
        if found := before(places, draft):  # the same form, sent twice at once
            return found.id, True
        raise
    return entered.entries[0].id, entered.shown
