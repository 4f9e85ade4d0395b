"""Words that upstream took back: a quotation of a withdrawn speech, and the verdict on it."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from annotations.text.difference_grade import find_gravest
from annotations.text.quotation import QuotedPart
from annotations.verification.compare import Comparison, compare_quotation
from annotations.verification.verdict import SpeechWording, Verdict, cite_passage
from db.sqlite import Row
from db.statements.withdrawn_speeches import find_withdrawn_words, has_withdrawn_speeches

UNFOUND = ("not found", "not held", "recast")  # answers that withdrawn words overrule


class WithdrawnMatch(NamedTuple):
    """A withdrawn speech compared with a quotation; `own` is set if it is the named speaker's, or nobody was named."""

    row: Row
    compared: Comparison
    own: bool


def judge_withdrawn_words(
    conn: sqlite3.Connection,
    quotation: str,
    parts: Sequence[QuotedPart],
    date: str | None,
    verdict: Verdict,
    is_found: Callable[[Comparison], bool],
    is_own: Callable[[str | None, str], bool],
) -> Verdict:
    """Return a verdict of `withdrawn` where the quotation is of a withdrawn speech; else the verdict as it is.

    Words that stand in the record too are withdrawn only where the named speaker's alone were, or where the record has
    them altered. `is_found` judges a comparison, `is_own` a speaker's name on a date.
    """
    if not has_withdrawn_speeches(conn):
        return verdict
    matches = [
        WithdrawnMatch(row, compared, is_own(row["speaker"], row["date"]))
        for row in find_withdrawn_words(conn, quotation, date)
        if (compared := compare_quotation(row["text"], quotation, parts)) and is_found(compared)
    ]
    if not matches:
        return verdict
    best = max(matches, key=lambda each: (each.own, each.compared.alike))
    others_words = verdict.answer == "other speaker" and best.own
    altered = verdict.answer == "altered" and best.own and not best.compared.differences
    return _make_withdrawn_verdict(best, verdict) if verdict.answer in UNFOUND or others_words or altered else verdict


def _make_withdrawn_verdict(match: WithdrawnMatch, verdict: Verdict) -> Verdict:
    row, compared = match.row, match.compared
    speech = SpeechWording(
        rowid=0,
        id=row["id"],
        speaker=row["speaker"],
        person_id=None,
        date=row["date"],
        citation=row["citation"],
        url=None,
        hansard_url=None,
        text=row["text"],
    )
    grade = find_gravest([each.grade for each in compared.differences])
    altered = "Altered, and of words that were" if compared.differences else "Words that were"
    said = f"the record named {row['speaker'] or 'nobody'} as the speaker, {row['citation']}"
    unchecked = verdict.speaker_not_checked
    note = f" Attributed to {unchecked}, who is not known here: speaker not checked." if unchecked else ""
    return verdict._replace(
        answer="withdrawn",
        grade=grade,
        sentence=f"Withdrawn. {altered} {row['withdrawal']}; until then {said}.{note}",
        left_out=compared.left_out,
        differences=compared.differences,
        typography=() if compared.differences else compared.typography,
        passages=tuple(
            cite_passage(speech, start=p.start, end=p.end, alike=p.alike)._replace(address=row["address"])
            for p in compared.places
        ),
        others=0,
        edition="",
    )
