"""The agreement report from statements.db, as rows or JSON; it is computed once for the same words and marks."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from annotations.agreement.measure import BlindMark, FinishedDebate, PointAgreement, measure_agreement
from annotations.agreement.passes import read_blind_marks, read_finished_debates, read_finished_passes

COLUMNS = (
    *("point", "people", "debates", "sentences", "marked", "alpha_nominal", "one", "other"),
    *("alpha_unitised", "both", "alike", "only_one", "only_other", "warning"),
)


class AgreementData(NamedTuple):
    """The input of the report: debates that several people have finished, and their marks in them."""

    debates: tuple[FinishedDebate, ...]
    marks: tuple[BlindMark, ...]


def read_agreement_data(conn: sqlite3.Connection, debate: str, hidden: Collection[str]) -> AgreementData:
    """Read the input for one debate, or for all if it is ""; `hidden` are debates to leave out."""
    passes = {
        key: times
        for key, times in read_finished_passes(conn).items()
        if debate in ("", key[1]) and key[1] not in hidden
    }
    debates = tuple(each for each in read_finished_debates(conn, passes) if len(each.people) > 1)
    speech_ids = {speech for each in debates for speech, _ in each.speeches}
    return AgreementData(
        debates, tuple(mark for mark in read_blind_marks(conn, debate) if mark.speech_id in speech_ids)
    )


@lru_cache(maxsize=4)
def compute_agreement(data: AgreementData) -> tuple[PointAgreement, ...]:
    """Compute the agreement on each marked point; the last four results are cached."""
    return tuple(measure_agreement(data.debates, data.marks))


def make_agreement_data(agreement: PointAgreement) -> dict[str, object]:
    """Convert the agreement on one point to JSON values, with every pair and every marked sentence."""
    lists = {key: [each._asdict() for each in getattr(agreement, key)] for key in ("pairs", "disagreements", "agreed")}
    return {**agreement._asdict(), **lists}


def format_agreement_json(agreements: Sequence[PointAgreement]) -> str:
    """Convert the agreement on all points to JSON."""
    return json.dumps([make_agreement_data(each) for each in agreements], ensure_ascii=False, indent=1)


def make_agreement_rows(agreements: Sequence[PointAgreement]) -> Iterator[tuple[object, ...]]:
    """Yield the column names, then a row for each point and each two people; a missing alpha is ''."""
    yield COLUMNS
    for each in agreements:
        counts = (each.debates, each.sentences, each.marked, _format_alpha(each.nominal))
        for pair in each.pairs:
            passages = (pair.both, pair.alike, pair.only_one, pair.only_other)
            pair_fields = (pair.one, pair.other, _format_alpha(pair.unitised))
            yield (each.point_id, ", ".join(each.people), *counts, *pair_fields, *passages, each.warning)


def _format_alpha(alpha: float | None) -> str:
    return "" if alpha is None else f"{alpha:.3f}"
