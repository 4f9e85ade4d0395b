"""The container of all annotations, replies and moments for the W3C Annotation Protocol, and its pages."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from annotations.exchange import w3c_write as w3c
from annotations.exchange.gather import attribution, standings
from db.sqlite import rows
from db.statements import moments

A_PAGE = 100  # annotations, replies and moments
LDP = "http://www.w3.org/ns/ldp.jsonld"
LABEL = "Annotations of Dispatch Box"
FILMED = f"{moments.STANDING} AND m.id NOT IN (SELECT id FROM annotations) AND m.id NOT IN (SELECT id FROM replies)"
MEMBERS = f"""
SELECT id, id AS annotation_id, 0 AS position FROM annotations WHERE status = 'active'
 UNION ALL
SELECT r.id, r.annotation_id, r.position FROM replies r JOIN annotations a ON a.id = r.annotation_id
 WHERE a.status = 'active' AND r.status = 'active'
 UNION ALL
SELECT id, NULL, 0 FROM ({FILMED})
"""
COUNT = f"SELECT count(*) FROM ({MEMBERS})"
PAGE = f"{MEMBERS} ORDER BY annotation_id NULLS LAST, position, id LIMIT ? OFFSET ?"
THESE = f"{FILMED} AND m.id IN (SELECT value FROM json_each(?))"
KNOWN = "SELECT (SELECT 1 FROM annotations WHERE id = :id) OR (SELECT 1 FROM moments WHERE id = :id)"


class Gone(Exception):
    """Raised for an annotation, a reply or a moment that was withdrawn; its content is not shown."""


class View(NamedTuple):
    """The view of the container: `iris` lists members by address only; `minimal` leaves out the first page."""

    iris: bool = False
    minimal: bool = False


def container(conn: sqlite3.Connection, base_url: str, view: View) -> w3c.Node:
    """Make the container, with its first page unless the view is minimal."""
    address, total = _address(base_url, view), _total(conn)
    last = _last(total)
    found = w3c.collection(LABEL, total, last, address, attribution(conn))
    found |= {"@context": [w3c.CONTEXT, LDP], "type": ["BasicContainer", "AnnotationCollection"]}
    if total and not view.minimal:
        found["first"] = w3c.bare(_page(conn, base_url, view, 0, total))
    return found


def page(conn: sqlite3.Connection, base_url: str, view: View, number: int) -> w3c.Node | None:
    """Make a page, numbered from 0; None where there is no such page."""
    total = _total(conn)
    return _page(conn, base_url, view, number, total) if total and number <= _last(total) else None


def member(conn: sqlite3.Connection, base_url: str, id: str) -> w3c.Node | None:
    """Make the node of an annotation, a reply or a moment; None where there never was one. Raises Gone."""
    found = _nodes(conn, base_url, [(id, id)]) or _nodes(conn, base_url, [(id, None)])
    if found:
        return found[0]
    answers = conn.execute("SELECT annotation_id FROM replies WHERE id = ?", (id,)).fetchone()
    if answers and (found := _nodes(conn, base_url, [(id, str(answers[0]))])):
        return found[0]
    if answers or conn.execute(KNOWN, {"id": id}).fetchone()[0]:
        raise Gone(id)
    return None


def _address(base_url: str, view: View) -> str:
    return f"{base_url}/annotations/{'?iris=1' if view.iris else ''}"


def _total(conn: sqlite3.Connection) -> int:
    return int(conn.execute(COUNT).fetchone()[0])


def _last(total: int) -> int:
    return max(0, total - 1) // A_PAGE


def _page(conn: sqlite3.Connection, base_url: str, view: View, number: int, total: int) -> w3c.Node:
    members = conn.execute(PAGE, (A_PAGE, number * A_PAGE)).fetchall()
    nodes = [] if view.iris else _nodes(conn, base_url, [(id, annotation_id) for id, annotation_id, _ in members])
    found = w3c.page(nodes, number, _last(total), A_PAGE, _address(base_url, view))
    return {**found, "items": [w3c.address(id, base_url) for id, *_ in members]} if view.iris else found


def _nodes(conn: sqlite3.Connection, base_url: str, members: Sequence[tuple[str, str | None]]) -> list[w3c.Node]:
    """Make the nodes of members in their order.

    Each member is an id and the id of the annotation that it is or answers, None for a moment.
    """
    there, whom = standings(conn, list(dict.fromkeys(of for _, of in members if of))), attribution(conn)
    films = {row["id"]: row for row in rows(conn, THESE, (json.dumps([id for id, of in members if not of]),))}
    found = []
    for id, of in members:
        standing = there.get(of) if of else None
        if standing and id == of:
            found.append(w3c.annotation(standing, base_url, whom))
        elif standing and of:
            found += [w3c.reply(one, of, base_url, whom) for one in standing.annotation.replies if one.id == id]
        elif not of and id in films:
            found.append(w3c.filmed(moments.record(films[id]), films[id]["speech_id"], base_url, whom))
    return found
