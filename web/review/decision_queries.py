"""What people did in review, the last first: decisions on suggestions, and what became of changed and lost quotes."""

import sqlite3
from collections.abc import Sequence

from db.rows import Row, rows

SHOWN = 50
KINDS = "h.kind IN ('confirm', 'reject', 'repair', 'withdraw') AND h.reply_id IS NULL AND h.moment_id IS NULL"
DID = """
SELECT h.*, d.suggestion, d.exact, d.rule, d.point_id, d.status FROM annotation_history h
  LEFT JOIN decisions d ON d.entry = h.id
"""
LAST = f"""
{DID} WHERE {KINDS} AND (:person = '' OR h.actor = :person) AND h.problem = ''
  AND (:suggester = '' OR instr(h.summary, ' a suggestion of ' || :suggester || ' on '))
ORDER BY h.id DESC LIMIT {SHOWN + 1} OFFSET :skip
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


def last(conn: sqlite3.Connection, person: str, suggester: str, skip: int) -> list[Row]:
    """What people did last, SHOWN at once and one more; `suggestion` is None for what was undone or is no decision."""
    return rows(conn, LAST, {"person": person, "suggester": suggester, "skip": skip})


def people(conn: sqlite3.Connection) -> list[Row]:
    """What each person did in review, counted."""
    return rows(conn, PEOPLE)


def suggesters(conn: sqlite3.Connection) -> list[str]:
    """Whose suggestions there are or were decided, by name."""
    query = "SELECT suggester FROM suggestions UNION SELECT suggester FROM decisions ORDER BY 1"
    return [name for (name,) in conn.execute(query)]


def together(conn: sqlite3.Connection, decision: Row, actor: str) -> list[str]:
    """The entries by which somebody made a decision, to be undone together; none where it was another."""
    values = {"actor": actor, "entry": decision["entry"], "annotation": decision["annotation_id"]}
    return [id for (id,) in conn.execute(OWN, values)]


def between(conn: sqlite3.Connection, ends: Sequence[str], actor: str) -> list[Row]:
    """What somebody did from one entry to another, as a message tells it."""
    query = f"{DID} WHERE h.id BETWEEN ? AND ? AND h.actor = ? ORDER BY h.id LIMIT 300"
    return rows(conn, query, (ends[0], ends[-1], actor))
