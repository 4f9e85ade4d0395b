"""Benchmarks of anchoring quotes on real cases, and of verifying quotations among many speeches."""

import gzip
import json
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from annotations.anchoring.locate import SpeakerSegment, locate_quote
from annotations.verification.verify import verify_quotation
from db.records.annotation import Anchor, Selector
from db.statements.store import compute_first_rowid, open_store

T = TypeVar("T")
WORDS, CHANGED = 30, 10  # words of a quotation, and the index of the word that is replaced
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
SPEECHES_PER_DAY, QUOTATIONS = 1000, 60


def measure_anchoring(cases: Path) -> None:
    """Print the numbers of cases anchored right and wrong, and the time per case, without and with the old text."""
    with gzip.open(cases, "rt") as lines:
        known = [json.loads(line) for line in lines]
    for old in (False, True):
        timed = [_run_timed(partial(_anchor_case, case, old)) for case in known]
        common = [_measure_overlap(anchor, case["expected"]) for (anchor, _), case in zip(timed, known, strict=True)]
        right = sum(share >= 0.9 for share in common)
        wrong = sum(a.start is not None and share < 0.5 for (a, _), share in zip(timed, common, strict=True))
        what = f"{right} of {len(known)} anchors right, {wrong} on wrong words{', with the old text' if old else ''}"
        print(f"{what}; {_describe_times([seconds for _, seconds in timed])}")


def measure_verifying(database: Path, folder: Path, speeches: int) -> None:
    """Print the numbers of quotations verified right, unchanged and with one word changed, among some speeches.

    Speeches and quotations are made from the words of the database.
    """
    with closing(sqlite3.connect(database)) as conn:
        words = " ".join(
            text for (text,) in conn.execute("SELECT text FROM speeches ORDER BY rowid LIMIT 9000")
        ).split()
    chance = random.Random(0)
    with closing(open_store(folder / "many.db")) as conn:
        said = _fill_database(conn, words, speeches, chance)
        changed = [[*quoted[:CHANGED], "lamp", *quoted[CHANGED + 1 :]] for quoted in said]
        for answer, quotations in (("verbatim", said), ("altered", changed)):
            timed = [_run_timed(partial(verify_quotation, conn, " ".join(quoted))) for quoted in quotations]
            found = sum(verdict.answer == answer for verdict, _ in timed)
            times = _describe_times([seconds for _, seconds in timed])
            print(f"{found} of {len(timed)} quotations found {answer} among {speeches:,} speeches; {times}")


def _fill_database(
    conn: sqlite3.Connection, words: Sequence[str], speeches: int, chance: random.Random
) -> list[list[str]]:
    """Put speeches of 20 to 300 words into an empty statements.db; return quotations of some of them."""
    quoted = []
    with conn:
        conn.execute("BEGIN")
        conn.execute("INSERT INTO sources VALUES ('many', '', '', '', '', '')")
        for number in range(speeches):
            day = str(date(2000, 1, 1) + timedelta(days=number // SPEECHES_PER_DAY))
            if number % SPEECHES_PER_DAY == 0:
                conn.execute(DEBATE, (day,))
            at, size = chance.randrange(len(words) - 300), chance.randint(20, 300)
            text = list(words[at : at + size])
            chance.shuffle(text)
            conn.execute(
                SPEECH,
                (
                    compute_first_rowid("debates", day) + number % SPEECHES_PER_DAY,
                    day,
                    f"Speaker {number % 600}",
                    " ".join(text),
                ),
            )
            if number % (speeches // QUOTATIONS) == 0 and size > WORDS and text[WORDS - 1].isalpha():
                quoted.append(text[:WORDS])
        conn.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    return quoted


def _run_timed(do: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return do(), time.perf_counter() - started


def _describe_times(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    median, most = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
    return f"{median * 1000:.2f} ms (median), {most * 1000:.2f} ms (95 of 100)"


def _anchor_case(case: dict[str, Any], old: bool) -> Anchor:
    selector = Selector(exact=case["quote"], **{key: case[key] for key in ("prefix", "suffix", "start", "end")})
    segments = [SpeakerSegment(**each) for each in case["segments"] or ()]
    return locate_quote(case["new_text"], selector, case["old_text"] if old else None, case["speaker"], segments)


def _measure_overlap(anchor: Anchor, expected: dict[str, int] | str) -> float:
    """Return the overlap of a place and the right one as a share from 0 to 1; 1 if both are None."""
    if isinstance(expected, str) or anchor.start is None or anchor.end is None:
        return float(isinstance(expected, str) and anchor.start is None)
    inside = min(anchor.end, expected["end"]) - max(anchor.start, expected["start"])
    return max(0, inside) / (max(anchor.end, expected["end"]) - min(anchor.start, expected["start"]))
