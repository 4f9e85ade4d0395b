"""Census of mentions: the sources that have each mention of a topic, and the open gaps."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from db.archive import gaps
from db.archive import responses as archive
from db.records.topic import Topic
from db.sqlite import Row, read_rows
from db.statements.store import open_store
from scrapers.scope.topics import has_mention
from scrapers.sources.registry import SOURCES

WORDINGS = """
SELECT e.speech_id, e.source, e.text, s.kind AS turn, d.kind, d.date, d.title, d.id AS debate_id, s.speaker, s.citation
  FROM editions e JOIN speeches s ON s.id = e.speech_id JOIN debates d ON d.id = s.debate_id
 WHERE d.date BETWEEN ?1 AND ?2
   AND (s.id IN (SELECT speech_id FROM mentions WHERE topic = ?3) OR s.id IN (SELECT speech_id FROM wordings))
 ORDER BY s.rowid, e.best DESC
"""
TITLES = """
SELECT 'title' AS turn, d.date, d.title, d.id AS debate_id, NULL AS speech_id, NULL AS speaker, d.citation,
       (SELECT group_concat(DISTINCT e.source) FROM speeches s JOIN editions e ON e.speech_id = s.id
         WHERE s.debate_id = d.id) AS sources
  FROM mentions m JOIN debates d ON d.id = m.debate_id WHERE m.topic = ? GROUP BY d.id ORDER BY d.rowid
"""
LABELS = {"yes": "yes", "other words": "other words", "": "-"}


def take_census(received: Path, statements: Path, topics: Sequence[Topic]) -> Iterator[Row]:
    """Yield a row for each mention, with "yes", "other words" or "" for each source, then a row for each open gap."""
    with closing(open_store(statements)) as conn:
        for topic in topics:
            yield from _find_mentions(conn, topic)
    with closing(archive.open_archive(received)) as conn:
        for gap in gaps.read_gaps(conn, "counting"):
            yield {"row": "gap", **{key: gap[key] for key in ("source", "what", "start", "end", "reason", "noticed")}}


def _find_mentions(conn: sqlite3.Connection, topic: Topic) -> Iterator[Row]:
    for title in read_rows(conn, TITLES, (topic.id,)):
        answers = dict.fromkeys(str(title.pop("sources") or "").split(","), "yes")
        yield _make_mention_row(topic, title, answers)
    answers_by_speech: dict[str, dict[str, str]] = defaultdict(dict)
    wordings: dict[str, Row] = {}
    for wording in read_rows(conn, WORDINGS, (topic.start, topic.end, topic.id)):
        id, source = wording["speech_id"], wording["source"]
        mentioned = has_mention([topic], wording["kind"], wording["date"], wording["text"])
        answers_by_speech[id][source] = (
            "yes" if mentioned or answers_by_speech[id].get(source) == "yes" else "other words"
        )
        wordings.setdefault(id, wording)
    for id, answers in answers_by_speech.items():
        if "yes" in answers.values():
            yield _make_mention_row(topic, wordings[id], answers)


def _make_mention_row(topic: Topic, wording: Row, answers: dict[str, str]) -> Row:
    keys = ("date", "citation", "title", "speaker", "debate_id", "speech_id")
    return {
        "row": "mention",
        "topic": topic.id,
        **{key: wording[key] for key in keys},
        "sources": {source: answers.get(source, "") for source in SOURCES},
    }


def format_row(row: Row) -> str:
    """Write a row as a line of text."""
    if row["row"] == "gap":
        return f"gap: {row['source']}, {row['what']}, {row['start']} to {row['end']}: {row['reason']}"
    answers = ", ".join(f"{source} {LABELS[has]}" for source, has in row["sources"].items())
    return f"{row['citation']}, {row['title']}, {row['speaker'] or 'the title'}: {answers}"
