"""Queries of the search page: titles and speeches that match, newest or best first, and counts of the matches."""

import secrets
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup, escape

from db.sqlite import Row, read_rows
from db.statements.rowid_filters import DAY_KIND, ROWID_CONDITION, make_filter_values, tally_counts

PAGE_SIZE = 20
MAX_TITLES = 5
MAX_COUNTED = 20_000  # newest matches that are counted; more would be too slow
MAX_SPEAKERS_COUNTED = 5_000  # newest matches whose speakers are counted; slower, since each speech is read
SNIPPET_WORDS = 40  # words of a snippet
MAX_SPEAKERS = 12  # speakers listed beside the results
MATCHES = f"""
  speeches_fts MATCH :match AND {ROWID_CONDITION.format(rowid="rowid")}
  AND (:speaker = '' OR rowid IN (SELECT rowid FROM speeches WHERE speaker = :speaker))
"""
NEWEST = f"SELECT rowid AS at FROM speeches_fts WHERE {MATCHES} ORDER BY rowid DESC LIMIT"
BY_DAY_KIND = f"""
WITH found AS MATERIALIZED ({NEWEST} {MAX_COUNTED + 1}) SELECT at {DAY_KIND}, count(*) FROM found GROUP BY 1
"""
BY_SPEAKER = f"""
WITH found AS MATERIALIZED ({NEWEST} {MAX_SPEAKERS_COUNTED})
SELECT s.speaker, count(*) AS hits FROM found CROSS JOIN speeches s ON s.rowid = found.at
 WHERE s.speaker IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MAX_SPEAKERS}
"""
HITS = f"""
WITH hits AS MATERIALIZED (
  SELECT rowid AS id, snippet(speeches_fts, 0, :open, :close, ' … ', {SNIPPET_WORDS}) AS snippet
    FROM speeches_fts WHERE {MATCHES} ORDER BY {{order}} LIMIT {PAGE_SIZE} OFFSET :skip)
SELECT s.id, s.debate_id, s.position, s.speaker, s.office, s.date, s.column, s.citation, hits.snippet,
       d.title, d.section, d.house, d.kind
  FROM hits CROSS JOIN speeches s ON s.rowid = hits.id JOIN debates d ON d.id = s.debate_id
"""
ORDERS = {"newest": "rowid DESC", "best": "rank"}
FOUND_TITLES = f"""
SELECT d.id, d.date, d.house, d.kind, d.section, d.citation,
       highlight(debates_fts, 0, :open, :close) AS snippet
  FROM debates_fts JOIN debates d ON d.rowid = debates_fts.rowid
 WHERE debates_fts MATCH :match AND {ROWID_CONDITION.format(rowid="debates_fts.rowid")} AND :speaker = ''
 ORDER BY debates_fts.rowid DESC LIMIT {MAX_TITLES + 1}
"""


class SearchResults(NamedTuple):
    """The matches of a search: titles, one page of speeches by debate, and counts by house, kind, year and speaker.

    `total` stops at COUNTED + 1.
    """

    titles: list[Row]
    debates: list[list[Row]]
    counts: dict[str, dict[str, int]]
    total: int


def find_matches(
    conn: sqlite3.Connection, match: str, filters: Mapping[str, str], sort: str, page: int
) -> SearchResults:
    """Find the matches of an FTS5 expression; `filters` has house, kind, year and speaker, "" for all; pages from 1."""
    marks = {"open": secrets.token_hex(8), "close": secrets.token_hex(8)}
    values = {
        "match": match,
        **marks,
        **make_filter_values(filters),
        "speaker": filters["speaker"],
        "skip": PAGE_SIZE * (page - 1),
    }
    hits = [_render_snippet(hit, marks) for hit in read_rows(conn, HITS.format(order=ORDERS[sort]), values)]
    titles = [_render_snippet(title, marks) for title in read_rows(conn, FOUND_TITLES, values)] if page == 1 else []
    counts = _count_matches(conn, values)
    return SearchResults(titles, _group_by_debate(hits), counts, sum(counts["kind"].values()))


def _count_matches(conn: sqlite3.Connection, values: Mapping[str, object]) -> dict[str, dict[str, int]]:
    speakers = {row["speaker"]: row["hits"] for row in read_rows(conn, BY_SPEAKER, values)}
    return {**tally_counts(map(tuple, conn.execute(BY_DAY_KIND, values))), "speaker": speakers}


def _render_snippet(row: Row, marks: Mapping[str, str]) -> Row:
    html = str(escape(row["snippet"])).replace(marks["open"], "<mark>").replace(marks["close"], "</mark>")
    return {**row, "snippet": Markup(html)}


def _group_by_debate(hits: list[Row]) -> list[list[Row]]:
    """Group hits by debate, each in the order of the record; debates in the order of their first hit."""
    debates: dict[str, list[Row]] = {}
    for hit in hits:
        debates.setdefault(hit["debate_id"], []).append(hit)
    return [sorted(found, key=lambda hit: hit["position"]) for found in debates.values()]
