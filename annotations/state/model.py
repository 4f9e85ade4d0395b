"""The state that journal entries lead to: annotations, replies, decisions, moments and passes, with their history."""

from collections.abc import Collection
from typing import Any, NamedTuple

from db.journal.entries import JournalEntry
from db.records.annotation import Annotation, Decision, HistoryEntry, Moment, Reply, Selector, Skip

Payload = dict[str, Any]
HIDDEN_SUMMARY = "said something that is not shown, since it was undone or withdrawn"
SELECTOR_FIELDS = ("exact", "prefix", "suffix", "start", "end")


class State(NamedTuple):
    """Everything that people have decided: annotations and moments by id, decisions, passes, and the history.

    `decisions` has the last decision on each suggestion, by its key, and `skips` what people put off, by person and
    key. `passes` has the time at which a pass was finished, by person and debate, and `begun` the time at which it was
    begun here. `replies` has the annotation's id by the reply's. `reopened` are passes of which a beginning or end was
    undone, so that their people may have seen what others did. Times are UTC.
    """

    annotations: dict[str, Annotation]
    replies: dict[str, str]
    decisions: dict[str, Decision]
    skips: dict[tuple[str, str], Skip]
    moments: dict[str, Moment]
    passes: dict[tuple[str, str], str]
    begun: dict[tuple[str, str], str]
    history: list[HistoryEntry]
    reopened: set[tuple[str, str]]

    def find_reply(self, id: str | None) -> Reply | None:
        """Return the reply with an id, withdrawn or not; None where there is none."""
        annotation = self.annotations.get(self.replies.get(id or "", ""))
        return next((each for each in annotation.replies if each.id == id), None) if annotation else None

    def find_item(self, id: str) -> tuple[str, Annotation | Reply | Moment] | None:
        """Return the annotation, reply or moment with an id, withdrawn or not, and the name of its payload field."""
        found = {"annotation": self.annotations.get(id), "reply": self.find_reply(id), "moment": self.moments.get(id)}
        return next(((field, each) for field, each in found.items() if each), None)

    @property
    def problems(self) -> list[HistoryEntry]:
        """The entries that count for nothing, because what they name is missing or belongs to another person."""
        return [event for event in self.history if event.problem]


def hide_annotations(state: State, hidden_ids: Collection[str]) -> State:
    """Return the state without some annotations: those hidden from a person who annotates blind."""
    shown = {id: annotation for id, annotation in state.annotations.items() if id not in hidden_ids}
    return state._replace(annotations=shown)


def is_moderation(state: State, entry: JournalEntry) -> bool:
    """Return True if an entry withdraws or restores what another person entered, or what is kept in a file."""
    if entry.kind not in ("withdraw", "restore"):
        return False
    get = entry.payload.get
    item = state.find_reply(get("reply")) or state.moments.get(get("moment", ""))
    named = item or state.annotations.get(get("annotation", ""))
    return named is not None and named.actor != entry.actor


def name_subject(state: State, entry: JournalEntry) -> str:
    """Name the thing that an entry changes, for a list that shows the annotation as well."""
    if "moment" in entry.payload:
        return "the moment of a video"
    reply = state.find_reply(entry.payload.get("reply")) if entry.kind != "reply" else None
    return f"the reply of {reply.creator}" if reply else "it"


def redact_event(state: State, event: HistoryEntry) -> HistoryEntry:
    """Return an event; hide the words of a reply or moment that is withdrawn, or whose annotation is."""
    if event.kind not in ("reply", "moment"):
        return event
    reply, annotation = state.find_reply(event.reply_id), state.annotations.get(event.annotation_id or "")
    named = reply if event.kind == "reply" else state.moments.get(event.moment_id or "")
    is_shown = named is not None and named.status == "active" and (annotation is None or annotation.status == "active")
    return event if is_shown and not event.undone else event._replace(summary=HIDDEN_SUMMARY)


def read_selector(fields: Payload) -> Selector:
    """Make a selector from the fields of a payload or a row."""
    return Selector(
        exact=fields["exact"],
        prefix=fields.get("prefix", ""),
        suffix=fields.get("suffix", ""),
        start=fields.get("start"),
        end=fields.get("end"),
    )


def make_selector_fields(selector: Selector) -> Payload:
    """Return a selector as the fields of a payload."""
    return {key: getattr(selector, key) for key in SELECTOR_FIELDS}


def find_quote(annotation: Annotation) -> str:
    """Return the words as they were annotated; the first and the last of them, where only those are given."""
    selector = annotation.selector
    return annotation.quote or selector.exact or f"{selector.head} … {selector.tail}"
