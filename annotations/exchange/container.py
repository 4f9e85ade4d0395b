"""The container of all annotations and replies, page by page, as the W3C Annotation Protocol has it: for reading."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from annotations.exchange import w3c
from annotations.exchange.gather import attribution, standings

A_PAGE = 100  # annotations and replies
LDP = "http://www.w3.org/ns/ldp.jsonld"
LABEL = "Annotations of Dispatch Box"
COUNT = """
SELECT (SELECT count(*) FROM annotations WHERE status = 'active')
       + (SELECT count(*) FROM replies r JOIN annotations a ON a.id = r.annotation_id
           WHERE a.status = 'active' AND r.status = 'active')
"""
MEMBERS = """
SELECT id, id AS annotation_id, 0 AS position FROM annotations WHERE status = 'active'
 UNION ALL
SELECT r.id, r.annotation_id, r.position FROM replies r JOIN annotations a ON a.id = r.annotation_id
 WHERE a.status = 'active' AND r.status = 'active'
 ORDER BY annotation_id, position LIMIT ? OFFSET ?
"""


class Gone(Exception):
    """An annotation or a reply that was withdrawn; nothing of it is told."""


class View(NamedTuple):
    """How the container is seen: whether annotations stand whole in their pages (or by address), and none with it."""

    iris: bool = False
    minimal: bool = False


def container(conn: sqlite3.Connection, base_url: str, view: View) -> w3c.Node:
    """The container, with its first page in it unless it is asked for without."""
    address, total = _address(base_url, view), _total(conn)
    last = _last(total)
    found = w3c.collection(LABEL, total, last, address, attribution(conn))
    found |= {"@context": [w3c.CONTEXT, LDP], "type": ["BasicContainer", "AnnotationCollection"]}
    if total and not view.minimal:
        found["first"] = w3c.bare(_page(conn, base_url, view, 0, total))
    return found


def page(conn: sqlite3.Connection, base_url: str, view: View, number: int) -> w3c.Node | None:
    """A page, numbered from 0; None where there is no such page."""
    total = _total(conn)
    return _page(conn, base_url, view, number, total) if total and number <= _last(total) else None


def member(conn: sqlite3.Connection, base_url: str, id: str) -> w3c.Node | None:
    """One annotation or reply; None where there never was one. Raises Gone."""
    found = _nodes(conn, base_url, [(id, id)])
    if found:
        return found[0]
    answers = conn.execute("SELECT annotation_id FROM replies WHERE id = ?", (id,)).fetchone()
    if answers and (found := _nodes(conn, base_url, [(id, str(answers[0]))])):
        return found[0]
    if answers or conn.execute("SELECT 1 FROM annotations WHERE id = ?", (id,)).fetchone():
        raise Gone(id)
    return None


def _address(base_url: str, view: View) -> str:
    return f"{base_url}/annotations/{'?iris=1' if view.iris else ''}"


def _total(conn: sqlite3.Connection) -> int:
    return int(conn.execute(COUNT).fetchone()[0])


def _last(total: int) -> int:
    return max(0, total - 1) // A_PAGE


def _page(conn: sqlite3.Connection, base_url: str, view: View, number: int, total: int) -> w3c.Node:
    members = conn.execute(MEMBERS, (A_PAGE, number * A_PAGE)).fetchall()
    nodes = [] if view.iris else _nodes(conn, base_url, [(id, annotation_id) for id, annotation_id, _ in members])
    found = w3c.page(nodes, number, _last(total), A_PAGE, _address(base_url, view))
    return {**found, "items": [w3c.address(id, base_url) for id, *_ in members]} if view.iris else found


def _nodes(conn: sqlite3.Connection, base_url: str, members: Sequence[tuple[str, str]]) -> list[w3c.Node]:
    """Members by id and the annotation that they are or answer, in their order."""
    there, whom = standings(conn, list(dict.fromkeys(of for _, of in members))), attribution(conn)
    found = []
    for id, of in members:
        standing = there.get(of)
        if standing and id == of:
            found.append(w3c.annotation(standing, base_url, whom))
        elif standing:
            found += [w3c.reply(one, of, base_url, whom) for one in standing.annotation.replies if one.id == id]
    return found
