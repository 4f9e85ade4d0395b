"""Queries of the pages of review: a sentence with its points, suggestions to choose from, and the decisions made."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from db.citation import format_date
from db.sqlite import Row, read_first_row, read_rows
from web.review.queue import IS_PROPOSED, list_pair_rows, make_where, read_pair_states

PAGE_SIZE = 50  # decisions
IS_DECISION = """
h.kind IN ('confirm', 'reject', 'skip', 'repair', 'withdraw') AND coalesce(h.reply_id, h.moment_id) IS NULL
"""
ENTRIES = """
SELECT h.*, coalesce(d.suggestion, k.suggestion) AS suggestion, coalesce(d.exact, k.exact) AS exact, d.status,
       a.reading, p.title AS point_title
  FROM annotation_history h LEFT JOIN decisions d ON d.entry = h.id
  LEFT JOIN skips k ON k.actor = h.actor AND k.entry = h.id
  LEFT JOIN annotations a ON a.id = h.annotation_id AND h.kind = 'annotate' AND a.status = 'active'
  LEFT JOIN guidance_points p ON p.id = coalesce(d.point_id, k.point_id, a.point_id)
"""
LAST_DECISIONS = f"""
{ENTRIES} WHERE {IS_DECISION} AND (:person = '' OR h.actor = :person) AND h.problem = ''
  AND (:suggester = '' OR instr(h.summary, ' a suggestion of ' || :suggester || ' on '))
ORDER BY h.id DESC LIMIT {PAGE_SIZE + 1} OFFSET :skip
"""
PEOPLE = f"""
SELECT h.actor, count(*) FILTER (WHERE d.status = 'accepted') AS accepted,
       count(*) FILTER (WHERE d.status = 'rejected') AS rejected,
       count(*) FILTER (WHERE h.kind = 'skip' AND NOT h.undone) AS skipped,
       count(*) FILTER (WHERE d.entry IS NULL AND NOT h.undone AND instr(h.summary, ' a suggestion of ') = 0) AS quotes,
       sum(h.undone) AS undone
  FROM annotation_history h LEFT JOIN decisions d ON d.entry = h.id
 WHERE {IS_DECISION} AND h.problem = '' GROUP BY h.actor ORDER BY count(*) DESC, h.actor
"""
OWN_ENTRIES = """
WITH own AS (SELECT entry, annotation_id FROM decisions WHERE actor = :actor AND exact = :exact)
SELECT h.id FROM annotation_history h WHERE h.actor = :actor AND NOT h.undone
   AND (h.id IN (SELECT entry FROM own)
        OR h.kind = 'annotate' AND h.annotation_id IN (SELECT annotation_id FROM own)) ORDER BY h.id
"""
BATCH_SIZE = 100  # suggestions of a batch, at once
SUGGESTION = """
SELECT g.rowid AS row, g.*, s.gid, s.debate_id, s.speaker, s.person_id, s.party, s.date, s.citation, s.text,
       d.title AS debate_title, d.house, p.title AS point_title, p.number, p.paraphrase, o.id AS document_id,
       o.title AS document_title
  FROM suggestions g JOIN speeches s ON s.id = g.speech_id JOIN debates d ON d.id = s.debate_id
  JOIN guidance_points p ON p.id = g.point_id JOIN guidance_documents o ON o.id = p.document_id
"""
PLACES = "SELECT count(DISTINCT speech_id || ' ' || start) FROM suggestions WHERE exact = ?"
DECISIONS = "SELECT * FROM decisions WHERE suggestion IN (SELECT key FROM suggestions WHERE exact = ?) ORDER BY entry"
RULE_COUNTS = f"""
SELECT suggester, rule, sum(status = 'accepted') AS accepted, sum(status = 'rejected') AS rejected
  FROM decisions WHERE suggester = ? AND rule = ? AND {IS_PROPOSED}
"""
NOTES_OF_SUGGESTION = """
SELECT 1 FROM passages p
 WHERE p.speech_id = g.speech_id AND p.point_id = g.point_id AND p.start < g.end AND g.start < p.end
"""
NOTES_ON_WORDS = """
SELECT a.id, a.reading, a.creator, a.exact, p.title AS point_title, p.id AS point_id
  FROM annotations a JOIN guidance_points p ON p.id = a.point_id
 WHERE a.speech_id = :speech_id AND a.status = 'active' AND a.start < :end AND a.end > :start ORDER BY a.start, a.id
"""
FILTER_CHOICES = {  # values and names of what the undecided suggestions can be filtered by
    "rule": "SELECT DISTINCT rule, rule FROM suggestions WHERE status = 'proposed' AND rule <> '' ORDER BY 1",
    "document": "SELECT id, title FROM guidance_documents ORDER BY position",
    "point": """
SELECT p.id, d.title || ': ' || p.title FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 ORDER BY d.position, p.position
""",
}
DEBATE_CHOICES = """
SELECT id, date, title FROM debates
 WHERE id IN (SELECT s.debate_id FROM suggestions g JOIN speeches s ON s.id = g.speech_id WHERE g.status = 'proposed')
 ORDER BY date, rowid LIMIT 300
"""
UNDECIDED_COUNTS = """
SELECT suggester, version, rule, point_id, count(DISTINCT key) FROM suggestions WHERE status = 'proposed'
 GROUP BY 1, 2, 3, 4
"""


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


def read_points_of_sentence(conn: sqlite3.Connection, values: Mapping[str, object], one: Row) -> list[Row]:
    """Read the points suggested for a sentence, the likeliest first, with their states and the keys of suggestions.

    `one` is a suggestion of the sentence: where its words are in several places, its place is preferred.
    """
    states = read_pair_states(conn, values, one["exact"])
    rows = read_rows(conn, f"{SUGGESTION} WHERE g.exact = ? ORDER BY g.score DESC, g.rowid", (one["exact"],))
    rows.sort(key=lambda row: (row["speech_id"], row["start"]) != (one["speech_id"], one["start"]))
    points: dict[str, Row] = {}
    for row in rows:
        point = points.setdefault(row["point_id"], {**row, "state": states[row["point_id"]], "keys": []})
        point["keys"] += [] if row["key"] in point["keys"] else [row["key"]]
    for point in points.values():
        point["so_far"] = read_first_row(conn, RULE_COUNTS, (point["suggester"], point["rule"]))
    return sorted(points.values(), key=lambda point: (-point["score"], point["row"]))


def read_sentence(conn: sqlite3.Connection, one: Row, keys: Iterable[str]) -> list[Row]:
    """Read the suggestions of a sentence that have one of some keys, each once: `one` first, then the likeliest."""
    query = f"{SUGGESTION} WHERE g.exact = ? AND g.key IN (SELECT value FROM json_each(?)) GROUP BY g.key"
    rows = read_rows(conn, f"{query} ORDER BY g.score DESC, g.rowid", (one["exact"], json.dumps([*keys])))
    return [one, *(row for row in rows if row["key"] != one["key"])]


def read_details(conn: sqlite3.Connection, one: Row) -> Row:
    """Read the details of a sentence: the decisions on it, the notes on its words, and in how many places they are."""
    return {
        "decisions": read_rows(conn, DECISIONS, (one["exact"],)),
        "others": read_notes_on_words(conn, one),
        "places": conn.execute(PLACES, (one["exact"],)).fetchone()[0],
    }


def read_notes_on_words(conn: sqlite3.Connection, place: Mapping[str, object]) -> list[Row]:
    """Read the notes on words that overlap a place: its speech_id, start and end."""
    return read_rows(conn, NOTES_ON_WORDS, place)


def read_pairs(
    conn: sqlite3.Connection, values: Mapping[str, object], states: Sequence[str], most: int, skip: int
) -> list[Row]:
    """Read the suggestions of pairs in some states, in the order of the queue."""
    places = list_pair_rows(conn, values, states, most, skip)
    rows = read_rows(conn, f"{SUGGESTION} WHERE g.rowid IN (SELECT value FROM json_each(?))", (json.dumps(places),))
    return sorted(rows, key=lambda row: places.index(row["row"]))


def read_chosen(conn: sqlite3.Connection, values: Mapping[str, object], keys: Sequence[str]) -> list[Row]:
    """Read the undecided suggestions of a queue that have one of these keys, in the order of the record.

    Those whose words a person has noted on their point are left out.
    """
    open_ = f"g.status = 'proposed' AND NOT EXISTS ({NOTES_OF_SUGGESTION})"
    where = make_where(values, "g.key IN (SELECT value FROM json_each(:keys))", open_)
    query = f"{SUGGESTION} WHERE {where} GROUP BY g.key ORDER BY g.rowid"
    return read_rows(conn, query, {**values, "keys": json.dumps([*keys])})


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
    found = {name: conn.execute(query).fetchall() for name, query in FILTER_CHOICES.items()}
    debates = [(id, f"{format_date(date)}, {title}") for id, date, title in conn.execute(DEBATE_CHOICES)]
    return {"suggester": [(name, name) for name in list_suggesters(conn)], **found, "debate": debates}


def list_own_entries(conn: sqlite3.Connection, exact: str, actor: str) -> list[str]:
    """List the entries by which `actor` decided a sentence, to undo them together; none if others decided it."""
    return [id for (id,) in conn.execute(OWN_ENTRIES, {"actor": actor, "exact": exact})]


def read_entries_between(conn: sqlite3.Connection, ends: Sequence[str], actor: str) -> list[Row]:
    """Read the entries of `actor` from the first to the last of `ends`, for a message about them."""
    query = f"{ENTRIES} WHERE h.id BETWEEN ? AND ? AND h.actor = ? ORDER BY h.id LIMIT 300"
    return read_rows(conn, query, (ends[0], ends[-1], actor))
