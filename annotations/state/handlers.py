"""Event handlers by kind: each applies one journal entry to the state, and returns an error or None."""

from collections.abc import Callable
from functools import partial
from typing import Any

from annotations.state.model import State, find_quote, read_selector
from db.journal.entries import JournalEntry
from db.records.annotation import Annotation, Decision, DecisionStatus, Moment, NoteStatus, Reply, Skip


def _apply_annotate(state: State, entry: JournalEntry) -> str | None:
    fields = entry.payload
    if fields["id"] in state.annotations:
        return f"there is an annotation {fields['id']} already"
    state.annotations[fields["id"]] = Annotation(
        id=fields["id"],
        target=fields["target"],
        selector=read_selector(fields["selector"]),
        point_id=fields["point"],
        reading=fields["reading"],
        note=fields["note"],
        creator=fields["creator"],
        created=fields["created"],
        via=fields.get("via"),
        origin="journal",
        actor=entry.actor,
    )
    return None


def _change_annotation(state: State, entry: JournalEntry, changes: dict[str, Any]) -> str | None:
    id = entry.payload["annotation"]
    if id not in state.annotations:
        return f"there is no annotation {id}"
    state.annotations[id] = state.annotations[id]._replace(modified=entry.time, **changes)
    return None


def _apply_edit(state: State, entry: JournalEntry) -> str | None:
    fields = entry.payload
    if "reply" in fields:
        return _edit_reply(state, entry)
    annotation = state.annotations.get(fields["annotation"])
    if annotation and annotation.actor != entry.actor:
        return f"only {annotation.actor or annotation.origin} can edit {annotation.id}"
    changes: dict[str, Any] = {key: fields[key] for key in ("target", "reading", "note", "via") if key in fields}
    if "point" in fields:
        changes["point_id"] = fields["point"]
    if "selector" in fields:
        unconfirmed = {"quote": "", "confirmed_by": None, "confirmed": None}
        changes |= {"selector": read_selector(fields["selector"]), **unconfirmed}
    return _change_annotation(state, entry, changes)


def _apply_reply(state: State, entry: JournalEntry) -> str | None:
    fields = entry.payload
    annotation = state.annotations.get(fields["annotation"])
    if not annotation:
        return f"there is no annotation {fields['annotation']}"
    if fields["id"] in state.replies:
        return f"there is a reply {fields['id']} already"
    reply = Reply(
        id=fields["id"],
        stance=fields["stance"],
        text=fields["text"],
        creator=fields["creator"],
        created=fields["created"],
        via=fields.get("via"),
        actor=entry.actor,
    )
    state.annotations[annotation.id] = annotation._replace(replies=(*annotation.replies, reply))
    state.replies[reply.id] = annotation.id
    return None


def _edit_reply(state: State, entry: JournalEntry) -> str | None:
    reply = state.find_reply(entry.payload["reply"])
    if reply and reply.actor != entry.actor:
        return f"only {reply.actor or 'its file'} can edit the reply {reply.id}"
    changes: dict[str, Any] = {key: entry.payload[key] for key in ("stance", "text", "via") if key in entry.payload}
    return _change_reply(state, entry.payload["reply"], changes)


def _change_reply(state: State, id: str, changes: dict[str, Any]) -> str | None:
    if not state.find_reply(id):
        return f"there is no reply {id}"
    annotation = state.annotations[state.replies[id]]
    replies = tuple(each._replace(**changes) if each.id == id else each for each in annotation.replies)
    state.annotations[annotation.id] = annotation._replace(replies=replies)
    return None


def _apply_confirm(state: State, entry: JournalEntry) -> str | None:
    if "suggestion" in entry.payload:
        return _add_decision(state, entry, "accepted")
    target = {"target": entry.payload["target"]} if "target" in entry.payload else {}
    return _change_selector(state, entry, {"confirmed_by": entry.actor, "confirmed": entry.time, **target})


def _add_decision(state: State, entry: JournalEntry, verdict: DecisionStatus) -> str | None:
    fields, get = entry.payload, entry.payload.get
    state.decisions[fields["suggestion"]] = Decision(
        suggestion=fields["suggestion"],
        status=verdict,
        suggester=fields["suggester"],
        version=fields["version"],
        rule=get("rule", ""),
        point_id=fields["point"],
        target=get("target"),
        exact=get("exact", ""),
        annotation_id=get("annotation"),
        reason=get("reason", ""),
        actor=entry.actor,
        time=entry.time,
        entry=entry.id,
        score=get("score", 1.0),
    )
    return None


def _apply_skip(state: State, entry: JournalEntry) -> str | None:
    fields, get = entry.payload, entry.payload.get
    state.skips[entry.actor, fields["suggestion"]] = Skip(
        suggestion=fields["suggestion"],
        actor=entry.actor,
        point_id=fields["point"],
        target=get("target"),
        exact=get("exact", ""),
        time=entry.time,
        entry=entry.id,
    )
    return None


def _apply_repair(state: State, entry: JournalEntry) -> str | None:
    target = {"target": entry.payload["target"]} if "target" in entry.payload else {}
    return _change_selector(state, entry, {"confirmed_by": None, "confirmed": None, **target})


def _change_selector(state: State, entry: JournalEntry, changes: dict[str, Any]) -> str | None:
    """Give an annotation another selector, and keep the words that were annotated as its quote."""
    annotation = state.annotations.get(entry.payload["annotation"])
    quote = {"quote": find_quote(annotation)} if annotation else {}
    return _change_annotation(state, entry, {"selector": read_selector(entry.payload["selector"]), **quote, **changes})


def _set_status(state: State, entry: JournalEntry, status: NoteStatus) -> str | None:
    if "reply" in entry.payload:
        return _change_reply(state, entry.payload["reply"], {"status": status})
    if "moment" not in entry.payload:
        return _change_annotation(state, entry, {"status": status})
    id = entry.payload["moment"]
    if id not in state.moments:
        return f"there is no moment {id}"
    state.moments[id] = state.moments[id]._replace(status=status)
    return None


def _apply_moment(state: State, entry: JournalEntry) -> str | None:
    fields, get = entry.payload, entry.payload.get
    if fields["id"] in state.moments:
        return f"there is a moment {fields['id']} already"
    if get("annotation") and fields["annotation"] not in state.annotations:
        return f"there is no annotation {fields['annotation']}"
    state.moments[fields["id"]] = Moment(
        id=fields["id"],
        target=fields["target"],
        source=fields["source"],
        start=fields["start"],
        end=get("end"),
        annotation_id=get("annotation"),
        note=get("note", ""),
        creator=fields["creator"],
        created=fields["created"],
        actor=entry.actor,
    )
    return None


def _apply_begin(state: State, entry: JournalEntry) -> str | None:
    key = get_pass_key(entry)
    if key in state.begun or key in state.passes:
        return f"{entry.actor} has {'finished' if key in state.passes else 'begun'} a pass over {key[1]} already"
    state.begun[key] = entry.time
    return None


def _apply_done(state: State, entry: JournalEntry) -> str | None:
    state.passes[get_pass_key(entry)] = entry.time
    return None


def get_pass_key(entry: JournalEntry) -> tuple[str, str]:
    """Return the person and the debate of the pass that an entry begins or ends."""
    return entry.payload.get("creator", entry.actor), entry.payload["debate"]


HANDLERS: dict[str, Callable[[State, JournalEntry], str | None]] = {
    "annotate": _apply_annotate,
    "edit": _apply_edit,
    "reply": _apply_reply,
    "confirm": _apply_confirm,
    "reject": partial(_add_decision, verdict="rejected"),
    "skip": _apply_skip,
    "repair": _apply_repair,
    "withdraw": partial(_set_status, status="withdrawn"),
    "restore": partial(_set_status, status="active"),
    "moment": _apply_moment,
    "begin": _apply_begin,
    "done": _apply_done,
    "clock": lambda state, entry: None,
}
