"""Journal entries for what programs write by the W3C Annotation Protocol."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from annotations.exchange.bundle import ExchangeError, ImportedAnnotation, ImportedItem, ImportedMoment, ImportedReply
from annotations.exchange.field_readers import read_array, read_json, read_object
from annotations.exchange.import_plan import ImportContext, plan_import
from annotations.exchange.w3c_read import read_one_item
from annotations.exchange.w3c_write import IRI
from annotations.projection.capture import capture_words_on_page, find_speech
from annotations.state.model import State, make_selector_fields
from db.journal.entries import EntryDraft, make_new_id
from db.journal.payload_schemas import find_draft_problem
from web.http.pages import RequestRefused
from web.urls import path_for, url_for

FindState = Callable[..., State]  # of the items with these ids
UUID_NAME = "urn:uuid:"
RESERVED_FIELDS = (
    "dc:identifier",
    "dc:date",
    "dc:source",
    "canonical",
)  # fields that a program may not set, or that are read apart


def draft_new(
    conn: sqlite3.Connection, find_state: FindState, body: bytes, actor: str, created: str, base_url: str
) -> tuple[str, list[EntryDraft]]:
    """Make the id and the entries of an annotation, a reply or a moment that a program posts. Raises RequestRefused.

    A canonical name that is a UUID becomes the id; an id on another site is stored as `via`, unless `via` is given.
    """
    node = _read_node(body)
    id = _read_id(node, find_state)
    item = _read_item(node, id, actor, created, base_url)
    state = find_state(_get_answered_id(item) or id)
    if isinstance(item, ImportedReply):
        answered = state.annotations.get(item.annotation_id)
        if not answered or answered.status == "withdrawn":
            raise RequestRefused(422, f"target: there is no annotation {item.annotation_id[:100]} to reply to.")
    return id, _make_drafts(conn, state, item, actor)


def draft_edit(
    conn: sqlite3.Connection, state: State, id: str, body: bytes, actor: str, created: str, base_url: str
) -> list[EntryDraft]:
    """Make the entry that changes an annotation or a reply to the body of a PUT; [] if nothing changes.

    Raises RequestRefused.
    """
    if id in state.moments:
        raise RequestRefused(405, "A moment is not changed: take it back, and post another.")
    if id not in state.annotations:
        return _edit_reply(state, id, body, actor, created, base_url)
    old = state.annotations[id]
    node = _read_node(body)
    item = _read_item(node, id, actor, created, base_url)
    if not isinstance(item, ImportedAnnotation):
        raise RequestRefused(409, "An annotation does not turn into a reply or a moment: post that by itself.")
    [draft] = _make_drafts(conn, state, item, actor)
    new = draft.payload
    now: dict[str, object] = {"target": old.target, "point": old.point_id, "reading": old.reading, "note": old.note}
    now |= {"via": old.via, "selector": make_selector_fields(old.selector)}
    changes = {key: new[key] for key in now if new[key] != now[key]}
    return [EntryDraft(actor, "edit", {"annotation": id, **changes})] if changes else []


def _edit_reply(state: State, id: str, body: bytes, actor: str, created: str, base_url: str) -> list[EntryDraft]:
    """Make the entry that changes a reply; [] if nothing changes. Raises RequestRefused."""
    item, old = _read_item(_read_node(body), id, actor, created, base_url), state.find_reply(id)
    if not isinstance(item, ImportedReply) or item.annotation_id != state.replies[id]:
        raise RequestRefused(
            409, "A reply stays a reply, to the annotation that it answers: post anything else by itself."
        )
    new = {key: getattr(item.reply, key) for key in ("stance", "text", "via")}
    changes = {key: value for key, value in new.items() if value != getattr(old, key)}
    draft = EntryDraft(actor, "edit", {"reply": id, **changes})
    if changes and (what := find_draft_problem(*draft[:3])):
        raise RequestRefused(422, f"{what}.")
    return [draft] if changes else []


def _read_node(body: bytes) -> dict[str, object]:
    """Read a body as the JSON object of one annotation. Raises RequestRefused: 400 or 422."""
    try:
        node = read_object("the body", read_json(body))
    except ExchangeError as error:
        raise RequestRefused(400, f"{error}.") from error
    if "Annotation" not in read_array("type", node.get("type")):
        raise RequestRefused(422, "type: the body must be one Annotation.")
    return dict(node)


def _get_answered_id(item: ImportedItem) -> str | None:
    """Return the id of the annotation that a reply answers, or that a moment belongs to; None where there is none."""
    if isinstance(item, ImportedReply):
        return item.annotation_id
    return item.moment.annotation_id if isinstance(item, ImportedMoment) else None


def _read_id(node: Mapping[str, object], find_state: FindState) -> str:
    """Make a new id, or read it from the annotation's canonical name (urn:uuid:). Raises RequestRefused."""
    name = node.get("canonical")
    if name is None:
        return make_new_id()
    try:
        if not isinstance(name, str) or not name.startswith(UUID_NAME):
            raise ValueError
        id = str(UUID(name))
    except ValueError:
        raise RequestRefused(
            422, "canonical: only a name that begins with urn:uuid: can be kept for good here."
        ) from None
    state = find_state(id)
    if id in state.annotations or id in state.replies or id in state.moments:
        raise RequestRefused(409, f"canonical: {name} is here already, at {url_for('annotation', id=id)}.")
    return id


def _read_item(node: dict[str, object], id: str, actor: str, created: str, base_url: str) -> ImportedItem:
    """Read the annotation as one by `actor`, made at `created`. Raises RequestRefused."""
    agents = read_array("creator", node.get("creator"))
    names = [name for each in agents if isinstance(each, dict) for name in read_array("creator.name", each.get("name"))]
    if any(not isinstance(name, str) or name.casefold() != actor.casefold() for name in names):
        raise RequestRefused(422, f"creator: this token is {actor}’s, who can enter no other’s readings.")
    elsewhere, container = node.get("id"), base_url + path_for("annotations")
    if isinstance(elsewhere, str) and IRI.fullmatch(elsewhere) and not elsewhere.startswith(container):
        node.setdefault("via", elsewhere)
    fields = {key: value for key, value in node.items() if key not in RESERVED_FIELDS}
    fields |= {"dc:identifier": id, "id": f"{container}{id}"}
    fields |= {"creator": {"name": actor}, "created": created}
    try:
        return read_one_item(json.dumps(fields).encode())
    except ExchangeError as error:
        raise RequestRefused(422, f"{str(error).partition('): ')[2] or error}.") from error


def _make_drafts(conn: sqlite3.Connection, state: State, item: ImportedItem, actor: str) -> list[EntryDraft]:
    """Make the entries of a new item; the words of an annotation must be in the speech.

    Raises RequestRefused.
    """
    points = frozenset(id for (id,) in conn.execute("SELECT id FROM guidance_points"))
    known = {} if isinstance(item, ImportedAnnotation) else state.annotations
    report = plan_import(
        [item],
        ImportContext(
            annotations=known,
            moments={},
            points=points,
            capture=partial(capture_words_on_page, conn),
            find_speech=partial(find_speech, conn),
        ),
        actor,
    )
    if report.problems:
        raise RequestRefused(422, f"{report.problems[0].kind}: {report.problems[0].what}.")
    return report.drafts
