"""The reducer: a pure function from journal entries, in order, to the state; a senseless entry becomes a problem."""

from collections.abc import Iterable

from annotations.state.handlers import APPLY, pass_of
from annotations.state.history import About, about_of, summarised, undone_of
from annotations.state.model import State, moderates, shown, what_of
from db.journal.entries import Entry
from db.records.annotation import Annotation, Event


def reduce(entries: Iterable[Entry], known: Iterable[Annotation] = ()) -> State:
    """Work out the state after entries; `known` are the annotations of files, to which entries may refer as well."""
    journal = list(entries)
    undone, wrong = undone_of(journal)
    annotations = {annotation.id: annotation for annotation in known}
    replies = {reply.id: annotation.id for annotation in annotations.values() for reply in annotation.replies}
    state = State(
        annotations=annotations,
        replies=replies,
        decisions={},
        moments={},
        passes={},
        begun={},
        history=[],
        reopened=set(),
    )
    about: dict[str, About] = {}
    moderating: set[str] = set()
    for entry in journal:
        counts = entry.kind != "undo" and entry.id not in undone
        problem = (APPLY[entry.kind](state, entry) if entry.kind in APPLY else "no such kind") if counts else None
        if entry.id in undone and entry.kind in ("begin", "done"):
            state.reopened.add(pass_of(entry))
        about[entry.id] = about_of(entry, about, state.replies)
        if moderates(state, entry) or entry.payload.get("entry") in moderating:
            moderating.add(entry.id)
        event = _make_event(state, entry, about[entry.id], problem or wrong.get(entry.id, ""))
        state.history.append(event._replace(undone=entry.id in undone, moderates=entry.id in moderating))
    state.history[:] = [shown(state, event) for event in state.history]
    return state


def _make_event(state: State, entry: Entry, about: About, problem: str) -> Event:
    """Make the event of an entry that was just applied; that it is undone or moderates is added by `reduce`."""
    return Event(
        id=entry.id,
        time=entry.time,
        actor=entry.actor,
        kind=entry.kind,
        annotation_id=about.annotation,
        summary=summarised(entry, what_of(state, entry)),
        undone=False,
        problem=problem,
        reply_id=about.reply,
        moment_id=about.moment,
        moderates=False,
        reason=entry.payload.get("reason", ""),
        hash=entry.hash,
    )
