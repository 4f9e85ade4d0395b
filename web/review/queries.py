"""Queries of the pages of review: a queue of suggestions, the details of one of them, and the decisions made.

A queue consists of suggestion keys: the same words in several places are decided once. It is in the order of rows.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from db.sqlite import Row, read_first_row, read_rows
from web.http.visibility import has_hidden_notes

PAGE_SIZE = 50  # decisions
IS_DECISION = "h.kind IN ('confirm', 'reject', 'repair', 'withdraw') AND h.reply_id IS NULL AND h.moment_id IS NULL"
ENTRIES = """
SELECT h.*, d.suggestion, d.exact, d.rule, d.point_id, d.status FROM annotation_history h
  LEFT JOIN decisions d ON d.entry = h.id
"""
LAST_DECISIONS = f"""
{ENTRIES} WHERE {IS_DECISION} AND (:person = '' OR h.actor = :person) AND h.problem = ''
  AND (:suggester = '' OR instr(h.summary, ' a suggestion of ' || :suggester || ' on '))
ORDER BY h.id DESC LIMIT {PAGE_SIZE + 1} OFFSET :skip
"""
PEOPLE = f"""
SELECT h.actor, count(*) FILTER (WHERE d.status = 'accepted') AS accepted,
       count(*) FILTER (WHERE d.status = 'rejected') AS rejected,
       count(*) FILTER (WHERE d.entry IS NULL AND NOT h.undone AND instr(h.summary, ' a suggestion of ') = 0) AS quotes,
       sum(h.undone) AS undone
  FROM annotation_history h LEFT JOIN decisions d ON d.entry = h.id
 WHERE {IS_DECISION} AND h.problem = '' GROUP BY h.actor ORDER BY count(*) DESC, h.actor
"""
OWN_ENTRIES = """
SELECT h.id FROM annotation_history h WHERE h.actor = :actor AND NOT h.undone AND (h.id = :entry
    OR (h.annotation_id = :annotation AND h.kind IN ('annotate', 'confirm', 'reject')
        AND h.id <= (SELECT max(d.entry) FROM decisions d WHERE d.annotation_id = :annotation)))
 ORDER BY h.id
"""
FILTERS = ("suggester", "version", "rule", "point", "document", "debate", "score")
BATCH_SIZE = 100  # suggestions of a batch, at once
MAX_NEAR_POINTS = 8  # other points to choose from, those suggested for the same words first
CONDITIONS = {
    "suggester": "g.suggester = :suggester",
    "version": "g.version = :version",
    "rule": "g.rule = :rule",
    "point": "g.point_id = :point",
    "document": "g.point_id IN (SELECT id FROM guidance_points WHERE document_id = :document)",
    "debate": "g.speech_id IN (SELECT id FROM speeches WHERE debate_id = :debate)",
    "score": "g.score >= :score",
}
KEYS = """
SELECT g.key, max(g.status <> 'proposed') AS decided, min(g.rowid) AS row
  FROM suggestions g {by_key} WHERE {where} GROUP BY g.key
"""
PROGRESS = """
SELECT count(*) AS "all", coalesce(sum(decided), 0) AS decided, min(row) FILTER (WHERE NOT decided) AS first,
       min(row) FILTER (WHERE NOT decided AND row > :row) AS next,
       max(row) FILTER (WHERE NOT decided AND row < :row) AS previous,
       count(*) FILTER (WHERE NOT decided AND row <= :row) AS place
  FROM ({keys})
"""
OWN_DECISIONS = """
SELECT count(*) FROM decisions d WHERE d.actor = :actor
   AND EXISTS (SELECT 1 FROM suggestions g WHERE g.key = d.suggestion AND {where})
"""
SUGGESTION = """
SELECT g.rowid AS row, g.*, s.gid, s.debate_id, s.speaker, s.person_id, s.party, s.date, s.citation, s.text,
       d.title AS debate_title, d.house, p.title AS point_title, p.number, p.paraphrase, o.id AS document_id,
       o.title AS document_title
  FROM suggestions g JOIN speeches s ON s.id = g.speech_id JOIN debates d ON d.id = s.debate_id
  JOIN guidance_points p ON p.id = g.point_id JOIN guidance_documents o ON o.id = p.document_id
"""
PLACES = "SELECT count(*) FROM suggestions WHERE key = ?"
DECISION = "SELECT * FROM decisions WHERE suggestion = ?"
RULE_COUNTS = "SELECT status, count(*) FROM decisions WHERE suggester = ? AND rule = ? GROUP BY status"
SAME_PLACE = """
SELECT p.id, p.title, p.number, o.title AS document_title,
       max(g.score) AS probability
  FROM suggestions g JOIN guidance_points p ON p.id = g.point_id JOIN guidance_documents o ON o.id = p.document_id
 WHERE g.speech_id = :speech_id AND p.id <> :point_id AND g.start < :end AND g.end > :start
 GROUP BY p.id ORDER BY max(g.score) DESC, p.id LIMIT 9
"""
SAME_DOCUMENT = """
SELECT p.id, p.title, p.number, o.title AS document_title, NULL AS probability
  FROM guidance_points p JOIN guidance_documents o ON o.id = p.document_id
 WHERE p.document_id = :document_id AND p.id <> :point_id
 ORDER BY EXISTS (SELECT 1 FROM suggestions g WHERE g.speech_id = :speech_id AND g.point_id = p.id) DESC,
          abs(p.position - (SELECT position FROM guidance_points WHERE id = :point_id)), p.position LIMIT 18
"""
NOTES_ON_WORDS = """
SELECT a.id, a.reading, a.creator, a.exact, p.title AS point_title, p.id AS point_id
  FROM annotations a JOIN guidance_points p ON p.id = a.point_id
 WHERE a.speech_id = :speech_id AND a.status = 'active' AND a.start < :end AND a.end > :start ORDER BY a.start, a.id
"""
SAME_WORDS = """
SELECT g.*, s.gid FROM suggestions g JOIN speeches s ON s.id = g.speech_id
 WHERE g.speech_id = :speech_id AND g.start = :start AND g.end = :end AND g.point_id = ? AND g.status = 'proposed'
 GROUP BY g.key
"""
FILTER_CHOICES = {  # values and names of what the undecided suggestions can be filtered by
    "rule": "SELECT DISTINCT rule, rule FROM suggestions WHERE status = 'proposed' AND rule <> '' ORDER BY 1",
    "document": "SELECT id, title FROM guidance_documents ORDER BY position",
    "point": """
SELECT p.id, d.title || ': ' || p.title FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 ORDER BY d.position, p.position
""",
    "debate": """
SELECT id, date || ', ' || title FROM debates
 WHERE id IN (SELECT s.debate_id FROM suggestions g JOIN speeches s ON s.id = g.speech_id WHERE g.status = 'proposed')
 ORDER BY date, rowid LIMIT 300
""",
}
UNDECIDED_COUNTS = """
SELECT suggester, version, rule, point_id, count(DISTINCT key) FROM suggestions WHERE status = 'proposed'
 GROUP BY 1, 2, 3, 4
"""


class ReviewQueue(NamedTuple):
    """The progress of a queue: numbers of keys, and the rowids of the first, next and previous undecided suggestion."""

    all: int
    decided: int
    first: int | None
    next: int | None
    previous: int | None
    place: int  # of the current suggestion among the undecided
    mine: int

    @property
    def left(self) -> int:
        """The number of undecided keys."""
        return self.all - self.decided


def _make_where(narrowed: Mapping[str, object], *more: str) -> str:
    """Make the WHERE clause of the filters that are set; each term costs time on every row."""
    return " AND ".join([*(term for name, term in CONDITIONS.items() if narrowed.get(name)), *more]) or "1"


def _make_keys_query(conn: sqlite3.Connection, narrowed: Mapping[str, object], *more: str) -> str:
    """Make the subquery of a queue's keys; without INDEXED BY if blind mode shows views instead of tables."""
    by_key = "" if has_hidden_notes(conn) else "INDEXED BY suggestions_by_key"
    return KEYS.format(by_key=by_key, where=_make_where(narrowed, *more))


def read_queue(conn: sqlite3.Connection, narrowed: Mapping[str, object], row: int, actor: str) -> ReviewQueue:
    """Read the progress of a queue for `actor`, who is at a row; row 0 is before the first."""
    values = {**narrowed, "row": row, "actor": actor}
    [progress] = read_rows(conn, PROGRESS.format(keys=_make_keys_query(conn, narrowed)), values)
    mine = conn.execute(OWN_DECISIONS.format(where=_make_where(narrowed)), values).fetchone()[0] if actor else 0
    return ReviewQueue(**progress, mine=mine)


def find_next_undecided(conn: sqlite3.Connection, narrowed: Mapping[str, object], row: int) -> int | None:
    """Find the row of the next undecided suggestion after a row; None if there is none."""
    where = _make_where(narrowed, "g.status = 'proposed'", "g.rowid > :row")
    found = conn.execute(
        f"SELECT g.rowid FROM suggestions g WHERE {where} ORDER BY g.rowid LIMIT 1", {**narrowed, "row": row}
    )
    return next((int(at) for (at,) in found), None)


def read_by_key(conn: sqlite3.Connection, key: str) -> Row | None:
    """Read the suggestion of a key at its first place, with its speech, debate, point and document."""
    return read_first_row(conn, f"{SUGGESTION} WHERE g.key = ? ORDER BY g.rowid LIMIT 1", (key,))


def read_by_row(conn: sqlite3.Connection, row: int) -> Row | None:
    """Read the suggestion of a row, with its speech, debate, point and document."""
    return read_first_row(conn, f"{SUGGESTION} WHERE g.rowid = ?", (row,))


def find_key(conn: sqlite3.Connection, row: int | None) -> str:
    """Find the key of a row; "" if there is no such row."""
    found = conn.execute("SELECT key FROM suggestions WHERE rowid = ?", (row,)).fetchone()
    return str(found[0]) if found else ""


def read_details(conn: sqlite3.Connection, one: Row) -> Row:
    """Read the details of a suggestion: its decision, its rule's counts, likely points, and notes on its words."""
    near = read_rows(conn, SAME_PLACE, one)
    known = {point["id"] for point in near}
    near += [point for point in read_rows(conn, SAME_DOCUMENT, one) if point["id"] not in known]
    return {
        "decision": read_first_row(conn, DECISION, (one["key"],)),
        "so_far": dict(conn.execute(RULE_COUNTS, (one["suggester"], one["rule"])).fetchall()),
        "near": near[:MAX_NEAR_POINTS],
        "others": read_rows(conn, NOTES_ON_WORDS, one),
        "places": conn.execute(PLACES, (one["key"],)).fetchone()[0],
    }


def read_same_words(conn: sqlite3.Connection, one: Row, point: str) -> list[Row]:
    """Read the undecided suggestions that link the very same words to `point`."""
    columns = {key: one[key] for key in ("speech_id", "start", "end")}
    return read_rows(conn, SAME_WORDS.replace("?", ":point"), {**columns, "point": point})


def read_undecided(conn: sqlite3.Connection, narrowed: Mapping[str, object], skip: int) -> list[Row]:
    """Read undecided suggestions of a queue, in order: BATCH_SIZE, and one more if others follow."""
    undecided = f"SELECT row FROM ({_make_keys_query(conn, narrowed)}) WHERE NOT decided"
    keys = f"{undecided} ORDER BY row LIMIT {BATCH_SIZE + 1} OFFSET :skip"
    return read_rows(conn, f"{SUGGESTION} WHERE g.rowid IN ({keys}) ORDER BY g.rowid", {**narrowed, "skip": skip})


def read_chosen(conn: sqlite3.Connection, narrowed: Mapping[str, object], keys: list[str]) -> list[Row]:
    """Read the undecided suggestions of a queue that have one of these keys, in order."""
    marks = ", ".join(f":k{n}" for n in range(len(keys)))
    values = {**narrowed, **{f"k{n}": key for n, key in enumerate(keys)}}
    chosen = _make_keys_query(conn, narrowed, f"g.key IN ({marks})")
    within = f"SELECT row FROM ({chosen}) WHERE NOT decided"
    return read_rows(conn, f"{SUGGESTION} WHERE g.rowid IN ({within}) ORDER BY g.rowid", values)


def count_undecided(conn: sqlite3.Connection) -> list[tuple[tuple[str, str, str, str], int]]:
    """Count the undecided suggestions by suggester, version, rule and point."""
    return [
        ((suggester, version, rule, point), n) for suggester, version, rule, point, n in conn.execute(UNDECIDED_COUNTS)
    ]


def read_last_decisions(conn: sqlite3.Connection, person: str, suggester: str, skip: int) -> list[Row]:
    """Read the last decisions, newest first: PAGE_SIZE, and one more if others follow.

    `suggestion` is None for an entry that was undone or decides no suggestion.
    """
    return read_rows(conn, LAST_DECISIONS, {"person": person, "suggester": suggester, "skip": skip})


def count_by_person(conn: sqlite3.Connection) -> list[Row]:
    """Count the decisions of each person in review."""
    return read_rows(conn, PEOPLE)


def list_suggesters(conn: sqlite3.Connection) -> list[str]:
    """List the names of the suggesters whose suggestions are held or were decided."""
    query = "SELECT suggester FROM suggestions UNION SELECT suggester FROM decisions ORDER BY 1"
    return [name for (name,) in conn.execute(query)]


def list_filter_choices(conn: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """List what the queue can be filtered by: values with their names, by filter."""
    suggesters = [(name, name) for name in list_suggesters(conn)]
    return {"suggester": suggesters} | {name: conn.execute(query).fetchall() for name, query in FILTER_CHOICES.items()}


def count_less_likely(conn: sqlite3.Connection, threshold: float) -> int:
    """Count the undecided suggestions whose probability is below a threshold."""
    query = "SELECT count(DISTINCT key) FROM suggestions WHERE status = 'proposed' AND score < ?"
    return int(conn.execute(query, (threshold,)).fetchone()[0])


def list_own_entries(conn: sqlite3.Connection, decision: Row, actor: str) -> list[str]:
    """List the entries by which `actor` made a decision, to undo them together; [] if another person made it."""
    values = {"actor": actor, "entry": decision["entry"], "annotation": decision["annotation_id"]}
    return [id for (id,) in conn.execute(OWN_ENTRIES, values)]


def read_entries_between(conn: sqlite3.Connection, ends: Sequence[str], actor: str) -> list[Row]:
    """Read the entries of `actor` from the first to the last of `ends`, for a message about them."""
    query = f"{ENTRIES} WHERE h.id BETWEEN ? AND ? AND h.actor = ? ORDER BY h.id LIMIT 300"
    return read_rows(conn, query, (ends[0], ends[-1], actor))
