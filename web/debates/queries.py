"""Queries of the pages of debates: the list, one debate with all that its page shows, and a speech's text."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row, read_rows
from db.statements import moments, rowid_filters
from db.statements.debates import ANNOTATION, DebateRecord, group_rows, read_debate
from db.statements.quarantine import count_unread_of_debate
from db.statements.withdrawn_speeches import list_withdrawn_of_debate
from web.editions.queries import read_editions_of_debate
from web.editions.view import DebateChanges, find_changes

PAGE_SIZE = 50  # debates
FILTERS = ("house", "kind", "date", "year", "topic")
MOST_LISTED = 5_000  # debates of a list as a file
OF_TOPIC = "d.id IN (SELECT debate_id FROM named WHERE topic = :topic)"
WHERE = f"{rowid_filters.ROWID_CONDITION.format(rowid='d.rowid')} AND d.date BETWEEN :first AND :last"
LIST = """
SELECT d.id, d.house, d.kind, d.date, d.title, d.section, d.citation, d.speeches, d.words,
       (SELECT count(*) FROM mentions m WHERE m.debate_id = d.id)
       + (SELECT count(*) FROM speeches s JOIN mentions m ON m.speech_id = s.id WHERE s.debate_id = d.id) AS mentions,
       (SELECT count(*) FROM speeches s JOIN passages a ON a.speech_id = s.id
         WHERE s.debate_id = d.id) AS notes,
       (SELECT count(DISTINCT s.rowid || ' ' || a.start || ' ' || a.end) FROM speeches s
         JOIN passages a ON a.speech_id = s.id WHERE s.debate_id = d.id) AS quotes
  FROM ({places}) listed CROSS JOIN debates d ON d.rowid = listed.place
"""
# The debates of a page by an index alone; those with what they are ordered by come first, the others are the newest
IN_ORDER = "SELECT d.rowid AS place FROM debates d WHERE {where} ORDER BY {order} LIMIT :most + 1 OFFSET :skip"
COUNTED_FIRST = """
WITH counted AS MATERIALIZED ({counted})
SELECT place FROM (
  SELECT d.rowid AS place FROM counted c CROSS JOIN debates d ON d.id = c.debate_id WHERE {where}
   ORDER BY c.count DESC, d.date DESC, d.rowid DESC LIMIT :most + 1 + :skip)
 UNION ALL
SELECT place FROM (
  SELECT d.rowid AS place FROM debates d WHERE {where} AND d.id NOT IN (SELECT debate_id FROM counted)
   ORDER BY d.date DESC, d.rowid DESC LIMIT :most + 1 + :skip)
 LIMIT :most + 1 OFFSET :skip
"""
COUNTED = {
    "mentions": "SELECT debate_id, count(*) AS count FROM named GROUP BY 1",
    "notes": "SELECT debate_id, count(*) AS count FROM quote_counts GROUP BY 1",
}
SORTS = {
    "newest": IN_ORDER.replace("{order}", "d.date DESC, d.rowid DESC"),
    "oldest": IN_ORDER.replace("{order}", "d.date, d.rowid"),
    **{name: COUNTED_FIRST.replace("{counted}", counted) for name, counted in COUNTED.items()},
}
COUNTS = f"SELECT id {rowid_filters.DAY_KIND}, debates FROM day_counts"
COUNTS_OF_TOPIC = f"SELECT d.rowid {rowid_filters.DAY_KIND}, count(*) FROM debates d WHERE {OF_TOPIC} GROUP BY 1"
TOPICS = """
SELECT t.id, t.title, count(DISTINCT n.debate_id) AS debates FROM topics t LEFT JOIN named n ON n.topic = t.id
 GROUP BY 1
"""
HISTORY_OF_DEBATE = """
SELECT h.* FROM speeches s JOIN annotations a ON a.speech_id = s.id JOIN annotation_history h ON h.annotation_id = a.id
 WHERE s.debate_id = ? ORDER BY h.id
"""
LOST_NOTES = f"""
{ANNOTATION} WHERE s.debate_id = ? AND a.status = 'active' AND a.anchor = 'lost' ORDER BY s.position, a.id
"""
TEXT = "SELECT text FROM speeches WHERE id = ?"


class DebatePage(NamedTuple):
    """Everything that the page of a debate, or of one speech in it, shows.

    `record` is the debate with its speeches, mentions and notes; `moments` are by speech id; `history` has the journal
    entries about each note, oldest first, by annotation id; `lost` has the notes whose words are no longer found;
    `unread` is the number of its parts that could not be read.
    """

    record: DebateRecord
    changes: DebateChanges
    moments: Mapping[str, list[Row]]
    history: Mapping[str, list[Row]]
    lost: list[Row]
    unread: int

    def is_held(self, id: str | None) -> bool:
        """Return True if the debate has this speech, or, for None, any speech that it has today."""
        if id is None:
            return bool(self.record.speeches) or not self.record.debate["speeches"]
        return any(speech["id"] == id for speech in self.record.speeches)


class DebateList(NamedTuple):
    """One page of a list of debates.

    `counts` has the number of matching debates by house, kind and year, `total` their sum; `more` is True if there is
    another page.
    """

    debates: list[Row]
    counts: dict[str, dict[str, int]]
    total: int
    more: bool


def read_debate_page(conn: sqlite3.Connection, id: str) -> DebatePage | None:
    """Read everything that a debate's page shows; None if there is no such debate."""
    record = read_debate(conn, id)
    if not record:
        return None
    return DebatePage(
        record=record,
        changes=find_changes(read_editions_of_debate(conn, id), list_withdrawn_of_debate(conn, id)),
        moments=moments.read_debate_moments(conn, id),
        history=group_rows(read_rows(conn, HISTORY_OF_DEBATE, (id,)), "annotation_id"),
        lost=read_rows(conn, LOST_NOTES, (id,)),
        unread=count_unread_of_debate(conn, id),
    )


def list_debates(
    conn: sqlite3.Connection,
    filters: Mapping[str, str],
    page: int,
    *,
    size: int = PAGE_SIZE,
    sort: str = "newest",
    until: str = "",
) -> DebateList:
    """Read one page (from 1) of the debates that match all filters, by one of SORTS.

    `filters` has FILTERS, with the date of a day, month or year; "" matches all. `until` is the last day,
    month or year.
    """
    date = filters["date"]
    values = {
        **rowid_filters.make_filter_values(filters),
        "topic": filters["topic"],
        "first": date,
        "last": min(f"{each}~" for each in (date, until, "9999") if each),  # "~" comes after every date that begins so
    }
    where = f"{WHERE} AND {OF_TOPIC}" if filters["topic"] else WHERE
    listed = LIST.format(places=SORTS[sort].format(where=where))
    found = read_rows(conn, listed, {**values, "most": size, "skip": size * (page - 1)})
    counted = conn.execute(COUNTS_OF_TOPIC if filters["topic"] else COUNTS, values)
    counts = rowid_filters.tally_counts(each for each in counted if rowid_filters.is_chosen(each[0], values))
    return DebateList(found[:size], counts, sum(counts["house"].values()), len(found) > size)


def list_topics(conn: sqlite3.Connection) -> list[Row]:
    """Read every topic with the number of debates that mention it."""
    return read_rows(conn, TOPICS)


def read_text(conn: sqlite3.Connection, id: str) -> str | None:
    """Read the plain text of a speech; None if there is no such speech."""
    found = conn.execute(TEXT, (id,)).fetchone()
    return str(found[0]) if found else None
