"""The search for speeches that may hold a quotation: rarest words first, in a limited number of queries."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from annotations.verification.speaker_register import NamedSpeaker
from db.statements.rowid_filters import RowidRange

MAX_SPEECHES, TOO_COMMON = 12, 300  # speeches that are compared; speeches with a phrase that is too common
MAX_WORDS, MAX_RARE_WORDS = 24, 8  # words that are searched for, the longest first; rare ones that are enough
PHRASE_LENGTH, MAX_PHRASES = 4, 8  # words of a phrase, and phrases that are searched for
MAX_PASSAGE_WORDS, PASSAGE_WEIGHT = 48, 10.0  # first words of a passage, and the votes for a speech with all of them
MAX_OWN_SPEECHES = 250  # speeches of one speaker on one day
PHRASE_QUERY = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
OWN_PHRASE_QUERY = """
SELECT rowid FROM speeches_fts
 WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? AND rowid IN (SELECT value FROM json_each(?))
"""
SPEAKERS_PHRASE_QUERY = """
SELECT f.rowid FROM speeches_fts f CROSS JOIN speeches s ON s.rowid = f.rowid
 WHERE f.speeches_fts MATCH ? AND f.rowid BETWEEN ? AND ? AND s.speaker IN (SELECT value FROM json_each(?)) LIMIT ?
"""


def find_likely_speeches(
    conn: sqlite3.Connection,
    passages: Iterable[str],
    within: RowidRange,
    named: NamedSpeaker | None = None,
    own: Sequence[int] = (),
) -> list[int]:
    """Return the rowids of at most MAX_SPEECHES speeches that have most in common with passages, the likeliest first.

    Of the speeches that have as much, the named speaker's come first. All of `own`, that speaker's speeches of the day,
    follow where none of them has a whole passage; those of more than MAX_OWN_SPEECHES are a party's, and do not.
    """
    votes: dict[int, float] = defaultdict(float)
    mine: set[int] = set()
    missing = False
    for passage in passages:
        words = re.findall(r"[^\W_]+", passage.lower())
        whole = _find_phrase(conn, words[:MAX_PASSAGE_WORDS], within)
        spoken = _find_own_phrase(conn, words[:MAX_PASSAGE_WORDS], within, named, own) if named else []
        mine.update(spoken)
        missing |= not spoken
        for rowid in dict.fromkeys([*spoken, *whole[: 2 * MAX_SPEECHES]]):
            votes[rowid] += PASSAGE_WEIGHT
        if not whole:
            _vote_for_parts(conn, words, within, votes)
    likely = sorted(votes, key=lambda rowid: (-votes[rowid], rowid not in mine, rowid))[:MAX_SPEECHES]
    rest = own if missing and len(own) <= MAX_OWN_SPEECHES else ()
    return list(dict.fromkeys([*likely, *rest]))


def _find_own_phrase(
    conn: sqlite3.Connection,
    words: Sequence[str],
    within: RowidRange,
    named: NamedSpeaker,
    own: Sequence[int],
) -> list[int]:
    """Return the rowids of the named speaker's speeches that have words in a row: of `own`, or else of any day."""
    if not words:
        return []
    if own:
        rows = conn.execute(OWN_PHRASE_QUERY, (_format_phrase(words), *within, json.dumps(own)))
    elif printed := named.list_printed_names():
        rows = conn.execute(SPEAKERS_PHRASE_QUERY, (_format_phrase(words), *within, json.dumps(printed), MAX_SPEECHES))
    else:
        return named.select_by_role(_find_phrase(conn, words, within))[:MAX_SPEECHES]
    return [row[0] for row in rows]


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
