"""Krippendorff's alpha: of values given to the same units (nominal), and of spans that each person cut out (unitised).

1 is perfect agreement, 0 is what chance would give, and less is worse than chance. Both are None where there is nothing
to disagree on: nobody marked anything, or everybody gave the one value everywhere.
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

    As defined by Krippendorff (Content Analysis, 2nd edition, 2004, chapter 11), for two people: of more, he has since
    shown that it misleads. Spans of one person in one category that touch or overlap count as one.
    """
    observed = expected = 0.0
    for category in one.keys() | other.keys():
        ones, others = (_merge_spans(spans.get(category, ())) for spans in (one, other))
        observed += _observed_distance(ones, others, length)
        expected += _expected_distance((ones, others), length)
    return 1 - observed / expected if expected else None


def _merge_spans(cuts: Iterable[MarkedSpan]) -> list[MarkedSpan]:
    found: list[MarkedSpan] = []
    for start, end in sorted(cuts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _gaps(cuts: Sequence[MarkedSpan], length: int) -> Iterator[MarkedSpan]:
    """Yield the gaps between spans, before the first and after the last."""
    for (_, before), (after, _) in pairwise([(0, 0), *cuts, (length, length)]):
        if after > before:
            yield before, after


def _observed_distance(one: Sequence[MarkedSpan], other: Sequence[MarkedSpan], length: int) -> float:
    """Sum the observed distance: squares at both ends where spans meet, of the length where a span meets nothing."""
    apart = sum((a - c) ** 2 + (b - d) ** 2 for a, b in one for c, d in other if a < d and c < b)
    for spans, others in ((one, other), (other, one)):
        gaps = list(_gaps(others, length))
        apart += sum((b - a) ** 2 for a, b in spans for c, d in gaps if c <= a and b <= d)
    return apart / length**2


def _expected_distance(both: Sequence[Sequence[MarkedSpan]], length: int) -> float:
    """Compute the distance of these spans that is expected on average if they and the gaps lay anywhere."""
    spans = [end - start for cuts in both for start, end in cuts]
    gaps = sorted(end - start for cuts in both for start, end in _gaps(cuts, length))
    above = list(accumulate(reversed(gaps), initial=0))[::-1]  # the sum of the gaps from each on
    apart = 0.0
    for span in spans:
        at = bisect_left(gaps, span)
        places = above[at] - (span - 1) * (len(gaps) - at)  # in the gaps that it goes into
        apart += (len(spans) - 1) * (2 * span**3 - 3 * span**2 + span) / 3 + span**2 * places
    whole = 2 * length
    pairs = whole * (whole - 1) - sum(span * (span - 1) for span in spans)
    return 2 / length * apart / pairs if pairs else 0.0
