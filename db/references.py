"""References in any form that people use, resolved to the current debate or speech."""

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from db.gid import (
    HANSARD_GID_PATTERN,
    MAX_REDIRECTS,
    is_gid,
    list_possible_gids,
    make_short_id,
    parse_short_id,
    remove_letter,
)
from db.records.source import UserMistake

FIND_BY_PARLIAMENT_ID = """
SELECT id, NULL, gid FROM debates WHERE date = :date AND section_id = :id
 UNION ALL
SELECT s.debate_id, s.id, s.gid FROM debates d JOIN speeches s ON s.debate_id = d.id
 WHERE d.date = :date AND :id IN (s.paragraph_id, s.turn_id)
 UNION ALL
SELECT s.debate_id, s.id, s.gid FROM wordings w JOIN speeches s ON s.id = w.speech_id WHERE w.source_gid = :gid
 LIMIT 1
"""


class ResolvedReference(NamedTuple):
    """A debate (`speech_id` None) or one speech in it."""

    debate_id: str
    speech_id: str | None
    gid: str


class RedirectLoopError(UserMistake):
    """A circle of redirects."""


def find_references(conn: sqlite3.Connection, reference: str) -> list[ResolvedReference]:
    """Return the debates and speeches that a reference means.

    A reference is an id, a gid (new or old), its site form, or an address at TheyWorkForYou or at Parliament. There are
    several if a site form exists in several areas, and none if the archive has none. An address with a fragment means
    the speech, and its debate if there is no such speech. Raises RedirectLoopError.
    """
    resolved = {each.gid: each for meaning in list_possible_gids(reference) for each in _resolve_first(conn, meaning)}
    return list(resolved.values()) or list(_find_by_hansard_url(conn, reference))


def find_new_id(conn: sqlite3.Connection, id: str, table: str) -> str | None:
    """Return today's id of a row of `debates` or `speeches` that had another id before; None if there is none."""
    try:
        found = find_references(conn, id) if parse_short_id(id) else []
    except RedirectLoopError:
        return None
    ids = {each.debate_id if table == "debates" and not each.speech_id else each.speech_id for each in found}
    is_speech = {each.speech_id is not None for each in found} == {table == "speeches"}
    new = ids.pop() if len(ids) == 1 and is_speech else None
    return new if new != id else None


def _resolve_first(conn: sqlite3.Connection, gids: list[str]) -> list[ResolvedReference]:
    """Resolve the first gid that the archive has."""
    for gid in gids:
        if found := [place for form in _expand_wildcard(conn, gid) if (place := _resolve_gid(conn, form))]:
            return found
    return []


def follow_redirects(conn: sqlite3.Connection, gid: str) -> str:
    """Return the gid that an old one leads to after all redirects; itself if there are none.

    Raises RedirectLoopError.
    """
    seen = [gid]
    while row := conn.execute("SELECT gid FROM redirects WHERE old_gid = ?", (seen[-1],)).fetchone():
        if row[0] in seen or len(seen) > MAX_REDIRECTS:
            raise RedirectLoopError(f"{gid} leads round in a circle: {' -> '.join([*seen, row[0]])}")
        seen.append(row[0])
    return seen[-1]


def _resolve_gid(conn: sqlite3.Connection, gid: str) -> ResolvedReference | None:
    for form in filter(None, (gid, remove_letter(gid))):
        current = follow_redirects(conn, form)
        if not is_gid(current):
            continue
        id = make_short_id(current)
        if row := conn.execute("SELECT debate_id FROM speeches WHERE id = ?", (id,)).fetchone():
            return ResolvedReference(row[0], id, current)
        if conn.execute("SELECT 1 FROM debates WHERE id = ?", (id,)).fetchone():
            return ResolvedReference(id, None, current)
        if match := HANSARD_GID_PATTERN.fullmatch(current):
            names = {"gid": current, "date": match[1], "id": match[2]}
            if row := conn.execute(FIND_BY_PARLIAMENT_ID, names).fetchone():
                return ResolvedReference(*row)
    return None


def _expand_wildcard(conn: sqlite3.Connection, gid: str) -> list[str]:
    """Return the gids that match a committee's shortened address (standing*_05-0_...); of any other gid, itself."""
    if "*" not in gid:
        return [gid]
    tables = " UNION ".join(f"SELECT gid FROM {table} WHERE gid GLOB ?1" for table in ("debates", "speeches"))
    return [
        row[0] for row in conn.execute(f"{tables} UNION SELECT old_gid FROM redirects WHERE old_gid GLOB ?1", (gid,))
    ]


def _find_by_hansard_url(conn: sqlite3.Connection, reference: str) -> Iterator[ResolvedReference]:
    if "parliament.uk/" not in reference or "#" not in reference:
        return
    address = re.sub(r"^https?://(www\.)?publications\.", "http://www.publications.", reference.strip())
    for gid, debate, speech in conn.execute(
        "SELECT gid, debate_id, id FROM speeches WHERE hansard_url = ?1"
        " UNION ALL SELECT gid, id, NULL FROM debates WHERE hansard_url = ?1",
        (address,),
    ):
        yield ResolvedReference(debate, speech, gid)
