"""Queries of the search: speeches and titles that match, newest or best first, and counts of the matches.

`read_search` is the way in: it understands what was typed and reads one page of results.
"""

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from db.sqlite import Row, read_rows
from db.statements.rowid_filters import DATE_ROWIDS, ROWID_CONDITION, make_filter_values, tally_counts
from db.statements.store import ROWIDS_PER_DAY
from web.rendering.folding import fold_text
from web.search.exact_words import compile_exact, keep_exact
from web.search.query_parser import Node, is_exact_somewhere, list_terms
from web.search.snippets import MarkedText, mark_words, read_marks, write_snippet
from web.search.understanding import Understanding, make_narrowing_values, understand_search

PAGE_SIZE = 20
MAX_TITLES = 5
MAX_COUNTED = 1_000  # newest matches that are counted; of more, these alone, and the newest come first
MAX_PAGES = 1_000  # pages of results
MAX_SPEAKERS = 12  # speakers listed beside the results
FILTERS = ("house", "kind", "year", "speaker")
# A plus before rowid: the index of words is read once, and not for every speech that a condition lists
BY_SPEAKER_FILTER = "+rowid IN (SELECT rowid FROM speeches WHERE speaker = :speaker)"
BY_NAME = """rowid IN (SELECT rowid FROM speeches WHERE speaker IN (SELECT value FROM json_each(:names))
           UNION ALL SELECT rowid FROM speeches WHERE person_id IN (SELECT value FROM json_each(:persons)))
"""
# Who is printed with an office holds it all that day; of others the register tells
BY_OFFICE = f"""rowid IN (
  SELECT s.rowid FROM speeches p JOIN speeches s ON s.speaker = p.speaker AND s.person_id IS p.person_id
     AND s.rowid BETWEEN p.rowid / {DATE_ROWIDS} * {DATE_ROWIDS} AND (p.rowid / {DATE_ROWIDS} + 1) * {DATE_ROWIDS} - 1
   WHERE p.office IN (SELECT value FROM json_each(:offices))
   UNION ALL
  SELECT s.rowid FROM json_each(:held) h CROSS JOIN speeches s
     ON s.person_id = h.value ->> 0 AND s.rowid BETWEEN h.value ->> 1 AND h.value ->> 2)
"""
WITH_WORDS = "FROM speeches_fts WHERE speeches_fts MATCH :match AND {conditions}"
WITHOUT_WORDS = "FROM speeches WHERE {conditions}"
NEWEST = "SELECT rowid {found} ORDER BY rowid DESC LIMIT :most"
TEXTS = "SELECT rowid, text FROM speeches WHERE rowid IN (SELECT value FROM json_each(?))"
SPEAKERS = """
SELECT speaker, count(*) AS hits FROM speeches WHERE rowid IN (SELECT value FROM json_each(:counted))
   AND speaker IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :speakers
"""
HITS = """
WITH hits AS MATERIALIZED (
  SELECT rowid AS at, {marked} AS marked {found} AND {of_page} ORDER BY {order} LIMIT :size OFFSET :skip)
SELECT s.*, hits.marked, d.title, d.section, d.house, d.kind AS debate_kind, d.citation AS debate_citation
  FROM hits CROSS JOIN speeches s ON s.rowid = hits.at JOIN debates d ON d.id = s.debate_id
"""
COUNTED_HITS = "+rowid IN (SELECT value FROM json_each(:on_page)) AND rowid BETWEEN :last AND :first"
HIGHLIGHT = "highlight(speeches_fts, 0, :open, :close)"
ORDERS = {"newest": "rowid DESC", "best": "rank"}
FOUND_TITLES = f"""
SELECT debates_fts.rowid, d.id, d.title, d.date, d.house, d.kind, d.section, d.citation,
       highlight(debates_fts, 0, :open, :close) AS marked
  FROM debates_fts JOIN debates d ON d.rowid = debates_fts.rowid
 WHERE debates_fts MATCH :match AND {ROWID_CONDITION.format(rowid="debates_fts.rowid")}
 ORDER BY debates_fts.rowid DESC LIMIT {10 * MAX_TITLES}
"""


class SearchResults(NamedTuple):
    """The matches of a search: titles, one page of speeches by debate, and counts by house, kind, year and speaker.

    `total` stops at `counted` + 1; the counts are of the newest `counted`. `sort` is the order of the speeches, which
    is "newest" where more match than are counted; `more` is True if there is another page. `checked` is not 0 where
    only so many speeches, the newest, were checked for exact words.
    """

    titles: list[Row]
    debates: list[list[Row]]
    counts: dict[str, dict[str, int]]
    total: int
    sort: str = "newest"
    more: bool = False
    checked: int = 0
    counted: int = MAX_COUNTED

    @property
    def speeches(self) -> list[Row]:
        """The speeches of this page, debate by debate."""
        return [speech for debate in self.debates for speech in debate]


class Question(NamedTuple):
    """A search as SQL: what is found, and the values of its parameters."""

    found: str
    values: dict[str, object]


def read_search(
    conn: sqlite3.Connection,
    typed: str,
    filters: Mapping[str, str],
    sort: str = "newest",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> tuple[Understanding, SearchResults]:
    """Understand what was typed, and read one page of its results; `filters` has FILTERS, "" for all."""
    understood = understand_search(conn, typed)
    return understood, find_speeches(conn, understood, filters, sort, page, size)


def find_speeches(
    conn: sqlite3.Connection,
    understood: Understanding,
    filters: Mapping[str, str],
    sort: str = "newest",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> SearchResults:
    """Find the speeches and titles of a search; `filters` has FILTERS, "" for all; pages count from 1."""
    if understood.is_empty:
        return SearchResults(titles=[], debates=[], counts={key: {} for key in FILTERS}, total=0)
    question = _write_question(understood, filters)
    newest, checked = _list_newest(conn, question, understood.node)
    many = len(newest) > MAX_COUNTED
    sort = sort if understood.node and not many else "newest"
    hits = _read_hits(conn, question, newest, understood.node, ORDERS[sort], size + 1, size * (page - 1))
    narrowed = bool(filters["speaker"] or understood.speaker or understood.office)
    return SearchResults(
        titles=[] if narrowed or page > 1 else _find_titles(conn, understood, question.values),
        debates=_group_by_debate([_render_speech(hit, question.values, understood.node) for hit in hits[:size]]),
        counts=_count_matches(conn, newest[:MAX_COUNTED]),
        total=len(newest),
        sort=sort,
        more=len(hits) > size,
        checked=checked,
    )


def count_speeches(conn: sqlite3.Connection, understood: Understanding, filters: Mapping[str, str]) -> tuple[int, bool]:
    """Count the speeches of a search, up to MAX_COUNTED; return also whether these are all."""
    if understood.is_empty:
        return 0, True
    newest, checked = _list_newest(conn, _write_question(understood, filters), understood.node)
    return min(len(newest), MAX_COUNTED), len(newest) <= MAX_COUNTED and not checked


def _write_question(understood: Understanding, filters: Mapping[str, str]) -> Question:
    """Write a search as SQL."""
    node = understood.node
    plus = "+" if node else ""
    conditions = [ROWID_CONDITION.format(rowid="rowid")]
    conditions += [BY_SPEAKER_FILTER] if filters["speaker"] else []
    conditions += [plus + BY_NAME] if understood.speaker else []
    conditions += [plus + BY_OFFICE] if understood.office else []
    values: dict[str, object] = {
        "match": understood.words.match,
        "open": secrets.token_hex(8),
        "close": secrets.token_hex(8),
        "speaker": filters["speaker"],
        **make_filter_values(filters),
        **make_narrowing_values(understood),
    }
    source = WITH_WORDS if node else WITHOUT_WORDS
    return Question(source.format(conditions=" AND ".join(conditions)), values)


def _list_newest(conn: sqlite3.Connection, question: Question, node: Node | None) -> tuple[list[int], int]:
    """List the rowids of the newest matches, one more than MAX_COUNTED if there are more.

    Where words must be exact, only so many speeches with any form of them are checked; the number if there are more,
    else 0.
    """
    values = {**question.values, "most": MAX_COUNTED + 1}
    newest = [rowid for (rowid,) in conn.execute(NEWEST.format(found=question.found), values)]
    if not node or not is_exact_somewhere(node):
        return newest, 0
    checked, newest = MAX_COUNTED if len(newest) > MAX_COUNTED else 0, newest[:MAX_COUNTED]
    kept = keep_exact(conn, "speeches", node, dict(conn.execute(TEXTS, (json.dumps(newest),)).fetchall()))
    return [rowid for rowid in newest if rowid in kept], checked


def _read_hits(
    conn: sqlite3.Connection,
    question: Question,
    newest: Sequence[int],
    node: Node | None,
    order: str,
    size: int,
    skip: int,
) -> list[Row]:
    """Read a page of the matches: of the newest by their rowids, of others by the search itself."""
    on_page = newest if order != ORDERS["newest"] else newest[skip : skip + size]
    of_newest = len(newest) <= MAX_COUNTED or skip + size <= len(newest)
    if of_newest and not on_page:
        return []
    values = {**question.values, "size": size, "skip": skip}
    if of_newest:
        values |= {"on_page": json.dumps(on_page), "first": max(on_page), "last": min(on_page)}
        values |= {} if order != ORDERS["newest"] else {"skip": 0}
    query = HITS.format(
        found=question.found,
        order=order,
        marked=HIGHLIGHT if node else "NULL",
        of_page=COUNTED_HITS if of_newest else "1",
    )
    return read_rows(conn, query, values)


def _find_titles(conn: sqlite3.Connection, understood: Understanding, values: Mapping[str, object]) -> list[Row]:
    """Find the newest titles that match, one more than MAX_TITLES if there are more."""
    node = understood.node
    if not node:
        return []
    titles = read_rows(conn, FOUND_TITLES, values)
    if is_exact_somewhere(node):
        kept = keep_exact(conn, "debates", node, {title["rowid"]: title["title"] for title in titles})
        titles = [title for title in titles if title["rowid"] in kept]
    return [{**title, "snippet": mark_words(_read_marks(title, values))} for title in titles[: MAX_TITLES + 1]]


def _count_matches(conn: sqlite3.Connection, counted: Sequence[int]) -> dict[str, dict[str, int]]:
    by_day = Counter(rowid // ROWIDS_PER_DAY for rowid in counted)
    values = {"counted": json.dumps(counted), "speakers": MAX_SPEAKERS}
    speakers = {row["speaker"]: row["hits"] for row in read_rows(conn, SPEAKERS, values)}
    return {**tally_counts(by_day.items()), "speaker": speakers}


def _render_speech(row: Row, values: Mapping[str, object], node: Node | None) -> Row:
    """Add to a speech `snippet`, the sentence with the words marked, and `forms`, the words marked."""
    marked = _read_marks(row, values) if node else MarkedText(row["text"], [])
    snippet = write_snippet(marked, _choose_marks(node))
    return {**row, "snippet": snippet, "forms": {marked.text[a:b] for a, b in marked.places}}


def _read_marks(row: Row, values: Mapping[str, object]) -> MarkedText:
    return read_marks(row["marked"], str(values["open"]), str(values["close"]))


def _choose_marks(node: Node | None) -> Callable[[str], bool]:
    """Return what says of words that the index found whether they are meant: of exact words, those alone."""
    terms = list(list_terms(node))
    if not any(term.exact for term in terms):
        return bool
    exact = [compile_exact(term.words) for term in terms if term.exact]
    begun = tuple(fold_text(word)[:3] for term in terms if not term.exact for word in term.words.split())

    def is_meant(words: str) -> bool:
        folded = fold_text(words)
        return any(pattern.search(folded) for pattern in exact) or bool(begun and folded.startswith(begun))

    return is_meant


def _group_by_debate(hits: list[Row]) -> list[list[Row]]:
    """Group hits by debate, each in the order of the record; debates in the order of their first hit."""
    debates: dict[str, list[Row]] = {}
    for hit in hits:
        debates.setdefault(hit["debate_id"], []).append(hit)
    return [sorted(found, key=lambda hit: hit["position"]) for found in debates.values()]
