"""Finished blind passes: the debates that people finished, and what each marked before seeing others' notes."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from annotations.agreement.measure import Marked, Read
from annotations.projection.resolve import passes
from annotations.state.model import State
from db.sqlite import rows
from db.statements.annotations import Placed

SPEECHES = "SELECT id, text FROM speeches WHERE debate_id = ? AND text <> '' ORDER BY position"
DONE = "SELECT person, debate_id, coalesce(begun, ''), done FROM passes WHERE done IS NOT NULL"
# CROSS JOIN makes SQLite visit each annotation of those debates once, whatever its statistics say
MARKED = """
SELECT a.creator AS person, a.speech_id, a.start, a.end, a.point_id, a.reading, a.id AS annotation_id
  FROM (SELECT DISTINCT debate_id FROM passes WHERE done IS NOT NULL AND ? IN ('', debate_id)) d
 CROSS JOIN speeches s ON s.debate_id = d.debate_id CROSS JOIN annotations a ON a.speech_id = s.id
 CROSS JOIN passes p ON p.person = a.creator AND p.debate_id = s.debate_id
 CROSS JOIN annotation_history h ON h.annotation_id = a.id AND h.kind = 'annotate' AND h.undone = 0 AND h.problem = ''
 WHERE p.done IS NOT NULL AND a.status = 'active' AND a.start IS NOT NULL
   AND h.time BETWEEN coalesce(p.begun, '') AND p.done
 ORDER BY s.rowid, a.start, a.id
"""
Passes = dict[tuple[str, str], tuple[str, str]]


def passes_of(conn: sqlite3.Connection, state: State) -> Passes:
    """Return when each person began ('' if unknown) and finished each debate, by person and today's debate id."""
    return {(one.person, one.debate_id): (one.begun or "", one.done) for one in passes(conn, state) if one.done}


def finished(conn: sqlite3.Connection) -> Passes:
    """Read the same as passes_of() from statements.db."""
    return {(person, debate): (begun, done) for person, debate, begun, done in conn.execute(DONE)}


def reads_of(conn: sqlite3.Connection, passes: Passes) -> list[Read]:
    """Read each finished debate that the archive holds, with the people who finished it and its words."""
    people: dict[str, set[str]] = defaultdict(set)
    for person, debate in passes:
        people[debate].add(person)
    words = {debate: tuple(map(tuple, conn.execute(SPEECHES, (debate,)))) for debate in sorted(people)}
    return [Read(debate, frozenset(people[debate]), speeches) for debate, speeches in words.items() if speeches]


def marks_of(placed: Iterable[Placed], state: State, passes: Passes, reads: Iterable[Read]) -> Iterator[Marked]:
    """Yield what people marked blind: entered while their own pass was open.

    Annotations that are withdrawn, or lost from the record, are left out.
    """
    debates = {speech: read.debate_id for read in reads for speech, _ in read.speeches}
    entered = _entry_times(state)
    for each in placed:
        annotation, anchor = each.annotation, each.anchor
        begun, done = passes.get((annotation.creator, debates.get(each.speech_id or "", "")), ("9", ""))
        if annotation.status != "active" or not begun <= entered.get(annotation.id, "9") <= done:
            continue
        if each.speech_id and anchor.start is not None and anchor.end is not None:
            yield Marked(
                person=annotation.creator,
                speech_id=each.speech_id,
                start=anchor.start,
                end=anchor.end,
                point_id=annotation.point_id,
                reading=annotation.reading,
                annotation_id=annotation.id,
            )


def marked(conn: sqlite3.Connection, debate: str) -> list[Marked]:
    """Read the same as marks_of() from statements.db, of one debate, or of all if `debate` is empty."""
    return [Marked(**row) for row in rows(conn, MARKED, (debate,))]


def _entry_times(state: State) -> Mapping[str, str]:
    """Return when each annotation was entered in the journal, by its id."""
    events = (event for event in state.history if event.kind == "annotate" and not (event.undone or event.problem))
    return {event.annotation_id: event.time for event in events if event.annotation_id}
