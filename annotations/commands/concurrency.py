"""Changes made by two at once: the second is refused, when nobody else can enter, rather than undoing the first."""

from annotations.commands.writer import Check
from annotations.state.history import last_of
from db.journal.entries import Entry, JournalError


class Meanwhile(JournalError):
    """An annotation, or a reply, that has had another entry than the last one that its editor saw."""


def unchanged(id: str, seen: str) -> Check:
    """What refuses to change what has had an entry since `seen`, the id of the last: called with those before."""

    def check(entries: list[Entry]) -> None:
        if last_of(entries, id) != seen:
            raise Meanwhile("it was changed meanwhile; nothing was entered: look at what is there now")

    return check
