"""Blind annotating, as the journal has it: which debates people have finished, and what each had marked till then."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from annotations.agreement import Marked, Read
from annotations.reduce import State
from db.find import find
from db.notes import Placed

SPEECHES = "SELECT id, text FROM speeches WHERE debate_id = ? AND text <> '' ORDER BY position"
Passes = dict[tuple[str, str], str]


def passes_of(conn: sqlite3.Connection, state: State) -> Passes:
    """When each person finished each debate that the archive has, by person and the debate's id of today."""
    return {
        (person, found.debate_id): at
        for (person, debate), at in state.passes.items()
        for found in find(conn, debate)[:1]
    }


def reads_of(conn: sqlite3.Connection, passes: Passes) -> list[Read]:
    """Each debate that anybody has finished, with all who have, and its words."""
    people: dict[str, set[str]] = defaultdict(set)
    for person, debate in passes:
        people[debate].add(person)
    return [
        Read(debate, frozenset(found), tuple(conn.execute(SPEECHES, (debate,)).fetchall()))
        for debate, found in sorted(people.items())
    ]


def marks_of(placed: Iterable[Placed], state: State, passes: Passes, reads: Iterable[Read]) -> Iterator[Marked]:
    """What people marked before they saw what others had: entered no later than their own pass was done.

    What is withdrawn, or lost from the record, is left out.
    """
    debates = {speech: read.debate_id for read in reads for speech, _ in read.speeches}
    entered = _entered(state)
    for each in placed:
        annotation, anchor = each.annotation, each.anchor
        done = passes.get((annotation.creator, debates.get(each.speech_id or "", "")))
        if not done or annotation.status != "active" or entered.get(annotation.id, "9") > done:
            continue
        if each.speech_id and anchor.start is not None and anchor.end is not None:
            what = (annotation.point_id, annotation.reading, annotation.id)
            yield Marked(annotation.creator, each.speech_id, anchor.start, anchor.end, *what)


def _entered(state: State) -> Mapping[str, str]:
    """When each annotation was entered in the journal, by its id."""
    events = (event for event in state.history if event.kind == "annotate" and not (event.undone or event.problem))
    return {event.annotation_id: event.time for event in events if event.annotation_id}
