"""The search for speeches that may hold a quotation: rarest words first, in a bounded number of queries."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid

ENOUGH, COMMON = 12, 300  # speeches that are compared; number of speeches above which words are too common
WORDS, RARE = 24, 8  # words that are searched for, the longest first, until so many are rare
IN_A_ROW, ROWS = 4, 8  # words in a row that are searched for together, and how many such rows
ROW, ALL = 48, 10.0  # words of a passage that are searched for in a row, and the weight of holding them
ANY = (0, (1 << 63) - 1)
HOLDING = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
OWN = """
SELECT f.rowid FROM speeches_fts f CROSS JOIN speeches s ON s.rowid = f.rowid
 WHERE f.speeches_fts MATCH ? AND f.rowid BETWEEN ? AND ? AND s.speaker IN (SELECT value FROM json_each(?)) LIMIT ?
"""


class RowidRange(NamedTuple):
    """The first and the last rowid of the speeches to search."""

    first: int
    last: int


def find_rowid_range(date: str | None) -> RowidRange:
    """Return the rowids of a day's speeches, or of all. Raises ValueError for what is not a date."""
    if date is None:
        return RowidRange(*ANY)
    try:
        return RowidRange(
            compute_first_rowid(KIND_ORDER[0], date), compute_first_rowid(KIND_ORDER[-1], date) + ROWIDS_PER_DAY - 1
        )
    except ValueError as error:
        raise ValueError(f"{date} is not a date: write it as 2008-06-18") from error


def find_likely_speeches(
    conn: sqlite3.Connection, passages: Iterable[str], within: RowidRange, speakers: Sequence[str]
) -> list[int]:
    """Return the rowids of the speeches that have most in common with some passages, the likeliest first.

    Where many hold all words of a passage in a row, those of the speakers come first.
    """
    votes: dict[int, float] = defaultdict(float)
    for passage in passages:
        words = re.findall(r"[^\W_]+", passage.lower())
        whole = _speeches_with_all(conn, words, within, speakers)
        for rowid in whole[: 2 * ENOUGH]:
            votes[rowid] += ALL
        if not whole:
            _vote(conn, words, within, votes)
    return sorted(votes, key=lambda rowid: (-votes[rowid], rowid))[:ENOUGH]


def _speeches_with_all(
    conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, speakers: Sequence[str]
) -> list[int]:
    """Return the speeches that hold all words in a row, those of the speakers first."""
    row = words[:ROW]
    mine = json.dumps(speakers)
    own = [each[0] for each in conn.execute(OWN, (_phrase(row), *within, mine, ENOUGH))] if speakers and row else []
    return own + [rowid for rowid in _speeches_with(conn, row, within) if rowid not in own]


def _vote(conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, votes: dict[int, float]) -> None:
    """Add votes for the speeches that hold rows of words, and rare words: the rarer the words, the heavier the vote."""
    rows = [words[n : n + IN_A_ROW] for n in range(0, len(words) - IN_A_ROW + 1, IN_A_ROW)]
    for row in sorted(rows, key=lambda row: -len("".join(row)))[:ROWS]:
        _add_votes(_speeches_with(conn, row, within), votes)
    rare = 0
    for word in sorted(set(words), key=lambda word: (-len(word), word))[:WORDS]:
        rare += _add_votes(_speeches_with(conn, [word], within), votes)
        if rare == RARE:
            return


def _add_votes(found: Sequence[int], votes: dict[int, float]) -> bool:
    if not found or len(found) > COMMON:
        return False
    for rowid in found:
        votes[rowid] += 1 / (1 + len(found).bit_length())
    return True


def _speeches_with(conn: sqlite3.Connection, words: Sequence[str], within: RowidRange) -> list[int]:
    """Return the speeches that hold words in a row, as the index divides words: at most COMMON + 1."""
    return [row[0] for row in conn.execute(HOLDING, (_phrase(words), *within, COMMON + 1))] if words else []


def _phrase(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'
