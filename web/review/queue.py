"""The queue of review: sentences whose points are open, in an order, and the pairs that are hidden from it.

A pair is a sentence and a point that programs suggest for it. A sentence is its words: where several places have the
same words, they are decided once, and so are several suggesters' suggestions of one pair.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from annotations.suggesters.judge import THRESHOLD
from annotations.suggesters.precision import is_silent
from db.sqlite import read_rows

PAGE_SIZE = 50  # hidden pairs
FILTERS = ("suggester", "version", "rule", "point", "document", "debate", "score", "order", "skipped")
# States of a pair. Of a pair that has several (suggesters, places), the first of this order counts.
STATES = ("accepted", "rejected", "noted", "skipped", "open", "unlikely", "silent")
HIDDEN_STATES = ("unlikely", "rejected", "silent", "noted", "skipped")  # in the order in which a page tells them
UNDECIDED_STATES = ("skipped", "open", "unlikely")  # of pairs that are shown and decided together
CONDITIONS = {
    "suggester": "g.suggester = :suggester",
    "version": "g.version = :version",
    "rule": "g.rule = :rule",
    "point": "g.point_id = :point",
    "document": "g.point_id IN (SELECT id FROM guidance_points WHERE document_id = :document)",
    "debate": "g.speech_id IN (SELECT id FROM speeches WHERE debate_id = :debate)",
}
# How early a sentence comes, the lowest first. All its pairs count, so that it keeps its place when some are decided.
ORDERS = {"": "-max(score)", "uncertain": "min(abs(score - 0.5))", "date": "0"}
WORDING = "substr({0}version, 1, instr({0}version || '+', '+') - 1)"  # the version of a rule, without the judge's
SILENT = f"g.rule || ' ' || {WORDING.format('g.')} IN (SELECT value FROM json_each(:silent))"
# The + makes SQLite look for the notes of the speech, and not for those of the point, of which there are hundreds
NOTED = """
SELECT 1 FROM passages p
 WHERE p.speech_id = g.speech_id AND +p.point_id = g.point_id AND p.start < g.end AND g.start < p.end
"""
PAIRS = f"""
WITH pairs AS MATERIALIZED (
  SELECT g.exact, g.point_id, min(g.rowid) AS row, max(g.score) AS score,
         min(CASE WHEN g.status <> 'proposed' THEN g.status = 'rejected'
                  WHEN EXISTS ({NOTED}) THEN {STATES.index("noted")}
                  WHEN g.key IN (SELECT suggestion FROM skips WHERE actor = :actor) THEN {STATES.index("skipped")}
                  WHEN {SILENT} THEN {STATES.index("silent")}
                  WHEN g.score < :score THEN {STATES.index("unlikely")}
                  ELSE {STATES.index("open")} END) AS state
    FROM suggestions g WHERE {{where}} GROUP BY g.exact, g.point_id)"""
SENTENCES = f"""
{PAIRS},
sentences AS MATERIALIZED (
  SELECT exact, min(row) AS first, {{order}} AS early, min(row) FILTER (WHERE state = :shown) AS row,
         max(state IN ({STATES.index("accepted")}, {STATES.index("rejected")})) AS decided,
         max(state IN ({STATES.index("skipped")}, {STATES.index("open")})) AS undecided,
         max(state = {STATES.index("skipped")}) AS skipped
    FROM pairs GROUP BY exact),
here AS (SELECT early, first FROM sentences WHERE exact = :exact),
shown AS (SELECT *, (early, first) > (SELECT early, first FROM here) AS later FROM sentences WHERE row IS NOT NULL)"""
QUEUE = f"""
{SENTENCES}
SELECT (SELECT count(*) FROM shown) AS left,
       (SELECT count(*) FROM sentences WHERE decided AND NOT undecided) AS decided,
       (SELECT count(*) FROM sentences WHERE skipped AND row IS NULL) AS skipped,
       (SELECT count(DISTINCT exact) FROM decisions
         WHERE actor = :actor AND exact IN (SELECT exact FROM sentences)) AS mine,
       (SELECT row FROM shown ORDER BY early, first LIMIT 1) AS first,
       (SELECT row FROM shown ORDER BY early, first LIMIT 1 OFFSET 1) AS second,
       (SELECT row FROM shown WHERE later ORDER BY early, first LIMIT 1) AS next,
       (SELECT row FROM shown WHERE NOT later AND exact <> :exact ORDER BY early DESC, first DESC LIMIT 1) AS previous,
       (SELECT count(*) FROM shown WHERE NOT later) AS place,
       (SELECT total(score) FROM pairs WHERE state IN ({STATES.index("skipped")}, {STATES.index("open")})) AS expected,
       (SELECT json_group_object(state, n) FROM (SELECT state, count(*) AS n FROM pairs GROUP BY state)) AS states
"""
PLACES_OF_PAIRS = f"""
{PAIRS}
SELECT row FROM pairs WHERE state IN ({{states}}) ORDER BY {{order}} LIMIT :most OFFSET :skip
"""
PAIR_ORDERS = {"": "-score, row", "uncertain": "abs(score - 0.5), row", "date": "row"}
IS_PROPOSED = f"(score >= {THRESHOLD} OR instr(version, '+') = 0)"  # of decisions: as is_proposed of precision
RULE_COUNTS = f"""
SELECT rule, {WORDING.format("")}, sum(status = 'accepted'), sum(status = 'rejected')
  FROM decisions WHERE rule <> '' AND {IS_PROPOSED} GROUP BY 1, 2
"""


class ReviewQueue(NamedTuple):
    """The progress of a queue: numbers of sentences and pairs, and rows of suggestions to go to.

    `left` are the sentences shown, `decided` those with nothing open for anyone, `skipped` those that the person put
    off and that are not shown, `mine` those that the person decided. `place` is that of the present sentence. `states`
    has the number of pairs by state, and `expected` how many of those that are open are likely right: the sum of their
    probabilities.
    """

    left: int
    decided: int
    skipped: int
    mine: int
    first: int | None
    second: int | None
    next: int | None
    previous: int | None
    place: int
    expected: float
    states: dict[str, int]

    def start(self) -> "ReviewQueue":
        """Return the queue as it is for a person at its first sentence."""
        return self._replace(next=self.second, previous=None, place=1)

    @property
    def all(self) -> int:
        """The number of sentences: decided, skipped and left."""
        return self.decided + self.skipped + self.left

    @property
    def found(self) -> int:
        """The number of pairs that people accepted or noted themselves."""
        return self.states.get("accepted", 0) + self.states.get("noted", 0)

    @property
    def hidden(self) -> dict[str, int]:
        """The number of hidden pairs, by state; only states that have some."""
        return {state: self.states[state] for state in HIDDEN_STATES if self.states.get(state)}


def make_parameters(conn: sqlite3.Connection, narrowed: Mapping[str, str], actor: str) -> dict[str, object]:
    """Complete filters as parameters: every name, the least probability, the person, and the rules that are silent."""
    try:
        score = float(narrowed.get("score", THRESHOLD))
    except ValueError:
        score = THRESHOLD
    given = {**dict.fromkeys(FILTERS, ""), **narrowed, "score": score if 0 <= score <= 1 else THRESHOLD}
    shown = STATES.index("skipped" if narrowed.get("skipped") else "open")
    return {**given, "actor": actor, "silent": json.dumps(list_silent_rules(conn)), "shown": shown}


def list_silent_rules(conn: sqlite3.Connection) -> list[str]:
    """List the rules that are silent, each with a space and the version of its wording."""
    counts = conn.execute(RULE_COUNTS).fetchall()
    return [f"{rule} {wording}" for rule, wording, accepted, rejected in counts if is_silent(accepted, rejected)]


def make_where(values: Mapping[str, object], *more: str) -> str:
    """Make the WHERE clause of the filters that are set; each term costs time on every row."""
    return " AND ".join([*(term for name, term in CONDITIONS.items() if values.get(name)), *more]) or "1"


def read_queue(conn: sqlite3.Connection, values: Mapping[str, object], exact: str = "") -> ReviewQueue:
    """Read the progress of a queue for the person of its parameters, who is at the sentence of these words."""
    query = QUEUE.format(where=make_where(values), order=ORDERS.get(str(values["order"]), ORDERS[""]))
    [found] = read_rows(conn, query, {**values, "exact": exact})
    states = {STATES[int(state)]: number for state, number in json.loads(found.pop("states")).items()}
    return ReviewQueue(**found, states=states)


def list_pair_rows(
    conn: sqlite3.Connection, values: Mapping[str, object], states: Sequence[str], most: int, skip: int
) -> list[int]:
    """List the row of the suggestion of each pair in one of some states, in the order of the queue."""
    numbers = ", ".join(str(STATES.index(state)) for state in states)
    order = PAIR_ORDERS.get(str(values["order"]), PAIR_ORDERS[""])
    query = PLACES_OF_PAIRS.format(where=make_where(values), states=numbers, order=order)
    return [row for (row,) in conn.execute(query, {**values, "most": most, "skip": skip})]


def read_pair_states(conn: sqlite3.Connection, values: Mapping[str, object], exact: str) -> dict[str, str]:
    """Read the state of each pair of a sentence, by point."""
    query = f"{PAIRS} SELECT point_id, state FROM pairs"
    found = conn.execute(query.format(where="g.exact = :exact"), {**values, "exact": exact})
    return {point: STATES[state] for point, state in found}
