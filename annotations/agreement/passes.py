"""Finished blind passes: the debates that people finished, and the marks each made before seeing others' notes."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from annotations.agreement.measure import BlindMark, FinishedDebate
from annotations.projection.resolution import resolve_passes
from annotations.state.model import State
from db.sqlite import read_rows
from db.statements.annotations import ResolvedAnnotation

SPEECHES_QUERY = "SELECT id, text FROM speeches WHERE debate_id = ? AND text <> '' ORDER BY position"
FINISHED_QUERY = "SELECT person, debate_id, coalesce(begun, ''), done FROM passes WHERE done IS NOT NULL"
# CROSS JOIN sets the order of the loops: SQLite visits each annotation of those debates once
BLIND_MARKS_QUERY = """
SELECT a.creator AS person, a.speech_id, a.start, a.end, a.point_id, a.reading, a.id AS annotation_id
  FROM (SELECT DISTINCT debate_id FROM passes WHERE done IS NOT NULL AND ? IN ('', debate_id)) d
 CROSS JOIN speeches s ON s.debate_id = d.debate_id CROSS JOIN annotations a ON a.speech_id = s.id
 CROSS JOIN passes p ON p.person = a.creator AND p.debate_id = s.debate_id
 CROSS JOIN annotation_history h ON h.annotation_id = a.id AND h.kind = 'annotate' AND h.undone = 0 AND h.problem = ''
 WHERE p.done IS NOT NULL AND a.status = 'active' AND a.start IS NOT NULL
   AND h.time BETWEEN coalesce(p.begun, '') AND p.done
 ORDER BY s.rowid, a.start, a.id
"""
PassTimes = dict[tuple[str, str], tuple[str, str]]


def collect_finished_passes(conn: sqlite3.Connection, state: State) -> PassTimes:
    """Return the times (begun, or '' if unknown, and done) of finished passes, by person and today's debate id."""
    return {(one.person, one.debate_id): (one.begun or "", one.done) for one in resolve_passes(conn, state) if one.done}


def read_finished_passes(conn: sqlite3.Connection) -> PassTimes:
    """Read the same as `collect_finished_passes` from statements.db."""
    return {(person, debate): (begun, done) for person, debate, begun, done in conn.execute(FINISHED_QUERY)}


def read_finished_debates(conn: sqlite3.Connection, passes: PassTimes) -> list[FinishedDebate]:
    """Read each finished debate that the archive holds, with the people who finished it and its words."""
    people: dict[str, set[str]] = defaultdict(set)
    for person, debate in passes:
        people[debate].add(person)
    words = {debate: tuple(map(tuple, conn.execute(SPEECHES_QUERY, (debate,)))) for debate in sorted(people)}
    return [
        FinishedDebate(debate, frozenset(people[debate]), speeches) for debate, speeches in words.items() if speeches
    ]


def collect_blind_marks(
    placed: Iterable[ResolvedAnnotation], state: State, passes: PassTimes, debates: Iterable[FinishedDebate]
) -> Iterator[BlindMark]:
    """Yield the marks that people made blind: entered while their own pass was open.

    Annotations that are withdrawn, or lost from the record, are left out.
    """
    debate_ids = {speech: debate.debate_id for debate in debates for speech, _ in debate.speeches}
    entry_times = _entry_times(state)
    for each in placed:
        annotation, anchor = each.annotation, each.anchor
        begun, done = passes.get((annotation.creator, debate_ids.get(each.speech_id or "", "")), ("9", ""))
        if annotation.status != "active" or not begun <= entry_times.get(annotation.id, "9") <= done:
            continue
        if each.speech_id and anchor.start is not None and anchor.end is not None:
            yield BlindMark(
                person=annotation.creator,
                speech_id=each.speech_id,
                start=anchor.start,
                end=anchor.end,
                point_id=annotation.point_id,
                reading=annotation.reading,
                annotation_id=annotation.id,
            )


def read_blind_marks(conn: sqlite3.Connection, debate: str) -> list[BlindMark]:
    """Read the same as `collect_blind_marks` from statements.db, for one debate, or for all if `debate` is ""."""
    return [BlindMark(**row) for row in read_rows(conn, BLIND_MARKS_QUERY, (debate,))]


def _entry_times(state: State) -> Mapping[str, str]:
    """Return the time at which each annotation was entered in the journal, by its id."""
    events = (event for event in state.history if event.kind == "annotate" and not (event.undone or event.problem))
    return {event.annotation_id: event.time for event in events if event.annotation_id}
