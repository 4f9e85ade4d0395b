"""Queries of the editions of a speech or debate in order of publication, and of doubts."""

import sqlite3
from collections.abc import Iterable

from db.sqlite import Row, read_rows
from db.statements.debates import group_rows

PAGE, XML = "publications", "theyworkforyou"
APIS = {"theyworkforyou_api": "TheyWorkForYou’s API", "hansard": "Parliament’s API"}
ADDRESSES = {PAGE: "hansard_url", XML: "url", "theyworkforyou_api": "url", "hansard": "hansard_address"}
COLUMNS = "source, {0}.edition, {0}.response_id, {0}.received, {0}.speaker, {0}.office, {0}.column"
EDITIONS = f"""
SELECT s.id AS speech_id, s.{COLUMNS.format("s")}, s.gid AS source_gid, 1 AS best, 1.0 AS score, '' AS evidence,
       0 AS other_speaker, s.text,
       s.url, s.hansard_url, s.hansard_address, s.position, o.title AS source_title
  FROM speeches s LEFT JOIN sources o ON o.id = s.source WHERE {{where}}
 UNION ALL
SELECT s.id, w.{COLUMNS.format("w")}, w.source_gid, 0, w.score, w.evidence,
       w.other_speaker, w.text,
       s.url, s.hansard_url, s.hansard_address, s.position, o.title
  FROM speeches s JOIN wordings w ON w.speech_id = s.id LEFT JOIN sources o ON o.id = w.source WHERE {{where}}
"""
EDITIONS_OF_SPEECH = EDITIONS.format(where="s.id = :id")
EDITIONS_OF_DEBATE = EDITIONS.format(
    where="s.debate_id = :id AND EXISTS"
    " (SELECT 1 FROM wordings x WHERE x.speech_id = s.id AND (x.text <> s.text OR x.other_speaker))"
)
DOUBTS = """
SELECT d.*, o.title AS source_title, s.speaker, s.citation, s.text, c.speaker AS candidate_speaker,
       c.citation AS candidate_citation, c.text AS candidate_text
  FROM doubts d JOIN speeches s ON s.id = d.speech_id JOIN speeches c ON c.id = d.candidate_id
  LEFT JOIN sources o ON o.id = d.source
"""
DOUBTS_OF_SPEECH = f"{DOUBTS} WHERE d.speech_id = :id OR d.candidate_id = :id ORDER BY d.id"
IDS_OF_DEBATE = "(SELECT id FROM speeches WHERE debate_id = :id)"
DOUBTS_OF_DEBATE = (
    f"{DOUBTS} WHERE d.speech_id IN {IDS_OF_DEBATE} OR d.candidate_id IN {IDS_OF_DEBATE} ORDER BY s.position, d.id"
)


def make_publication_key(source: str, edition: str, response_id: int) -> tuple[int, int, str, int]:
    """Make a sort key by publication: Parliament's page, TheyWorkForYou's XML by letter (z before aa), then the APIs.

    >>> sorted(["aa", "b", ""], key=lambda letter: make_publication_key("theyworkforyou", letter, 1))
    ['', 'b', 'aa']
    """
    return {PAGE: 0, XML: 1}.get(source, 2), len(edition), edition, response_id


def describe_edition(source: str, edition: str, title: str | None) -> str:
    """Describe an edition in words.

    >>> describe_edition("theyworkforyou", "aa", None)
    'TheyWorkForYou, revision aa'
    """
    if source == XML:
        return f"TheyWorkForYou, revision {edition}" if edition else "TheyWorkForYou"
    return "Parliament’s page, as first published" if source == PAGE else APIS.get(source) or title or source


def read_editions(conn: sqlite3.Connection, speech_id: str) -> list[Row]:
    """Read every edition of a speech in order of publication; `best` is 1 for the one that is shown."""
    return _order_editions(read_rows(conn, EDITIONS_OF_SPEECH, {"id": speech_id}))


def read_editions_of_debate(conn: sqlite3.Connection, debate_id: str) -> list[list[Row]]:
    """Read the editions of each speech of a debate that has editions with different texts or speakers."""
    found = sorted(read_rows(conn, EDITIONS_OF_DEBATE, {"id": debate_id}), key=lambda row: int(row["position"]))
    return [_order_editions(each) for each in group_rows(found, "speech_id").values()]


def _order_editions(found: Iterable[Row]) -> list[Row]:
    """Order editions by publication, each with its label and its address at its source (None if unknown)."""
    ordered = sorted(found, key=lambda row: make_publication_key(row["source"], row["edition"], row["response_id"]))
    return [
        {
            **row,
            "label": describe_edition(row["source"], row["edition"], row["source_title"]),
            "address": row[ADDRESSES[row["source"]]] if row["source"] in ADDRESSES else None,
        }
        for row in ordered
    ]


def read_doubts(conn: sqlite3.Connection, speech_id: str) -> list[Row]:
    """Read the doubts about a speech: turns that may be the same speech, in both directions."""
    return read_rows(conn, DOUBTS_OF_SPEECH, {"id": speech_id})


def read_doubts_of_debate(conn: sqlite3.Connection, debate_id: str) -> list[Row]:
    """Read the doubts about all speeches of a debate."""
    return read_rows(conn, DOUBTS_OF_DEBATE, {"id": debate_id})
