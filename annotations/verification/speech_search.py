"""The search for speeches that may hold a quotation: rarest words first, in a limited number of queries.

A search for many common words in a row costs the index most. A quotation is therefore searched for by a few of its
words in a row, and whether a speech has them all is read in its text.
"""

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
MIN_PHRASE_LETTERS = 16  # of a phrase; shorter words are so common that the search for them is slow
MIN_SET, MAX_SET = 3, 7  # words that are searched for together, in any order
MAX_READ = 100  # speeches whose texts are read for a passage
MAX_PASSAGE_WORDS, PASSAGE_WEIGHT = 48, 10.0  # first words of a passage, and the votes for a speech with all of them
MAX_OWN_SPEECHES = 250  # speeches of one speaker on one day
PHRASE_QUERY = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
OWN_PHRASE_QUERY = """
SELECT rowid FROM speeches_fts
 WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ? AND rowid IN (SELECT value FROM json_each(?))
"""
SPEAKERS_PHRASE_QUERY = """
SELECT rowid FROM speeches_fts
 WHERE speeches_fts MATCH ? AND rowid BETWEEN ? AND ?
   AND +rowid IN (SELECT rowid FROM speeches WHERE speaker IN (SELECT value FROM json_each(?))) LIMIT ?
"""
TEXTS_QUERY = "SELECT rowid, text FROM speeches WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"


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
        words = _split_words(passage)
        parts: dict[int, float] = defaultdict(float)
        whole = _find_passage(conn, words, within, parts)
        spoken = _find_own_phrase(conn, words[:MAX_PASSAGE_WORDS], within, named, own) if named and whole else []
        mine.update(spoken)
        missing |= not spoken
        for rowid in dict.fromkeys([*spoken, *whole[: 2 * MAX_SPEECHES]]):
            votes[rowid] += PASSAGE_WEIGHT
        for rowid, vote in parts.items() if not whole else ():
            votes[rowid] += vote
    likely = sorted(votes, key=lambda rowid: (-votes[rowid], rowid not in mine, rowid))[:MAX_SPEECHES]
    rest = own if missing and len(own) <= MAX_OWN_SPEECHES else ()
    return list(dict.fromkeys([*likely, *rest]))


def _split_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _find_passage(
    conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, votes: dict[int, float]
) -> list[int]:
    """Find the speeches that have the first words of a passage in a row; where none has, add votes for its parts."""
    phrases = [words[n : n + PHRASE_LENGTH] for n in range(0, len(words) - PHRASE_LENGTH + 1, PHRASE_LENGTH)]
    long = [phrase for phrase in phrases if len("".join(phrase)) >= MIN_PHRASE_LETTERS]
    is_whole_possible = is_common = True
    for phrase in sorted(long, key=lambda phrase: -len("".join(phrase)))[:MAX_PHRASES]:
        found = _find_phrase(conn, phrase, within)
        is_whole_possible &= bool(found)
        if is_whole_possible and is_common and len(found) <= MAX_READ:
            is_common = False
            if whole := _select_with_words(conn, found, words[:MAX_PASSAGE_WORDS]):
                return whole
        _add_votes(found, votes)
    if is_whole_possible and is_common and (whole := _find_phrase(conn, words[:MAX_PASSAGE_WORDS], within)):
        return whole
    telling = bool(votes)
    existing = _vote_for_words(conn, words, within, votes)
    if not telling:
        _vote_for_sets(conn, existing[:MAX_SET], within, votes)
    return []


def _select_with_words(conn: sqlite3.Connection, rowids: Sequence[int], words: Sequence[str]) -> list[int]:
    """Select the speeches whose text has words in a row."""
    wanted = f" {' '.join(words)} "
    having: dict[str, bool] = {}
    selected = []
    for rowid, text in conn.execute(TEXTS_QUERY, (json.dumps(rowids),)):
        if text not in having:
            having[text] = wanted in f" {' '.join(_split_words(text))} "
        if having[text]:
            selected.append(rowid)
    return selected


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


def _vote_for_words(
    conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, votes: dict[int, float]
) -> list[str]:
    """Add votes for speeches with rare words of a passage; the rarer the words, the heavier the vote.

    Return the words of the passage that any speech has, the longest first, as far as they were searched for.
    """
    rare, existing = 0, []
    for word in sorted(set(words), key=lambda word: (-len(word), word))[:MAX_WORDS]:
        if found := _find_phrase(conn, [word], within):
            existing.append(word)
        rare += _add_votes(found, votes)
        if rare == MAX_RARE_WORDS:
            break
    return existing


def _vote_for_sets(conn: sqlite3.Connection, words: Sequence[str], within: RowidRange, votes: dict[int, float]) -> None:
    """Add votes for speeches that have words together in any order: all of them, else all but one."""
    if len(words) < MIN_SET or _add_votes(_find_words(conn, words, within), votes):
        return
    for n in range(len(words)):
        _add_votes(_find_words(conn, [*words[:n], *words[n + 1 :]], within), votes)


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


def _find_words(conn: sqlite3.Connection, words: Sequence[str], within: RowidRange) -> list[int]:
    """Return the rowids of at most TOO_COMMON + 1 speeches that have words in any order."""
    query = " ".join(_format_phrase([word]) for word in words)
    return [row[0] for row in conn.execute(PHRASE_QUERY, (query, *within, TOO_COMMON + 1))]


def _format_phrase(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'
