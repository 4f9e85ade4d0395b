"""Speeches that may hold a quotation: from the search index, rarest words first, in a bounded number of steps."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db.statements.store import ORDER, ROOM, base

ENOUGH, COMMON = 12, 300  # speeches that are compared; speeches above which words say nothing
WORDS, RARE = 24, 8  # words that are looked for, the longest first, until so many are rare
IN_A_ROW, ROWS = 4, 8  # words in a row that are looked for together, and how many such rows
ROW, ALL = 48, 10.0  # words of a passage that are looked for in a row, and what it is worth to hold them
ANY = (0, (1 << 63) - 1)
HOLDING = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
OWN = """
SELECT f.rowid FROM speeches_fts f CROSS JOIN speeches s ON s.rowid = f.rowid
 WHERE f.speeches_fts MATCH ? AND f.rowid BETWEEN ? AND ? AND s.speaker IN (SELECT value FROM json_each(?)) LIMIT ?
"""


class Range(NamedTuple):
    """The rowids within which is looked."""

    first: int
    last: int


def on(date: str | None) -> Range:
    """The rowids of a day's speeches, or of all. Raises ValueError where it is no date."""
    if date is None:
        return Range(*ANY)
    try:
        return Range(base(ORDER[0], date), base(ORDER[-1], date) + ROOM - 1)
    except ValueError as error:
        raise ValueError(f"{date} is not a date: write it as 2008-06-18") from error


def likely(conn: sqlite3.Connection, passages: Iterable[str], within: Range, speakers: Sequence[str]) -> list[int]:
    """The rowids of the speeches that have most in common with some passages, the likeliest first.

    Of many that have all words of a passage in a row, those of the speakers come first.
    """
    votes: dict[int, float] = defaultdict(float)
    for passage in passages:
        words = re.findall(r"[^\W_]+", passage.lower())
        whole = _whole(conn, words, within, speakers)
        for rowid in whole[: 2 * ENOUGH]:
            votes[rowid] += ALL
        if not whole:
            _vote(conn, words, within, votes)
    return sorted(votes, key=lambda rowid: (-votes[rowid], rowid))[:ENOUGH]


def _whole(conn: sqlite3.Connection, words: Sequence[str], within: Range, speakers: Sequence[str]) -> list[int]:
    """The speeches that hold all words in a row, those of the speakers first."""
    row = words[:ROW]
    mine = json.dumps(speakers)
    own = [each[0] for each in conn.execute(OWN, (_phrase(row), *within, mine, ENOUGH))] if speakers and row else []
    return own + [rowid for rowid in _speeches(conn, row, within) if rowid not in own]


def _vote(conn: sqlite3.Connection, words: Sequence[str], within: Range, votes: dict[int, float]) -> None:
    """Let rows of words, and rare words, speak for the speeches that hold them, the more the rarer they are."""
    rows = [words[n : n + IN_A_ROW] for n in range(0, len(words) - IN_A_ROW + 1, IN_A_ROW)]
    for row in sorted(rows, key=lambda row: -len("".join(row)))[:ROWS]:
        _count(_speeches(conn, row, within), votes)
    rare = 0
    for word in sorted(set(words), key=lambda word: (-len(word), word))[:WORDS]:
        rare += _count(_speeches(conn, [word], within), votes)
        if rare == RARE:
            return


def _count(found: Sequence[int], votes: dict[int, float]) -> bool:
    if not found or len(found) > COMMON:
        return False
    for rowid in found:
        votes[rowid] += 1 / (1 + len(found).bit_length())
    return True


def _speeches(conn: sqlite3.Connection, words: Sequence[str], within: Range) -> list[int]:
    """The speeches that hold words in a row, as the index knows words: at most one more than are looked at."""
    return [row[0] for row in conn.execute(HOLDING, (_phrase(words), *within, COMMON + 1))] if words else []


def _phrase(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'
