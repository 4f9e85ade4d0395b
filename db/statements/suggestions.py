"""Suggestions in statements.db, by suggester, each with its status from people's decisions."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from db.records.annotation import Decision, SuggesterInput, Suggestion
from db.records.guidance import Point
from db.sqlite import Row, get_database, read_rows

SPEECH_TEXTS = """
SELECT s.id, s.gid, s.text,
       d.title || char(10) || coalesce(lag(s.text) OVER (PARTITION BY s.debate_id ORDER BY s.rowid), '')
  FROM speeches s JOIN debates d ON d.id = s.debate_id
 WHERE s.text <> '' AND d.id IN (SELECT debate_id FROM named) AND (?1 IS NULL OR d.id = ?1) ORDER BY s.rowid
"""
POINTS = (
    "SELECT id, document_id, parent_id, number, title, paraphrase, examples, url FROM guidance_points ORDER BY rowid"
)
CONFUSIONS = """
SELECT d.point_id AS suggested, a.point_id AS chosen, count(*) AS times
  FROM decisions d JOIN annotations a ON a.id = d.annotation_id
 WHERE d.status = 'rejected' AND a.status = 'active' AND a.point_id <> d.point_id
 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
NOTED_PLACES = "SELECT speech_id, point_id, start, end FROM passages ORDER BY id"
DECIDED_WORDS = """
SELECT s.debate_id, d.exact, d.point_id, d.status, s.text, e.title AS context,
       CASE WHEN d.status = 'rejected' THEN a.point_id END AS chosen
  FROM decisions d JOIN speeches s ON s.gid = d.target JOIN debates e ON e.id = s.debate_id
  LEFT JOIN annotations a ON a.id = d.annotation_id AND a.status = 'active'
   AND a.speech_id = s.id AND instr(d.exact, a.exact) > 0
 ORDER BY d.time, d.suggestion
"""
FINISHED_PASSES = """
SELECT DISTINCT debate_id FROM passes WHERE done IS NOT NULL AND debate_id IN (SELECT id FROM debates) ORDER BY 1
"""
PASS_QUOTES = """
SELECT p.speech_id, p.start, p.end, p.point_id FROM passages p JOIN speeches s ON s.id = p.speech_id
 WHERE s.debate_id = ?1 AND p.creator IN (SELECT person FROM passes WHERE debate_id = ?1 AND done IS NOT NULL)
 ORDER BY p.id
"""
CANDIDATE_CONDITION = "debate_id IN (SELECT debate_id FROM named) AND (:debate IS NULL OR debate_id = :debate)"
SUGGESTER_CONDITION = "suggester = ?1 AND (?2 IS NULL OR speech_id IN (SELECT id FROM speeches WHERE debate_id = ?2))"
UPDATE_STATUS = """
UPDATE suggestions SET status =
  coalesce((SELECT d.status FROM decisions d WHERE d.suggestion = key), 'proposed')
"""
PLACED_SUGGESTIONS = """
SELECT g.*, s.gid, s.debate_id, s.speaker, s.date, s.citation
  FROM suggestions g JOIN speeches s ON s.id = g.speech_id
"""
ORDER = "ORDER BY s.rowid, g.start, g.suggester, g.point_id"


class PlacedSuggestion(NamedTuple):
    """A suggestion with its speech, suggester and key, and its words with those around them."""

    suggestion: Suggestion
    speech_id: str
    suggester: str
    key: str
    exact: str
    prefix: str
    suffix: str


def read_speech_texts(conn: sqlite3.Connection, debate: str | None = None) -> list[SuggesterInput]:
    """Return the speeches of the debates that mention a topic, or of one such debate, in the order of the record."""
    return [SuggesterInput(*row) for row in conn.execute(SPEECH_TEXTS, (debate,))]


def read_points(conn: sqlite3.Connection) -> list[Point]:
    """Return every loaded point of guidance, without the points that it refers to."""
    return [
        Point(**{**row, "examples": tuple(json.loads(row["examples"]))}, reads=()) for row in read_rows(conn, POINTS)
    ]


def count_quotes(conn: sqlite3.Connection) -> dict[str, int]:
    """Count the quotes that people have given to each point."""
    return dict(conn.execute("SELECT point_id, count(*) FROM passages GROUP BY 1").fetchall())


def read_confusions(conn: sqlite3.Connection) -> list[Row]:
    """Return which points were chosen instead of suggested ones, and how often, the most often first."""
    return read_rows(conn, CONFUSIONS)


def read_noted_places(conn: sqlite3.Connection) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return where people have given words to points: spans, by speech id and point id."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for speech, point, start, end in conn.execute(NOTED_PLACES):
        places.setdefault((speech, point), []).append((start, end))
    return places


def read_all_quotes(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return point and words of every quote that says, implies or contradicts a point."""
    return conn.execute("SELECT point_id, exact FROM passages ORDER BY id").fetchall()


def read_decided_words(conn: sqlite3.Connection) -> list[Row]:
    """Return the words of every decision whose speech is there: debate, texts, point, status, and what was chosen."""
    return read_rows(conn, DECIDED_WORDS)


def read_open_points(conn: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the points of the suggestions that nobody has decided, by their words."""
    points: dict[str, set[str]] = {}
    for words, point in conn.execute("SELECT exact, point_id FROM suggestions WHERE status = 'proposed'"):
        points.setdefault(words, set()).add(point)
    return points


def list_finished_passes(conn: sqlite3.Connection) -> list[str]:
    """Return the debates that somebody has annotated blind and finished, sorted."""
    return [id for (id,) in conn.execute(FINISHED_PASSES)]


def read_pass_quotes(conn: sqlite3.Connection, debate: str) -> dict[str, list[tuple[int, int, str]]]:
    """Return the quotes of a debate by those who finished it: start, end and point, by speech id."""
    quotes: dict[str, list[tuple[int, int, str]]] = {}
    for speech, start, end, point in conn.execute(PASS_QUOTES, (debate,)):
        quotes.setdefault(speech, []).append((start, end, point))
    return quotes


def search_candidates(
    conn: sqlite3.Connection, words: Sequence[str], limit: int, debate: str | None = None
) -> list[str]:
    """Return ids of speeches with any of these words, in debates that mention a topic, the best match first."""
    if not words:
        return []
    found = (
        get_database(conn)
        .table("speeches")
        .search(
            " OR ".join(f'"{word}"' for word in words),
            order_by="bm25(speeches_fts), original.rowid",
            columns=["id"],
            limit=limit,
            where=CANDIDATE_CONDITION,
            where_args={"debate": debate},
        )
    )
    return [row["id"] for row in found]


def read_decisions(conn: sqlite3.Connection) -> list[Decision]:
    """Return the decisions of people, by time."""
    columns = ", ".join(Decision._fields)
    return [Decision(**row) for row in read_rows(conn, f"SELECT {columns} FROM decisions ORDER BY time, suggestion")]


def read_open_suggestions(conn: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Return suggester, version, rule and point of every open suggestion; words that occur twice count once."""
    query = (
        "SELECT suggester, version, rule, point_id FROM suggestions WHERE status = 'proposed' GROUP BY key ORDER BY key"
    )
    return conn.execute(query).fetchall()


def replace_suggestions(
    conn: sqlite3.Connection, suggester: str, proposed: Iterable[PlacedSuggestion], debate: str | None = None
) -> None:
    """Replace the suggestions of a suggester, in one debate or in all; repeating it changes nothing.

    The caller holds the transaction.
    """
    printed = {
        key
        for (key,) in conn.execute(
            f"SELECT key FROM suggestions WHERE {SUGGESTER_CONDITION} AND told", (suggester, debate)
        )
    }
    db = get_database(conn)
    db.table("suggestions").delete_where(SUGGESTER_CONDITION, [suggester, debate])
    db.table("suggestions").insert_all(_build_row(each, each.key in printed) for each in proposed)
    db.execute(UPDATE_STATUS)


def list_suggesters(conn: sqlite3.Connection) -> list[str]:
    """Return the names of the suggesters that have suggestions, sorted."""
    return [name for (name,) in conn.execute("SELECT DISTINCT suggester FROM suggestions ORDER BY 1")]


def read_saved_suggestions(conn: sqlite3.Connection, suggester: str) -> Iterator[PlacedSuggestion]:
    """Yield the suggestions of a suggester, as they were saved."""
    query = "SELECT * FROM suggestions WHERE suggester = ? ORDER BY rowid"
    for row in read_rows(conn, query, (suggester,)):
        triggers = tuple(json.loads(row["triggers"]))
        fields = {field: row[field] for field in Suggestion._fields if field != "triggers"}
        suggestion = Suggestion(**fields, triggers=triggers)
        placed = {field: row[field] for field in PlacedSuggestion._fields if field != "suggestion"}
        yield PlacedSuggestion(suggestion=suggestion, **placed)


def take_unprinted_suggestions(conn: sqlite3.Connection, suggester: str, debate: str | None = None) -> list[Row]:
    """Return a suggester's open suggestions not printed before, in the order of the record, and mark them printed.

    The caller holds the transaction.
    """
    new = read_rows(
        conn,
        f"{PLACED_SUGGESTIONS} WHERE g.status = 'proposed' AND NOT told AND {SUGGESTER_CONDITION} {ORDER}",
        (suggester, debate),
    )
    conn.execute(f"UPDATE suggestions SET told = 1 WHERE {SUGGESTER_CONDITION}", (suggester, debate))
    return new


def find_suggestions_by_key(conn: sqlite3.Connection, key: str) -> list[Row]:
    """Return every place of the suggestions whose key begins with this."""
    begins = "g.key >= ?1 AND g.key < ?1 || 'g' AND substr(g.key, 1, ?2) = ?1"  # keys are hex: the index finds them
    return read_rows(conn, f"{PLACED_SUGGESTIONS} WHERE {begins} {ORDER}", (key, len(key)))


def count_suggestions_by_status(conn: sqlite3.Connection) -> dict[str, int]:
    """Return how many suggestions are proposed, accepted and rejected."""
    return dict(conn.execute("SELECT status, count(*) FROM suggestions GROUP BY status").fetchall())


def _build_row(proposed: PlacedSuggestion, printed: bool) -> Row:
    fields = proposed._asdict()
    suggestion: Suggestion = fields.pop("suggestion")
    id = f"{proposed.speech_id}.{proposed.suggester}.{suggestion.point_id}.{suggestion.start}"
    made = {"id": id, "status": "proposed", "triggers": json.dumps(suggestion.triggers), "told": printed}
    return {**suggestion._asdict(), **fields, **made}
