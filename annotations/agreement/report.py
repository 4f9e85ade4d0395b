"""The agreement report: computed once for the same words and marks of statements.db, and returned as rows or JSON."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from annotations.agreement.measure import BlindMark, FinishedDebate, PointAgreement, measure_agreement
from annotations.agreement.passes import read_blind_marks, read_finished_debates, read_finished_passes

HEAD = (
    *("point", "people", "debates", "sentences", "marked", "alpha_nominal", "one", "other"),
    *("alpha_unitised", "both", "alike", "only_one", "only_other", "warning"),
)


class AgreementData(NamedTuple):
    """The input of the report: debates that several people have finished, and what they marked in them."""

    debates: tuple[FinishedDebate, ...]
    marks: tuple[BlindMark, ...]


def read_agreement_data(conn: sqlite3.Connection, debate: str, hidden: Collection[str]) -> AgreementData:
    """Read the input for one debate, or for all if `debate` is empty; `hidden` are debates to leave out."""
    passes = {
        key: times
        for key, times in read_finished_passes(conn).items()
        if debate in ("", key[1]) and key[1] not in hidden
    }
    reads = tuple(read for read in read_finished_debates(conn, passes) if len(read.people) > 1)
    spoken = {speech for read in reads for speech, _ in read.speeches}
    return AgreementData(reads, tuple(mark for mark in read_blind_marks(conn, debate) if mark.speech_id in spoken))


@lru_cache(maxsize=4)
def compute_agreement(known: AgreementData) -> tuple[PointAgreement, ...]:
    """Compute the agreement on each marked point; the last four results are cached."""
    return tuple(measure_agreement(known.debates, known.marks))


def make_agreement_data(found: PointAgreement) -> dict[str, object]:
    """Convert the agreement on one point to what JSON can hold, with every pair and every marked sentence."""
    lists = {key: [each._asdict() for each in getattr(found, key)] for key in ("pairs", "disagreements", "agreed")}
    return {**found._asdict(), **lists}


def format_agreement_json(found: Sequence[PointAgreement]) -> str:
    """Convert the agreement on all points to JSON."""
    return json.dumps([make_agreement_data(each) for each in found], ensure_ascii=False, indent=1)


def make_agreement_rows(found: Sequence[PointAgreement]) -> Iterator[tuple[object, ...]]:
    """Yield a head, then a row for each point and each two people who finished a debate; no alpha is ''."""
    yield HEAD
    for each in found:
        counts = (each.debates, each.sentences, each.marked, _format_alpha(each.nominal))
        for pair in each.pairs:
            met = (pair.both, pair.alike, pair.only_one, pair.only_other)
            who = (pair.one, pair.other, _format_alpha(pair.unitised))
            yield (each.point_id, ", ".join(each.people), *counts, *who, *met, each.warning)


def _format_alpha(alpha: float | None) -> str:
    return "" if alpha is None else f"{alpha:.3f}"
