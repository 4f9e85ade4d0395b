"""The search for speeches that may hold a quotation: rarest words first, in a limited number of queries."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid

MAX_SPEECHES, TOO_COMMON = 12, 300  # speeches that are compared; speeches with a phrase that is too common
MAX_WORDS, MAX_RARE_WORDS = 24, 8  # words that are searched for, the longest first; rare ones that are enough
PHRASE_LENGTH, MAX_PHRASES = 4, 8  # words of a phrase, and phrases that are searched for
MAX_PASSAGE_WORDS, PASSAGE_WEIGHT = 48, 10.0  # first words of a passage, and the votes for a speech with all of them
ALL_ROWIDS = (0, (1 << 63) - 1)
PHRASE_QUERY = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
SPEAKERS_PHRASE_QUERY = """
SELECT f.rowid FROM speeches_fts f CROSS JOIN speeches s ON s.rowid = f.rowid
 WHERE f.speeches_fts MATCH ? AND f.rowid BETWEEN ? AND ? AND s.speaker IN (SELECT value FROM json_each(?)) LIMIT ?
"""


class RowidRange(NamedTuple):
    """The first and the last rowid of the speeches to search."""

    first: int
    last: int


def find_rowid_range(date: str | None) -> RowidRange:
    """Return the range of the rowids of a day's speeches, or of all for None. Raises ValueError for a wrong date."""
    if date is None:
        return RowidRange(*ALL_ROWIDS)
    try:
        return RowidRange(
            compute_first_rowid(KIND_ORDER[0], date), compute_first_rowid(KIND_ORDER[-1], date) + ROWIDS_PER_DAY - 1
        )
    except ValueError as error:
        raise ValueError(f"{date} is not a date: write it as 2008-06-18") from error


def find_likely_speeches(
    conn: sqlite3.Connection, passages: Iterable[str], within: RowidRange, speakers: Sequence[str]
) -> list[int]:
    """Return the rowids of at most MAX_SPEECHES speeches that have most in common with passages, the likeliest first.

    Where many have a whole passage, those of the speakers come first.
    """
    votes: dict[int, float] = defaultdict(float)
    for passage in passages:
        words = re.findall(r"[^\W_]+", passage.lower())
        whole = _find_passage(conn, words, within, speakers)
        for rowid in whole[: 2 * MAX_SPEECHES]:
            votes[rowid] += PASSAGE_WEIGHT
        if not whole:
            _vote_for_parts(conn, words, within, votes)
    return sorted(votes, key=lambda rowid: (-votes[rowid], rowid))[:MAX_SPEECHES]


def _find_passage(
    conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, speakers: Sequence[str]
) -> list[int]:
    """Return the rowids of speeches with a whole passage, those of the speakers first."""
    row = words[:MAX_PASSAGE_WORDS]
    mine = json.dumps(speakers)
    own = (
        [each[0] for each in conn.execute(SPEAKERS_PHRASE_QUERY, (_format_phrase(row), *within, mine, MAX_SPEECHES))]
        if speakers and row
        else []
    )
    return own + [rowid for rowid in _find_phrase(conn, row, within) if rowid not in own]


def _vote_for_parts(
    conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, votes: dict[int, float]
) -> None:
    """Add votes for speeches with phrases or rare words of a passage; the rarer the words, the heavier the vote."""
    rows = [words[n : n + PHRASE_LENGTH] for n in range(0, len(words) - PHRASE_LENGTH + 1, PHRASE_LENGTH)]
    for row in sorted(rows, key=lambda row: -len("".join(row)))[:MAX_PHRASES]:
        _add_votes(_find_phrase(conn, row, within), votes)
    rare = 0
    for word in sorted(set(words), key=lambda word: (-len(word), word))[:MAX_WORDS]:
        rare += _add_votes(_find_phrase(conn, [word], within), votes)
        if rare == MAX_RARE_WORDS:
            return


def _add_votes(found: Sequence[int], votes: dict[int, float]) -> bool:
    if not found or len(found) > TOO_COMMON:
        return False
    for rowid in found:
        votes[rowid] += 1 / (1 + len(found).bit_length())
    return True


def _find_phrase(conn: sqlite3.Connection, words: Sequence[str], within: RowidRange) -> list[int]:
    """Return the rowids of at most TOO_COMMON + 1 speeches that have words in a row."""
    return (
        [row[0] for row in conn.execute(PHRASE_QUERY, (_format_phrase(words), *within, TOO_COMMON + 1))]
        if words
        else []
    )


def _format_phrase(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'
