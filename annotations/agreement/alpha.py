"""Krippendorff's alpha: of values given to the same units (nominal), and of spans marked in a text (unitised).

1 is perfect agreement, 0 is chance, and less is worse than chance. Both are None where there is nothing to disagree on:
nobody marked anything, or everybody gave the same value everywhere.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

MarkedSpan = tuple[int, int]  # start and end of a span, end exclusive


def compute_nominal_alpha(units: Iterable[Sequence[str]], unmarked: Mapping[int, int] | None = None) -> float | None:
    """Compute alpha over units, each with the values that people gave it; a unit with fewer than two does not count.

    `unmarked` counts further units to which everybody gave the value '', by the number of people.
    """
    totals: Counter[str] = Counter()
    alike = 0.0
    tallied = Counter(tuple(sorted(values)) for values in units)
    for values, times in [*tallied.items(), *((("",) * people, times) for people, times in (unmarked or {}).items())]:
        if len(values) > 1:
            counts = Counter(values)
            totals.update({value: n * times for value, n in counts.items()})
            alike += times * sum(n * (n - 1) for n in counts.values()) / (len(values) - 1)
    number = totals.total()
    expected = number**2 - sum(n * n for n in totals.values())
    return 1 - (number - 1) * (number - alike) / expected if expected else None


def compute_unitised_alpha(
    one: Mapping[str, Sequence[MarkedSpan]], other: Mapping[str, Sequence[MarkedSpan]], length: int
) -> float | None:
    """Compute alpha of two people's spans, by category, in a text of `length` characters.

    As defined by Krippendorff (Content Analysis, 2nd edition, 2004, chapter 11), for two people only: he has since
    shown that it misleads for more. Spans of one person in one category that touch or overlap count as one.
    """
    observed = expected = 0.0
    for category in one.keys() | other.keys():
        ones, others = (_merge_spans(spans.get(category, ())) for spans in (one, other))
        observed += _compute_observed_distance(ones, others, length)
        expected += _compute_expected_distance((ones, others), length)
    return 1 - observed / expected if expected else None


def _merge_spans(spans: Iterable[MarkedSpan]) -> list[MarkedSpan]:
    merged: list[MarkedSpan] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _find_gaps(spans: Sequence[MarkedSpan], length: int) -> Iterator[MarkedSpan]:
    """Yield the gaps between spans, before the first and after the last."""
    for (_, before), (after, _) in pairwise([(0, 0), *spans, (length, length)]):
        if after > before:
            yield before, after


def _compute_observed_distance(one: Sequence[MarkedSpan], other: Sequence[MarkedSpan], length: int) -> float:
    """Sum the squares of the offsets of overlapping spans at both ends, and of the lengths of spans that meet none."""
    distance = sum((a - c) ** 2 + (b - d) ** 2 for a, b in one for c, d in other if a < d and c < b)
    for spans, others in ((one, other), (other, one)):
        gaps = list(_find_gaps(others, length))
        distance += sum((b - a) ** 2 for a, b in spans for c, d in gaps if c <= a and b <= d)
    return distance / length**2


def _compute_expected_distance(people: Sequence[Sequence[MarkedSpan]], length: int) -> float:
    """Compute the average distance of these spans if they and the gaps were placed at random."""
    spans = [end - start for each in people for start, end in each]
    gaps = sorted(end - start for each in people for start, end in _find_gaps(each, length))
    above = list(accumulate(reversed(gaps), initial=0))[::-1]  # the sum of this gap and all longer ones
    distance = 0.0
    for span in spans:
        first_fitting = bisect_left(gaps, span)
        places = above[first_fitting] - (span - 1) * (len(gaps) - first_fitting)  # in the gaps that are long enough
        distance += (len(spans) - 1) * (2 * span**3 - 3 * span**2 + span) / 3 + span**2 * places
    whole = 2 * length
    pairs = whole * (whole - 1) - sum(span * (span - 1) for span in spans)
    return 2 / length * distance / pairs if pairs else 0.0
