"""Queries of the pages of people: who speaks in debates with a mention or quote, and one person's record."""

import sqlite3

from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import group_rows
from db.statements.speaker_counts import RELEVANT_DEBATES, SPEAKER_COUNTS
from web.http.visibility import has_hidden_notes

PAGE_SIZE = 100
MAX_UNRESOLVED = 50  # unresolved speakers shown
NEWEST = 20  # mentions, and debates, that a person's page shows; links lead to the others
WITH_RELEVANT_DEBATES = f"WITH relevant_debates AS ({RELEVANT_DEBATES})"
MENTIONS = """
SELECT s.person_id AS id, count(*) AS count FROM mentions m CROSS JOIN speeches s ON s.id = m.speech_id GROUP BY 1
"""
QUOTES = "SELECT speaker AS id, count(*) AS count FROM quote_counts GROUP BY 1"
UNRESOLVED = f"""
{WITH_RELEVANT_DEBATES}
SELECT s.speaker, nullif(coalesce(s.member_id, s.source_person_id, ''), '') AS named_id, s.person_id, s.house,
       coalesce(s.unresolved, 'the register of people has not been asked') AS reason, count(*) AS turns,
       min(s.date) AS first, max(s.date) AS last, min(s.id) AS speech_id
  FROM relevant_debates r CROSS JOIN speeches s ON s.debate_id = r.debate_id
 WHERE s.speaker IS NOT NULL AND s.membership_id IS NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY turns DESC, s.speaker
 LIMIT {MAX_UNRESOLVED + 1}
"""
PERSON = """
SELECT :id AS id, coalesce((SELECT name FROM persons WHERE id = :id), max(speaker)) AS name, count(*) AS turns,
       EXISTS (SELECT 1 FROM persons WHERE id = :id) AS registered
  FROM speeches WHERE person_id = :id
"""
NAMES = "SELECT * FROM person_names WHERE person_id = ? ORDER BY note DESC, first, last"
MEMBERSHIPS = "SELECT * FROM memberships WHERE person_id = ? ORDER BY first DESC, id"
OFFICES = "SELECT * FROM offices WHERE person_id = ? ORDER BY first DESC, role IS NULL, id"
SPEECH_COLUMNS = "s.id AS speech_id, s.text, s.date, s.citation, s.debate_id, d.title AS debate_title"
PASSAGES = f"""
SELECT a.point_id, a.reading, a.creator, a.start, a.end, {SPEECH_COLUMNS},
       p.number AS point_number, p.title AS point_title, g.title AS document_title
  FROM speeches s CROSS JOIN passages a ON a.speech_id = s.id JOIN debates d ON d.id = s.debate_id
  JOIN guidance_points p ON p.id = a.point_id JOIN guidance_documents g ON g.id = p.document_id
 WHERE s.person_id = :id ORDER BY g.position, p.position, s.rowid, a.start, a.id
"""
MENTIONS_BY_PERSON = f"""
SELECT m.start, m.end, {SPEECH_COLUMNS}
  FROM speeches s CROSS JOIN mentions m ON m.speech_id = s.id JOIN debates d ON d.id = s.debate_id
 WHERE s.person_id = :id ORDER BY m.id DESC LIMIT {NEWEST}
"""
DEBATES_OF_PERSON = f"""
{WITH_RELEVANT_DEBATES}
SELECT d.id, d.title, d.house, d.citation, d.date, count(*) AS turns, sum(s.words) AS words,
       (SELECT id FROM speeches WHERE debate_id = d.id AND person_id = :id ORDER BY position LIMIT 1) AS speech_id
  FROM relevant_debates r CROSS JOIN speeches s ON s.debate_id = r.debate_id AND s.person_id = :id
  JOIN debates d ON d.id = s.debate_id
 GROUP BY d.id ORDER BY d.rowid DESC
"""
MENTION_COUNT = """
SELECT count(*) AS mentions FROM speeches s CROSS JOIN mentions m ON m.speech_id = s.id WHERE s.person_id = :id
"""


def read_speakers(conn: sqlite3.Connection) -> list[Row]:
    """Read the speakers of relevant debates, with counts of turns, debates, mentions and quotes, by mentions."""
    counts = {name: _count_by_person(conn, query) for name, query in (("mentions", MENTIONS), ("quotes", QUOTES))}
    speakers = read_rows(conn, choose_speakers_query(conn))
    found = [{**row, **{name: each.get(row["id"], 0) for name, each in counts.items()}} for row in speakers]
    return sorted(found, key=lambda row: (-row["mentions"], -row["quotes"], -row["turns"], row["name"], row["id"]))


def choose_speakers_query(conn: sqlite3.Connection) -> str:
    """Return the query of the speakers of relevant debates; it counts without hidden notes for a blind annotator."""
    return f"{WITH_RELEVANT_DEBATES} {SPEAKER_COUNTS}" if has_hidden_notes(conn) else "SELECT * FROM speaker_counts"


def _count_by_person(conn: sqlite3.Connection, query: str) -> dict[str, int]:
    return {row["id"]: row["count"] for row in read_rows(conn, query)}


def read_unresolved_speakers(conn: sqlite3.Connection) -> list[Row]:
    """Read the unresolved speakers of relevant debates, with the reason and the number of turns."""
    return read_rows(conn, UNRESOLVED)


def follow_redirect(conn: sqlite3.Connection, id: str) -> str | None:
    """Return the id that replaces a superseded id; None if there is none."""
    found = read_first_row(conn, "SELECT id FROM people_redirects WHERE old_id = ?", (id,))
    return found["id"] if found else None


def read_person(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read a person's names, memberships and offices, and their quotes by point; None for an unknown id.

    People are never matched by name: an id of a source that the register does not have has no register data.
    """
    found = read_first_row(conn, PERSON, {"id": id})
    if not found or not (found["registered"] or found["turns"]):
        return None
    passages = read_rows(conn, PASSAGES, {"id": id})
    return {
        **found,
        "names": read_rows(conn, NAMES, (id,)),
        "memberships": read_rows(conn, MEMBERSHIPS, (id,)),
        "offices": read_rows(conn, OFFICES, (id,)),
        "points": group_rows(passages, "point_id"),
        "quotes": len(passages),
        **(read_first_row(conn, MENTION_COUNT, {"id": id}) or {}),
        "named": read_rows(conn, MENTIONS_BY_PERSON, {"id": id}),
        "said": read_rows(conn, DEBATES_OF_PERSON, {"id": id}),
    }
