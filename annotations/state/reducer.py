"""The reducer: a pure function from journal entries, in order, to the state; a wrong entry becomes a problem."""

from collections.abc import Iterable

from annotations.state.handlers import HANDLERS, get_pass_key
from annotations.state.history import EntrySubject, find_subject, find_undone_entries, summarise_entry
from annotations.state.model import State, is_moderation, name_subject, redact_event
from db.journal.entries import JournalEntry
from db.records.annotation import Annotation, HistoryEntry


def reduce_entries(entries: Iterable[JournalEntry], known: Iterable[Annotation] = ()) -> State:
    """Work out the state after entries; `known` are the annotations of files, to which entries may refer as well."""
    journal = list(entries)
    undone, errors = find_undone_entries(journal)
    annotations = {annotation.id: annotation for annotation in known}
    replies = {reply.id: annotation.id for annotation in annotations.values() for reply in annotation.replies}
    state = State(
        annotations=annotations,
        replies=replies,
        decisions={},
        skips={},
        moments={},
        passes={},
        begun={},
        history=[],
        reopened=set(),
    )
    subjects: dict[str, EntrySubject] = {}
    moderating: set[str] = set()
    for entry in journal:
        counts = entry.kind != "undo" and entry.id not in undone
        problem = (HANDLERS[entry.kind](state, entry) if entry.kind in HANDLERS else "no such kind") if counts else None
        if entry.id in undone and entry.kind in ("begin", "done"):
            state.reopened.add(get_pass_key(entry))
        subjects[entry.id] = find_subject(entry, subjects, state.replies)
        if is_moderation(state, entry) or entry.payload.get("entry") in moderating:
            moderating.add(entry.id)
        event = HistoryEntry(
            id=entry.id,
            time=entry.time,
            actor=entry.actor,
            kind=entry.kind,
            annotation_id=subjects[entry.id].annotation,
            summary=summarise_entry(entry, name_subject(state, entry)),
            undone=entry.id in undone,
            problem=problem or errors.get(entry.id, ""),
            reply_id=subjects[entry.id].reply,
            moment_id=subjects[entry.id].moment,
            moderates=entry.id in moderating,
            reason=entry.payload.get("reason", ""),
            hash=entry.hash,
        )
        state.history.append(event)
    state.history[:] = [redact_event(state, event) for event in state.history]
    return state
