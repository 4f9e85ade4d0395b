"""Queries of decisions in review: on suggestions, and on quotes that changed or are lost."""

import sqlite3
from collections.abc import Sequence

from db.sqlite import Row, read_rows

PAGE_SIZE = 50
KINDS = "h.kind IN ('confirm', 'reject', 'repair', 'withdraw') AND h.reply_id IS NULL AND h.moment_id IS NULL"
ENTRIES = """
SELECT h.*, d.suggestion, d.exact, d.rule, d.point_id, d.status FROM annotation_history h
  LEFT JOIN decisions d ON d.entry = h.id
"""
LAST = f"""
{ENTRIES} WHERE {KINDS} AND (:person = '' OR h.actor = :person) AND h.problem = ''
  AND (:suggester = '' OR instr(h.summary, ' a suggestion of ' || :suggester || ' on '))
ORDER BY h.id DESC LIMIT {PAGE_SIZE + 1} OFFSET :skip
"""
PEOPLE = f"""
SELECT h.actor, count(*) FILTER (WHERE d.status = 'accepted') AS accepted,
       count(*) FILTER (WHERE d.status = 'rejected') AS rejected,
       count(*) FILTER (WHERE d.entry IS NULL AND NOT h.undone AND instr(h.summary, ' a suggestion of ') = 0) AS quotes,
       sum(h.undone) AS undone
  FROM annotation_history h LEFT JOIN decisions d ON d.entry = h.id
 WHERE {KINDS} AND h.problem = '' GROUP BY h.actor ORDER BY count(*) DESC, h.actor
"""
OWN = """
SELECT h.id FROM annotation_history h WHERE h.actor = :actor AND NOT h.undone AND (h.id = :entry
    OR (h.annotation_id = :annotation AND h.kind IN ('annotate', 'confirm', 'reject')
        AND h.id <= (SELECT max(d.entry) FROM decisions d WHERE d.annotation_id = :annotation)))
 ORDER BY h.id
"""


def read_last_decisions(conn: sqlite3.Connection, person: str, suggester: str, skip: int) -> list[Row]:
    """Read the last decisions, newest first: SHOWN, and one more that shows whether others follow.

    `suggestion` is None for an entry that was undone or decides no suggestion.
    """
    return read_rows(conn, LAST, {"person": person, "suggester": suggester, "skip": skip})


def count_by_person(conn: sqlite3.Connection) -> list[Row]:
    """Count the decisions of each person in review."""
    return read_rows(conn, PEOPLE)


def list_suggesters(conn: sqlite3.Connection) -> list[str]:
    """List the names of the suggesters whose suggestions are held or were decided."""
    query = "SELECT suggester FROM suggestions UNION SELECT suggester FROM decisions ORDER BY 1"
    return [name for (name,) in conn.execute(query)]


def list_own_entries(conn: sqlite3.Connection, decision: Row, actor: str) -> list[str]:
    """List the entries by which `actor` made a decision, to be undone together; empty where another made it."""
    values = {"actor": actor, "entry": decision["entry"], "annotation": decision["annotation_id"]}
    return [id for (id,) in conn.execute(OWN, values)]


def read_entries_between(conn: sqlite3.Connection, ends: Sequence[str], actor: str) -> list[Row]:
    """Read the entries of `actor` from the first to the last of `ends`, for a message about them."""
    query = f"{ENTRIES} WHERE h.id BETWEEN ? AND ? AND h.actor = ? ORDER BY h.id LIMIT 300"
    return read_rows(conn, query, (ends[0], ends[-1], actor))
