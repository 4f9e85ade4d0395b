"""Whose passes over debates are open and whose are done, and the entries of the journal that begin and end them."""

import sqlite3
from collections.abc import Callable, Sequence

from annotations.state.history import undone_of
from annotations.state.model import State
from db.journal.entries import Entry
from db.references import find
from db.statements.annotations import Pass


def passes(conn: sqlite3.Connection, state: State) -> list[Pass]:
    """Every pass, with the debate's id of today; the id as entered, where the archive has no such debate."""
    found: dict[tuple[str, str], Pass] = {}
    for person, debate in sorted({*state.begun, *state.passes}):
        ids = [at.debate_id for at in find(conn, debate)[:1]]
        one = (person, ids[0] if ids else debate)
        begun, done = (times.get((person, debate)) for times in (state.begun, state.passes))
        found[one] = Pass(*one, begun, done, int((person, debate) in state.reopened))
    return list(found.values())


def own_entry(entries: Sequence[Entry], kind: str, person: str, means: Callable[[str], bool]) -> Entry | None:
    """The last entry that begins (`begin`) or ends (`done`) one's own pass over a debate, and still counts."""
    undone, _ = undone_of(entries)
    own = [entry for entry in entries if entry.kind == kind and entry.actor == person and entry.id not in undone]
    fitting = [entry for entry in own if entry.payload.get("creator", person) == person]
    return next((entry for entry in reversed(fitting) if means(entry.payload["debate"])), None)
