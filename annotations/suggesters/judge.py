"""The judge: it turns the evidence of all suggesters into one probability that a sentence bears on a point.

A logistic regression over a few features. Its weights are numbers in a file in git (annotations/judge_weights.json):
those for rules with likeness, and those for rules alone, where the extra [similarity] is not installed. Applying them
needs no other package; annotations/suggesters/training.py makes them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from math import exp, isfinite, log1p
from pathlib import Path
from typing import NamedTuple

from annotations.curated.toml_files import ANNOTATIONS_FOLDER
from annotations.suggesters.likeness import Likeness
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable

WEIGHTS_FILE = ANNOTATIONS_FOLDER / "judge_weights.json"
THRESHOLD = 0.5  # the probability from which a point is proposed
MIN_PROBABILITY = 0.1  # below it a suggestion is not kept
MAX_POINTS = 3  # of one sentence
RULE_FEATURES = ("rule_score",)
LIKENESS_FEATURES = (
    "paraphrase",
    "example",
    "paraphrase_tokens",
    "example_tokens",
    "example_squared",
    "example_tokens_squared",
    "rank",
    "best_of_sentence",
)
Features = dict[str, float]


class Weights(NamedTuple):
    """The weights of a regression: the intercept, and a weight for each feature."""

    intercept: float
    features: Mapping[str, float]


class Judge(NamedTuple):
    """The weights with and without likeness, what those with likeness add for single points, and a hash of the file."""

    likeness: Weights
    rules: Weights
    points: Mapping[str, float]
    version: str


class LabelledPair(NamedTuple):
    """A sentence and a point that somebody judged: features, whether it bears on the point, weight, and debate."""

    point: str
    features: Features
    bears: bool
    weight: float
    debate: str


def read_judge(path: Path = WEIGHTS_FILE) -> Judge:
    """Read a file of weights. Raises Unavailable for a file that cannot be read or is none."""
    try:
        body = path.read_bytes()
        table = json.loads(body)
        return Judge(
            likeness=_read_weights(table["likeness"], (*RULE_FEATURES, *LIKENESS_FEATURES)),
            rules=_read_weights(table["rules"], RULE_FEATURES),
            points={id: _read_number(number) for id, number in table["points"].items()},
            version=hashlib.sha256(body).hexdigest()[:8],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        what = f"{path} holds no weights of the judge ({error})"
        raise Unavailable(f"{what}: make it with dispatch-box suggestions train", EXIT_SET_UP) from error


def _read_weights(table: Mapping[str, float], names: Iterable[str]) -> Weights:
    return Weights(_read_number(table["intercept"]), {name: _read_number(table[name]) for name in names})


def _read_number(value: object) -> float:
    """Return a weight. Raises ValueError for what is no number, as NaN, which proposes everything."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is no weight")
    return float(value)


def judge_sentence(
    judge: Judge, points: Iterable[str], rule_scores: Mapping[str, float], likeness: Likeness | None
) -> dict[str, float]:
    """Return the probability that a sentence bears on each point.

    `rule_scores` has the score of the best rule that fired for a point. Without likeness the rules alone are judged.
    """
    weights, offsets = (judge.rules, {}) if likeness is None else (judge.likeness, judge.points)
    features = describe_sentence(points, rule_scores, likeness)
    return {point: compute_probability(weights, values, offsets.get(point, 0.0)) for point, values in features.items()}


def describe_sentence(
    points: Iterable[str], rule_scores: Mapping[str, float], likeness: Likeness | None
) -> dict[str, Features]:
    """Return the features of a sentence for each point."""
    described = {point: {"rule_score": rule_scores.get(point, 0.0)} for point in points}
    if likeness is None:
        return described
    nearness = {point: likeness[point].example + likeness[point].example_tokens for point in described}
    order = sorted(described, key=lambda point: -nearness[point])
    ranks = {point: number for number, point in enumerate(order)}
    best = nearness[order[0]] if order else 0.0
    for point, features in described.items():
        alike = likeness[point]
        features |= {
            "paraphrase": alike.paraphrase,
            "example": alike.example,
            "paraphrase_tokens": alike.paraphrase_tokens,
            "example_tokens": alike.example_tokens,
            "example_squared": alike.example**2,
            "example_tokens_squared": alike.example_tokens**2,
            "rank": log1p(ranks[point]),
            "best_of_sentence": best,
        }
    return described


def compute_probability(weights: Weights, features: Features, offset: float = 0.0) -> float:
    """Return the probability of features; `offset` is what is added for the point.

    >>> round(compute_probability(Weights(-1.0, {"rule_score": 2.0}), {"rule_score": 1.0}), 3)
    0.731
    """
    total = weights.intercept + offset + sum(weights.features[name] * value for name, value in features.items())
    return 1 / (1 + exp(-max(-60.0, min(60.0, total))))
