"""The container of all annotations, replies and moments for the W3C Annotation Protocol, and its pages."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle_queries import list_attribution, read_annotations
from db.sqlite import read_rows
from db.statements import moments
from web.urls import path_for

PAGE_SIZE = 100  # annotations, replies and moments
LDP = "http://www.w3.org/ns/ldp.jsonld"
LABEL = "Annotations of Dispatch Box"
LONE_MOMENTS = (
    f"{moments.SHOWN_MOMENTS} AND m.id NOT IN (SELECT id FROM annotations) AND m.id NOT IN (SELECT id FROM replies)"
)
MEMBERS = f"""
SELECT id, id AS annotation_id, 0 AS position FROM annotations WHERE status = 'active'
 UNION ALL
SELECT r.id, r.annotation_id, r.position FROM replies r JOIN annotations a ON a.id = r.annotation_id
 WHERE a.status = 'active' AND r.status = 'active'
 UNION ALL
SELECT id, NULL, 0 FROM ({LONE_MOMENTS})
"""
COUNT = f"SELECT count(*) FROM ({MEMBERS})"
PAGE = f"{MEMBERS} ORDER BY annotation_id NULLS LAST, position, id LIMIT ? OFFSET ?"
MOMENTS_BY_ID = f"{LONE_MOMENTS} AND m.id IN (SELECT value FROM json_each(?))"
EXISTS = "SELECT (SELECT 1 FROM annotations WHERE id = :id) OR (SELECT 1 FROM moments WHERE id = :id)"


class WithdrawnError(Exception):
    """Raised for an annotation, a reply or a moment that was withdrawn; its content is not shown."""


class ContainerView(NamedTuple):
    """The view of the container: `iris` lists members by address only; `minimal` leaves out the first page."""

    iris: bool = False
    minimal: bool = False


def make_container(conn: sqlite3.Connection, base_url: str, view: ContainerView) -> w3c.Node:
    """Make the container, with its first page unless the view is minimal."""
    address, total = _build_address(base_url, view), _count_members(conn)
    last = _find_last_page(total)
    found = w3c.make_collection(LABEL, total, last, address, list_attribution(conn))
    found |= {"@context": [w3c.CONTEXT, LDP], "type": ["BasicContainer", "AnnotationCollection"]}
    if total and not view.minimal:
        found["first"] = w3c.drop_context(_make_page(conn, base_url, view, 0, total))
    return found


def make_page(conn: sqlite3.Connection, base_url: str, view: ContainerView, number: int) -> w3c.Node | None:
    """Make a page, numbered from 0; None if there is no such page."""
    total = _count_members(conn)
    return _make_page(conn, base_url, view, number, total) if total and number <= _find_last_page(total) else None


def make_member(conn: sqlite3.Connection, base_url: str, id: str) -> w3c.Node | None:
    """Make the node of an annotation, a reply or a moment; None if it never existed. Raises WithdrawnError."""
    found = _make_nodes(conn, base_url, [(id, id)]) or _make_nodes(conn, base_url, [(id, None)])
    if found:
        return found[0]
    answers = conn.execute("SELECT annotation_id FROM replies WHERE id = ?", (id,)).fetchone()
    if answers and (found := _make_nodes(conn, base_url, [(id, str(answers[0]))])):
        return found[0]
    if answers or conn.execute(EXISTS, {"id": id}).fetchone()[0]:
        raise WithdrawnError(id)
    return None


def _build_address(base_url: str, view: ContainerView) -> str:
    return base_url + path_for("annotations") + ("?iris=1" if view.iris else "")


def _count_members(conn: sqlite3.Connection) -> int:
    return int(conn.execute(COUNT).fetchone()[0])


def _find_last_page(total: int) -> int:
    return max(0, total - 1) // PAGE_SIZE


def _make_page(conn: sqlite3.Connection, base_url: str, view: ContainerView, number: int, total: int) -> w3c.Node:
    members = conn.execute(PAGE, (PAGE_SIZE, number * PAGE_SIZE)).fetchall()
    nodes = [] if view.iris else _make_nodes(conn, base_url, [(id, annotation_id) for id, annotation_id, _ in members])
    last, address = _find_last_page(total), _build_address(base_url, view)
    found = w3c.make_page(nodes, number, last, PAGE_SIZE, w3c.make_collection(LABEL, total, last, address, ()))
    return {**found, "items": [w3c.make_address(id, base_url) for id, *_ in members]} if view.iris else found


def _make_nodes(conn: sqlite3.Connection, base_url: str, members: Sequence[tuple[str, str | None]]) -> list[w3c.Node]:
    """Make the nodes of members in their order.

    Each member is an id and the id of the annotation that it is or answers, None for a moment.
    """
    there, attribution = (
        read_annotations(conn, list(dict.fromkeys(of for _, of in members if of))),
        list_attribution(conn),
    )
    lone_moments = {
        row["id"]: row for row in read_rows(conn, MOMENTS_BY_ID, (json.dumps([id for id, of in members if not of]),))
    }
    found = []
    for id, of in members:
        exported = there.get(of) if of else None
        if exported and id == of:
            found.append(w3c.make_annotation_node(exported, base_url, attribution))
        elif exported and of:
            found += [
                w3c.make_reply_node(one, of, base_url, attribution)
                for one in exported.annotation.replies
                if one.id == id
            ]
        elif not of and id in lone_moments:
            found.append(
                w3c.make_moment_node(
                    moments.make_moment(lone_moments[id]), lone_moments[id]["speech_id"], base_url, attribution
                )
            )
    return found
