"""What the journal amounts to: a pure function of its entries in order; what makes no sense is kept as a problem."""

from collections.abc import Iterable

from annotations.state.handlers import APPLY, pass_of
from annotations.state.history import About, about_of, summarised, undone_of
from annotations.state.model import State, moderates, shown, what_of
from db.journal.entries import Entry
from db.records.annotation import Annotation, Event


def reduce(entries: Iterable[Entry], known: Iterable[Annotation] = ()) -> State:
    """The state after entries; `known` are the annotations kept in files, to which entries may refer as to others."""
    journal = list(entries)
    undone, wrong = undone_of(journal)
    annotations = {annotation.id: annotation for annotation in known}
    replies = {reply.id: annotation.id for annotation in annotations.values() for reply in annotation.replies}
    state = State(annotations, replies, {}, {}, {}, {}, [], set())
    about: dict[str, About] = {}
    moderating: set[str] = set()
    for entry in journal:
        counts = entry.kind != "undo" and entry.id not in undone
        problem = (APPLY[entry.kind](state, entry) if entry.kind in APPLY else "no such kind") if counts else None
        if entry.id in undone and entry.kind in ("begin", "done"):
            state.reopened.add(pass_of(entry))
        annotation, reply, moment = about[entry.id] = about_of(entry, about, state.replies)
        summary, problem = summarised(entry, what_of(state, entry)), problem or wrong.get(entry.id, "")
        if moderates(state, entry) or entry.payload.get("entry") in moderating:
            moderating.add(entry.id)
        others, reason = entry.id in moderating, entry.payload.get("reason", "")
        counts_not = (entry.id in undone, problem)
        event = Event(*entry[:4], annotation, summary, *counts_not, reply, moment, others, reason, entry.hash)
        state.history.append(event)
    state.history[:] = [shown(state, event) for event in state.history]
    return state
