"""Who speaks in debates that name a topic or of which words are quoted: counted once, then kept debate by debate."""

import json
import sqlite3

DEBATES = "SELECT debate_id FROM named UNION SELECT debate_id FROM counted"
EVERY = f"INSERT INTO about {DEBATES}"
OTHER = f"""
SELECT debate_id FROM ({DEBATES}) WHERE debate_id NOT IN (SELECT debate_id FROM about)
 UNION ALL SELECT debate_id FROM about WHERE debate_id NOT IN ({DEBATES})
"""
THEIRS = """
SELECT DISTINCT person_id FROM speeches WHERE debate_id IN (SELECT value FROM json_each(?)) AND person_id IS NOT NULL
"""
COUNTED = """
SELECT s.person_id AS id, coalesce(p.name, max(s.speaker), s.person_id) AS name, count(*) AS turns,
       count(DISTINCT s.debate_id) AS debates, min(s.date) AS first, max(s.date) AS last, max(s.party) AS party
"""
HEARD = f"""
{COUNTED}
  FROM about CROSS JOIN speeches s ON s.debate_id = about.debate_id LEFT JOIN persons p ON p.id = s.person_id
 WHERE s.person_id IS NOT NULL GROUP BY s.person_id
"""
AGAIN = f"""
{COUNTED}
  FROM json_each(?) j CROSS JOIN speeches s ON s.person_id = j.value JOIN about ON about.debate_id = s.debate_id
  LEFT JOIN persons p ON p.id = s.person_id GROUP BY s.person_id
"""


def count(conn: sqlite3.Connection) -> None:
    """Count everybody, within a transaction of the caller's: the record or the register of people has changed."""
    for statement in ("DELETE FROM about", "DELETE FROM heard", EVERY, f"INSERT INTO heard {HEARD}"):
        conn.execute(statement)


def catch_up(conn: sqlite3.Connection) -> None:
    """Count those anew who speak in debates that have come or gone, within a transaction of the caller's."""
    debates = json.dumps([id for (id,) in conn.execute(OTHER)])
    if debates == "[]":
        return
    persons = json.dumps([id for (id,) in conn.execute(THEIRS, (debates,))])
    conn.execute("DELETE FROM about WHERE debate_id IN (SELECT value FROM json_each(?))", (debates,))
    conn.execute(f"{EVERY} EXCEPT SELECT debate_id FROM about")
    conn.execute("DELETE FROM heard WHERE id IN (SELECT value FROM json_each(?))", (persons,))
    conn.execute(f"INSERT INTO heard {AGAIN}", (persons,))
