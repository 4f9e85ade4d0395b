"""The training of the judge: ridge logistic regression over judged pairs of sentence and point; needs numpy.

Each pair is known to bear on the point or not to. The weights are pulled towards those of a base, or towards 0, so that
few pairs change little. The same pairs in the same order give the same weights.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotations.suggesters.judge import THRESHOLD, LabelledPair, Weights, compute_probability

RIDGE = 1.0  # the pull towards the base, per standard deviation of a feature
FREE = 1e-6  # the pull of an intercept that has no base
MAX_STEPS = 200
MAX_STEP = 1.0  # of a weight, in one step
PRECISION = 6  # decimal places of a weight
Numbers = NDArray[np.float64]


def fit_weights(pairs: Sequence[LabelledPair], names: Sequence[str], base: Weights | None = None) -> Weights:
    """Fit the weights of the named features to pairs. Raises ValueError where all pairs are of one kind."""
    if len({pair.bears for pair in pairs}) < 2:
        raise ValueError("all judged pairs are of one kind, right or wrong: there is nothing to learn")
    rows = np.array([[pair.features[name] for name in names] for pair in pairs])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale == 0] = 1.0
    standard = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    prior = np.zeros(len(names) + 1)
    if base is not None:
        own = np.array([base.features[name] for name in names])
        prior = np.concatenate([[base.intercept + float(own @ mean)], own * scale])
    ridge = np.full(len(names) + 1, RIDGE)
    ridge[0] = FREE if base is None else RIDGE
    labels, shares = np.array([float(pair.bears) for pair in pairs]), np.array([pair.weight for pair in pairs])
    found = _minimise(standard, labels, shares, ridge, prior)
    features = found[1:] / scale
    return Weights(
        round(float(found[0] - features @ mean), PRECISION),
        {name: round(float(value), PRECISION) for name, value in zip(names, features, strict=True)},
    )


def _minimise(rows: Numbers, labels: Numbers, shares: Numbers, ridge: Numbers, prior: Numbers) -> Numbers:
    """Find by Newton's steps the weights of least loss plus half the ridge times the squared distance to the prior.

    `shares` says how much each row counts.
    """
    found = prior.copy()
    for _ in range(MAX_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ found, -60, 60)))
        slope = rows.T @ (shares * (chances - labels)) + ridge * (found - prior)
        curve = (rows * (shares * chances * (1 - chances))[:, None]).T @ rows + np.diag(ridge)
        step = np.clip(np.linalg.solve(curve, slope), -MAX_STEP, MAX_STEP)  # a whole step can overshoot and not return
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    return found


def fit_offset(pairs: Sequence[LabelledPair], weights: Weights) -> float:
    """Fit what is added for one point: the weights stay, and the offset is pulled towards 0."""
    features = np.array(
        [sum(weights.features[name] * value for name, value in pair.features.items()) for pair in pairs]
    )
    labels = np.array([float(pair.bears) for pair in pairs])
    shares = np.array([pair.weight for pair in pairs])
    offset = 0.0
    for _ in range(MAX_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(features + weights.intercept + offset, -60, 60)))
        slope = float((shares * (chances - labels)).sum()) + RIDGE * offset
        step = slope / (float((shares * chances * (1 - chances)).sum()) + RIDGE)
        offset -= step
        if abs(step) < 1e-8:
            break
    return round(offset, PRECISION)


def compute_loss(pairs: Sequence[LabelledPair], weights: Weights, offset: float = 0.0) -> float:
    """Return the log loss of pairs, added up: 0 where each is judged surely right."""
    chances = [compute_probability(weights, pair.features, offset) for pair in pairs]
    losses = [
        -pair.weight * log(max(1e-12, p if pair.bears else 1 - p)) for p, pair in zip(chances, pairs, strict=True)
    ]
    return sum(losses)


def split_by_debate(
    pairs: Iterable[LabelledPair], folds: int = 10
) -> list[tuple[list[LabelledPair], list[LabelledPair]]]:
    """Divide pairs into training and test sets, `folds` times; the pairs of a debate stay together.

    Debates go into folds one by one, in the order of their number of right pairs, the most first.
    """
    by_debate: dict[str, list[LabelledPair]] = {}
    for pair in pairs:
        by_debate.setdefault(pair.debate, []).append(pair)
    order = sorted(by_debate, key=lambda debate: (-sum(pair.bears for pair in by_debate[debate]), debate))
    count = min(folds, len(order))
    return [
        (
            [pair for m, debate in enumerate(order) if m % count != n for pair in by_debate[debate]],
            [pair for m, debate in enumerate(order) if m % count == n for pair in by_debate[debate]],
        )
        for n in range(count)
    ]


class Learned(NamedTuple):
    """The result of learning: weights, offsets of single points, and measures in debates that were left out."""

    weights: Weights
    points: dict[str, float]
    measures: str


def learn(pairs: Sequence[LabelledPair], names: Sequence[str], base: Weights, min_quotes: int) -> Learned:
    """Learn weights from pairs, pulled towards a base, and measure them, without offsets, with whole debates left out.

    A point with at least `min_quotes` right pairs gets an offset of its own where that does better in the debates
    left out. Raises ValueError where all pairs are of one kind.
    """
    weights = fit_weights(pairs, names, base)
    folds = [
        (fit_weights(train, names, base), train, test)
        for train, test in split_by_debate(pairs)
        if len({pair.bears for pair in train}) > 1
    ]
    if not folds:
        return Learned(weights, {}, "too few debates were judged to measure it on others")
    right = Counter(pair.point for pair in pairs if pair.bears)
    points = {
        point: fit_offset([pair for pair in pairs if pair.point == point], weights)
        for point in sorted(right)
        if right[point] >= min_quotes and _gains(point, folds)
    }
    after = _measure([(fitted, test) for fitted, _, test in folds])
    before = _measure([(base, test) for _, _, test in folds])
    return Learned(weights, points, f"in debates left out {after}; before {before}")


def _gains(point: str, folds: Sequence[tuple[Weights, Sequence[LabelledPair], Sequence[LabelledPair]]]) -> bool:
    """Tell whether an offset of its own does better for a point in the debates that are left out."""
    plain = own = 0.0
    for weights, train, test in folds:
        offset = fit_offset([pair for pair in train if pair.point == point], weights)
        tested = [pair for pair in test if pair.point == point]
        plain += compute_loss(tested, weights)
        own += compute_loss(tested, weights, offset)
    return own < plain


def _measure(tested: Iterable[tuple[Weights, Sequence[LabelledPair]]]) -> str:
    """Describe precision and recall of pairs, each judged by weights that did not see its debate."""
    judged = [
        (compute_probability(weights, pair.features) >= THRESHOLD, pair.bears)
        for weights, test in tested
        for pair in test
    ]
    hits = sum(proposed and bears for proposed, bears in judged)
    proposed, wanted = (sum(flags) for flags in zip(*judged, strict=True))
    return f"precision {hits / proposed if proposed else 0:.2f} and recall {hits / max(1, wanted):.2f}"
