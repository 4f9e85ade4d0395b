"""The precision of suggesters: how many of their suggestions people accepted and rejected, with a 95 per cent bound."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Literal, NamedTuple, get_args

from annotations.suggesters.judge import THRESHOLD
from db.records.annotation import Decision

LedgerField = Literal["suggester", "version", "rule", "point"]
LEDGER_FIELDS: tuple[LedgerField, ...] = get_args(LedgerField)
MIN_DECISIONS = 10  # with fewer, a share says too little
SILENT_BELOW = 0.5  # the upper bound of a rule's precision, below which it proposes nothing
CONFIDENCE = 1.96  # standard deviations: 95 per cent
SuggestionSource = tuple[str, str, str, str]  # suggester, version, rule, point


class PrecisionLine(NamedTuple):
    """One line of the ledger; a field by which the ledger is not grouped is empty."""

    suggester: str
    version: str
    rule: str
    point: str
    accepted: int
    rejected: int
    undecided: int

    @property
    def decided(self) -> int:
        """Count the suggestions that people have decided."""
        return self.accepted + self.rejected

    @property
    def precision(self) -> float | None:
        """Return the accepted share of the decided suggestions; None where nothing is decided."""
        return self.accepted / self.decided if self.decided else None

    @property
    def says(self) -> str:
        """Describe the counts in words."""
        if not self.decided:
            return "none decided yet"
        low, high = compute_wilson_bounds(self.accepted, self.decided)
        share = f"precision {self.accepted / self.decided:.2f}, between {low:.2f} and {high:.2f} at 95 per cent"
        return share if self.decided >= MIN_DECISIONS else f"{share}: too few to say"


def compute_wilson_bounds(accepted: int, decided: int) -> tuple[float, float]:
    """Return the 95 per cent bounds of the true share of accepted suggestions (Wilson's score interval).

    >>> [round(bound, 3) for bound in compute_wilson_bounds(9, 10)]
    [0.596, 0.982]
    """
    square = CONFIDENCE * CONFIDENCE
    share = accepted / decided
    middle = share + square / (2 * decided)
    spread = CONFIDENCE * sqrt(share * (1 - share) / decided + square / (4 * decided * decided))
    scale = 1 + square / decided
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def is_proposed(decision: Decision) -> bool:
    """Return True if the judge, where it was asked, held a suggestion likelier right than wrong when it was decided.

    A less likely point is decided with the sentence that it stands beside, and says nothing against its rule.
    """
    return decision.score >= THRESHOLD or "+" not in decision.version


def count_decisions(
    decisions: Iterable[Decision], undecided: Iterable[SuggestionSource], by: Sequence[LedgerField] = LEDGER_FIELDS
) -> list[PrecisionLine]:
    """Count decisions, each under the version that was decided, and open suggestions, grouped by some fields."""
    counts = (Counter[SuggestionSource](), Counter[SuggestionSource](), Counter[SuggestionSource]())
    for decision in filter(is_proposed, decisions):
        source = (decision.suggester, decision.version, decision.rule, decision.point_id)
        counts[decision.status == "rejected"][_group_source(source, by)] += 1
    for source in undecided:
        counts[2][_group_source(source, by)] += 1
    accepted, rejected, still_undecided = counts
    return [
        PrecisionLine(
            **dict(zip(LEDGER_FIELDS, source, strict=True)),
            accepted=accepted[source],
            rejected=rejected[source],
            undecided=still_undecided[source],
        )
        for source in sorted({*accepted, *rejected, *still_undecided})
    ]


def compute_trust(decisions: Iterable[Decision], suggester: str) -> float:
    """Return what the scores of a program are multiplied by: 1 at first, and less the more people rejected.

    Two right suggestions are taken for granted, so that the first decisions do not settle it.
    """
    right = [one.status == "accepted" for one in decisions if one.suggester == suggester]
    return (sum(right) + 2) / (len(right) + 2)


def find_silent_rules(decisions: Iterable[Decision]) -> set[tuple[str, str]]:
    """Return the rules that are silent, each with its version: surely less than half of their suggestions were right.

    The upper bound of the accepted share is below SILENT_BELOW. A rule that is reworded has another version, and speaks
    again.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    for decision in filter(is_proposed, decisions):
        if decision.rule:
            source = (decision.rule, decision.version.partition("+")[0])
            counts.setdefault(source, [0, 0])[decision.status == "rejected"] += 1
    return {source for source, (accepted, rejected) in counts.items() if is_silent(accepted, rejected)}


def is_silent(accepted: int, rejected: int) -> bool:
    """Return True if surely less than half of a rule's suggestions were right.

    >>> is_silent(0, 3), is_silent(0, 4)
    (False, True)
    """
    decided = accepted + rejected
    return decided > 0 and compute_wilson_bounds(accepted, decided)[1] < SILENT_BELOW


def _group_source(source: SuggestionSource, by: Sequence[LedgerField]) -> SuggestionSource:
    suggester, version, rule, point = (
        value if field in by else "" for field, value in zip(LEDGER_FIELDS, source, strict=True)
    )
    return suggester, version, rule, point
