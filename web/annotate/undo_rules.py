"""Undoing entries of one's own: which somebody may undo, why not others, and the undoing, once however often asked."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from annotations.commands.writer import Entered, Places, curated_of, enter
from annotations.state.reducer import reduce
from db.journal.entries import Draft, Entry, read_journal
from db.records.annotation import Event
from web.http.pages import Refused

TRIES = 5  # where the same is undone elsewhere at the same time
ACTED = "Others have acted on this since: withdraw it instead, so that what they did can still be read."
BLIND = "This cannot be undone while you annotate a debate blind: withdraw it instead."


class Meanwhile(Exception):
    """The same was undone by another request, between looking and entering."""


class Undoing(NamedTuple):
    """The entries to undo, and the annotation that the first is about."""

    ids: list[str]
    about: str | None


def undone(places: Places, ids: Sequence[str], who: str, blind: bool = False) -> tuple[Undoing, Entered]:
    """Undo somebody's entries together; those undone already, or at this very moment by another request, stay so.

    Where they annotate `blind`, they are not told that others acted. Raises Refused and JournalError.
    """
    curated = curated_of(places)

    def look(journal: Iterable[Entry]) -> Undoing:
        return to_undo(reduce(journal, curated).history, ids, who, blind)

    for _ in range(TRIES):
        found = look(read_journal(places.journal))
        if not found.ids:
            return found, Entered([], True)

        def same(journal: list[Entry], seen: Undoing = found) -> None:
            if look(journal) != seen:
                raise Meanwhile

        try:
            return found, enter(places, [Draft(who, "undo", {"entry": id}) for id in found.ids], same)
        except Meanwhile:
            continue
    raise Refused(409, "This is being undone elsewhere this moment: look at it again.")


def to_undo(history: Iterable[Event], ids: Sequence[str], who: str, blind: bool = False) -> Undoing:
    """What is left to undo of somebody's entries; one that is undone already needs nothing. Raises Refused."""
    events = list(history)
    known = {event.id: event for event in events}
    for id in ids:
        event = known.get(id)
        if not event:
            raise Refused(404, f"The journal has no entry {id[:40]}.")
        if event.actor != who:
            raise Refused(403, "Only one’s own entries can be undone.")
        if event.kind in ("annotate", "reply") and not event.undone and _acted(events, event, who):
            raise Refused(409, BLIND if blind else ACTED)
    about = next((known[id].annotation_id for id in ids if known[id].annotation_id), None)
    return Undoing([id for id in ids if not known[id].undone], about)


def _acted(events: Iterable[Event], made: Event, who: str) -> bool:
    """Whether anybody else did something with an annotation, or with a reply."""
    others = [event for event in events if event.actor != who and not event.undone and not event.problem]
    if made.kind == "reply":
        return any(event.reply_id == made.reply_id for event in others)
    return any(event.annotation_id == made.annotation_id for event in others)
