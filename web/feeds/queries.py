"""Queries of the feeds: the newest mentions, annotations, changes, withdrawals, moderation and search results."""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping

from db.gid import GID_PATTERN, make_short_id, parse_short_id
from db.records.hansard import UNPROVEN_MATCHTYPES
from db.sqlite import Row, read_rows
from db.statements.rowid_filters import find_rowid_range
from web.search.queries import read_search

NEWEST = 50
LETTER = re.compile(r"\d{4}-\d\d-\d\d([a-z]*)\.", re.ASCII)
MENTIONS = f"""
SELECT n.topic, t.title AS topic_title, n.debate_id, n.speech_id, n.speaker, n.date, n.citation, d.title,
       s.text, coalesce(s.since, d.received) AS received, json_group_array(json_array(n.start, n.end)) AS places
  FROM named n JOIN topics t ON t.id = n.topic JOIN debates d ON d.id = n.debate_id
  LEFT JOIN speeches s ON s.id = n.speech_id
 GROUP BY n.topic, n.debate_id, n.speech_id ORDER BY received DESC, n.date DESC, min(n.id) DESC LIMIT {NEWEST}
"""
NEWEST_ANNOTATIONS = f"""
WITH newest AS (SELECT id AS newest FROM passages ORDER BY coalesce(modified, created) DESC, id DESC LIMIT {NEWEST})
"""
NEWEST_OF_PERSON = f"""
WITH newest AS (
  SELECT a.id AS newest FROM speeches s JOIN passages a ON a.speech_id = s.id WHERE s.person_id = ?
   ORDER BY coalesce(a.modified, a.created) DESC, a.id DESC LIMIT {NEWEST})
"""
ANNOTATIONS = """
SELECT a.*, coalesce(a.modified, a.created) AS touched, p.title AS point_title, g.title AS document_title,
       s.text, s.speaker, s.date, s.citation, s.debate_id, d.title
  FROM newest CROSS JOIN annotations a ON a.id = newest JOIN guidance_points p ON p.id = a.point_id
  JOIN guidance_documents g ON g.id = p.document_id
  JOIN speeches s ON s.id = a.speech_id JOIN debates d ON d.id = s.debate_id ORDER BY touched DESC, a.id DESC
"""
# An edition that names another speaker is held for each of its addresses: the one that came first stands for all
CHANGES = f"""
SELECT w.speech_id, w.source AS other, w.edition AS other_edition, w.text AS other_text, w.received AS other_received,
       w.speaker AS other_name, w.other_speaker,
       s.source, s.edition, s.text, s.since AS received, s.speaker, s.date, s.citation, s.debate_id, d.title,
       w.changed AS came
  FROM wordings w CROSS JOIN speeches s ON s.id = w.speech_id JOIN debates d ON d.id = s.debate_id
 WHERE w.changed IS NOT NULL AND (w.text <> s.text OR NOT EXISTS (
   SELECT 1 FROM wordings x WHERE x.speech_id = w.speech_id AND x.source = w.source AND x.text = w.text
      AND x.speaker IS w.speaker AND (x.response_id, x.id) < (w.response_id, w.id)))
 ORDER BY w.changed DESC, s.rowid DESC, w.id DESC LIMIT {NEWEST}
"""
MODERATION = f"""
SELECT h.*, m.speech_id FROM annotation_history h LEFT JOIN moments m ON m.id = h.moment_id
 WHERE h.moderates ORDER BY h.id DESC LIMIT {NEWEST}
"""
# The redirects to an address of a day are rows of that day
OLD_ADDRESSES = """
SELECT gid, old_gid FROM redirects
 WHERE rowid BETWEEN ? AND ? AND gid IN (SELECT value FROM json_each(?)) AND matchtype NOT IN ({})
"""
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
OTHER_WORDS = (*sorted(UNPROVEN_MATCHTYPES), "heading", "oldstyleid")  # redirects that may name something else
RECEIVED = "SELECT id, since FROM speeches WHERE id IN ({})"


def read_mentions(conn: sqlite3.Connection) -> list[Row]:
    """Read speeches and titles that mention a topic, last received first; `places` is JSON: pairs of start and end."""
    return read_rows(conn, MENTIONS)


def read_annotations(conn: sqlite3.Connection, person_id: str = "") -> list[Row]:
    """Read counted quotes, of a person or of all, last changed first."""
    if person_id:
        return read_rows(conn, f"{NEWEST_OF_PERSON}{ANNOTATIONS}", (person_id,))
    return read_rows(conn, f"{NEWEST_ANNOTATIONS}{ANNOTATIONS}")


def read_changes(conn: sqlite3.Connection) -> list[Row]:
    """Read speeches with an edition of other text or another speaker, and both; last received first."""
    return read_rows(conn, CHANGES)


def read_moderation(conn: sqlite3.Connection) -> list[Row]:
    """Read entries that withdraw or restore what another person entered, or undo that; newest first."""
    return read_rows(conn, MODERATION)


def find_first_ids(conn: sqlite3.Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """Find the id that each debate or speech had in the first letter of its day: every later letter changes the id."""
    gids = {gid: id for id in set(ids) if id and (gid := parse_short_id(id))}
    query, among = OLD_ADDRESSES.format(", ".join("?" * len(OTHER_WORDS))), json.dumps(list(gids))
    found: dict[str, list[str]] = {id: [] for id in gids.values()}
    for date in {match[0] for gid in gids if (match := DATE.search(gid))}:
        for gid, old in conn.execute(query, (*find_rowid_range(date), among, *OTHER_WORDS)):
            if GID_PATTERN.fullmatch(old):
                found[gids[gid]].append(old)
    return {id: make_short_id(min(olds, key=_find_letter)) for id, olds in found.items() if olds}


def _find_letter(gid: str) -> tuple[int, str, str]:
    """Return what orders the gids of a speech by the letters of its day: none, a to z, aa."""
    match = LETTER.search(gid)
    letter = match[1] if match else ""
    return len(letter), letter, gid


def find_hits(conn: sqlite3.Connection, typed: str, filters: Mapping[str, str]) -> list[Row]:
    """Find the newest speeches that match a search, with `snippet` as HTML."""
    _, results = read_search(conn, typed, filters)
    found = results.speeches
    ids = [hit["id"] for hit in found]
    received = dict(conn.execute(RECEIVED.format(", ".join("?" * len(ids))), ids).fetchall())
    return [{**hit, "received": received[hit["id"]]} for hit in found]
