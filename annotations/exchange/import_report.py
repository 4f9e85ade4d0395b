"""What is found when a file is weighed: what would be entered, and what is in the way."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from db.journal.entries import Draft
from db.journal.payload_schemas import problem


class Problem(NamedTuple):
    """Why an entry cannot be imported; `kind` counts it: not verbatim, in conflict, ..."""

    where: str
    kind: str
    what: str


class Report(NamedTuple):
    """What would be entered, how many entries are what (in words), and what is in the way."""

    drafts: list[Draft]
    counts: dict[str, int]
    problems: list[Problem]


def enter(report: Report, where: str, kind: str, draft: Draft) -> None:
    """Count a draft as what it is, unless the journal would not take it."""
    payload: Mapping[str, Any] = draft.payload
    if what := problem(draft.actor, draft.kind, payload):
        report.problems.append(Problem(where, "wrong", what))
    else:
        report.counts[kind] += 1
        report.drafts.append(draft)
