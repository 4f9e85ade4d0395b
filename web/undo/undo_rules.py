"""Rules of undo: which journal entries a person may undo, and entering an undo only once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_journal_view
from annotations.commands.journal_writer import EntryResult, enter_drafts
from annotations.projection.journal_view import JournalView
from db.journal.entries import EntryDraft
from db.records.annotation import HistoryEntry
from web.http.pages import RequestRefused

MAX_TRIES = 5  # attempts while other requests undo the same entries
OTHERS_ACTED = (
    "Others have replied to this or changed it since. Withdraw it instead, so that what they wrote can still be read."
)
BLIND_REFUSAL = "This cannot be undone while you annotate a debate blind. Withdraw it instead."


class UndoConflict(Exception):
    """Raised when another request undoes the same entries between reading the journal and writing to it."""


class UndoPlan(NamedTuple):
    """The ids of the entries to undo, and the id of the annotation that the first of them is about."""

    ids: list[str]
    about: str | None


def undo_once(places: ArchivePaths, ids: Sequence[str], who: str, blind: bool = False) -> tuple[UndoPlan, EntryResult]:
    """Undo entries of `who` together; skip those that are undone already, even by a request at the same moment.

    With `blind`, the refusal does not say that others acted. Raises RequestRefused and JournalError.
    """

    def plan(view: JournalView) -> UndoPlan:
        return plan_undo(view.read_history(ids), ids, who, blind)

    for _ in range(MAX_TRIES):
        with open_journal_view(places) as view:
            found = plan(view)
        if not found.ids:
            return found, EntryResult([], True)

        def check_plan(journal: JournalView, expected: UndoPlan = found) -> None:
            if plan(journal) != expected:
                raise UndoConflict

        try:
            return found, enter_drafts(places, [EntryDraft(who, "undo", {"entry": id}) for id in found.ids], check_plan)
        except UndoConflict:
            continue
    raise RequestRefused(409, "This is being undone elsewhere right now. Reload the page.")


def plan_undo(history: Iterable[HistoryEntry], ids: Sequence[str], who: str, blind: bool = False) -> UndoPlan:
    """Decide which of the entries `ids` remain for `who` to undo; with a note go the decisions that made it.

    Raises RequestRefused for an unknown entry (404), another person's entry (403), and an annotation or reply on
    which others
    have acted (409).
    """
    events = list(history)
    by_id = {event.id: event for event in events}
    for id in ids:
        event = by_id.get(id)
        if not event:
            raise RequestRefused(404, f"The journal has no entry {id[:40]}.")
        if event.actor != who:
            raise RequestRefused(403, "You can only undo what you did yourself.")
        if event.kind in ("annotate", "reply") and not event.undone and _has_others(events, event, who):
            raise RequestRefused(409, BLIND_REFUSAL if blind else OTHERS_ACTED)
    about = next((by_id[id].annotation_id for id in ids if by_id[id].annotation_id), None)
    return UndoPlan([id for id in dict.fromkeys((*ids, *_list_decisions(events, ids))) if not by_id[id].undone], about)


def _list_decisions(events: Sequence[HistoryEntry], ids: Collection[str]) -> Iterator[str]:
    """List the decisions on suggestions whose notes these entries made: without its note, none would be left of one."""
    made = {(each.actor, each.annotation_id) for each in events if each.id in ids and each.kind == "annotate"}
    for each in events:
        if each.kind in ("confirm", "reject") and (each.actor, each.annotation_id) in made:
            yield each.id


def _has_others(events: Iterable[HistoryEntry], made: HistoryEntry, who: str) -> bool:
    """Return True if anyone but `who` has acted on the annotation or the reply that an entry made."""
    others = [event for event in events if event.actor != who and not event.undone and not event.problem]
    if made.kind == "reply":
        return any(event.reply_id == made.reply_id for event in others)
    return any(event.annotation_id == made.annotation_id for event in others)
