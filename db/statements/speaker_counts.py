"""Counts of speakers in the debates that mention a topic or are quoted, updated debate by debate."""

import json
import sqlite3
from collections.abc import Collection

from db.sqlite import get_database

RELEVANT_DEBATES = "SELECT debate_id FROM named UNION SELECT debate_id FROM quote_counts"
ADD_DEBATES = f"INSERT INTO relevant_debates (debate_id) {RELEVANT_DEBATES}"
# Of some debates, those that have become relevant, or no longer are (as RELEVANT_DEBATES has it, without reading all)
CHANGED_DEBATES = """
SELECT j.value, r.debate_id IS NOT NULL FROM json_each(?) j LEFT JOIN relevant_debates r ON r.debate_id = j.value
 WHERE (r.debate_id IS NOT NULL) <> (
       EXISTS (SELECT 1 FROM quote_counts q WHERE q.debate_id = j.value)
    OR EXISTS (SELECT 1 FROM mentions m WHERE m.debate_id = j.value)
    OR EXISTS (SELECT 1 FROM speeches s CROSS JOIN mentions m ON m.speech_id = s.id WHERE s.debate_id = j.value))
"""
SPEAKERS = """
SELECT DISTINCT person_id FROM speeches WHERE debate_id IN (SELECT value FROM json_each(?)) AND person_id IS NOT NULL
"""
COUNTS = """
SELECT s.person_id AS id, coalesce(p.name, max(s.speaker), s.person_id) AS name, count(*) AS turns,
       count(DISTINCT s.debate_id) AS debates, min(s.date) AS first, max(s.date) AS last, max(s.party) AS party
"""
SPEAKER_COUNTS = f"""
{COUNTS}
  FROM relevant_debates r CROSS JOIN speeches s ON s.debate_id = r.debate_id LEFT JOIN persons p ON p.id = s.person_id
 WHERE s.person_id IS NOT NULL GROUP BY s.person_id
"""
SOME_SPEAKER_COUNTS = f"""
{COUNTS}
  FROM json_each(?) j CROSS JOIN speeches s ON s.person_id = j.value
  JOIN relevant_debates r ON r.debate_id = s.debate_id LEFT JOIN persons p ON p.id = s.person_id GROUP BY s.person_id
"""
ADD_SPEAKERS = "INSERT INTO speaker_counts (id, name, turns, debates, first, last, party)"
ADD_ALL, ADD_SOME = f"{ADD_SPEAKERS} {SPEAKER_COUNTS}", f"{ADD_SPEAKERS} {SOME_SPEAKER_COUNTS}"
# Of debates that have become relevant: what they add to the counts, without reading all else that their speakers said
ADD_DEBATE_COUNTS = f"""
{ADD_SPEAKERS} {COUNTS}
  FROM json_each(?) j CROSS JOIN speeches s ON s.debate_id = j.value LEFT JOIN persons p ON p.id = s.person_id
 WHERE s.person_id IS NOT NULL GROUP BY s.person_id
 ON CONFLICT (id) DO UPDATE SET turns = turns + excluded.turns, debates = debates + excluded.debates,
    first = min(first, excluded.first), last = max(last, excluded.last),
    name = coalesce(max(nullif(name, id), nullif(excluded.name, id)), nullif(name, id), excluded.name),
    party = coalesce(max(party, excluded.party), party, excluded.party)
"""


def count_all_speakers(conn: sqlite3.Connection) -> None:
    """Count every speaker again, after the debates or the register of people have changed.

    The caller holds the transaction.
    """
    db = get_database(conn)
    for table, add in (("relevant_debates", ADD_DEBATES), ("speaker_counts", ADD_ALL)):
        db.table(table).delete_where()
        db.execute(add)


def count_changed_speakers(conn: sqlite3.Connection, debates: Collection[str]) -> None:
    """Count the speakers of those of some debates that have become relevant, or no longer are.

    The caller holds the transaction.
    """
    changed = conn.execute(CHANGED_DEBATES, (json.dumps(sorted(debates)),)).fetchall()
    if not changed:
        return
    db = get_database(conn)
    relevant, gone = (json.dumps([id for id, was in changed if was == known]) for known in (0, 1))
    if gone != "[]":
        persons = json.dumps([id for (id,) in conn.execute(SPEAKERS, (gone,))])
        db.table("relevant_debates").delete_where("debate_id IN (SELECT value FROM json_each(?))", [gone])
        db.table("speaker_counts").delete_where("id IN (SELECT value FROM json_each(?))", [persons])
        db.execute(ADD_SOME, (persons,))
    db.table("relevant_debates").insert_all({"debate_id": id} for id in json.loads(relevant))
    db.execute(ADD_DEBATE_COUNTS, (relevant,))
