"""Queries of the home page: the quote that it begins with, topics, the newest mentions, and how fresh it all is."""

import sqlite3
from typing import NamedTuple

from db.sqlite import Row, read_first_row, read_rows
from db.statements.rowid_filters import DATE_ROWIDS
from web.quote_list.queries import QUOTE

NEWEST = 4  # mentions, and quotes
SHORTEST, LONGEST = 40, 240  # characters of the quote that the page begins with
# Of quotes read as said and of fair length, those of the newest day; of these one that begins a sentence, the first
BEST_QUOTES = f"c.reading = 'said' AND length(a.exact) BETWEEN {SHORTEST} AND {LONGEST}"
OTHER_QUOTES = ("c.reading = 'said'", f"length(a.exact) BETWEEN {SHORTEST} AND {LONGEST}", "1")
NEWEST_PLACE = """
SELECT max(c.place) FROM quote_counts c CROSS JOIN annotations a ON a.id = c.annotation_id WHERE {condition}
"""
CHOSEN_QUOTE = f"""
{QUOTE} WHERE {{condition}} AND c.place BETWEEN :place / {DATE_ROWIDS} * {DATE_ROWIDS} AND :place
 ORDER BY a.exact GLOB '[A-Z]*' DESC, c.place, a.start, a.id LIMIT 1
"""
TOPICS = """
SELECT t.id, t.title, t.note, count(n.id) AS mentions, count(DISTINCT n.debate_id) AS debates,
       min(n.date) AS first, max(n.date) AS last
  FROM topics t LEFT JOIN named n ON n.topic = t.id GROUP BY t.id ORDER BY t.rowid
"""
NEWEST_MENTIONS = f"""
SELECT n.*, s.text, s.person_id, s.party, s.constituency, s.office, d.title AS debate_title
  FROM named n JOIN debates d ON d.id = n.debate_id LEFT JOIN speeches s ON s.id = n.speech_id
 WHERE n.speech_id IS NOT NULL ORDER BY n.id DESC LIMIT {NEWEST}
"""
UNPROVEN = "SELECT count(*) FILTER (WHERE anchor = 'changed'), count(*) FROM repair_list"
LAST_RUN = "SELECT * FROM runs ORDER BY id DESC LIMIT 1"
LAST_GOOD_RUN = "SELECT finished FROM runs WHERE exit_code = 0 AND NOT failed ORDER BY id DESC LIMIT 1"
GAPS = "SELECT count(*) AS count, min(noticed) AS since FROM gaps WHERE closed IS NULL AND acknowledged = ''"
QUARANTINED = "SELECT count(*) AS count FROM quarantine"


class Freshness(NamedTuple):
    """The last run and the end of the last complete one (None: there was none), and what is missing.

    `gaps` is the number of things that no source could give, `since` when the first was noticed; `unread` is the
    number of documents and parts of them that could not be read.
    """

    run: Row | None
    complete: str | None
    gaps: int
    since: str | None
    unread: int


def read_topic_counts(conn: sqlite3.Connection) -> list[Row]:
    """Read every topic with counts of its mentions and debates, and its first and last date (None: never)."""
    return read_rows(conn, TOPICS)


def choose_quote(conn: sqlite3.Connection) -> Row | None:
    """Choose the quote that the page begins with, from those whose words are in the record; None if there is none."""
    for condition in (BEST_QUOTES, *OTHER_QUOTES):
        [place] = conn.execute(NEWEST_PLACE.format(condition=condition)).fetchone()
        if place is not None:
            return read_first_row(conn, CHOSEN_QUOTE.format(condition=condition), {"place": place})
    return None


def count_unproven_quotes(conn: sqlite3.Connection) -> tuple[int, int]:
    """Count the quotes whose wording changed, and those together with lost ones, which wait for a person."""
    changed, all = conn.execute(UNPROVEN).fetchone()
    return changed, all


def read_newest_mentions(conn: sqlite3.Connection) -> list[Row]:
    """Read the newest mentions in speeches, with the speech's text."""
    return read_rows(conn, NEWEST_MENTIONS)


def read_freshness(conn: sqlite3.Connection) -> Freshness:
    """Read when the archive was updated, and what is missing."""
    complete = read_first_row(conn, LAST_GOOD_RUN)
    gaps, unread = read_first_row(conn, GAPS) or {}, read_first_row(conn, QUARANTINED) or {}
    return Freshness(
        run=read_first_row(conn, LAST_RUN),
        complete=complete["finished"] if complete else None,
        gaps=gaps.get("count", 0),
        since=gaps.get("since"),
        unread=unread.get("count", 0),
    )
