"""Which entries somebody may undo, and why not others."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.records import Event


class Undoing(NamedTuple):
    """The entries to undo, the annotation that the first is about, and where it may not be: status and sentence."""

    ids: list[str]
    about: str | None
    status: int
    refused: str


def to_undo(history: Iterable[Event], ids: Sequence[str], who: str) -> Undoing:
    """What is left to undo of somebody's entries; one that is undone already needs nothing."""
    events = list(history)
    known = {event.id: event for event in events}
    for id in ids:
        event = known.get(id)
        if not event:
            return Undoing([], None, 404, f"The journal has no entry {id[:40]}.")
        if event.actor != who:
            return Undoing([], None, 403, "Only one’s own entries can be undone.")
        if event.kind == "annotate" and not event.undone and _answered(events, event, who):
            why = "Others have acted on this annotation: withdraw it instead, so that what they did can still be read."
            return Undoing([], None, 409, why)
    about = next((known[id].annotation_id for id in ids if known[id].annotation_id), None)
    return Undoing([id for id in ids if not known[id].undone], about, 0, "")


def _answered(events: Iterable[Event], made: Event, who: str) -> bool:
    """Whether anybody else did something with an annotation."""
    return any(
        event.annotation_id == made.annotation_id and event.actor != who and not event.undone and not event.problem
        for event in events
    )
