"""Points of guidance and notes that have the words of a search.

They are few, and blind mode hides some: what may have the words is read as the page may read it, and matched in an
index in memory that is made as that of speeches is.
"""

import json
import secrets
import sqlite3
from collections.abc import Sequence

from db.sqlite import IN_MEMORY, Row, connect, read_rows
from db.statements.store import TOKENIZER
from web.rendering.folding import fold_words
from web.search.exact_words import keep_exact
from web.search.query_parser import Node, is_exact_somewhere, list_required_terms
from web.search.snippets import mark_words, read_marks, write_snippet
from web.search.understanding import SpeakerNarrowing, Understanding

MAX_POINTS, MAX_NOTES = 2, 2  # shown
MAX_TITLE = 200  # characters of a title or quote that is shown whole
MAX_CANDIDATES = 200  # points that may have the words, by their beginnings; notes that have them, the newest
ROOT_LENGTH = 3  # letters that every form of a word has in common
HAS_ROOTS = """
NOT EXISTS (SELECT 1 FROM json_each(:roots) WHERE NOT instr(lower({text}), value))
"""
POINTS = f"""
SELECT p.id, p.number, d.title AS document_title, p.title AS title, p.paraphrase AS body,
       (SELECT count(*) FROM passages WHERE point_id = p.id) AS quotes
  FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 WHERE {HAS_ROOTS.format(text="p.title || ' ' || p.paraphrase")} ORDER BY d.position, p.position LIMIT {MAX_CANDIDATES}
"""
# The index has every note, but only those are read that the page may read; ids are in the order of time
NOTES = f"""
WITH found AS MATERIALIZED (
  SELECT a.id AS found FROM annotations_fts f CROSS JOIN main.annotations m ON m.rowid = f.rowid
    JOIN passages a ON a.id = m.id
   WHERE f.annotations_fts MATCH :match ORDER BY f.rowid DESC LIMIT {MAX_CANDIDATES})
SELECT a.id, a.reading, a.creator, a.exact AS title, a.note AS body, p.title AS point_title, p.number AS point_number,
       s.speaker, s.person_id, s.party, s.date, s.citation
  FROM found CROSS JOIN annotations a ON a.id = found JOIN speeches s ON s.id = a.speech_id
  JOIN guidance_points p ON p.id = a.point_id ORDER BY a.created DESC, a.id
"""
MATCHES = """
SELECT rowid - 1 AS n, highlight(texts_fts, 0, :open, :close) AS title, highlight(texts_fts, 1, :open, :close) AS body
  FROM texts_fts WHERE texts_fts MATCH :match ORDER BY rank
"""


def find_points(conn: sqlite3.Connection, understood: Understanding) -> list[Row]:
    """Find the points with the words in their title or summary, the best first, one more than MAX_POINTS."""
    return list(map(_render, _match(conn, POINTS, understood.node, understood.words.match)[: MAX_POINTS + 1]))


def find_notes(conn: sqlite3.Connection, understood: Understanding) -> list[Row]:
    """Find the notes with the words in their quote or their note, the best first, one more than MAX_NOTES.

    Where a speaker is named, the quote is theirs.
    """
    found = _match(conn, NOTES, understood.node, understood.words.match)
    speaker = understood.speaker
    theirs = [note for note in found if not speaker or _is_by(note, speaker)]
    return list(map(_render, theirs[: MAX_NOTES + 1]))


def _is_by(note: Row, speaker: SpeakerNarrowing) -> bool:
    return note["speaker"] in speaker.names or note["person_id"] in speaker.persons


def _match(conn: sqlite3.Connection, query: str, node: Node | None, match: str) -> list[Row]:
    """Read the rows of a query that match, best first, with `marked`: title and body, marked; [] without words."""
    if not node:
        return []
    words = [word for term in list_required_terms(node) for word in fold_words(term.words)]
    roots = list({word[:ROOT_LENGTH] for word in words if word.isascii()})
    rows = read_rows(conn, query, {"roots": json.dumps(roots), "match": match})
    return _match_rows(rows, node, match) if rows else []


def _match_rows(rows: Sequence[Row], node: Node, match: str) -> list[Row]:
    memory = connect(IN_MEMORY)
    try:
        memory.execute(f"CREATE VIRTUAL TABLE texts_fts USING fts5 (title, body, tokenize='{TOKENIZER}')")
        texts = [(row["title"], row["body"]) for row in rows]
        memory.executemany("INSERT INTO texts_fts (title, body) VALUES (?, ?)", texts)
        marks = secrets.token_hex(8), secrets.token_hex(8)
        found = read_rows(memory, MATCHES, {"open": marks[0], "close": marks[1], "match": match})
        if is_exact_somewhere(node):
            kept = keep_exact(memory, "texts", node, {each["n"] + 1: " ".join(texts[each["n"]]) for each in found})
            found = [each for each in found if each["n"] + 1 in kept]
        return [{**rows[each["n"]], "marked": (each["title"], each["body"], *marks)} for each in found]
    finally:
        memory.close()


def _render(row: Row) -> Row:
    """Write title and body as HTML, with the words marked."""
    *texts, opening, closing = row["marked"]
    title, body = (read_marks(text, opening, closing) for text in texts)
    short = len(title.text) <= MAX_TITLE
    return {**row, "title": mark_words(title) if short else write_snippet(title), "body": write_snippet(body)}
