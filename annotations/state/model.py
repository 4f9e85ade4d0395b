"""The state of the journal: what people have decided, and what follows from it alone."""

from collections.abc import Collection
from typing import Any, NamedTuple

from db.journal.entries import Entry
from db.records.annotation import Annotation, Decision, Event, Moment, Reply, Selector

Payload = dict[str, Any]
UNSAID = "said something that is not shown, since it was undone or withdrawn"
PLACED = ("exact", "prefix", "suffix", "start", "end")


class State(NamedTuple):
    """What people have decided: annotations, moments and decisions by id, passes that are done, and how it came to be.

    `decisions` is by a suggestion's key, the last decision of each; `passes` is by person and debate, with its time;
    `replies` tells by a reply's id to which annotation. `begun` is when passes began that were begun here, and
    `reopened` those of which a beginning or an end was undone: their people may have seen what others did.
    """

    annotations: dict[str, Annotation]
    replies: dict[str, str]
    decisions: dict[str, Decision]
    moments: dict[str, Moment]
    passes: dict[tuple[str, str], str]
    begun: dict[tuple[str, str], str]
    history: list[Event]
    reopened: set[tuple[str, str]]

    def reply(self, id: str | None) -> Reply | None:
        """A reply, withdrawn or not; None where there is none of that id."""
        annotation = self.annotations.get(self.replies.get(id or "", ""))
        return next((each for each in annotation.replies if each.id == id), None) if annotation else None

    def made(self, id: str) -> tuple[str, Annotation | Reply | Moment] | None:
        """What people made under an id, withdrawn or not, after which field of a payload names it."""
        found = {"annotation": self.annotations.get(id), "reply": self.reply(id), "moment": self.moments.get(id)}
        return next(((field, each) for field, each in found.items() if each), None)

    @property
    def problems(self) -> list[Event]:
        """The entries that count for nothing, because what they name is not there or not theirs."""
        return [event for event in self.history if event.problem]


def without(state: State, unseen: Collection[str]) -> State:
    """A state without the annotations that are kept from somebody who annotates blind."""
    kept = {id: annotation for id, annotation in state.annotations.items() if id not in unseen}
    return state._replace(annotations=kept)


def moderates(state: State, entry: Entry) -> bool:
    """Whether an entry withdraws or restores what somebody else entered, or what is kept in a file."""
    if entry.kind not in ("withdraw", "restore"):
        return False
    get = entry.payload.get
    answered = state.reply(get("reply")) or state.moments.get(get("moment", ""))
    named = answered or state.annotations.get(get("annotation", ""))
    return named is not None and named.actor != entry.actor


def what_of(state: State, entry: Entry) -> str:
    """What an entry changes, in words for a list that tells its annotation besides."""
    if "moment" in entry.payload:
        return "the moment of a video"
    reply = state.reply(entry.payload.get("reply")) if entry.kind != "reply" else None
    return f"the reply of {reply.creator}" if reply else "it"


def shown(state: State, event: Event) -> Event:
    """An entry of the history without the words of a reply or a moment that, or whose annotation, is not shown."""
    if event.kind not in ("reply", "moment"):
        return event
    reply, annotation = state.reply(event.reply_id), state.annotations.get(event.annotation_id or "")
    named = reply if event.kind == "reply" else state.moments.get(event.moment_id or "")
    there = named is not None and named.status == "active" and (annotation is None or annotation.status == "active")
    return event if there and not event.undone else event._replace(summary=UNSAID)


def selector_of(fields: Payload) -> Selector:
    """The selector of a payload, or of a row that holds one."""
    prefix, suffix = fields.get("prefix", ""), fields.get("suffix", "")
    return Selector(fields["exact"], prefix, suffix, fields.get("start"), fields.get("end"))


def fields_of(selector: Selector) -> Payload:
    """A selector as a payload holds it."""
    return {key: getattr(selector, key) for key in PLACED}


def quote_of(annotation: Annotation) -> str:
    """The words as they were annotated; the first and the last, where only those are given."""
    selector = annotation.selector
    return annotation.quote or selector.exact or f"{selector.head} … {selector.tail}"
