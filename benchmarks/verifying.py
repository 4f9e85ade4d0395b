"""Benchmark of checking quotations: fragments of real speeches, damaged as articles damage them, and found again.

They are looked for in the archive of copies, where every text stands many times, and in one where no two speeches are
alike, as in a real archive of that size.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from annotations.verification.verify import verify_quotation
from benchmarks.measures import BenchFolder, Measure, find_percentile, report_progress
from db.statements.store import compute_first_rowid, open_store

QUOTATIONS, SEED = 500, 17
MOST_TRIES = 200  # of a speech for each quotation
LEAST_WORDS, MOST_WORDS = 8, 60  # of a quotation
LEAST_LENGTH = 120  # characters of a speech that is quoted
ROWIDS_QUERY = "SELECT rowid FROM speeches WHERE speaker IS NOT NULL"
PAIR_QUERY = """
SELECT a.text, b.text, a.speaker, a.date FROM speeches a JOIN speeches b ON b.debate_id = a.debate_id
   AND b.rowid = a.rowid + 1
 WHERE a.rowid = ? AND min(length(a.text), length(b.text)) >= ?
"""
DEBATE = """
INSERT INTO debates (id, gid, house, kind, date, position, title, heading, section, citation, speeches, words, source,
  file, response_id, sha256, received)
VALUES (?1, ?1, 'commons', 'debates', ?1, 1, '', '', '', '', 1, 1, 'many', '', 1, '', '')
"""
SPEECH = """
INSERT INTO speeches (rowid, id, gid, debate_id, position, kind, house, date, speaker, text, words, citation, damage,
  source, edition, response_id, received, since, since_edition, since_response_id)
VALUES (?1, CAST(?1 AS TEXT), CAST(?1 AS TEXT), ?2, 1, 'speech', 'commons', ?2, ?3, ?4, 1, '', '', 'many', 'a', 1, '',
  '', 'a', 1)
"""
TEXTS_QUERY = "SELECT text FROM speeches ORDER BY rowid LIMIT 9000"
SPEECHES_PER_DAY, SPEAKERS, RUN = 1000, 600, 8  # of an archive of different speeches; words in a row from one speech
ONE_CORPUS = 10_000  # speeches up to which no text stands twice anyway
Words = list[str]


class QuotedFragment(NamedTuple):
    """A quotation made from the record: how it was damaged, its words, and the speaker and day of its first speech."""

    damage: str
    words: str
    speaker: str | None
    date: str


def quote_as_it_is(words: Words, following: Words, chance: random.Random) -> Words:
    """Return the words as they are."""
    return words


def cut_words_out(words: Words, following: Words, chance: random.Random) -> Words:
    """Replace some words of the middle by an ellipsis."""
    first = len(words) // 3
    return [*words[:first], "…", *words[first + chance.randint(2, max(3, len(words) // 3)) :]]


def join_speeches(words: Words, following: Words, chance: random.Random) -> Words:
    """Go on with the beginning of the next speech, as if the two were one."""
    return [*words, *following[: len(words)]]


def misspell_words(words: Words, following: Words, chance: random.Random) -> Words:
    """Exchange two letters in one word of eight."""
    long = [n for n, word in enumerate(words) if len(word) > 4]
    wrong = set(chance.sample(long, min(len(long), 1 + len(words) // 8)))
    return [word[:2] + word[3] + word[2] + word[4:] if n in wrong else word for n, word in enumerate(words)]


def put_in_brackets(words: Words, following: Words, chance: random.Random) -> Words:
    """Replace a word by one of the writer's own in brackets."""
    place = chance.randrange(1, len(words) - 1)
    return [*words[:place], "[the Government]", *words[place + 1 :]]


def change_words(words: Words, following: Words, chance: random.Random) -> Words:
    """Replace one word by another of the next speech, and leave one out."""
    place = chance.randrange(1, len(words) - 2)
    return [*words[:place], chance.choice(following), *words[place + 2 :]]


def mix_words(words: Words, following: Words, chance: random.Random) -> Words:
    """Put the words into another order: nobody said this."""
    return chance.sample(words, len(words))


MIXED = "mix words"
DAMAGES: tuple[Callable[[Words, Words, random.Random], Words], ...] = (
    quote_as_it_is,
    cut_words_out,
    join_speeches,
    misspell_words,
    put_in_brackets,
    change_words,
    mix_words,
)


def make_quotations(conn: sqlite3.Connection, count: int = QUOTATIONS) -> list[QuotedFragment]:
    """Take fragments of speeches at random, always the same of the same database, and damage each in one way."""
    chance = random.Random(SEED)
    rowids = [rowid for (rowid,) in conn.execute(ROWIDS_QUERY)]
    made: list[QuotedFragment] = []
    for _ in range(MOST_TRIES * count):
        if len(made) == count:
            break
        found = conn.execute(PAIR_QUERY, (chance.choice(rowids), LEAST_LENGTH)).fetchone()
        if not found:
            continue
        text, following, speaker, date = found
        words, size = text.split(), chance.randint(LEAST_WORDS, MOST_WORDS)
        damage = DAMAGES[len(made) % len(DAMAGES)]
        start = max(0, len(words) - size) if damage is join_speeches else chance.randrange(max(1, len(words) - size))
        damaged = damage(words[start : start + size], following.split(), chance)
        made.append(QuotedFragment(damage.__name__.replace("_", " "), " ".join(damaged), speaker, date))
    return made


def measure_verifying(folder: BenchFolder) -> Iterator[Measure]:
    """Measure quotations in the archive of copies, and in one of as many different speeches."""
    yield from _measure_archive(folder.statements, f"{folder.speeches:,} speeches")
    if folder.speeches > ONE_CORPUS:
        varied = folder.path / "varied.db"
        report_progress(f"make an archive of {folder.speeches:,} speeches of which no two are alike")
        with closing(sqlite3.connect(folder.statements)) as conn:
            texts = [text.split() for (text,) in conn.execute(TEXTS_QUERY)]
        with closing(open_store(varied)) as conn:
            fill_with_speeches(conn, texts, folder.speeches)
        yield from _measure_archive(varied, f"{folder.speeches:,} different speeches")
        varied.unlink()


def _measure_archive(database: Path, archive: str) -> Iterator[Measure]:
    with closing(sqlite3.connect(database)) as conn:
        quotations = make_quotations(conn)
        for named in (False, True):
            attributed = " with speaker and day" if named else ""
            report_progress(f"check {len(quotations)} quotations{attributed} among {archive}")
            used, lost = [], 0
            for each in quotations:
                started = time.process_time()
                verdict = verify_quotation(conn, each.words, *((each.speaker, each.date) if named else ()))
                used.append((time.process_time() - started) * 1000)
                lost += verdict.answer in ("not found", "not held") and each.damage != MIXED
            yield Measure(
                name=f"check a quotation{attributed} among {archive}, median CPU",
                value=find_percentile(used, 50),
                unit="ms",
                goal=30,
                limit=60,
            )
            yield Measure(name=f"the slowest of {len(used)}", value=max(used), unit="ms", goal=300, limit=600)
            real = sum(each.damage != MIXED for each in quotations)
            yield Measure(
                name=f"of {real} real quotations, not found", value=100 * lost / real, unit="%", goal=0.5, limit=1.5
            )


def fill_with_speeches(conn: sqlite3.Connection, texts: list[Words], count: int) -> None:
    """Fill an empty statements.db with speeches as long as the texts, made of runs of words from all over them."""
    chance, words = random.Random(SEED), [word for text in texts for word in text]
    with conn:
        conn.execute("BEGIN")
        conn.execute("INSERT INTO sources VALUES ('many', '', '', '', '', '')")
        for number in range(count):
            day = str(date(1950, 1, 1) + timedelta(days=number // SPEECHES_PER_DAY))
            if number % SPEECHES_PER_DAY == 0:
                conn.execute(DEBATE, (day,))
            starts = [chance.randrange(len(words) - RUN) for _ in range(1 + len(texts[number % len(texts)]) // RUN)]
            text = " ".join([" ".join(words[start : start + RUN]) for start in starts])
            rowid = compute_first_rowid("debates", day) + number % SPEECHES_PER_DAY
            conn.execute(SPEECH, (rowid, day, f"Speaker {number % SPEAKERS}", text))
        conn.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
