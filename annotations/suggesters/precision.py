"""The precision and recall of suggesters by people's decisions, with 95 per cent bounds, and the rules that are silent.

A suggestion is made before it is decided, so that each version is measured on what it had not learnt from.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from annotations.suggesters.judge import THRESHOLD
from db.citation import format_date
from db.records.annotation import Decision

LedgerField = Literal["suggester", "version", "rule", "point"]
LEDGER_FIELDS: tuple[LedgerField, ...] = get_args(LedgerField)
MIN_DECISIONS = 10  # with fewer, a share says too little
SILENT_BELOW = 0.5  # the upper bound of a rule's precision, below which it proposes nothing
CONFIDENCE = 1.96  # standard deviations: 95 per cent
SuggestionSource = tuple[str, str, str, str]  # suggester, version, rule, point
NO_QUOTES: Mapping[str, int] = MappingProxyType({})


class SilentRule(NamedTuple):
    """A rule that is silent, its version, how often it was right and wrong, and the time from which on it is silent."""

    rule: str
    version: str
    accepted: int
    rejected: int
    since: str

    @property
    def why(self) -> str:
        """Describe in words why the rule is silent, and since when."""
        high = compute_wilson_bounds(self.accepted, self.accepted + self.rejected)[1]
        counted = f"{format_date(self.since)}: {self.accepted} accepted, {self.rejected} rejected"
        return f"silent since {counted}, so that at most {high:.2f} of its suggestions are right"


class PrecisionLine(NamedTuple):
    """One line of the ledger; a field by which the ledger is not grouped is empty."""

    suggester: str
    version: str
    rule: str
    point: str
    accepted: int
    rejected: int
    undecided: int
    quotes: int = 0  # that people have given to its points, whoever found them

    @property
    def decided(self) -> int:
        """Count the suggestions that people have decided."""
        return self.accepted + self.rejected

    @property
    def precision(self) -> float | None:
        """Return the accepted share of the decided suggestions; None where nothing is decided."""
        return self.accepted / self.decided if self.decided else None

    @property
    def recall(self) -> float | None:
        """Return the accepted suggestions as a share of the quotes of their points; None where there are none.

        Of what was accepted, some quotes may have been withdrawn since, so that there can be fewer quotes.
        """
        return min(self.accepted, self.quotes) / self.quotes if self.quotes else None

    @property
    def finds(self) -> str:
        """Describe in words how many of the quotes of its points it found; "" where there are none."""
        if self.recall is None:
            return ""
        found = min(self.accepted, self.quotes)
        low, high = compute_wilson_bounds(found, self.quotes)
        return f"found {found} of {self.quotes} quotes: recall {self.recall:.2f}, between {low:.2f} and {high:.2f}"

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
    decisions: Iterable[Decision],
    undecided: Iterable[SuggestionSource],
    by: Sequence[LedgerField] = LEDGER_FIELDS,
    quotes: Mapping[str, int] = NO_QUOTES,
) -> list[PrecisionLine]:
    """Count decisions, each under the version that was decided, and open suggestions, grouped by some fields.

    `quotes` has the number of quotes that people have given to each point.
    """
    counts = (Counter[SuggestionSource](), Counter[SuggestionSource](), Counter[SuggestionSource]())
    points: dict[SuggestionSource, set[str]] = {}
    for decision in filter(is_proposed, decisions):
        source = (decision.suggester, decision.version, decision.rule, decision.point_id)
        counts[decision.status == "rejected"][_group_source(source, by)] += 1
        points.setdefault(_group_source(source, by), set()).add(source[3])
    for source, number in Counter(undecided).items():
        counts[2][_group_source(source, by)] += number
        points.setdefault(_group_source(source, by), set()).add(source[3])
    accepted, rejected, still_undecided = counts
    return [
        PrecisionLine(
            **dict(zip(LEDGER_FIELDS, source, strict=True)),
            accepted=accepted[source],
            rejected=rejected[source],
            undecided=still_undecided[source],
            quotes=sum(quotes.get(point, 0) for point in points[source]),
        )
        for source in sorted({*accepted, *rejected, *still_undecided})
    ]


def compute_trust(decisions: Iterable[Decision], suggester: str) -> float:
    """Return what the scores of a program are multiplied by: 1 at first, and less the more people rejected.

    Two right suggestions are taken for granted, so that the first decisions do not settle it.
    """
    right = [one.status == "accepted" for one in decisions if one.suggester == suggester]
    return (sum(right) + 2) / (len(right) + 2)


def find_silent_rules(decisions: Iterable[Decision]) -> dict[tuple[str, str], SilentRule]:
    """Return the rules that are silent, by name and version: surely less than half of their suggestions were right.

    The upper bound of the accepted share is below SILENT_BELOW. A rule that is reworded has another version, and speaks
    again. Decisions are in the order of time.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    silent: dict[tuple[str, str], SilentRule] = {}
    for decision in filter(is_proposed, decisions):
        if not decision.rule:
            continue
        source = (decision.rule, decision.version.partition("+")[0])
        counted = counts.setdefault(source, [0, 0])
        counted[decision.status == "rejected"] += 1
        since = silent.pop(source).since if source in silent else decision.time
        if is_silent(*counted):
            rule, version = source
            silent[source] = SilentRule(
                rule=rule, version=version, accepted=counted[0], rejected=counted[1], since=since
            )
    return silent


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
