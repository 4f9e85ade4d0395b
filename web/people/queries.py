"""Queries of the pages of people: who speaks in debates with a mention or quote, and one person's record."""

import json
import sqlite3
from collections.abc import Iterable

from db.sqlite import Row, read_first_row, read_rows
from db.statements.debates import group_rows
from db.statements.speaker_counts import RELEVANT_DEBATES, SPEAKER_COUNTS
from web.http.visibility import has_hidden_notes

MAX_UNIDENTIFIED = 50  # speakers who are not identified, as shown
MOST_DEBATES = 100  # the newest, in which those are looked for
NEWEST = 20  # mentions, and debates, that a person's page shows; links lead to the others
PARLIAMENT = "datadotparl_id"  # scheme of Parliament's own numbers of members
WITH_RELEVANT_DEBATES = f"WITH relevant_debates AS ({RELEVANT_DEBATES})"
MENTIONS = """
SELECT s.person_id AS id, count(*) AS count FROM mentions m CROSS JOIN speeches s ON s.id = m.speech_id GROUP BY 1
"""
QUOTES = "SELECT speaker AS id, count(*) AS count FROM quote_counts GROUP BY 1"
NEWEST_RELEVANT = f"""
SELECT d.id, count(*) OVER () AS all_debates FROM ({RELEVANT_DEBATES}) r CROSS JOIN debates d ON d.id = r.debate_id
 ORDER BY d.rowid DESC LIMIT {MOST_DEBATES}
"""
UNIDENTIFIED = f"""
SELECT s.speaker, nullif(coalesce(s.member_id, s.source_person_id, ''), '') AS named_id, s.person_id, s.house,
       coalesce(s.unresolved, 'the register of people has not been asked') AS reason, count(*) AS turns,
       min(s.date) AS first, max(s.date) AS last, min(s.id) AS speech_id
  FROM json_each(?) r CROSS JOIN speeches s ON s.debate_id = r.value
 WHERE s.speaker IS NOT NULL AND s.membership_id IS NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY turns DESC, s.speaker
 LIMIT {MAX_UNIDENTIFIED + 1}
"""
SEVERAL = "person_id IN (SELECT value FROM json_each(?))"
SPEAKER_MEMBERSHIPS = f"SELECT * FROM memberships WHERE {SEVERAL} ORDER BY first, id"
SPEAKER_OFFICES = f"SELECT * FROM offices WHERE {SEVERAL} AND role IS NOT NULL ORDER BY first DESC, id"
PARLIAMENT_NUMBERS = f"SELECT person_id, identifier FROM person_ids WHERE scheme = '{PARLIAMENT}' AND {SEVERAL}"
PERSON = """
SELECT :id AS id, coalesce((SELECT name FROM persons WHERE id = :id), max(speaker)) AS name, count(*) AS turns,
       min(date) AS first, max(date) AS last, EXISTS (SELECT 1 FROM persons WHERE id = :id) AS registered
  FROM speeches WHERE person_id = :id
"""
NAMES = "SELECT * FROM person_names WHERE person_id = ? ORDER BY note DESC, first, last"
IDS = "SELECT scheme, identifier FROM person_ids WHERE person_id = ? ORDER BY scheme, identifier"
MEMBERSHIPS = "SELECT * FROM memberships WHERE person_id = ? ORDER BY first, id"
OFFICES = "SELECT * FROM offices WHERE person_id = ? ORDER BY first DESC, role IS NULL, id"
SPEECH_COLUMNS = "s.id AS speech_id, s.text, s.date, s.citation, s.debate_id, d.title AS debate_title"
PASSAGES = f"""
SELECT a.id, a.point_id, a.reading, a.creator, a.start, a.end, {SPEECH_COLUMNS},
       (SELECT count(DISTINCT creator) FROM replies r
         WHERE r.annotation_id = a.id AND r.status = 'active' AND r.stance = 'disputes') AS disputes,
       p.number AS point_number, p.title AS point_title, g.title AS document_title
  FROM speeches s CROSS JOIN passages a ON a.speech_id = s.id JOIN debates d ON d.id = s.debate_id
  JOIN guidance_points p ON p.id = a.point_id JOIN guidance_documents g ON g.id = p.document_id
 WHERE s.person_id = :id
 ORDER BY g.position, p.position, instr('said implied contradicts', a.reading), s.rowid, a.start, a.id
"""
MENTIONS_BY_PERSON = f"""
SELECT m.start, m.end, {SPEECH_COLUMNS}
  FROM speeches s CROSS JOIN mentions m ON m.speech_id = s.id JOIN debates d ON d.id = s.debate_id
 WHERE s.person_id = :id ORDER BY m.id DESC LIMIT {NEWEST}
"""
DEBATES_OF_PERSON = """
WITH said AS MATERIALIZED (
  SELECT debate_id, count(*) AS turns, sum(words) AS words, id AS speech_id, min(position) FROM speeches
   WHERE person_id = :id GROUP BY debate_id)
SELECT d.id, d.title, d.house, d.citation, d.date, s.turns, s.words, s.speech_id
  FROM said s CROSS JOIN debates d ON d.id = s.debate_id
 WHERE EXISTS (SELECT 1 FROM quote_counts q WHERE q.debate_id = s.debate_id)
    OR s.debate_id IN (SELECT debate_id FROM named)
 ORDER BY d.rowid DESC
"""
MENTION_COUNT = """
SELECT count(*) AS mentions FROM speeches s CROSS JOIN mentions m ON m.speech_id = s.id WHERE s.person_id = :id
"""


def read_speakers(conn: sqlite3.Connection) -> list[Row]:
    """Read the speakers of relevant debates, with counts of turns, debates, mentions and quotes, by mentions.

    Each has the `memberships` that it held between its first and last turn there.
    """
    counts = {name: _count_by_person(conn, query) for name, query in (("mentions", MENTIONS), ("quotes", QUOTES))}
    speakers = read_rows(conn, choose_speakers_query(conn))
    held = _read_by_person(conn, SPEAKER_MEMBERSHIPS, speakers)
    found = [
        {
            **row,
            **{name: each.get(row["id"], 0) for name, each in counts.items()},
            "memberships": _choose_held(held[row["id"]], row),
        }
        for row in speakers
    ]
    return sorted(found, key=lambda row: (-row["mentions"], -row["quotes"], -row["turns"], row["name"], row["id"]))


def choose_speakers_query(conn: sqlite3.Connection) -> str:
    """Return the query of the speakers of relevant debates; it counts without hidden notes for a blind annotator."""
    return f"{WITH_RELEVANT_DEBATES} {SPEAKER_COUNTS}" if has_hidden_notes(conn) else "SELECT * FROM speaker_counts"


def add_offices_and_numbers(conn: sqlite3.Connection, speakers: list[Row]) -> list[Row]:
    """Add the `offices` that speakers held between their first and last turn, and Parliament's `number` of each."""
    held = _read_by_person(conn, SPEAKER_OFFICES, speakers)
    numbers = _read_by_person(conn, PARLIAMENT_NUMBERS, speakers)
    return [
        {
            **row,
            "offices": _choose_held(held[row["id"]], row),
            "number": next((each["identifier"] for each in numbers[row["id"]]), None),
        }
        for row in speakers
    ]


def _read_by_person(conn: sqlite3.Connection, query: str, speakers: Iterable[Row]) -> dict[str, list[Row]]:
    ids = json.dumps([row["id"] for row in speakers])
    return group_rows(read_rows(conn, query, (ids,)), "person_id")


def _choose_held(spells: Iterable[Row], speaker: Row) -> list[Row]:
    """Return the memberships or offices of the time when somebody spoke."""
    return [each for each in spells if each["first"] <= speaker["last"] and each["last"] >= speaker["first"]]


def _count_by_person(conn: sqlite3.Connection, query: str) -> dict[str, int]:
    return {row["id"]: row["count"] for row in read_rows(conn, query)}


def read_unidentified_speakers(conn: sqlite3.Connection) -> tuple[list[Row], int]:
    """Read the speakers whose membership is not known, with the reason and the number of turns.

    They are those of the relevant debates, or of the newest ones, of which the number is returned too; 0 if of all.
    """
    newest = read_rows(conn, NEWEST_RELEVANT)
    found = read_rows(conn, UNIDENTIFIED, (json.dumps([row["id"] for row in newest]),))
    return found, MOST_DEBATES if newest and newest[0]["all_debates"] > MOST_DEBATES else 0


def follow_redirect(conn: sqlite3.Connection, id: str) -> str | None:
    """Return the id that replaces a superseded id; None if there is none."""
    found = read_first_row(conn, "SELECT id FROM people_redirects WHERE old_id = ?", (id,))
    return found["id"] if found else None


def read_name(conn: sqlite3.Connection, id: str) -> str | None:
    """Read a person's name, or their id where there is no name; None for an unknown id."""
    found = read_first_row(conn, PERSON, {"id": id})
    return (found["name"] or id) if found and (found["registered"] or found["turns"]) else None


def read_person(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read a person's names, ids, memberships and offices, and their quotes by point; None for an unknown id.

    People are never matched by name: an id of a source that the register does not have has no register data.
    """
    found = read_first_row(conn, PERSON, {"id": id})
    if not found or not (found["registered"] or found["turns"]):
        return None
    passages = read_rows(conn, PASSAGES, {"id": id})
    return {
        **found,
        "names": read_rows(conn, NAMES, (id,)),
        "ids": read_rows(conn, IDS, (id,)),
        "memberships": read_rows(conn, MEMBERSHIPS, (id,)),
        "offices": read_rows(conn, OFFICES, (id,)),
        "points": group_rows(passages, "point_id"),
        "quotes": len(passages),
        **(read_first_row(conn, MENTION_COUNT, {"id": id}) or {}),
        "named": read_rows(conn, MENTIONS_BY_PERSON, {"id": id}),
        "said": read_rows(conn, DEBATES_OF_PERSON, {"id": id}),
    }
